=== accepted
SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON o.customer = c.id EMIT CHANGES
---
Query
  reads ORDERS as O @1:26: CUSTOMER ID
  reads CUSTOMERS as C @1:45: ID NAME
  join Left None @1:45
  emit Changes
  keeps Join
  columns ?, ?

=== accepted
CREATE STREAM enriched AS SELECT o.*, c.name AS customer_name FROM orders o JOIN customers c ON o.customer = c.id EMIT CHANGES
---
CreateAs STREAM ENRICHED @1:15 into ENRICHED @1:15
  reads ORDERS as O @1:68: *
  reads CUSTOMERS as C @1:82: ID NAME
  join Inner None @1:82
  emit Changes
  keeps Join
  columns *, CUSTOMER_NAME

=== accepted
CREATE TABLE both AS SELECT a.id, a.x, b.y FROM table_a a FULL OUTER JOIN table_b b ON a.id = b.id
---
CreateAs TABLE BOTH @1:14 into BOTH @1:14
  reads TABLE_A as A @1:49: ID X
  reads TABLE_B as B @1:75: ID Y
  join Full None @1:75
  keeps Join Table
  columns ?, ?, ?

=== accepted
SELECT a.id FROM a JOIN b ON a.bid = b.id JOIN c ON b.cid = c.id EMIT CHANGES
---
Query
  reads A @1:18: BID ID
  reads B @1:25: CID ID
  join Inner None @1:25
  join Inner None @1:48
  emit Changes
  keeps Join
  columns ?
warning several_joins 1:48 2 joins in one stream: each keeps rows of both sides

=== accepted
SELECT * FROM a LEFT OUTER JOIN b ON CAST(a.id AS STRING) = b.id WHERE b.id IS NULL EMIT CHANGES
---
Query
  reads A @1:15: *
  reads B @1:33: *
  join Left None @1:33
  where, emit Changes
  keeps Join
  columns *

=== refused
SELECT o.id FROM orders o JOIN ON o.customer = c.id EMIT CHANGES
---
sql 1:32 a source's name is missing before `ON`

=== refused
SELECT o.id FROM orders o JOIN customers FOR SYSTEM_TIME AS OF o.ts AS c ON o.customer = c.id
---
wrong_dialect 1:42 FOR SYSTEM_TIME AS OF is SQL of Flink, this is for ksqlDB

=== refused
SELECT o.id FROM orders o JOIN customers c ON (o.customer = c.id EMIT CHANGES
---
sql 1:47 `(` is not closed
