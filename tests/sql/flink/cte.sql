=== accepted
WITH big AS (SELECT id, amount FROM orders WHERE amount > 500) SELECT id FROM big
---
Query
  reads orders @1:37: amount id
  where
  columns id

=== accepted
WITH a (x) AS (SELECT id FROM t), b AS (SELECT x FROM a) SELECT a.x FROM a JOIN b ON a.x = b.x
---
Query
  reads t @1:31: id
  join Inner None @1:81
  keeps Join
  columns x

=== accepted
WITH orders AS (SELECT * FROM orders) SELECT id FROM orders
---
Query
  reads orders @1:31: *
  columns id

=== accepted
WITH a AS (WITH b AS (SELECT id FROM inner_table) SELECT id FROM b) SELECT id FROM a
---
Query
  reads inner_table @1:38: id
  columns id

=== refused
WITH big AS (SELECT id FROM orders SELECT id FROM big
---
sql 1:13 `(` is not closed

=== refused
WITH big AS (SELECT id FROM ) SELECT id FROM big
---
sql 1:29 a source's name is missing here
