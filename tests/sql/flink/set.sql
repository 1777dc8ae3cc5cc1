=== accepted
SET 'table.exec.state.ttl' = '1 h'
---
Set table.exec.state.ttl @1:5
  with table.exec.state.ttl = 1 h

=== accepted
SET 'table.exec.mini-batch.enabled' = 'true'; SELECT id FROM orders
---
Set table.exec.mini-batch.enabled @1:5
  with table.exec.mini-batch.enabled = true
Query
  reads orders @1:62: id
  columns id

=== accepted
RESET 'table.exec.state.ttl'
---
Reset table.exec.state.ttl @1:7

=== accepted
SET
---
Set

=== refused
SET 'execution.checkpointing.dir' = 'file:///tmp'
---
blocked_operation 1:5 `execution.checkpointing.dir` may not be set

=== refused
SET pipeline.jars = '/tmp/f.jar'
---
blocked_operation 1:5 `pipeline.jars` may not be set

=== refused
RESET 'rest.address'
---
blocked_operation 1:7 `rest.address` may not be set
