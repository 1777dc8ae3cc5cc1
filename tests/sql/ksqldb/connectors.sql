=== refused
CREATE SOURCE CONNECTOR pg WITH ('connector.class' = 'JdbcSource')
---
blocked_operation 1:1 this statement is not allowed: connectors are made outside of weir

=== refused
CREATE SINK CONNECTOR IF NOT EXISTS es WITH ('connector.class' = 'Elastic')
---
blocked_operation 1:1 this statement is not allowed: connectors are made outside of weir

=== refused
DROP CONNECTOR IF EXISTS pg
---
blocked_operation 1:1 this statement is not allowed: connectors are made outside of weir

=== accepted
SHOW CONNECTORS
---
Show CONNECTORS

=== accepted
SELECT connector FROM `create connector` WHERE note = 'DROP CONNECTOR x' EMIT CHANGES
---
Query
  reads create connector @1:23: CONNECTOR NOTE
  where, emit Changes
  columns CONNECTOR
