=== accepted
SELECT UPPER(a), CHAR_LENGTH(b), TRIM(BOTH ' ' FROM c), SUBSTRING(d FROM 2 FOR 3), POSITION('x' IN e) FROM t
---
Query
  reads t @1:108: a b c d e
  columns ?, ?, ?, ?, ?

=== accepted
SELECT OVERLAY(a PLACING b FROM 3 FOR 2), REGEXP_EXTRACT(c, '(\d+)', 1), SPLIT_INDEX(d, ',', 0) FROM t
---
Query
  reads t @1:102: a b c d
  columns ?, ?, ?

=== accepted
SELECT CONCAT_WS('-', a, b), LPAD(c, 10, '0'), MD5(d), INITCAP(LOWER(e)) FROM t
---
Query
  reads t @1:79: a b c d e
  columns ?, ?, ?, ?

=== accepted
SELECT TRIM(LEADING 'x' FROM a), REPLACE(b, 'x', 'y'), LOCATE('a', c) FROM t
---
Query
  reads t @1:76: a b c
  columns ?, ?, ?

=== refused
SELECT UPPER(a FROM t
---
sql 1:13 `(` is not closed

=== refused
SELECT SUBSTRING(a FROM 1 FOR 2) FROM
---
sql 1:34 a source's name is missing here
