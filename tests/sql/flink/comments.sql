=== accepted
SELECT id -- the key, FROM nowhere
FROM orders /* JOIN secrets */ WHERE id > 0
---
Query
  reads orders @2:6: id
  where
  columns id

=== accepted
SELECT id // as Flink allows
FROM orders
---
Query
  reads orders @2:6: id
  columns id

=== accepted
/* INSERT INTO x SELECT 1; */ SELECT id FROM orders
---
Query
  reads orders @1:46: id
  columns id

=== refused
SELECT id FROM orders /* never ends
---
sql 1:23 the comment that begins here does not end

=== refused
SELECT id */ FROM orders
---
sql 1:11 no comment and no hint ends here
