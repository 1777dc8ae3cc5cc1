=== accepted
SET 'auto.offset.reset' = 'earliest'
---
Set auto.offset.reset @1:5
  with auto.offset.reset = earliest

=== accepted
SET 'auto.offset.reset' = 'earliest'; SELECT id FROM orders EMIT CHANGES;
---
Set auto.offset.reset @1:5
  with auto.offset.reset = earliest
Query
  reads ORDERS @1:54: ID
  emit Changes
  columns ID

=== accepted
UNSET 'auto.offset.reset'
---
Reset auto.offset.reset @1:7

=== accepted
DEFINE topic = 'orders'; UNDEFINE topic
---
Define topic @1:8
  with topic = orders
Undefine topic @1:35

=== accepted
CREATE STREAM s WITH (kafka_topic = '${topic}') AS SELECT ${column} FROM ${source} EMIT CHANGES
---
CreateAs STREAM S @1:15 into S @1:15
  reads ${source} @1:74: ${column}
  emit Changes
  with KAFKA_TOPIC = ${topic}
  columns ${column}

=== refused
SET 'ksql.service.id' = 'other'
---
blocked_operation 1:5 `ksql.service.id` may not be set

=== refused
UNSET 'ksql.streams.producer.acks'
---
blocked_operation 1:7 `ksql.streams.producer.acks` may not be set

=== refused
SELECT ${column FROM t EMIT CHANGES
---
sql 1:8 the variable that begins here does not end
