=== accepted
SELECT id, word FROM texts, LATERAL TABLE(split_words(body)) AS w (word)
---
Query
  reads texts @1:22: body id word
  join Cross Row @1:43
  columns id, word

=== accepted
SELECT id, word FROM texts LEFT JOIN LATERAL TABLE(split_words(body)) AS w (word) ON TRUE
---
Query
  reads texts @1:22: body id word
  join Left Row @1:52
  columns id, word

=== accepted
SELECT * FROM TABLE(my_db.generate(10))
---
Query
  columns *

=== accepted
SELECT * FROM my_ptf(input => TABLE orders PARTITION BY customer, limit_to => 5)
---
Query
  reads orders @1:37: *
  keeps TableArgument
  columns *

=== accepted
SELECT * FROM my_ptf(TABLE orders)
---
Query
  reads orders @1:28: *
  keeps TableArgument
  columns *

=== accepted
SELECT a.x FROM my_ptf(TABLE orders PARTITION BY customer ORDER BY ts) AS a, TABLE(other_ptf(TABLE b PARTITION BY (k), 1)) AS c
---
Query
  reads orders @1:30: *
  reads b @1:100: *
  join Cross Row @1:84
  keeps TableArgument
  columns x

=== accepted
SELECT * FROM ML_PREDICT(TABLE reviews, MODEL sentiment, DESCRIPTOR(body))
---
Query
  reads reviews @1:32: *
  keeps TableArgument
  columns *

=== accepted
SELECT my_scalar(a), my_db.other(b) FROM t
---
Query
  reads t @1:42: a b
  keeps UnknownFunction
  columns ?, ?

=== refused
SELECT id FROM texts, LATERAL TABLE(split_words(body) AS w
---
sql 1:36 `(` is not closed

=== refused
SELECT * FROM my_ptf(TABLE orders PARTITION BY customer
---
sql 1:21 `(` is not closed
