=== refused
PRINT 'orders' FROM BEGINNING LIMIT 3
---
blocked_operation 1:1 this statement is not allowed: topics are looked at by `weir tail`

=== refused
PRINT orders INTERVAL 5
---
blocked_operation 1:1 this statement is not allowed: topics are looked at by `weir tail`

=== accepted
SELECT print FROM prints WHERE note = 'PRINT x' EMIT CHANGES
---
Query
  reads PRINTS @1:19: NOTE PRINT
  where, emit Changes
  columns PRINT
