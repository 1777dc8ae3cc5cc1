=== accepted
SELECT id FROM orders WHERE amount > 500 AND NOT cancelled
---
Query
  reads orders @1:16: amount cancelled id
  where
  columns id

=== accepted
SELECT id FROM orders WHERE amount BETWEEN 10 AND 20 OR amount NOT BETWEEN SYMMETRIC 90 AND 80
---
Query
  reads orders @1:16: amount id
  where
  columns id

=== accepted
SELECT id FROM orders WHERE name LIKE 'a\_%' ESCAPE '\' AND city SIMILAR TO '(A|B)%'
---
Query
  reads orders @1:16: city id name
  where
  columns id

=== accepted
SELECT id FROM orders WHERE status IN ('new', 'paid') AND region NOT IN ('x')
---
Query
  reads orders @1:16: id region status
  where
  columns id

=== accepted
SELECT id FROM orders WHERE a IS DISTINCT FROM b AND c IS NOT NULL AND d IS TRUE AND e IS NOT UNKNOWN
---
Query
  reads orders @1:16: a b c d e id
  where
  columns id

=== accepted
SELECT id FROM orders WHERE (a, b) IN ((1, 2), (3, 4))
---
Query
  reads orders @1:16: a b id
  where
  columns id

=== accepted
SELECT id FROM events WHERE payload IS JSON OBJECT AND extra IS NOT JSON
---
Query
  reads events @1:16: extra id payload
  where
  columns id

=== refused
SELECT id FROM orders WHERE name = 'it''s
---
sql 1:36 the literal that begins here does not end

=== refused
SELECT id FROM orders WHERE (amount > 1
---
sql 1:29 `(` is not closed

=== refused
SELECT id FROM orders WHERE amount > 1)
---
sql 1:39 this bracket closes none
