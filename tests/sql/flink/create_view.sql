=== accepted
CREATE VIEW v AS SELECT id FROM orders
---
CreateAs VIEW v @1:13
  reads orders @1:33: id
  columns id

=== accepted
CREATE TEMPORARY VIEW IF NOT EXISTS v (a, b) COMMENT 'of orders' AS SELECT id, SUM(amount) FROM orders GROUP BY id
---
CreateAs TEMPORARY VIEW v @1:37
  reads orders @1:97: amount id
  keeps Aggregate
  columns a, b

=== accepted
ALTER VIEW v AS SELECT name FROM customers
---
Alter VIEW v @1:12
  reads customers @1:34: name
  columns name

=== refused
CREATE VIEW AS SELECT id FROM orders
---
sql 1:13 the name of the view is missing here

=== refused
CREATE VIEW v AS
---
sql 1:15 the query behind AS is missing
