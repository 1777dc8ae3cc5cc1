=== accepted
SELECT window_start, window_end, COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTES, INTERVAL '10' MINUTES)) GROUP BY window_start, window_end
---
Query
  reads orders @1:64: ts window_end window_start
  window Hop size INTERVAL '10' MINUTES step INTERVAL '5' MINUTES @1:54
  keeps Aggregate Window
  columns window_start, window_end, ?

=== accepted
SELECT window_end, AVG(price) FROM TABLE(HOP(DATA => TABLE bids, TIMECOL => DESCRIPTOR(bid_time), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '1' HOUR)) GROUP BY window_start, window_end
---
Query
  reads bids @1:60: bid_time price window_end window_start
  window Hop size INTERVAL '1' HOUR step INTERVAL '1' MINUTE @1:42
  keeps Aggregate Window
  columns window_end, ?

=== accepted
SELECT HOP_END(ts, INTERVAL '1' MINUTE, INTERVAL '1' HOUR), COUNT(*) FROM orders GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '1' HOUR)
---
Query
  reads orders @1:75: ts
  window Hop size INTERVAL '1' HOUR step INTERVAL '1' MINUTE @1:91
  keeps Aggregate Window
  columns ?, ?

=== refused
SELECT COUNT(*) FROM orders WINDOW HOPPING (SIZE 1 HOUR, ADVANCE BY 1 MINUTE) GROUP BY product
---
wrong_dialect 1:29 WINDOW TUMBLING, HOPPING and SESSION is SQL of ksqlDB, this is for Flink

=== refused
SELECT COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTES)
---
sql 1:27 `(` is not closed
