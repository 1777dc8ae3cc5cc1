=== accepted
CREATE STREAM big AS SELECT id, amount FROM orders WHERE amount > 500 EMIT CHANGES
---
CreateAs STREAM BIG @1:15 into BIG @1:15
  reads ORDERS @1:45: AMOUNT ID
  where, emit Changes
  columns ID, AMOUNT

=== accepted
CREATE OR REPLACE STREAM big WITH (kafka_topic = 'big', partitions = 3, value_format = 'AVRO') AS SELECT * FROM orders
---
CreateAs STREAM BIG @1:26 into BIG @1:26
  reads ORDERS @1:113: *
  with KAFKA_TOPIC = big
  with PARTITIONS = 3
  with VALUE_FORMAT = AVRO
  columns *

=== accepted
CREATE STREAM IF NOT EXISTS s AS SELECT AS_VALUE(id) AS id_copy, amount FROM orders PARTITION BY id
---
CreateAs STREAM S @1:29 into S @1:29
  reads ORDERS @1:78: AMOUNT ID
  partition by id
  keeps Repartition
  columns ID_COPY, AMOUNT

=== accepted
CREATE STREAM `Big` AS SELECT `Id` AS `id` FROM `Orders` EMIT CHANGES
---
CreateAs STREAM Big @1:15 into Big @1:15
  reads Orders @1:49: Id
  emit Changes
  columns id

=== refused
CREATE STREAM big AS
---
sql 1:19 the query behind AS is missing

=== refused
CREATE STREAM big AS SELECT id FROM
---
sql 1:32 a source's name is missing here

=== refused
CREATE STREAM AS SELECT id FROM orders
---
sql 1:15 the name of the stream is missing here

=== refused
CREATE STREAM s AS SELECT id FROM a UNION ALL SELECT id FROM b
---
wrong_dialect 1:37 UNION, INTERSECT and EXCEPT is SQL of Flink, this is for ksqlDB
