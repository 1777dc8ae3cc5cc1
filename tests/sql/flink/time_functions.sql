=== accepted
SELECT EXTRACT(YEAR FROM ts), DATE_FORMAT(ts, 'yyyy'), TO_TIMESTAMP(s), TO_TIMESTAMP_LTZ(ms, 3) FROM t
---
Query
  reads t @1:102: ms s ts
  columns ?, ?, ?, ?

=== accepted
SELECT ts + INTERVAL '1' DAY, ts - INTERVAL '1-2' YEAR TO MONTH, TIMESTAMPDIFF(MINUTE, a, b) FROM t
---
Query
  reads t @1:99: a b ts
  columns ?, ?, ?

=== accepted
SELECT CURRENT_TIMESTAMP, LOCALTIME, NOW(), PROCTIME() AS pt, CURRENT_WATERMARK(ts) FROM t
---
Query
  reads t @1:90: ts
  columns ?, ?, ?, pt, ?

=== accepted
SELECT FLOOR(ts TO HOUR), CEIL(ts TO DAY), TIMESTAMPADD(HOUR, 2, ts) FROM t
---
Query
  reads t @1:75: ts
  columns ?, ?, ?

=== accepted
SELECT DATE '2024-01-31', TIME '10:00:00', TIMESTAMP '2024-01-31 10:00:00.000' FROM t
---
Query
  reads t @1:85: 
  columns ?, ?, ?

=== accepted
SELECT INTERVAL '10 00:00:00.004' DAY TO SECOND, INTERVAL '5' SECOND(3) FROM t
---
Query
  reads t @1:78: 
  columns ?, ?

=== refused
SELECT INTERVAL '1 DAY FROM t
---
sql 1:17 the literal that begins here does not end

=== refused
SELECT TIMESTAMPDIFF(MINUTE, a, b FROM t
---
sql 1:21 `(` is not closed
