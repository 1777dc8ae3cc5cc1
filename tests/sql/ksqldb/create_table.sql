=== accepted
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR) WITH (kafka_topic = 'customers', value_format = 'json')
---
Create TABLE CUSTOMERS @1:14
  with KAFKA_TOPIC = customers
  with VALUE_FORMAT = json
  columns ID, NAME

=== accepted
CREATE SOURCE TABLE c (id VARCHAR PRIMARY KEY, x DOUBLE) WITH (kafka_topic = 'c', value_format = 'PROTOBUF', key_format = 'KAFKA')
---
Create SOURCE TABLE C @1:21
  with KAFKA_TOPIC = c
  with KEY_FORMAT = KAFKA
  with VALUE_FORMAT = PROTOBUF
  columns ID, X

=== accepted
CREATE OR REPLACE TABLE c (id INT PRIMARY KEY, credit_limit INT, `print` STRING) WITH (kafka_topic = 'c', value_format = 'json')
---
Create TABLE C @1:25
  with KAFKA_TOPIC = c
  with VALUE_FORMAT = json
  columns ID, CREDIT_LIMIT, print

=== refused
CREATE TABLE WITH (kafka_topic = 't')
---
sql 1:14 the name of the table is missing here

=== refused
CREATE TABLE c (id INT PRIMARY KEY) WITH (kafka_topic = 'c'
---
sql 1:42 `(` is not closed

=== refused
CREATE VIEW v AS SELECT id FROM t
---
wrong_dialect 1:1 a statement about a view, a catalog, a database, a function or a model is SQL of Flink, this is for ksqlDB
