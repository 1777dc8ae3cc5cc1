=== accepted
SELECT id FROM orders WHERE amount > 500 AND NOT cancelled OR region = 'EU' EMIT CHANGES
---
Query
  reads ORDERS @1:16: AMOUNT CANCELLED ID REGION
  where, emit Changes
  columns ID

=== accepted
SELECT id FROM orders WHERE name LIKE 'a!_%' ESCAPE '!' EMIT CHANGES
---
Query
  reads ORDERS @1:16: ID NAME
  where, emit Changes
  columns ID

=== accepted
SELECT id FROM orders WHERE status IN ('new', 'paid') AND amount BETWEEN 1 AND 2 EMIT CHANGES
---
Query
  reads ORDERS @1:16: AMOUNT ID STATUS
  where, emit Changes
  columns ID

=== accepted
SELECT id FROM orders WHERE a IS NULL AND b IS NOT NULL AND c IS DISTINCT FROM d EMIT CHANGES
---
Query
  reads ORDERS @1:16: A B C D ID
  where, emit Changes
  columns ID

=== accepted
SELECT id FROM totals WHERE id = 'x' AND WINDOWSTART >= '2024-01-01T00:00' AND WINDOWEND < 1704067200000
---
Query
  reads TOTALS @1:16: ID WINDOWEND WINDOWSTART
  where
  columns ID

=== accepted
SELECT id FROM orders WHERE ROWTIME > '2024-01-01' AND amount <> 0 AND x != y EMIT CHANGES
---
Query
  reads ORDERS @1:16: AMOUNT ID ROWTIME X Y
  where, emit Changes
  columns ID

=== refused
SELECT id FROM orders WHERE name = 'it''s EMIT CHANGES
---
sql 1:36 the literal that begins here does not end

=== refused
SELECT id FROM orders WHERE (amount > 1 EMIT CHANGES
---
sql 1:29 `(` is not closed

=== refused
SELECT id FROM orders WHERE amount > 1) EMIT CHANGES
---
sql 1:39 this bracket closes none
