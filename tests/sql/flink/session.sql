=== accepted
SELECT window_start, customer, COUNT(*) FROM TABLE(SESSION(TABLE clicks PARTITION BY customer, DESCRIPTOR(ts), INTERVAL '30' MINUTES)) GROUP BY window_start, window_end, customer
---
Query
  reads clicks @1:66: customer ts window_end window_start
  window Session size INTERVAL '30' MINUTES @1:52
  keeps Aggregate Window
  columns window_start, customer, ?

=== accepted
SELECT SESSION_START(ts, INTERVAL '5' MINUTE), customer, COUNT(*) FROM clicks GROUP BY SESSION(ts, INTERVAL '5' MINUTE), customer
---
Query
  reads clicks @1:72: customer ts
  window Session size INTERVAL '5' MINUTE @1:88
  keeps Aggregate Window
  columns ?, customer, ?

=== accepted
SELECT session FROM logins WHERE session > 5
---
Query
  reads logins @1:21: session
  where
  columns session

=== refused
SELECT COUNT(*) FROM clicks WINDOW SESSION (60 SECONDS) GROUP BY customer
---
wrong_dialect 1:29 WINDOW TUMBLING, HOPPING and SESSION is SQL of ksqlDB, this is for Flink

=== refused
SELECT * FROM TABLE(SESSION(TABLE WHERE, DESCRIPTOR(ts), INTERVAL '1' HOUR))
---
sql 1:35 a source's name is missing here
