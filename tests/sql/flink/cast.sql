=== accepted
SELECT CAST(a AS DECIMAL(10, 2)), TRY_CAST(b AS INT) FROM t
---
Query
  reads t @1:59: a b
  columns ?, ?

=== accepted
SELECT CAST(a AS ROW<x INT, y ARRAY<STRING>>), CAST(b AS MAP<STRING, MAP<STRING, INT>>) FROM t
---
Query
  reads t @1:94: a b
  columns ?, ?

=== accepted
SELECT CAST(CAST(a AS STRING) AS TIMESTAMP_LTZ(3)) FROM t
---
Query
  reads t @1:57: a
  columns ?

=== accepted
SELECT CAST(ROW(a, b) AS ROW<x INT NOT NULL, y STRING>) FROM t
---
Query
  reads t @1:62: a b
  columns ?

=== accepted
SELECT TYPEOF(CAST(NULL AS MULTISET<INT>)) FROM t
---
Query
  reads t @1:49: 
  columns ?

=== refused
SELECT CAST(a AS ROW<x INT>, b FROM t
---
sql 1:12 `(` is not closed

=== refused
SELECT CAST(a AS INT) FROM , t
---
sql 1:28 a source's name is missing here

=== refused
SELECT CAST(a AS INT FROM t
---
sql 1:12 `(` is not closed
