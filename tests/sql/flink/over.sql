=== accepted
SELECT id, SUM(amount) OVER (PARTITION BY customer ORDER BY ts ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS last10 FROM orders
---
Query
  reads orders @1:121: amount customer id ts
  window Over size ROWS BETWEEN 9 PRECEDING AND CURRENT ROW @1:12
  keeps Over
  columns id, last10

=== accepted
SELECT id, COUNT(*) OVER w AS n, AVG(amount) OVER w FROM orders WINDOW w AS (PARTITION BY customer ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW)
---
Query
  reads orders @1:58: amount customer id ts
  window Over @1:12
  window Over @1:34
  keeps Over
  columns id, n, ?

=== accepted
SELECT id, LAG(amount, 1) OVER (PARTITION BY customer ORDER BY ts), LEAD(amount) OVER (ORDER BY ts) FROM orders
---
Query
  reads orders @1:106: amount customer id ts
  window Over @1:12
  window Over @1:69
  keeps Over
  columns id, ?, ?

=== accepted
SELECT id, NTILE(4) OVER (ORDER BY amount), RANK() OVER (ORDER BY amount) FROM orders
---
Query
  reads orders @1:80: amount id
  window Over @1:12
  window Over @1:45
  keeps Over
  columns id, ?, ?

=== refused
SELECT id, SUM(amount) OVER (PARTITION BY customer FROM orders
---
sql 1:29 `(` is not closed

=== refused
SELECT id, SUM(amount) OVER (ORDER BY ts) FROM orders EMIT CHANGES
---
wrong_dialect 1:55 EMIT is SQL of ksqlDB, this is for Flink
