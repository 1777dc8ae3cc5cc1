=== accepted
SELECT CAST(a AS DECIMAL(10, 2)), CAST(b AS VARCHAR) FROM t EMIT CHANGES
---
Query
  reads T @1:59: A B
  emit Changes
  columns ?, ?

=== accepted
SELECT CAST(a AS MAP<VARCHAR, ARRAY<INT>>), CAST(b AS STRUCT<x INT, y VARCHAR>) FROM t EMIT CHANGES
---
Query
  reads T @1:86: A B
  emit Changes
  columns ?, ?

=== accepted
SELECT CAST(CAST(a AS INT) AS STRING) FROM t EMIT CHANGES
---
Query
  reads T @1:44: A
  emit Changes
  columns ?

=== refused
SELECT CAST(a AS INT FROM t EMIT CHANGES
---
sql 1:12 `(` is not closed

=== refused
SELECT CAST(a AS INT) FROM , t EMIT CHANGES
---
sql 1:28 a source's name is missing here
