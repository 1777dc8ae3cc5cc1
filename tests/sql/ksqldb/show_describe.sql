=== accepted
SHOW STREAMS
---
Show STREAMS

=== accepted
LIST TOPICS
---
Show TOPICS

=== accepted
SHOW QUERIES EXTENDED
---
Show QUERIES EXTENDED

=== accepted
DESCRIBE orders EXTENDED
---
Describe ORDERS @1:10

=== accepted
DESCRIBE FUNCTION ucase
---
Describe FUNCTION UCASE @1:19

=== refused
SHOW STREAMS LIKE 'a
---
sql 1:19 the literal that begins here does not end

=== refused
USE my_db
---
wrong_dialect 1:1 this statement is SQL of Flink, this is for ksqlDB
