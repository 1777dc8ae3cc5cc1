=== accepted
INSERT INTO big_orders SELECT id, amount FROM orders WHERE amount > 500
---
Insert into big_orders @1:13
  reads orders @1:47: amount id
  where
  columns id, amount

=== accepted
INSERT INTO cat.db.sink (id, total) SELECT id, amount FROM orders
---
Insert into cat.db.sink @1:13
  reads orders @1:60: amount id
  columns id, total

=== accepted
INSERT OVERWRITE sink PARTITION (dt = '2024-01-01') SELECT id FROM orders
---
Insert into sink @1:18
  reads orders @1:68: id
  columns id

=== accepted
INSERT INTO sink WITH a AS (SELECT id FROM t) SELECT id FROM a
---
Insert into sink @1:13
  reads t @1:44: id
  columns id

=== accepted
INSERT INTO sink SELECT id, amount FROM orders ON CONFLICT DO DEDUPLICATE
---
Insert into sink @1:13
  reads orders @1:41: amount id
  columns id, amount

=== accepted
EXECUTE INSERT INTO sink SELECT id FROM orders
---
Insert into sink @1:21
  reads orders @1:41: id
  columns id

=== accepted
INSERT INTO sink (SELECT id FROM orders)
---
Insert into sink @1:13
  reads orders @1:34: id
  columns id

=== refused
INSERT sink SELECT id FROM orders
---
sql 1:8 INTO is missing here

=== refused
INSERT INTO SELECT id FROM orders
---
sql 1:13 the name of the table that is inserted into is missing here

=== refused
INSERT INTO sink SELECT id FROM orders EMIT CHANGES
---
wrong_dialect 1:40 EMIT is SQL of ksqlDB, this is for Flink
