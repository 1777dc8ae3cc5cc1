=== accepted
SELECT customer, COUNT(*) AS n, SUM(amount) AS total FROM orders GROUP BY customer EMIT CHANGES
---
Query
  reads ORDERS @1:59: AMOUNT CUSTOMER
  emit Changes
  keeps Aggregate
  columns CUSTOMER, N, TOTAL

=== accepted
SELECT region, product, MAX(amount) FROM orders GROUP BY region, product HAVING COUNT(*) > 3 EMIT CHANGES
---
Query
  reads ORDERS @1:42: AMOUNT PRODUCT REGION
  emit Changes
  keeps Aggregate
  columns REGION, PRODUCT, ?

=== accepted
SELECT customer, LATEST_BY_OFFSET(status), EARLIEST_BY_OFFSET(status, 2) FROM orders GROUP BY customer EMIT CHANGES
---
Query
  reads ORDERS @1:79: CUSTOMER STATUS
  emit Changes
  keeps Aggregate
  columns CUSTOMER, ?, ?

=== accepted
SELECT region, COLLECT_LIST(id), COLLECT_SET(product), TOPK(amount, 3), HISTOGRAM(status), COUNT_DISTINCT(customer) FROM orders GROUP BY region EMIT CHANGES
---
Query
  reads ORDERS @1:122: AMOUNT CUSTOMER ID PRODUCT REGION STATUS
  emit Changes
  keeps Aggregate
  columns REGION, ?, ?, ?, ?, ?

=== accepted
SELECT SUBSTRING(id, 1, 2) AS prefix, AVG(amount) FROM orders GROUP BY SUBSTRING(id, 1, 2) EMIT CHANGES
---
Query
  reads ORDERS @1:56: AMOUNT ID
  emit Changes
  keeps Aggregate
  columns PREFIX, ?

=== accepted
SELECT COUNT(*) FROM orders GROUP BY (region, product) EMIT CHANGES
---
Query
  reads ORDERS @1:22: PRODUCT REGION
  emit Changes
  keeps Aggregate
  columns ?

=== refused
SELECT customer, COUNT(* FROM orders GROUP BY customer EMIT CHANGES
---
sql 1:23 `(` is not closed

=== refused
SELECT a, SUM(b) FROM t GROUP BY GROUPING SETS ((a), ()) EMIT CHANGES
---
wrong_dialect 1:34 GROUPING SETS is SQL of Flink, this is for ksqlDB
