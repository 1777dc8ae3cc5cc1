=== accepted
CREATE FUNCTION f AS 'com.example.F' LANGUAGE JAVA
---
Create FUNCTION f @1:17

=== accepted
CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS f AS 'com.example.F'
---
Create TEMPORARY SYSTEM FUNCTION f @1:48

=== accepted
DROP TEMPORARY FUNCTION IF EXISTS f
---
Drop TEMPORARY FUNCTION f @1:35

=== refused
CREATE FUNCTION f AS 'com.example.F' LANGUAGE JAVA USING JAR 'file:///f.jar'
---
blocked_operation 1:1 this statement is not allowed: a script may not load code

=== refused
CREATE FUNCTION AS 'com.example.F'
---
sql 1:17 the name of the function is missing here
