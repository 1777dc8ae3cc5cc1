=== accepted
SELECT id, amount FROM orders EMIT CHANGES;
---
Query
  reads ORDERS @1:24: AMOUNT ID
  emit Changes
  columns ID, AMOUNT

=== accepted
SELECT * FROM orders EMIT CHANGES
---
Query
  reads ORDERS @1:15: *
  emit Changes
  columns *

=== accepted
SELECT o.* FROM orders o EMIT CHANGES
---
Query
  reads ORDERS as O @1:17: *
  emit Changes
  columns *

=== accepted
SELECT o.id AS order_id, o.`Total`, 'EUR' AS currency, 1 AS one FROM orders AS o EMIT CHANGES
---
Query
  reads ORDERS as O @1:70: ID Total
  emit Changes
  columns ORDER_ID, Total, CURRENCY, ONE

=== accepted
SELECT total FROM totals WHERE customer = 'c1'
---
Query
  reads TOTALS @1:19: CUSTOMER TOTAL
  where
  columns TOTAL

=== accepted
SELECT CREDIT_LIMIT, FINGERPRINT, print_count FROM accounts WHERE credit_limit > 1000 EMIT CHANGES
---
Query
  reads ACCOUNTS @1:52: CREDIT_LIMIT FINGERPRINT PRINT_COUNT
  where, emit Changes
  columns CREDIT_LIMIT, FINGERPRINT, PRINT_COUNT

=== accepted
SELECT id 1st_name FROM people EMIT CHANGES
---
Query
  reads PEOPLE @1:25: ID
  emit Changes
  columns 1ST_NAME

=== accepted as stream
SELECT id FROM orders
---
Query
  reads ORDERS @1:16: ID
  columns ID

=== refused as stream
SELECT id FROM orders LIMIT 5
---
limit_in_stream 1:23 a query that goes on for ever has no LIMIT in ksqlDB

=== refused as stream
CREATE STREAM s AS SELECT id FROM orders
---
not_a_query 1:1 a stream is one query, and no query begins with `CREATE`

=== accepted as ad hoc
SELECT id FROM orders EMIT CHANGES LIMIT 5
---
Query
  reads ORDERS @1:16: ID
  limit 5, emit Changes
  keeps Limit
  columns ID

=== accepted as ad hoc
SELECT id FROM orders EMIT CHANGES
---
Query
  reads ORDERS @1:16: ID
  emit Changes
  columns ID
warning unlimited_query 1:1 the query has neither WHERE nor LIMIT: it shows every row

=== refused as ad hoc
DROP STREAM orders
---
not_a_query 1:1 only a query can be looked at, and no query begins with `DROP`

=== refused
SELECT id FROM
---
sql 1:11 a source's name is missing here

=== refused
SELECT id FROM WHERE id > 1 EMIT CHANGES
---
sql 1:16 a source's name is missing before `WHERE`

=== refused
SELECT (id FROM orders EMIT CHANGES
---
sql 1:8 `(` is not closed
