=== accepted as ad hoc
SELECT id FROM orders LIMIT 10
---
Query
  reads ORDERS @1:16: ID
  limit 10
  keeps Limit
  columns ID

=== accepted
SELECT id FROM orders EMIT CHANGES LIMIT 3
---
Query
  reads ORDERS @1:16: ID
  limit 3, emit Changes
  keeps Limit
  columns ID

=== accepted
SELECT limit_of, credit_limit FROM accounts EMIT CHANGES
---
Query
  reads ACCOUNTS @1:36: CREDIT_LIMIT LIMIT_OF
  emit Changes
  columns LIMIT_OF, CREDIT_LIMIT

=== refused as stream
SELECT id FROM orders EMIT CHANGES LIMIT 3
---
limit_in_stream 1:36 a query that goes on for ever has no LIMIT in ksqlDB

=== refused
CREATE STREAM s AS SELECT id FROM orders EMIT CHANGES LIMIT 10
---
limit_in_stream 1:55 a query that goes on for ever has no LIMIT in ksqlDB

=== refused
INSERT INTO s SELECT id FROM orders LIMIT 10
---
limit_in_stream 1:37 a query that goes on for ever has no LIMIT in ksqlDB

=== refused
SELECT id FROM LIMIT 3
---
sql 1:16 a source's name is missing before `LIMIT`
