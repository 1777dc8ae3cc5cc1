=== accepted
SELECT JSON_VALUE(doc, '$.a'), JSON_VALUE(doc, '$.b' RETURNING INT DEFAULT 0 ON EMPTY ERROR ON ERROR) FROM t
---
Query
  reads t @1:108: doc
  columns ?, ?

=== accepted
SELECT JSON_OBJECT(KEY 'a' VALUE x, KEY 'b' VALUE y NULL ON NULL), JSON_OBJECT('k' : z) FROM t
---
Query
  reads t @1:94: x y z
  columns ?, ?

=== accepted
SELECT JSON_ARRAY(a, b, 1 ABSENT ON NULL), JSON_OBJECT() FROM t
---
Query
  reads t @1:63: a b
  columns ?, ?

=== accepted
SELECT JSON_QUERY(doc, '$.x' WITH CONDITIONAL ARRAY WRAPPER EMPTY ARRAY ON EMPTY), JSON_EXISTS(doc, '$.y' TRUE ON ERROR) FROM t
---
Query
  reads t @1:127: doc
  columns ?, ?

=== accepted
SELECT k, JSON_ARRAYAGG(v NULL ON NULL), JSON_OBJECTAGG(KEY n VALUE w) FROM t GROUP BY k
---
Query
  reads t @1:77: k n v w
  keeps Aggregate
  columns k, ?, ?

=== accepted
SELECT JSON_OBJECT('a' VALUE JSON_OBJECT('b' VALUE x), 'c' VALUE JSON_ARRAY(y)) FROM t
---
Query
  reads t @1:86: x y
  columns ?

=== refused
SELECT JSON_VALUE(doc, '$.a' FROM t
---
sql 1:18 `(` is not closed

=== refused
SELECT JSON_OBJECT(KEY 'a VALUE x) FROM t
---
sql 1:24 the literal that begins here does not end
