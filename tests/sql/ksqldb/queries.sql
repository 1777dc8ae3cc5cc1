=== accepted
TERMINATE CSAS_ORDERS_7
---
Terminate CSAS_ORDERS_7 @1:11

=== accepted
TERMINATE ALL; PAUSE query_1; RESUME ALL
---
Terminate
Pause QUERY_1 @1:22
Resume

=== refused
TERMINATE
---
sql 1:1 the name of the query is missing here

=== refused
PAUSE
---
sql 1:1 the name of the query is missing here

=== refused
STOP JOB '228d70913eab60dda85c5e7f78b5782c'
---
wrong_dialect 1:1 this statement is SQL of Flink, this is for ksqlDB
