=== accepted
SELECT id, amount FROM orders
---
Query
  reads orders @1:24: amount id
  columns id, amount

=== accepted
SELECT * FROM orders
---
Query
  reads orders @1:15: *
  columns *

=== accepted
SELECT o.* FROM orders AS o
---
Query
  reads orders as o @1:17: *
  columns *

=== accepted
SELECT o.id AS order_id, o.`total amount`, 'EUR' AS currency, 1 FROM orders o
---
Query
  reads orders as o @1:70: id total amount
  columns order_id, total amount, currency, ?

=== accepted
SELECT ALL id FROM orders;
---
Query
  reads orders @1:20: id
  columns id

=== accepted
SELECT credit_limit, fingerprint, print_count, emit_at FROM accounts WHERE credit_limit > 1000
---
Query
  reads accounts @1:61: credit_limit emit_at fingerprint print_count
  where
  columns credit_limit, fingerprint, print_count, emit_at

=== accepted
SELECT emit changes FROM lights
---
Query
  reads lights @1:26: emit
  columns changes

=== refused
SELECT id FROM
---
sql 1:11 a source's name is missing here

=== refused
SELECT id FROM WHERE id > 1
---
sql 1:16 a source's name is missing before `WHERE`

=== refused
SELECT (id FROM orders
---
sql 1:8 `(` is not closed

=== refused
SELECT id FROM orders EMIT CHANGES
---
wrong_dialect 1:23 EMIT is SQL of ksqlDB, this is for Flink

=== accepted as stream
SELECT id FROM orders
---
Query
  reads orders @1:16: id
  columns id

=== refused as stream
INSERT INTO big SELECT id FROM orders
---
not_a_query 1:1 a stream is one query, and no query begins with `INSERT`

=== accepted as ad hoc
SELECT id FROM orders
---
Query
  reads orders @1:16: id
  columns id
warning unlimited_query 1:1 the query has neither WHERE nor LIMIT: it shows every row

=== accepted as ad hoc
SELECT id FROM orders WHERE id = 7
---
Query
  reads orders @1:16: id
  where
  columns id

=== refused as ad hoc
DROP TABLE orders
---
not_a_query 1:1 only a query can be looked at, and no query begins with `DROP`
