=== accepted
SELECT customer, COUNT(*) FROM orders WINDOW HOPPING (SIZE 1 HOUR, ADVANCE BY 10 MINUTES) GROUP BY customer EMIT CHANGES
---
Query
  reads ORDERS @1:32: CUSTOMER
  window Hop size 1 HOUR step 10 MINUTES @1:46
  emit Changes
  keeps Aggregate Window
  columns CUSTOMER, ?

=== accepted
CREATE TABLE hops WITH (kafka_topic = 'hops') AS SELECT region, MIN(price) AS low FROM bids WINDOW HOPPING (SIZE 30 SECONDS, ADVANCE BY 10 SECONDS, GRACE PERIOD 1 MINUTE) GROUP BY region EMIT CHANGES
---
CreateAs TABLE HOPS @1:14 into HOPS @1:14
  reads BIDS @1:88: PRICE REGION
  window Hop size 30 SECONDS step 10 SECONDS @1:100
  emit Changes
  keeps Aggregate Window Table
  with KAFKA_TOPIC = hops
  columns REGION, LOW

=== refused
SELECT COUNT(*) FROM orders WINDOW HOPPING (SIZE 1 HOUR, ADVANCE BY 10 MINUTES GROUP BY x EMIT CHANGES
---
sql 1:44 `(` is not closed

=== refused
SELECT COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' MINUTES, INTERVAL '10' MINUTES)) GROUP BY window_start
---
wrong_dialect 1:22 TABLE(…) is SQL of Flink, this is for ksqlDB
