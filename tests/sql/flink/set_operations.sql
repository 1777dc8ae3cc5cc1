=== accepted
SELECT id FROM a UNION ALL SELECT id FROM b
---
Query
  reads a @1:16: id
  reads b @1:43: id
  columns id

=== accepted
SELECT id FROM a UNION SELECT id FROM b
---
Query
  reads a @1:16: id
  reads b @1:39: id
  keeps UnionDistinct
  columns id

=== accepted
(SELECT id FROM a) INTERSECT (SELECT id FROM b)
---
Query
  reads a @1:17: id
  reads b @1:46: id
  keeps Intersect
  columns id

=== accepted
SELECT id FROM a EXCEPT ALL SELECT id FROM b UNION ALL SELECT x FROM c
---
Query
  reads a @1:16: id
  reads b @1:44: id
  reads c @1:70: x
  keeps Except
  columns id

=== accepted
SELECT id FROM a UNION ALL (SELECT id FROM b ORDER BY ts LIMIT 5)
---
Query
  reads a @1:16: id
  reads b @1:44: id ts
  order by
  keeps TopN
  columns id

=== accepted
SELECT id FROM a UNION ALL TABLE b
---
Query
  reads a @1:16: id
  reads b @1:34: *
  columns id

=== refused
SELECT id FROM a UNION ALL SELECT id FROM
---
sql 1:38 a source's name is missing here

=== refused
(SELECT id FROM a UNION ALL SELECT id FROM b
---
sql 1:1 `(` is not closed
