=== accepted
SHOW TABLES
---
Show TABLES

=== accepted
SHOW CREATE TABLE orders
---
Show CREATE TABLE ORDERS

=== accepted
DESCRIBE orders
---
Describe orders @1:10

=== accepted
DESC EXTENDED orders
---
Describe orders @1:15

=== accepted
SHOW JOBS
---
Show JOBS

=== accepted
DESCRIBE JOB '228d70913eab60dda85c5e7f78b5782c'
---
Describe JOB 228d70913eab60dda85c5e7f78b5782c @1:14

=== refused
SHOW TABLES LIKE 'a
---
sql 1:18 the literal that begins here does not end

=== refused
PRINT 'orders' FROM BEGINNING
---
blocked_operation 1:1 this statement is not allowed: topics are looked at by `weir tail`
wrong_dialect 1:1 this statement is SQL of ksqlDB, this is for Flink
