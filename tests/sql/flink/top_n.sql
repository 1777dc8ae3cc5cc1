=== accepted
SELECT product, amount FROM (SELECT product, amount, ROW_NUMBER() OVER (PARTITION BY category ORDER BY amount DESC) AS rn FROM sales) WHERE rn <= 5
---
Query
  reads sales @1:128: amount category product
  window Over @1:54
  where
  keeps Over TopN
  columns product, amount

=== accepted
SELECT * FROM (SELECT *, RANK() OVER (PARTITION BY shop ORDER BY sold DESC) AS place FROM sales) AS ranked WHERE place BETWEEN 2 AND 4
---
Query
  reads sales @1:91: *
  window Over @1:26
  where
  keeps Over TopN
  columns *

=== accepted
SELECT product FROM (SELECT product, ROW_NUMBER() OVER (ORDER BY amount DESC) rn FROM sales) t WHERE 10 >= t.rn AND product <> 'x'
---
Query
  reads sales @1:87: amount product
  window Over @1:38
  where
  keeps Over TopN
  columns product

=== accepted
SELECT product FROM sales QUALIFY ROW_NUMBER() OVER (PARTITION BY category ORDER BY amount DESC) < 4
---
Query
  reads sales @1:21: amount category product
  window Over @1:35
  keeps Over TopN
  columns product

=== refused
SELECT product FROM (SELECT product, ROW_NUMBER() OVER (ORDER BY amount DESC) rn FROM sales WHERE rn <= 5
---
sql 1:21 `(` is not closed

=== refused
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY a) AS rn FROM) WHERE rn <= 5
---
sql 1:67 a source's name is missing here
