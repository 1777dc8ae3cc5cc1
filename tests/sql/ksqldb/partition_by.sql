=== accepted
CREATE STREAM by_customer AS SELECT * FROM orders PARTITION BY customer
---
CreateAs STREAM BY_CUSTOMER @1:15 into BY_CUSTOMER @1:15
  reads ORDERS @1:44: *
  partition by customer
  keeps Repartition
  columns *

=== accepted
SELECT id, customer FROM orders WHERE amount > 1 PARTITION BY customer, region EMIT CHANGES
---
Query
  reads ORDERS @1:26: AMOUNT CUSTOMER ID REGION
  where, emit Changes, partition by customer, region
  keeps Repartition
  columns ID, CUSTOMER

=== accepted
CREATE STREAM s WITH (partitions = 3) AS SELECT a, b FROM t PARTITION BY LCASE(c) EMIT CHANGES
---
CreateAs STREAM S @1:15 into S @1:15
  reads T @1:59: A B C LCASE
  emit Changes, partition by LCASE(c)
  keeps Repartition
  with PARTITIONS = 3
  columns A, B

=== accepted
CREATE STREAM s AS SELECT x FROM t PARTITION BY NULL
---
CreateAs STREAM S @1:15 into S @1:15
  reads T @1:34: X
  partition by NULL
  keeps Repartition
  columns X

=== refused
CREATE STREAM s AS SELECT * FROM orders PARTITION BY (customer
---
sql 1:54 `(` is not closed

=== refused
SELECT id, SUM(a) OVER (PARTITION BY b) FROM t EMIT CHANGES
---
wrong_dialect 1:19 OVER is SQL of Flink, this is for ksqlDB
