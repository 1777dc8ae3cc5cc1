=== accepted
SELECT Id FROM Orders EMIT CHANGES
---
Query
  reads ORDERS @1:16: ID
  emit Changes
  columns ID

=== accepted
SELECT `Id` FROM `orders` EMIT CHANGES
---
Query
  reads orders @1:18: Id
  emit Changes
  columns Id

=== accepted
SELECT "Id" FROM "orders" EMIT CHANGES
---
Query
  reads orders @1:18: Id
  emit Changes
  columns Id

=== accepted
SELECT `a``b`, größe FROM `my orders` EMIT CHANGES
---
Query
  reads my orders @1:27: GRÖSSE a`b
  emit Changes
  columns a`b, GRÖSSE

=== accepted
SELECT changes, emit FROM signals EMIT CHANGES
---
Query
  reads SIGNALS @1:27: CHANGES EMIT
  emit Changes
  columns CHANGES, EMIT

=== refused
SELECT `Id FROM orders
---
sql 1:8 the quoted name that begins here does not end

=== refused
SELECT "Id FROM orders EMIT CHANGES
---
sql 1:8 the quoted name that begins here does not end
