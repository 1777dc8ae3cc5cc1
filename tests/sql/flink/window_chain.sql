=== accepted
SELECT w.window_end, SUM(w.n) FROM (SELECT window_start, window_end, window_time AS rt, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time) AS w GROUP BY w.window_end
---
Query
  reads orders @1:127: ts window_end window_start window_time
  window Tumble size INTERVAL '1' MINUTE @1:114
  keeps Aggregate Window
  columns window_end, ?

=== accepted
WITH per_minute AS (SELECT window_time AS rt, SUM(amount) AS total FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time)
SELECT window_start, SUM(total) FROM TABLE(TUMBLE(TABLE per_minute, DESCRIPTOR(rt), INTERVAL '1' HOUR)) GROUP BY window_start, window_end
---
Query
  reads orders @1:92: amount rt ts window_end window_start window_time
  window Tumble size INTERVAL '1' MINUTE @1:79
  window Tumble size INTERVAL '1' HOUR @2:44
  keeps Aggregate Window
  columns window_start, ?

=== accepted
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY price DESC) AS rn FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(bid_time), INTERVAL '10' MINUTES))) WHERE rn <= 3
---
Query
  reads bids @1:134: *
  window Over @1:26
  window Tumble size INTERVAL '10' MINUTES @1:121
  where
  keeps Window Over TopN
  columns *

=== refused
WITH a AS (SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))), b AS (SELECT * FROM TABLE(HOP(TABLE u, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '2' HOUR))), c AS (SELECT * FROM TABLE(CUMULATE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '2' HOUR))) SELECT * FROM a, b, c
---
too_many_windows 1:208 the statement has 3 windows, 2 are allowed
