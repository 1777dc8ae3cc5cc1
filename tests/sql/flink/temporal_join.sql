=== accepted
SELECT o.id, o.price * r.rate FROM orders AS o LEFT JOIN rates FOR SYSTEM_TIME AS OF o.ts AS r ON o.currency = r.currency
---
Query
  reads orders as o @1:36: currency id price ts
  reads rates as r @1:58: currency rate
  join Left Version @1:58
  keeps TemporalJoin
  columns id, ?

=== accepted
SELECT o.id, c.name FROM orders o JOIN customers FOR SYSTEM_TIME AS OF o.proctime AS c ON o.customer = c.id AND c.zip LIKE '1%'
---
Query
  reads orders as o @1:26: customer id proctime
  reads customers as c @1:40: id name zip
  join Inner Version @1:40
  keeps TemporalJoin
  columns id, name

=== accepted
SELECT o.id FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.ts ON o.currency = rates.currency
---
Query
  reads orders as o @1:18: currency id ts
  reads rates @1:35: currency
  join Inner Version @1:35
  keeps TemporalJoin
  columns id

=== refused
SELECT o.id FROM orders o JOIN FOR SYSTEM_TIME AS OF o.ts AS r ON TRUE
---
sql 1:32 a source's name is missing before `FOR`

=== refused
SELECT o.id FROM orders AS o LEFT JOIN rates FOR SYSTEM_TIME AS OF (o.ts AS r ON o.currency = r.currency
---
sql 1:68 `(` is not closed
