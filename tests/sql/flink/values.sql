=== accepted
SELECT 1, 'a'
---
Query
  columns ?, ?

=== accepted
VALUES (1, 'a'), (2, 'b')
---
Query

=== accepted
INSERT INTO sink VALUES (1, 'a'), (2, 'b')
---
InsertValues into sink @1:13

=== refused
VALUES (1, 'a'
---
sql 1:8 `(` is not closed

=== refused
INSERT INTO sink
---
sql 1:13 the query behind INSERT is missing
