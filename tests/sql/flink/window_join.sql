=== accepted
SELECT l.id, r.price FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '5' MINUTES)) l JOIN TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '5' MINUTES)) r ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end
---
Query
  reads a as l @1:46: id ts window_end window_start
  reads b as r @1:114: id price ts window_end window_start
  join Inner Window @1:114
  window Tumble size INTERVAL '5' MINUTES @1:33
  window Tumble size INTERVAL '5' MINUTES @1:101
  keeps Window WindowJoin
  columns id, price

=== accepted
SELECT l.id FROM (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '5' MINUTES))) l LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '5' MINUTES))) r ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end
---
Query
  reads a @1:52: *
  reads b @1:141: *
  join Left Window @1:108
  window Tumble size INTERVAL '5' MINUTES @1:39
  window Tumble size INTERVAL '5' MINUTES @1:128
  keeps Window WindowJoin
  columns id

=== refused
SELECT l.id FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '5' MINUTES) l JOIN b r ON l.id = r.id
---
sql 1:23 `(` is not closed
