=== accepted
DROP TABLE IF EXISTS orders
---
Drop TABLE orders @1:22

=== accepted
DROP VIEW v
---
Drop VIEW v @1:11

=== accepted
DROP CATALOG my_catalog
---
Drop CATALOG my_catalog @1:14

=== accepted
ALTER TABLE t ADD (a INT, b STRING)
---
Alter TABLE t @1:13

=== accepted
ALTER TABLE t RENAME TO u
---
Alter TABLE t @1:13

=== accepted
DROP MATERIALIZED TABLE daily
---
Drop MATERIALIZED TABLE daily @1:25

=== accepted
ALTER DATABASE d SET ('a' = 'b')
---
Alter DATABASE d @1:16

=== refused
DROP TABLE
---
sql 1:6 the name of the table is missing here

=== refused
ALTER TABLE
---
sql 1:7 the name of the table is missing here

=== refused
DROP STREAM s
---
wrong_dialect 1:1 a statement about a stream, a type or a connector is SQL of ksqlDB, this is for Flink

=== refused
DROP CONNECTOR c
---
blocked_operation 1:1 this statement is not allowed: connectors are made outside of weir
wrong_dialect 1:1 a statement about a stream, a type or a connector is SQL of ksqlDB, this is for Flink
