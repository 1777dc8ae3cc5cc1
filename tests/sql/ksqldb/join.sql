=== accepted
SELECT o.id, s.carrier FROM orders o JOIN shipments s WITHIN 4 HOURS ON o.id = s.order_id EMIT CHANGES
---
Query
  reads ORDERS as O @1:29: ID
  reads SHIPMENTS as S @1:43: CARRIER ORDER_ID
  join Inner Interval @1:43
  emit Changes
  keeps IntervalJoin
  columns ?, ?

=== accepted
SELECT o.id FROM orders o LEFT JOIN payments p WITHIN 1 HOUR GRACE PERIOD 15 MINUTES ON o.id = p.order_id EMIT CHANGES
---
Query
  reads ORDERS as O @1:18: ID
  reads PAYMENTS as P @1:37: ORDER_ID
  join Left Interval @1:37
  emit Changes
  keeps IntervalJoin
  columns ?

=== accepted
CREATE STREAM matched AS SELECT o.id AS id FROM orders o INNER JOIN shipments s WITHIN (1 HOUR, 2 HOURS) ON o.id = s.order_id
---
CreateAs STREAM MATCHED @1:15 into MATCHED @1:15
  reads ORDERS as O @1:49: ID
  reads SHIPMENTS as S @1:69: ORDER_ID
  join Inner Interval @1:69
  keeps IntervalJoin
  columns ID

=== accepted
SELECT a.id FROM a FULL OUTER JOIN b WITHIN (0 SECONDS, 10 SECONDS) GRACE PERIOD 5 SECONDS ON a.id = b.id EMIT CHANGES
---
Query
  reads A @1:18: ID
  reads B @1:36: ID
  join Full Interval @1:36
  emit Changes
  keeps IntervalJoin
  columns ?

=== accepted
SELECT a.id FROM a JOIN b WITHIN 1 HOUR ON a.id = b.id JOIN c WITHIN 2 HOURS ON a.id = c.id EMIT CHANGES
---
Query
  reads A @1:18: ID
  reads B @1:25: ID
  join Inner Interval @1:25
  join Inner Interval @1:61
  emit Changes
  keeps IntervalJoin
  columns ?
warning several_joins 1:61 2 joins in one stream: each keeps rows of both sides

=== accepted
SELECT within FROM t EMIT CHANGES
---
Query
  reads T @1:20: WITHIN
  emit Changes
  columns WITHIN

=== accepted
SELECT a.x AS x, b.x AS y FROM t AS a RIGHT JOIN t AS b WITHIN 5 MINUTES ON a.id = b.parent EMIT CHANGES
---
Query
  reads T as A @1:32: ID X
  reads T as B @1:50: PARENT X
  join Right Interval @1:50
  emit Changes
  keeps IntervalJoin
  columns X, Y

=== refused
SELECT o.id FROM orders o JOIN WITHIN 4 HOURS ON o.id = s.order_id EMIT CHANGES
---
sql 1:32 a source's name is missing before `WITHIN`

=== refused
SELECT o.id FROM orders o JOIN shipments s WITHIN (1 HOUR, 2 HOURS ON o.id = s.order_id EMIT CHANGES
---
sql 1:51 `(` is not closed

=== refused
SELECT a.id FROM a CROSS JOIN b EMIT CHANGES
---
wrong_dialect 1:20 CROSS JOIN is SQL of Flink, this is for ksqlDB

=== refused
SELECT a.id FROM a JOIN b WITHIN 1 HOUR ON a.id = b.id JOIN c WITHIN 1 HOUR ON a.id = c.id JOIN d WITHIN 1 HOUR ON a.id = d.id JOIN e WITHIN 1 HOUR ON a.id = e.id EMIT CHANGES
---
too_many_joins 1:133 the statement has 4 joins, 3 are allowed
