=== accepted
SELECT id FROM orders ORDER BY ts
---
Query
  reads orders @1:16: id ts
  order by
  keeps Sort
  columns id

=== accepted
SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 10
---
Query
  reads orders @1:24: amount id
  order by, limit 10
  keeps TopN
  columns id, amount

=== accepted
SELECT id FROM orders LIMIT 3
---
Query
  reads orders @1:16: id
  limit 3
  keeps Limit
  columns id

=== accepted
SELECT id FROM orders ORDER BY ts OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY
---
Query
  reads orders @1:16: id ts
  order by, limit 10
  keeps TopN
  columns id

=== accepted
SELECT id FROM orders FETCH FIRST 1 ROWS ONLY
---
Query
  reads orders @1:16: id
  limit 1
  keeps Limit
  columns id

=== accepted
SELECT id FROM (SELECT id FROM orders LIMIT 7)
---
Query
  reads orders @1:32: id
  keeps Limit
  columns id

=== accepted as ad hoc
SELECT id FROM orders LIMIT 100
---
Query
  reads orders @1:16: id
  limit 100
  keeps Limit
  columns id

=== refused
SELECT id FROM orders ORDER BY (ts LIMIT 10
---
sql 1:32 `(` is not closed

=== refused
SELECT id FROM LIMIT 10
---
sql 1:16 a source's name is missing before `LIMIT`
