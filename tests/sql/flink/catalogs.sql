=== accepted
CREATE CATALOG my_catalog WITH ('type' = 'generic_in_memory')
---
Create CATALOG my_catalog @1:16
  with type = generic_in_memory

=== accepted
CREATE DATABASE IF NOT EXISTS my_db COMMENT 'of tests' WITH ('k' = 'v')
---
Create DATABASE my_db @1:31
  with k = v

=== accepted
USE CATALOG my_catalog; USE my_db
---
Use my_catalog @1:13
Use my_db @1:29

=== accepted
LOAD MODULE hive WITH ('hive-version' = '3.1.3')
---
LoadModule hive @1:13

=== accepted
UNLOAD MODULE core
---
UnloadModule core @1:15

=== accepted
CREATE MODEL m INPUT (body STRING) OUTPUT (score DOUBLE) WITH ('provider' = 'openai')
---
Create MODEL m @1:14
  with provider = openai

=== refused
CREATE CATALOG WITH ('type' = 'generic_in_memory')
---
sql 1:16 the name of the catalog is missing here

=== refused
USE
---
sql 1:1 the name of the database is missing here

=== refused
CREATE DATABASE d WITH ('k' = )
---
sql 1:25 an option is `'key' = 'value'`
