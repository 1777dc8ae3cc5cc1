=== accepted
SELECT id FROM orders PIVOT (SUM(amount) FOR mon IN (1, 2))
---
Query
  reads orders @1:16: *
  keeps NotParsed
  columns id
warning not_parsed 1:1 weir does not understand a clause of this query: its changes count as stateful

=== accepted
SELECT a FROM t TABLESAMPLE SYSTEM (10)
---
Query
  reads t @1:15: *
  keeps NotParsed
  columns a
warning not_parsed 1:1 weir does not understand a clause of this query: its changes count as stateful

=== accepted
SELECT id FROM orders FUTURE CLAUSE OF 3 JOIN customers ON TRUE WHERE id > 1 LIMIT 5
---
Query
  reads orders @1:16: *
  reads customers @1:47: *
  join Unknown None @1:42
  where, limit 5
  keeps NotParsed
warning not_parsed 1:30 weir does not understand this statement (`CLAUSE` was not expected): its changes count as stateful

=== accepted
GRANT SELECT ON orders TO somebody
---
Unknown
  keeps NotParsed
warning not_parsed 1:1 weir does not understand this statement (no statement known here begins so): its changes count as stateful

=== refused
SELECT id FROM orders FUTURE CLAUSE (OF 3
---
sql 1:37 `(` is not closed

=== refused
SELECT id FROM orders FUTURE CLAUSE 'of
---
sql 1:37 the literal that begins here does not end
