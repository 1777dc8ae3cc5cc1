=== accepted
SELECT o.id, c.name FROM orders AS o JOIN customers AS c ON o.customer = c.id
---
Query
  reads orders as o @1:26: customer id
  reads customers as c @1:43: id name
  join Inner None @1:43
  keeps Join
  columns id, name

=== accepted
SELECT o.id, c.name FROM orders o LEFT OUTER JOIN customers c ON o.customer = c.id AND c.active
---
Query
  reads orders as o @1:26: customer id
  reads customers as c @1:51: active id name
  join Left None @1:51
  keeps Join
  columns id, name

=== accepted
SELECT a.x, b.y FROM a RIGHT JOIN b ON a.id = b.id WHERE a.z > 1
---
Query
  reads a @1:22: id x z
  reads b @1:35: id y
  join Right None @1:35
  where
  keeps Join
  columns x, y

=== accepted
SELECT * FROM a FULL OUTER JOIN b USING (id, region)
---
Query
  reads a @1:15: *
  reads b @1:33: *
  join Full None @1:33
  keeps Join
  columns *

=== accepted
SELECT a.x, b.y FROM a CROSS JOIN b
---
Query
  reads a @1:22: x
  reads b @1:35: y
  join Cross None @1:35
  keeps Join
  columns x, y

=== accepted
SELECT x, y FROM a, b WHERE a.id = b.id
---
Query
  reads a @1:18: id x y
  reads b @1:21: id x y
  join Cross None @1:21
  where
  keeps Join
  columns x, y

=== accepted
SELECT * FROM a NATURAL JOIN b
---
Query
  reads a @1:15: *
  reads b @1:30: *
  join Inner None @1:30
  keeps Join
  columns *

=== accepted
SELECT a.x FROM (a INNER JOIN b ON a.id = b.id) LEFT JOIN c ON b.id = c.id
---
Query
  reads a @1:18: id x
  reads b @1:31: id
  reads c @1:59: id
  join Inner None @1:31
  join Left None @1:59
  keeps Join
  columns x
warning several_joins 1:59 2 joins in one stream: each keeps rows of both sides

=== accepted
SELECT x.v FROM t AS x JOIN t AS y ON x.id = y.parent
---
Query
  reads t as x @1:17: id v
  reads t as y @1:29: parent
  join Inner None @1:29
  keeps Join
  columns v

=== accepted
SELECT o.id FROM orders o JOIN (SELECT id, name FROM customers WHERE vip) c ON o.customer = c.id
---
Query
  reads orders as o @1:18: customer id
  reads customers @1:54: id name vip
  join Inner None @1:33
  where
  keeps Join
  columns id

=== refused
SELECT o.id FROM orders o JOIN ON o.customer = c.id
---
sql 1:32 a source's name is missing before `ON`

=== refused
SELECT o.id FROM orders o JOIN customers c WITHIN 1 HOUR ON o.customer = c.id
---
wrong_dialect 1:44 WITHIN is SQL of ksqlDB, this is for Flink

=== refused
SELECT a.id FROM a JOIN b ON a.id = b.id JOIN c ON b.id = c.id JOIN d ON c.id = d.id JOIN e ON d.id = e.id
---
too_many_joins 1:91 the statement has 4 joins, 3 are allowed

=== refused
SELECT a.id FROM a, b, c, d, e WHERE a.id = b.id
---
too_many_joins 1:30 the statement has 4 joins, 3 are allowed

=== accepted as stream
SELECT a.id FROM a JOIN b ON a.id = b.id JOIN c ON b.id = c.id
---
Query
  reads a @1:18: id
  reads b @1:25: id
  reads c @1:47: id
  join Inner None @1:25
  join Inner None @1:47
  keeps Join
  columns id
warning several_joins 1:47 2 joins in one stream: each keeps rows of both sides

=== accepted as ad hoc
SELECT a.id FROM a JOIN b ON a.id = b.id LIMIT 3
---
Query
  reads a @1:18: id
  reads b @1:25: id
  join Inner None @1:25
  limit 3
  keeps Join Limit
  columns id
warning join_in_query 1:25 a join keeps rows of both sides in memory
