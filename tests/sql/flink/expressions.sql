=== accepted
SELECT a + b * c - d / e % f, -g, a || b FROM t
---
Query
  reads t @1:47: a b c d e f g
  columns ?, ?, ?

=== accepted
SELECT CASE WHEN a > 1 THEN 'big' WHEN a > 0 THEN 'small' ELSE 'none' END AS size FROM t
---
Query
  reads t @1:88: a
  columns size

=== accepted
SELECT CASE kind WHEN 1 THEN x ELSE y END FROM t
---
Query
  reads t @1:48: kind x y
  columns ?

=== accepted
SELECT COALESCE(a, b, 0), NULLIF(c, ''), IF(d > 1, e, f), GREATEST(g, h) FROM t
---
Query
  reads t @1:79: a b c d e f g h
  columns ?, ?, ?, ?

=== accepted
SELECT 'text with FROM x and -- no comment' AS note, id FROM t
---
Query
  reads t @1:62: id
  columns note, id

=== accepted
SELECT E'it\'s', N'national', X'AB', U&'\0041' FROM t
---
Query
  reads t @1:53: 
  columns ?, ?, ?, ?

=== refused
SELECT a + FROM
---
sql 1:12 a source's name is missing here

=== refused
SELECT CASE WHEN a THEN (b ELSE c END FROM t
---
sql 1:25 `(` is not closed
