=== accepted
SELECT m.aid, m.total FROM events MATCH_RECOGNIZE (
  PARTITION BY user_id ORDER BY ts
  MEASURES A.id AS aid, SUM(B.amount) AS total, LAST(C.ts) AS done
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+? C{2,3}) WITHIN INTERVAL '1' HOUR
  DEFINE A AS A.kind = 'open', B AS B.amount > 10
) AS m
---
Query
  reads events as m @1:28: A AFTER B C LAST PAST aid amount done id kind total ts user_id
  keeps MatchRecognize
  columns aid, total

=== accepted
SELECT * FROM ticker MATCH_RECOGNIZE (ORDER BY ts MEASURES LAST(UP.price) AS p PATTERN (UP+) DEFINE UP AS UP.price > PREV(UP.price))
---
Query
  reads ticker @1:15: *
  keeps MatchRecognize
  columns *

=== accepted
SELECT t.n FROM events MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.n AS n AFTER MATCH SKIP TO FIRST A PATTERN (A) DEFINE A AS TRUE) AS t JOIN names ON t.n = names.n
---
Query
  reads events as t @1:17: A AFTER FIRST k n ts
  reads names @1:154: A AFTER FIRST k n ts
  join Inner None @1:154
  keeps Join MatchRecognize
  columns n

=== refused
SELECT * FROM ticker MATCH_RECOGNIZE (ORDER BY ts PATTERN (A DEFINE A AS TRUE)
---
sql 1:38 `(` is not closed

=== refused
SELECT * FROM MATCH_RECOGNIZE
---
sql 1:15 a source's name is missing before `MATCH_RECOGNIZE`
