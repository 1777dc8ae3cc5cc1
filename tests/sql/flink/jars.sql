=== refused
ADD JAR '/tmp/f.jar'
---
blocked_operation 1:1 this statement is not allowed: a script may not load code

=== refused
REMOVE JAR '/tmp/f.jar'
---
blocked_operation 1:1 this statement is not allowed: a script may not load code

=== accepted
SELECT add_jar, jar FROM add_log WHERE note = 'ADD JAR x'
---
Query
  reads add_log @1:26: add_jar jar note
  where
  columns add_jar, jar
