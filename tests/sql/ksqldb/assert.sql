=== accepted
ASSERT TOPIC orders WITH (partitions = 3) TIMEOUT 10 SECONDS
---
Assert TOPIC ORDERS WITH

=== accepted
ASSERT NOT EXISTS SCHEMA SUBJECT 's' TIMEOUT 1 SECOND
---
Assert NOT EXISTS SCHEMA SUBJECT

=== refused
RUN SCRIPT '/tmp/x.sql'
---
blocked_operation 1:1 this statement is not allowed: a script may not run another

=== refused
EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t; END
---
sql 1:29 the statement set that begins here does not end

=== refused
ASSERT TOPIC 'orders
---
sql 1:14 the literal that begins here does not end
