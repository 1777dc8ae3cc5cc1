=== accepted
SELECT id, amount FROM (SELECT id, amount, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS rn FROM orders) WHERE rn = 1
---
Query
  reads orders @1:108: amount id ts
  window Over @1:44
  where
  keeps Over Deduplication
  columns id, amount

=== accepted
SELECT id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY proctime ASC) AS n FROM orders) AS o WHERE o.n < 2
---
Query
  reads orders @1:95: *
  window Over @1:27
  where
  keeps Over Deduplication
  columns id

=== accepted
WITH numbered AS (SELECT id, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) AS n FROM orders) SELECT id FROM numbered WHERE n <= 1
---
Query
  reads orders @1:88: id ts
  window Over @1:30
  where
  keeps Over Deduplication
  columns id

=== accepted
SELECT id FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) = 1
---
Query
  reads orders @1:16: id ts
  window Over @1:31
  keeps Over Deduplication
  columns id

=== refused
SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) AS rn FROM orders WHERE rn = 1
---
sql 1:16 `(` is not closed

=== refused
SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) AS rn FROM JOIN) WHERE rn = 1
---
sql 1:87 a source's name is missing before `JOIN`
