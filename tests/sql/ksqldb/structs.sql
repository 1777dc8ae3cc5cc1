=== accepted
SELECT address->city, address->geo->lat AS lat FROM people EMIT CHANGES
---
Query
  reads PEOPLE @1:53: ADDRESS
  emit Changes
  columns ?, LAT

=== accepted
SELECT p.address->city FROM people p WHERE p.address->zip = '1' EMIT CHANGES
---
Query
  reads PEOPLE as P @1:29: ADDRESS P
  where, emit Changes
  columns ?

=== accepted
SELECT STRUCT(a := 1, b := x) AS s FROM t EMIT CHANGES
---
Query
  reads T @1:41: X
  emit Changes
  columns S

=== accepted
SELECT address->* FROM people EMIT CHANGES
---
Query
  reads PEOPLE @1:24: ADDRESS
  emit Changes
  columns *

=== accepted
SELECT items[1]->price FROM orders EMIT CHANGES
---
Query
  reads ORDERS @1:29: ITEMS
  emit Changes
  columns ?

=== accepted
SELECT a->b FROM a EMIT CHANGES
---
Query
  reads A @1:18: A
  emit Changes
  columns ?

=== refused
SELECT address->city FROM people WHERE (address->zip = 1 EMIT CHANGES
---
sql 1:40 `(` is not closed

=== refused
SELECT STRUCT(a := 1 FROM t EMIT CHANGES
---
sql 1:14 `(` is not closed
