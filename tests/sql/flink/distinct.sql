=== accepted
SELECT DISTINCT customer FROM orders
---
Query
  reads orders @1:31: customer
  keeps Distinct
  columns customer

=== accepted
SELECT DISTINCT a, b + c AS d FROM t WHERE a > 0
---
Query
  reads t @1:36: a b c
  where
  keeps Distinct
  columns a, d

=== refused
SELECT DISTINCT id FROM
---
sql 1:20 a source's name is missing here

=== refused
SELECT DISTINCT (customer FROM orders
---
sql 1:17 `(` is not closed
