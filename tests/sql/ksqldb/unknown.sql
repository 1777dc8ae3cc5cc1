=== accepted
SELECT id FROM orders FUTURE CLAUSE OF 3 JOIN customers ON x = y WHERE id > 1 EMIT CHANGES LIMIT 5
---
Query
  reads ORDERS @1:16: *
  reads CUSTOMERS @1:47: *
  join Unknown None @1:42
  where, limit 5, emit Changes
  keeps NotParsed
warning not_parsed 1:30 weir does not understand this statement (`CLAUSE` was not expected): its changes count as stateful

=== accepted
SELECT k, COUNT(*) FROM orders NEW THING WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY k EMIT CHANGES
---
Query
  reads ORDERS @1:25: *
  window Tumble size 1 HOUR @1:49
  emit Changes
  keeps Window NotParsed
warning not_parsed 1:36 weir does not understand this statement (`THING` was not expected): its changes count as stateful

=== accepted
GRANT something
---
Unknown
  keeps NotParsed
warning not_parsed 1:1 weir does not understand this statement (no statement known here begins so): its changes count as stateful

=== refused
SELECT id FROM orders FUTURE CLAUSE (OF 3 EMIT CHANGES
---
sql 1:37 `(` is not closed

=== refused
SELECT id FROM orders FUTURE CLAUSE 'of EMIT CHANGES
---
sql 1:37 the literal that begins here does not end
