=== accepted
EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t; INSERT INTO b SELECT name FROM t WHERE id > 1; END;
---
StatementSet
    Insert into a @1:41
      reads t @1:58: id
      columns id
    Insert into b @1:73
      reads t @1:92: id name
      where
      columns name

=== accepted
BEGIN STATEMENT SET; INSERT INTO a SELECT id FROM t; INSERT INTO b SELECT COUNT(*) FROM u; END
---
StatementSet
    Insert into a @1:34
      reads t @1:51: id
      columns id
    Insert into b @1:66
      reads u @1:89: 
      keeps Aggregate
      columns ?

=== accepted
EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; END;
---
Explain
    Insert into a @1:41
      reads t @1:78: x
      columns ?

=== accepted
CREATE TABLE a (id INT) WITH ('connector' = 'print'); EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t; END; SELECT 1
---
Create TABLE a @1:14
  with connector = print
  columns id
StatementSet
    Insert into a @1:95
      reads t @1:112: id
      columns id
Query
  columns ?

=== refused
EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t;
---
sql 1:29 the statement set that begins here does not end

=== refused
BEGIN STATEMENT SET; END;
---
sql 1:22 the statement set is empty

=== refused
EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t; INSERT INTO b SELECT id FROM; END;
---
sql 1:85 a source's name is missing here
