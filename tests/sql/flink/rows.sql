=== accepted
DELETE FROM t WHERE id = 1
---
Delete into t @1:13

=== accepted
UPDATE t SET a = 1 WHERE id = 1
---
Update into t @1:8

=== accepted
TRUNCATE TABLE t
---
Truncate into t @1:16

=== accepted
ANALYZE TABLE t COMPUTE STATISTICS FOR ALL COLUMNS
---
Analyze into t @1:15

=== accepted
CALL sys.compact('t')
---
Call sys.compact @1:6

=== accepted
STOP JOB '228d70913eab60dda85c5e7f78b5782c' WITH SAVEPOINT
---
StopJob 228d70913eab60dda85c5e7f78b5782c @1:10

=== refused
DELETE FROM
---
sql 1:8 the name of the table is missing here

=== refused
TRUNCATE TABLE
---
sql 1:10 the name of the table is missing here

=== refused
TERMINATE q_1
---
wrong_dialect 1:1 this statement is SQL of ksqlDB, this is for Flink

=== refused
PAUSE ALL
---
wrong_dialect 1:1 this statement is SQL of ksqlDB, this is for Flink
