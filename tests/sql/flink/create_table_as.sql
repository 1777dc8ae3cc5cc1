=== accepted
CREATE TABLE big WITH ('connector' = 'kafka', 'topic' = 'big') AS SELECT id, amount FROM orders WHERE amount > 500
---
CreateAs TABLE big @1:14 into big @1:14
  reads orders @1:90: amount id
  where
  with connector = kafka
  with topic = big
  columns id, amount

=== accepted
CREATE OR REPLACE TABLE totals WITH ('connector' = 'print') AS SELECT customer, SUM(amount) AS total FROM orders GROUP BY customer
---
CreateAs TABLE totals @1:25 into totals @1:25
  reads orders @1:107: amount customer
  keeps Aggregate
  with connector = print
  columns customer, total

=== accepted
CREATE TABLE t (PRIMARY KEY (id) NOT ENFORCED) AS SELECT id FROM orders
---
CreateAs TABLE t @1:14 into t @1:14
  reads orders @1:66: id
  columns id

=== accepted
CREATE MATERIALIZED TABLE daily FRESHNESS = INTERVAL '1' MINUTE REFRESH_MODE = CONTINUOUS AS SELECT id FROM orders
---
CreateAs MATERIALIZED TABLE daily @1:27 into daily @1:27
  reads orders @1:109: id
  columns id

=== refused
CREATE TABLE big AS
---
sql 1:18 the query behind AS is missing

=== refused
CREATE TABLE big AS SELECT id FROM
---
sql 1:31 a source's name is missing here

=== refused
CREATE STREAM big AS SELECT id FROM orders
---
wrong_dialect 1:1 a statement about a stream, a type or a connector is SQL of ksqlDB, this is for Flink
