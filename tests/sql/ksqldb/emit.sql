=== accepted
SELECT k, COUNT(*) FROM t WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY k EMIT FINAL LIMIT 2
---
Query
  reads T @1:25: K
  window Tumble size 1 MINUTE @1:34
  limit 2, emit Final
  keeps Aggregate Window Limit
  columns K, ?

=== accepted
CREATE TABLE n AS SELECT k, COUNT(*) FROM t GROUP BY k EMIT CHANGES
---
CreateAs TABLE N @1:14 into N @1:14
  reads T @1:43: K
  emit Changes
  keeps Aggregate Table
  columns K, ?

=== accepted
CREATE STREAM s AS SELECT emit_at AS emit FROM t EMIT CHANGES
---
CreateAs STREAM S @1:15 into S @1:15
  reads T @1:48: EMIT_AT
  emit Changes
  columns EMIT

=== refused
SELECT id FROM t ORDER BY id EMIT CHANGES
---
wrong_dialect 1:18 ORDER BY is SQL of Flink, this is for ksqlDB

=== refused
SELECT id FROM t WHERE (id > 1 EMIT FINAL
---
sql 1:24 `(` is not closed
