=== accepted
CREATE TABLE orders (id INT, amount DECIMAL(10, 2), tags MAP<STRING, ARRAY<INT>>, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'localhost:9092')
---
Create TABLE orders @1:14
  with connector = kafka
  with properties.bootstrap.servers = localhost:9092
  with topic = orders
  columns id, amount, tags, ts

=== accepted
CREATE TEMPORARY TABLE IF NOT EXISTS t (id INT NOT NULL COMMENT 'the key', part INT METADATA FROM 'partition' VIRTUAL, twice AS id * 2, pt AS PROCTIME()) COMMENT 'rows, of tests' WITH ('connector' = 'datagen')
---
Create TEMPORARY TABLE t @1:38
  with connector = datagen
  columns id, part, twice, pt

=== accepted
CREATE TABLE c.d.t (a INT) PARTITIONED BY (a) WITH ('connector' = 'filesystem', 'path' = 'file:///tmp/it''s')
---
Create TABLE c.d.t @1:14
  with connector = filesystem
  with path = file:///tmp/it's
  columns a

=== accepted
CREATE TABLE copy (extra INT) WITH ('connector' = 'print') LIKE orders (EXCLUDING ALL INCLUDING GENERATED)
---
Create TABLE copy @1:14
  with connector = print
  columns extra

=== accepted
CREATE TABLE t (id INT, value_ ROW<a INT, b ROW<c INT, d STRING>>) DISTRIBUTED BY HASH(id) INTO 4 BUCKETS
---
Create TABLE t @1:14
  columns id, value_

=== accepted
CREATE TABLE t (credit_limit INT, `print` STRING, emit STRING) WITH ('connector' = 'blackhole')
---
Create TABLE t @1:14
  with connector = blackhole
  columns credit_limit, print, emit

=== refused
CREATE TABLE (id INT) WITH ('connector' = 'print')
---
sql 1:14 the name of the table is missing here

=== refused
CREATE TABLE t (id INT) WITH ('connector' 'print')
---
sql 1:31 an option is `'key' = 'value'`

=== refused
CREATE TABLE t (id INT,, b INT) WITH ('connector' = 'print')
---
sql 1:17 a column is missing before a comma in this list

=== refused
CREATE TABLE t (id INT) WITH ('connector' = 'print'
---
sql 1:30 `(` is not closed

=== refused
CREATE STREAM s (id INT) WITH (kafka_topic = 't', value_format = 'json')
---
wrong_dialect 1:1 a statement about a stream, a type or a connector is SQL of ksqlDB, this is for Flink
