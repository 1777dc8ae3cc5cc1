=== accepted
CREATE TYPE address AS STRUCT<city VARCHAR, zip VARCHAR>
---
Create TYPE ADDRESS @1:13

=== accepted
CREATE TYPE IF NOT EXISTS people AS ARRAY<STRUCT<name VARCHAR, age INT>>
---
Create TYPE PEOPLE @1:27

=== refused
CREATE TYPE AS STRUCT<a INT>
---
sql 1:13 the name of the type is missing here

=== refused
CREATE TYPE t AS DECIMAL(10, 2
---
sql 1:25 `(` is not closed
