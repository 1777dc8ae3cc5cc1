=== accepted
SELECT a FROM (SELECT a, b FROM t WHERE b > 1)
---
Query
  reads t @1:33: a b
  where
  columns a

=== accepted
SELECT x.a FROM (SELECT a FROM t) AS x WHERE x.a > 1
---
Query
  reads t @1:32: a
  where
  columns a

=== accepted
SELECT c, n FROM customers c, LATERAL (SELECT COUNT(*) AS n FROM orders o WHERE o.customer = c.id)
---
Query
  reads customers as c @1:18: c id n
  reads orders as o @1:66: customer
  join Cross None @1:40
  where
  keeps Aggregate Join
  columns c, n

=== accepted
SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) AS v (a, b)
---
Query
  columns a, b

=== accepted
SELECT s.n FROM (SELECT a.name AS n FROM (SELECT name FROM people) AS a) AS s
---
Query
  reads people @1:60: name
  columns n

=== refused
SELECT a FROM (SELECT a FROM t
---
sql 1:15 `(` is not closed

=== refused
SELECT a FROM (SELECT a FROM ) AS x
---
sql 1:30 a source's name is missing here
