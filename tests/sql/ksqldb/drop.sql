=== accepted
DROP STREAM IF EXISTS orders DELETE TOPIC
---
Drop STREAM ORDERS @1:23

=== accepted
DROP TABLE totals
---
Drop TABLE TOTALS @1:12

=== accepted
DROP TYPE IF EXISTS address
---
Drop TYPE ADDRESS @1:21

=== refused
DROP STREAM
---
sql 1:6 the name of the stream is missing here

=== refused
DROP VIEW v
---
wrong_dialect 1:1 a statement about a view, a catalog, a database, a function or a model is SQL of Flink, this is for ksqlDB

=== refused
DROP STREAM IF EXISTS
---
sql 1:16 the name of the stream is missing here
