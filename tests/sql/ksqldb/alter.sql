=== accepted
ALTER STREAM orders ADD COLUMN discount DOUBLE, ADD note VARCHAR
---
Alter STREAM ORDERS @1:14

=== accepted
ALTER TABLE totals ADD COLUMN n INT
---
Alter TABLE TOTALS @1:13

=== refused
ALTER STREAM
---
sql 1:7 the name of the stream is missing here

=== refused
ALTER SYSTEM 'ksql.streams.num.stream.threads' = '8'
---
blocked_operation 1:1 this statement is not allowed: a script may not change the server

=== refused
ALTER TABLE totals ADD COLUMN (n INT
---
sql 1:31 `(` is not closed
