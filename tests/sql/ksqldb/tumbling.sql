=== accepted
SELECT customer, COUNT(*) FROM orders WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY customer EMIT CHANGES
---
Query
  reads ORDERS @1:32: CUSTOMER
  window Tumble size 1 HOUR @1:46
  emit Changes
  keeps Aggregate Window
  columns CUSTOMER, ?

=== accepted
SELECT customer, WINDOWSTART, WINDOWEND, SUM(amount) FROM orders WINDOW TUMBLING (SIZE 30 SECONDS, RETENTION 7 DAYS, GRACE PERIOD 10 MINUTES) WHERE amount > 0 GROUP BY customer EMIT FINAL
---
Query
  reads ORDERS @1:59: AMOUNT CUSTOMER WINDOWEND WINDOWSTART
  window Tumble size 30 SECONDS @1:73
  where, emit Final
  keeps Aggregate Window
  columns CUSTOMER, WINDOWSTART, WINDOWEND, ?

=== accepted
CREATE TABLE per_hour AS SELECT product, COUNT(*) AS n FROM orders WINDOW w TUMBLING (SIZE 1 HOUR) GROUP BY product
---
CreateAs TABLE PER_HOUR @1:14 into PER_HOUR @1:14
  reads ORDERS @1:61: PRODUCT
  window Tumble size 1 HOUR @1:77
  keeps Aggregate Window Table
  columns PRODUCT, N

=== accepted
SELECT window, tumbling FROM t EMIT CHANGES
---
Query
  reads T @1:30: TUMBLING WINDOW
  emit Changes
  columns WINDOW, TUMBLING

=== refused
SELECT customer FROM orders WINDOW TUMBLING (SIZE 1 HOUR GROUP BY customer EMIT CHANGES
---
sql 1:45 `(` is not closed

=== refused
SELECT customer FROM WINDOW TUMBLING (SIZE 1 HOUR)) GROUP BY customer
---
sql 1:51 this bracket closes none

=== refused
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start
---
wrong_dialect 1:36 TABLE(…) is SQL of Flink, this is for ksqlDB
