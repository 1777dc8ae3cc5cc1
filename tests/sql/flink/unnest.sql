=== accepted
SELECT o.id, i.name FROM orders AS o CROSS JOIN UNNEST(o.items) AS i (name, price)
---
Query
  reads orders as o @1:26: id items
  join Cross Row @1:56
  columns id, name

=== accepted
SELECT id, tag FROM posts, UNNEST(tags) AS t (tag)
---
Query
  reads posts @1:21: id tag tags
  join Cross Row @1:35
  columns id, tag

=== accepted
SELECT id, tag, n FROM posts LEFT JOIN UNNEST(tags) WITH ORDINALITY AS t (tag, n) ON TRUE
---
Query
  reads posts @1:24: id n tag tags
  join Left Row @1:47
  columns id, tag, n

=== refused
SELECT id FROM orders CROSS JOIN UNNEST(items AS i
---
sql 1:40 `(` is not closed

=== refused
SELECT id FROM orders CROSS JOIN
---
sql 1:29 a source's name is missing here
