=== accepted
SELECT UCASE(a), LEN(b), TRIM(c), SUBSTRING(d, 2, 3), CONCAT_WS('-', e, f) FROM t EMIT CHANGES
---
Query
  reads T @1:81: A B C D E F
  emit Changes
  columns ?, ?, ?, ?, ?

=== accepted
SELECT TIMESTAMPTOSTRING(ts, 'yyyy'), PARSE_DATE(d, 'yyyy'), FORMAT_TIMESTAMP(t2, 'HH'), UNIX_TIMESTAMP() FROM t EMIT CHANGES
---
Query
  reads T @1:112: D T2 TS
  emit Changes
  columns ?, ?, ?, ?

=== accepted
SELECT TIMESTAMPADD(MILLISECONDS, 5, ts), DATESUB(DAYS, 2, d) FROM t EMIT CHANGES
---
Query
  reads T @1:68: D TS
  emit Changes
  columns ?, ?

=== accepted
SELECT EXTRACTJSONFIELD(doc, '$.a'), JSON_ITEMS(doc), URL_EXTRACT_HOST(link), MASK(name) FROM t EMIT CHANGES
---
Query
  reads T @1:95: DOC LINK NAME
  emit Changes
  columns ?, ?, ?, ?

=== accepted
SELECT MY_FUNCTION(a, b) FROM t EMIT CHANGES
---
Query
  reads T @1:31: A B
  emit Changes
  keeps UnknownFunction
  columns ?

=== accepted
SELECT IFNULL(a, 0), COALESCE(b, c, 1), NULLIF(d, ''), GREATEST(e, f) FROM t EMIT CHANGES
---
Query
  reads T @1:76: A B C D E F
  emit Changes
  columns ?, ?, ?, ?

=== refused
SELECT UCASE(a FROM t EMIT CHANGES
---
sql 1:13 `(` is not closed

=== refused
SELECT LEN(a)) FROM t EMIT CHANGES
---
sql 1:14 this bracket closes none
