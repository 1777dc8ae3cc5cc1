=== accepted
CREATE TABLE totals AS SELECT customer, SUM(amount) AS total FROM orders GROUP BY customer EMIT CHANGES
---
CreateAs TABLE TOTALS @1:14 into TOTALS @1:14
  reads ORDERS @1:67: AMOUNT CUSTOMER
  emit Changes
  keeps Aggregate Table
  columns CUSTOMER, TOTAL

=== accepted
CREATE TABLE rich WITH (kafka_topic = 'rich') AS SELECT id, name FROM customers WHERE income > 100000
---
CreateAs TABLE RICH @1:14 into RICH @1:14
  reads CUSTOMERS @1:71: ID INCOME NAME
  where
  keeps Table
  with KAFKA_TOPIC = rich
  columns ID, NAME

=== accepted
CREATE OR REPLACE TABLE t AS SELECT a.id AS id FROM a INNER JOIN b ON a.id = b.id
---
CreateAs TABLE T @1:25 into T @1:25
  reads A @1:53: ID
  reads B @1:66: ID
  join Inner None @1:66
  keeps Join Table
  columns ID

=== refused
CREATE TABLE totals AS
---
sql 1:21 the query behind AS is missing

=== refused
CREATE TABLE totals AS SELECT customer FROM (SELECT customer FROM orders) EMIT CHANGES
---
wrong_dialect 1:45 a query in brackets is SQL of Flink, this is for ksqlDB

=== refused
CREATE TABLE totals AS SELECT customer, COUNT(*) FROM orders GROUP BY customer LIMIT 3
---
limit_in_stream 1:80 a query that goes on for ever has no LIMIT in ksqlDB
