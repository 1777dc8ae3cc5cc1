mod facts;
mod lex;
mod normal;
mod place;
mod print;
mod sources;
mod statement;
mod words;

/// One statement per feature, each of them one that Flink's own parser takes.
const STATEMENTS: &[&str] = &[
    "SELECT * FROM orders",
    "SELECT `a b`, 'it''s', 1.5e3 FROM `or``ders` WHERE x <> 'é😀' -- done\n;",
    "SELECT * FROM a, b AS c, LATERAL (SELECT 1 FROM d) CROSS JOIN UNNEST(a.items) AS t(x)",
    "SELECT * FROM a LEFT OUTER JOIN b ON a.x = b.x AND a.y IN (1, 2) FULL JOIN c USING (x, y), d",
    "SELECT * FROM orders FOR SYSTEM_TIME AS OF o.proctime AS r, rates",
    "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start",
    "SELECT * FROM TABLE(HOP(DATA => TABLE `t`, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '5' MINUTES)) AS w, u",
    "WITH a AS (SELECT * FROM orders), b (x, y) AS (SELECT 1, 2 FROM a, c) SELECT * FROM a JOIN b ON TRUE",
    "SELECT EXTRACT(YEAR FROM ts), TRIM(BOTH ' ' FROM n), SUBSTRING(n FROM 1 FOR 2), a IS NOT DISTINCT FROM b FROM t",
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(x, y), t",
    "(SELECT a FROM t) UNION ALL (SELECT b FROM u EXCEPT SELECT c FROM v)",
    "SELECT * FROM t /*+ OPTIONS('a' = '*/ FROM x', 'b'='c') */ AS o, u /* FROM w */",
    "SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.x AS y PATTERN (A+ B{2,3}) DEFINE A AS x > 1) AS m",
    "SELECT CAST(x AS ROW<a INT, b ARRAY<ARRAY<STRING>>>), ARRAY[1, 2][1], MAP['k', 1]['k'], (r)._f FROM t",
    "SELECT SUM(x) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), LISTAGG(y) FROM t",
    "SELECT a FROM t GROUP BY GROUPING SETS ((a), (b)), c HAVING COUNT(*) > 1 ORDER BY a, b LIMIT 5 OFFSET 1",
];
