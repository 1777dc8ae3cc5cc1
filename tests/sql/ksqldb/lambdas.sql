=== accepted
SELECT TRANSFORM(tags, x => UCASE(x)) FROM t EMIT CHANGES
---
Query
  reads T @1:44: TAGS
  emit Changes
  columns ?

=== accepted
SELECT REDUCE(amounts, 0, (sum, x) => sum + x * factor) AS total FROM t EMIT CHANGES
---
Query
  reads T @1:71: AMOUNTS FACTOR
  emit Changes
  columns TOTAL

=== accepted
SELECT FILTER(attrs, (k, v) => v > 1 AND k <> 'x'), TRANSFORM(attrs, (k, v) => k, (k, v) => v + 1) FROM t EMIT CHANGES
---
Query
  reads T @1:105: ATTRS
  emit Changes
  columns ?, ?

=== refused
SELECT TRANSFORM(tags, (x => UCASE(x)) FROM t EMIT CHANGES
---
sql 1:17 `(` is not closed

=== refused
SELECT TRANSFORM(tags, x => x FROM t EMIT CHANGES
---
sql 1:17 `(` is not closed
