=== accepted
EXPLAIN SELECT id FROM orders
---
Explain
    Query
      reads orders @1:24: id
      columns id

=== accepted
EXPLAIN PLAN FOR SELECT id FROM orders WHERE id > 1
---
Explain
    Query
      reads orders @1:33: id
      where
      columns id

=== accepted
EXPLAIN CHANGELOG_MODE, JSON_EXECUTION_PLAN INSERT INTO sink SELECT customer, COUNT(*) FROM orders GROUP BY customer
---
Explain
    Insert into sink @1:57
      reads orders @1:93: customer
      keeps Aggregate
      columns customer, ?

=== accepted
COMPILE PLAN 'file:///p.json' IF NOT EXISTS FOR INSERT INTO sink SELECT id FROM orders
---
CompilePlan
    Insert into sink @1:61
      reads orders @1:81: id
      columns id

=== accepted
EXECUTE PLAN 'file:///p.json'
---
ExecutePlan

=== accepted
COMPILE AND EXECUTE PLAN 'file:///p.json' FOR STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t; END
---
CompilePlan
    Insert into a @1:79
      reads t @1:96: id
      columns id

=== refused
EXPLAIN SELECT id FROM
---
sql 1:19 a source's name is missing here

=== refused
EXPLAIN INSERT INTO SELECT id FROM orders
---
sql 1:21 the name of the table that is inserted into is missing here
