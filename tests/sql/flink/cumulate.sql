=== accepted
SELECT window_start, window_end, SUM(amount) FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTES, INTERVAL '10' MINUTES)) GROUP BY window_start, window_end
---
Query
  reads orders @1:72: amount ts window_end window_start
  window Cumulate size INTERVAL '10' MINUTES step INTERVAL '2' MINUTES @1:57
  keeps Aggregate Window
  columns window_start, window_end, ?

=== accepted
SELECT window_end, product, COUNT(*) FROM TABLE(CUMULATE(DATA => TABLE orders, TIMECOL => DESCRIPTOR(ts), STEP => INTERVAL '1' HOUR, SIZE => INTERVAL '1' DAY)) GROUP BY window_start, window_end, product
---
Query
  reads orders @1:72: product ts window_end window_start
  window Cumulate size INTERVAL '1' DAY step INTERVAL '1' HOUR @1:49
  keeps Aggregate Window
  columns window_end, product, ?

=== refused
SELECT * FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTES, INTERVAL '10' MINUTES)
---
sql 1:20 `(` is not closed

=== refused
SELECT window_start FROM TABLE(CUMULATE(TABLE, DESCRIPTOR(ts)))
---
sql 1:46 a source's name is missing here
