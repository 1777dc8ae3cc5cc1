=== accepted
SELECT o.id, s.id FROM orders o JOIN shipments s ON o.id = s.order_id AND s.ts BETWEEN o.ts AND o.ts + INTERVAL '4' HOUR
---
Query
  reads orders as o @1:24: id ts
  reads shipments as s @1:38: id order_id ts
  join Inner Interval @1:38
  keeps IntervalJoin
  columns id, id

=== accepted
SELECT o.id FROM orders o, payments p WHERE o.id = p.order_id AND p.ts >= o.ts - INTERVAL '1' HOUR AND p.ts < o.ts + INTERVAL '1' HOUR
---
Query
  reads orders as o @1:18: id ts
  reads payments as p @1:28: order_id ts
  join Cross Interval @1:28
  where
  keeps IntervalJoin
  columns id

=== accepted
SELECT o.id FROM orders o LEFT JOIN shipments s ON o.id = s.order_id AND o.ts BETWEEN s.ts - INTERVAL '4' HOUR AND s.ts
---
Query
  reads orders as o @1:18: id ts
  reads shipments as s @1:37: order_id ts
  join Left Interval @1:37
  keeps IntervalJoin
  columns id

=== accepted
SELECT o.id FROM orders o JOIN shipments s ON o.id = s.order_id WHERE o.ts > CURRENT_TIMESTAMP - INTERVAL '1' DAY
---
Query
  reads orders as o @1:18: id ts
  reads shipments as s @1:32: order_id
  join Inner None @1:32
  where
  keeps Join
  columns id

=== accepted
SELECT o.id FROM orders o JOIN shipments s ON o.id = s.order_id AND (o.ts BETWEEN s.ts - INTERVAL '1' HOUR AND s.ts OR s.late)
---
Query
  reads orders as o @1:18: id ts
  reads shipments as s @1:32: late order_id ts
  join Inner None @1:32
  keeps Join
  columns id

=== refused
SELECT o.id FROM orders o JOIN shipments s ON o.id = s.order_id AND (s.ts BETWEEN o.ts AND o.ts + INTERVAL '4' HOUR
---
sql 1:69 `(` is not closed

=== refused
SELECT o.id FROM orders o JOIN shipments s WITHIN (1 HOUR, 2 HOURS) ON o.id = s.order_id
---
wrong_dialect 1:44 WITHIN is SQL of ksqlDB, this is for Flink
