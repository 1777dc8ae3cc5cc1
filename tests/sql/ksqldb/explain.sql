=== accepted
EXPLAIN CSAS_ORDERS_7
---
Explain CSAS_ORDERS_7 @1:9

=== accepted
EXPLAIN SELECT id FROM orders EMIT CHANGES
---
Explain
    Query
      reads ORDERS @1:24: ID
      emit Changes
      columns ID

=== accepted
EXPLAIN CREATE STREAM s AS SELECT customer, id FROM orders PARTITION BY customer
---
Explain
    CreateAs STREAM S @1:23 into S @1:23
      reads ORDERS @1:53: CUSTOMER ID
      partition by customer
      keeps Repartition
      columns CUSTOMER, ID

=== refused
EXPLAIN SELECT id FROM
---
sql 1:19 a source's name is missing here

=== refused
EXPLAIN CREATE STREAM AS SELECT id FROM t
---
sql 1:23 the name of the stream is missing here
