=== accepted
CREATE STREAM a (id INT) WITH (kafka_topic = 'a', value_format = 'json'); CREATE STREAM b AS SELECT id FROM a;
INSERT INTO b SELECT id FROM c;
---
Create STREAM A @1:15
  with KAFKA_TOPIC = a
  with VALUE_FORMAT = json
  columns ID
CreateAs STREAM B @1:89 into B @1:89
  reads A @1:109: ID
  columns ID
Insert into B @2:13
  reads C @2:30: ID
  columns ID

=== accepted
SELECT 'a; b' FROM t EMIT CHANGES;;
---
Query
  reads T @1:20: 
  emit Changes
  columns ?

=== refused
CREATE STREAM a (id INT) WITH (kafka_topic = 'a'); INSERT INTO SELECT 1; SELECT FROM FROM
---
sql 1:64 the name of the table that is inserted into is missing here
sql 1:86 a source's name is missing before `FROM`

=== refused
SELECT 'a; b FROM t EMIT CHANGES; SELECT 1
---
sql 1:8 the literal that begins here does not end
