=== accepted
CREATE TABLE a (id INT) WITH ('connector' = 'datagen'); CREATE TABLE b (id INT) WITH ('connector' = 'print');
INSERT INTO b SELECT id FROM a;
---
Create TABLE a @1:14
  with connector = datagen
  columns id
Create TABLE b @1:70
  with connector = print
  columns id
Insert into b @2:13
  reads a @2:30: id
  columns id

=== accepted
;;SELECT 1;;
---
Query
  columns ?

=== refused
CREATE TABLE a (id INT) WITH ('connector' = 'datagen'); INSERT INTO SELECT 1; SELECT FROM FROM
---
sql 1:69 the name of the table that is inserted into is missing here
sql 1:91 a source's name is missing before `FROM`

=== refused
SELECT 'a; b' FROM t; SELECT (1
---
sql 1:30 `(` is not closed
