=== accepted
SELECT ARRAY[1, 2, a][1], MAP['k', a]['k'], ROW(a, b), CARDINALITY(c) FROM t
---
Query
  reads t @1:76: a b c
  columns ?, ?, ?, ?

=== accepted
SELECT (r).x, r.y.z, t.r.w, items[1].price FROM t
---
Query
  reads t @1:49: items price r x y z
  columns ?, z, w, ?

=== accepted
SELECT ARRAY_CONTAINS(a, 1), ARRAY_DISTINCT(b), MAP_KEYS(m), ELEMENT(x) FROM t
---
Query
  reads t @1:78: a b m x
  columns ?, ?, ?, ?

=== accepted
SELECT MAP['a', ARRAY[1], 'b', ARRAY[x, y]], ARRAY[MAP['k', v]] FROM t
---
Query
  reads t @1:70: v x y
  columns ?, ?

=== accepted
SELECT ARRAY[ROW(1, 'a'), ROW(id, name)] FROM t
---
Query
  reads t @1:47: id name
  columns ?

=== refused
SELECT ARRAY[1, 2 FROM t
---
sql 1:13 `[` is not closed

=== refused
SELECT MAP['k', a) FROM t
---
sql 1:18 this bracket closes none
