=== accepted
SELECT id -- FROM nowhere
FROM orders /* JOIN secrets LIMIT 1 */ EMIT CHANGES
---
Query
  reads ORDERS @2:6: ID
  emit Changes
  columns ID

=== accepted
-- PRINT everything
SELECT id FROM orders EMIT CHANGES;
---
Query
  reads ORDERS @2:16: ID
  emit Changes
  columns ID

=== refused
SELECT id FROM orders /* EMIT CHANGES
---
sql 1:23 the comment that begins here does not end

=== refused
/* SELECT id FROM orders EMIT CHANGES
---
sql 1:1 the comment that begins here does not end
