=== accepted
SELECT a + b * c - d / e % f, -g, a + 'x' AS h FROM t EMIT CHANGES
---
Query
  reads T @1:53: A B C D E F G
  emit Changes
  columns ?, ?, H

=== accepted
SELECT CASE WHEN a > 1 THEN 'big' ELSE 'small' END AS size FROM t EMIT CHANGES
---
Query
  reads T @1:65: A
  emit Changes
  columns SIZE

=== accepted
SELECT CASE kind WHEN 1 THEN x ELSE y END FROM t EMIT CHANGES
---
Query
  reads T @1:48: KIND X Y
  emit Changes
  columns ?

=== accepted
SELECT 'text with FROM x, -- no comment and EMIT CHANGES' AS note FROM t EMIT CHANGES
---
Query
  reads T @1:72: 
  emit Changes
  columns NOTE

=== accepted
SELECT 1.5E3, 2E-1, TRUE, NULL, -7 FROM t EMIT CHANGES
---
Query
  reads T @1:41: 
  emit Changes
  columns ?, ?, ?, ?, ?

=== refused
SELECT CASE WHEN a THEN (b ELSE c END FROM t EMIT CHANGES
---
sql 1:25 `(` is not closed

=== refused
SELECT 'a FROM t EMIT CHANGES
---
sql 1:8 the literal that begins here does not end
