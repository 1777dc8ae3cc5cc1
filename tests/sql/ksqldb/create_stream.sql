=== accepted
CREATE STREAM orders (id INT KEY, amount DECIMAL(10, 2), tags MAP<VARCHAR, ARRAY<INT>>, address STRUCT<city VARCHAR, zip VARCHAR>) WITH (KAFKA_TOPIC = 'orders', VALUE_FORMAT = 'JSON', PARTITIONS = 3)
---
Create STREAM ORDERS @1:15
  with KAFKA_TOPIC = orders
  with PARTITIONS = 3
  with VALUE_FORMAT = JSON
  columns ID, AMOUNT, TAGS, ADDRESS

=== accepted
CREATE OR REPLACE STREAM s (id VARCHAR KEY, ts BIGINT, h BYTES HEADER('trace')) WITH (kafka_topic='s', value_format='avro', timestamp='ts', replicas=1)
---
Create STREAM S @1:26
  with KAFKA_TOPIC = s
  with REPLICAS = 1
  with TIMESTAMP = ts
  with VALUE_FORMAT = avro
  columns ID, TS, H

=== accepted
CREATE SOURCE STREAM IF NOT EXISTS s (id INT KEY) WITH (kafka_topic = 't', format = 'KAFKA')
---
Create SOURCE STREAM S @1:36
  with FORMAT = KAFKA
  with KAFKA_TOPIC = t
  columns ID

=== accepted
CREATE STREAM `my stream` WITH (kafka_topic = 't', value_format = 'AVRO', wrap_single_value = false)
---
Create STREAM my stream @1:15
  with KAFKA_TOPIC = t
  with VALUE_FORMAT = AVRO
  with WRAP_SINGLE_VALUE = FALSE

=== accepted
CREATE STREAM s (all_headers ARRAY<STRUCT<key STRING, value BYTES>> HEADERS) WITH (kafka_topic = 't', value_format = 'JSON')
---
Create STREAM S @1:15
  with KAFKA_TOPIC = t
  with VALUE_FORMAT = JSON
  columns ALL_HEADERS

=== refused
CREATE STREAM (id INT) WITH (kafka_topic = 't')
---
sql 1:15 the name of the stream is missing here

=== refused
CREATE STREAM s (id INT) WITH (kafka_topic 't')
---
sql 1:32 an option is `'key' = 'value'`

=== refused
CREATE STREAM s (id INT,, b INT) WITH (kafka_topic = 't')
---
sql 1:18 a column is missing before a comma in this list

=== refused
CREATE STREAM s (id INT WITH (kafka_topic = 't')
---
sql 1:17 `(` is not closed
