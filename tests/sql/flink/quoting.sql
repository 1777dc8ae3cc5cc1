=== accepted
SELECT `a``b`, `select` FROM `from` WHERE `where` = 1
---
Query
  reads from @1:30: a`b select where
  where
  columns a`b, select

=== accepted
SELECT `größe`, 名前 FROM `tägliche bestellungen`
---
Query
  reads tägliche bestellungen @1:25: größe 名前
  columns größe, 名前

=== accepted
SELECT id FROM my_catalog.my_db.orders WHERE my_db.orders.id > 1
---
Query
  reads my_catalog.my_db.orders @1:16: id my_db orders
  where
  columns id

=== accepted
SELECT c.d.orders.id FROM c.d.orders
---
Query
  reads c.d.orders @1:27: c d id orders
  columns id

=== refused
SELECT `a FROM t
---
sql 1:8 the quoted name that begins here does not end

=== refused
SELECT `` FROM t
---
sql 1:8 a name between backticks is empty

=== refused
SELECT * FROM "orders"
---
sql 1:15 a source's name is missing here
