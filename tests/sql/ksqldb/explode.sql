=== accepted
SELECT id, EXPLODE(items) AS item FROM orders EMIT CHANGES
---
Query
  reads ORDERS @1:40: ID ITEMS
  emit Changes
  columns ID, ITEM

=== accepted
CREATE STREAM flat AS SELECT id, EXPLODE(items)->price AS price FROM orders
---
CreateAs STREAM FLAT @1:15 into FLAT @1:15
  reads ORDERS @1:70: ID ITEMS
  columns ID, PRICE

=== accepted
SELECT CUBE_EXPLODE(ARRAY[a, b]) FROM t EMIT CHANGES
---
Query
  reads T @1:39: A B
  emit Changes
  columns ?

=== refused
SELECT EXPLODE(items FROM orders EMIT CHANGES
---
sql 1:15 `(` is not closed

=== refused
CREATE STREAM flat AS SELECT EXPLODE(items) FROM
---
sql 1:45 a source's name is missing here
