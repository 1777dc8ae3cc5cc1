=== accepted
SELECT ARRAY[1, 2, a], MAP('k' := v, 'l' := w), tags[1], attrs['x'] FROM t EMIT CHANGES
---
Query
  reads T @1:74: A ATTRS TAGS V W
  emit Changes
  columns ?, ?, ?, ?

=== accepted
SELECT ARRAY_LENGTH(tags), ARRAY_CONTAINS(tags, 'x'), MAP_KEYS(attrs), SLICE(tags, 1, 2) FROM t EMIT CHANGES
---
Query
  reads T @1:95: ATTRS TAGS
  emit Changes
  columns ?, ?, ?, ?

=== accepted
SELECT ARRAY[STRUCT(a := x), STRUCT(a := y)] FROM t EMIT CHANGES
---
Query
  reads T @1:51: X Y
  emit Changes
  columns ?

=== accepted
SELECT AS_MAP(ks, vs), ENTRIES(attrs, TRUE), ARRAY_JOIN(tags, ',') FROM t EMIT CHANGES
---
Query
  reads T @1:73: ATTRS KS TAGS VS
  emit Changes
  columns ?, ?, ?

=== refused
SELECT ARRAY[1, 2 FROM t EMIT CHANGES
---
sql 1:13 `[` is not closed

=== refused
SELECT MAP('k' := v] FROM t EMIT CHANGES
---
sql 1:20 this bracket closes none
