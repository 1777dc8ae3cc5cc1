=== accepted
INSERT INTO all_orders SELECT id, amount FROM orders_eu
---
Insert into ALL_ORDERS @1:13
  reads ORDERS_EU @1:47: AMOUNT ID
  columns ID, AMOUNT

=== accepted
INSERT INTO all_orders WITH (QUERY_ID = 'eu_orders') SELECT id FROM orders_eu WHERE amount > 1 EMIT CHANGES
---
Insert into ALL_ORDERS @1:13
  reads ORDERS_EU @1:69: AMOUNT ID
  where, emit Changes
  with QUERY_ID = eu_orders
  columns ID

=== accepted
INSERT INTO orders (id, amount) VALUES (1, 10.5)
---
InsertValues into ORDERS @1:13
  columns ID, AMOUNT

=== accepted
INSERT INTO orders VALUES ('k', ARRAY[1], STRUCT(a := 1))
---
InsertValues into ORDERS @1:13

=== refused
INSERT INTO SELECT id FROM orders
---
sql 1:13 the name of the table that is inserted into is missing here

=== refused
INSERT orders VALUES (1)
---
sql 1:8 INTO is missing here

=== refused
INSERT INTO orders
---
sql 1:13 the query behind INSERT is missing

=== refused
INSERT OVERWRITE orders SELECT id FROM t
---
wrong_dialect 1:1 INSERT OVERWRITE is SQL of Flink, this is for ksqlDB
