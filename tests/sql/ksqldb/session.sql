=== accepted
SELECT customer, COUNT(*) FROM clicks WINDOW SESSION (60 SECONDS) GROUP BY customer EMIT CHANGES
---
Query
  reads CLICKS @1:32: CUSTOMER
  window Session size 60 SECONDS @1:46
  emit Changes
  keeps Aggregate Window
  columns CUSTOMER, ?

=== accepted
CREATE TABLE visits AS SELECT customer, COUNT(*) AS pages FROM clicks WINDOW SESSION (5 MINUTES, RETENTION 2 DAYS, GRACE PERIOD 1 HOUR) GROUP BY customer EMIT FINAL
---
CreateAs TABLE VISITS @1:14 into VISITS @1:14
  reads CLICKS @1:64: CUSTOMER
  window Session size 5 MINUTES @1:78
  emit Final
  keeps Aggregate Window Table
  columns CUSTOMER, PAGES

=== refused
SELECT COUNT(*) FROM clicks WINDOW SESSION (60 SECONDS GROUP BY customer EMIT CHANGES
---
sql 1:44 `(` is not closed

=== refused
SELECT COUNT(*) FROM clicks WINDOW SESSION [60 SECONDS) GROUP BY customer EMIT CHANGES
---
sql 1:55 this bracket closes none
