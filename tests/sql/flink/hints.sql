=== accepted
SELECT id FROM orders /*+ OPTIONS('scan.startup.mode' = 'earliest-offset') */ WHERE id > 1
---
Query
  reads orders @1:16: id
  where
  hint /*+ OPTIONS('scan.startup.mode' = 'earliest-offset') */ @1:23
  columns id

=== accepted
SELECT /*+ BROADCAST(c) */ o.id FROM orders o JOIN customers c ON o.customer = c.id
---
Query
  reads orders as o @1:38: customer id
  reads customers as c @1:52: id
  join Inner None @1:52
  keeps Join
  hint /*+ BROADCAST(c) */ @1:8
  columns id

=== accepted
INSERT INTO sink /*+ OPTIONS('sink.parallelism' = '1') */ SELECT id FROM orders
---
Insert into sink @1:13
  reads orders @1:74: id
  hint /*+ OPTIONS('sink.parallelism' = '1') */ @1:18
  columns id

=== accepted
SELECT /*+ STATE_TTL('o' = '1d', 'c' = '20d') */ o.id FROM orders o LEFT JOIN customers c ON o.customer = c.id
---
Query
  reads orders as o @1:60: customer id
  reads customers as c @1:79: id
  join Left None @1:79
  keeps Join
  hint /*+ STATE_TTL('o' = '1d', 'c' = '20d') */ @1:8
  columns id

=== refused
SELECT id FROM orders /*+ OPTIONS('a' = 'b')
---
sql 1:23 the hint that begins here does not end

=== refused
SELECT id FROM /*+ OPTIONS('a' = 'b') */ WHERE id > 1
---
sql 1:42 a source's name is missing before `WHERE`
