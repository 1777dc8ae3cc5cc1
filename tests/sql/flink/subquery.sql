=== accepted
SELECT id FROM orders WHERE customer IN (SELECT id FROM vips WHERE level > 2)
---
Query
  reads orders @1:16: customer id level
  reads vips @1:57: id level
  where
  keeps Subquery
  columns id

=== accepted
SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id)
---
Query
  reads orders as o @1:16: id
  reads refunds as r @1:53: order_id
  where
  keeps Subquery
  columns id

=== accepted
SELECT id, (SELECT MAX(rate) FROM rates) AS top FROM orders
---
Query
  reads rates @1:35: rate
  reads orders @1:54: id rate
  keeps Aggregate Subquery
  columns id, top

=== accepted
SELECT id FROM orders WHERE amount > ALL (SELECT amount FROM limits) AND NOT EXISTS (SELECT * FROM blocked)
---
Query
  reads orders @1:16: amount id
  reads limits @1:62: amount
  reads blocked @1:100: *
  where
  keeps Subquery
  columns id

=== refused
SELECT id FROM orders WHERE customer IN (SELECT id FROM)
---
sql 1:56 a source's name is missing here

=== refused
SELECT id FROM orders WHERE customer IN (SELECT id FROM vips
---
sql 1:41 `(` is not closed
