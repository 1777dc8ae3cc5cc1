=== accepted
SELECT customer, COUNT(*) AS n, SUM(amount) AS total FROM orders GROUP BY customer
---
Query
  reads orders @1:59: amount customer
  keeps Aggregate
  columns customer, n, total

=== accepted
SELECT COUNT(*) FROM orders
---
Query
  reads orders @1:22: 
  keeps Aggregate
  columns ?

=== accepted
SELECT customer, COUNT(DISTINCT product) AS products FROM orders GROUP BY customer HAVING COUNT(*) > 3
---
Query
  reads orders @1:59: customer product
  keeps Aggregate
  columns customer, products

=== accepted
SELECT region, SUM(amount) FILTER (WHERE paid) AS paid, LISTAGG(name, ', ') FROM orders GROUP BY region
---
Query
  reads orders @1:82: amount name paid region
  keeps Aggregate
  columns region, paid, ?

=== accepted
SELECT a, b, SUM(c) FROM t GROUP BY GROUPING SETS ((a, b), (a), ())
---
Query
  reads t @1:26: a b c
  keeps Aggregate
  columns a, b, ?

=== accepted
SELECT a, b, SUM(c), GROUPING(a) FROM t GROUP BY ROLLUP (a, b)
---
Query
  reads t @1:39: a b c
  keeps Aggregate
  columns a, b, ?, ?

=== accepted
SELECT a, b, MAX(c) FROM t GROUP BY CUBE (a, b)
---
Query
  reads t @1:26: a b c
  keeps Aggregate
  columns a, b, ?

=== accepted
SELECT YEAR(ts), FIRST_VALUE(a), LAST_VALUE(b), STDDEV_POP(c) FROM t GROUP BY YEAR(ts)
---
Query
  reads t @1:68: a b c ts
  keeps Aggregate
  columns ?, ?, ?, ?

=== accepted
SELECT k, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v) FROM t GROUP BY k
---
Query
  reads t @1:63: k v
  keeps Aggregate
  columns k, ?

=== refused
SELECT customer, COUNT(* FROM orders GROUP BY customer
---
sql 1:23 `(` is not closed

=== refused
SELECT customer, SUM(amount) FROM orders GROUP BY customer EMIT FINAL
---
wrong_dialect 1:60 EMIT is SQL of ksqlDB, this is for Flink
