=== accepted
SELECT window_start, window_end, SUM(amount) AS total FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' MINUTES)) GROUP BY window_start, window_end
---
Query
  reads orders @1:79: amount ts window_end window_start
  window Tumble size INTERVAL '10' MINUTES @1:66
  keeps Aggregate Window
  columns window_start, window_end, total

=== accepted
SELECT w.window_start, w.product, COUNT(*) FROM TABLE(TUMBLE(DATA => TABLE orders, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' HOUR)) AS w GROUP BY w.window_start, w.window_end, w.product
---
Query
  reads orders as w @1:76: product ts window_end window_start
  window Tumble size INTERVAL '1' HOUR @1:55
  keeps Aggregate Window
  columns window_start, product, ?

=== accepted
SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '8' HOUR)
---
Query
  reads orders @1:28: *
  window Tumble size INTERVAL '1' DAY @1:15
  keeps Window
  columns *

=== accepted
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE((SELECT id, ts FROM orders WHERE amount > 1), DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end
---
Query
  reads orders @1:69: amount id ts
  window Tumble size INTERVAL '1' HOUR @1:42
  where
  keeps Aggregate Window
  columns window_start, ?

=== accepted
SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), product, SUM(amount) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), product
---
Query
  reads orders @1:71: amount product ts
  window Tumble size INTERVAL '1' HOUR @1:87
  keeps Aggregate Window
  columns ?, product, ?

=== refused
SELECT window_start FROM TABLE(TUMBLE(TABLE , DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start
---
sql 1:45 a source's name is missing here

=== refused
SELECT product, COUNT(*) FROM orders WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY product
---
wrong_dialect 1:38 WINDOW TUMBLING, HOPPING and SESSION is SQL of ksqlDB, this is for Flink

=== refused
SELECT a.x FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' HOUR)) AS a, TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '1' HOUR)) AS b, TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' HOUR)) AS c
---
too_many_windows 1:151 the statement has 3 windows, 2 are allowed

=== accepted as ad hoc
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end LIMIT 5
---
Query
  reads orders @1:55: ts window_end window_start
  window Tumble size INTERVAL '1' MINUTE @1:42
  limit 5
  keeps Aggregate Window Limit
  columns window_start, ?
warning window_in_query 1:42 a window shows nothing before it ends
