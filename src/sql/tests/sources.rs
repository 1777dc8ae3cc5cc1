use crate::sql::Dialect;
use crate::sql::error::SqlError;
use crate::sql::facts;
use crate::sql::facts::Source;

fn read(sql: &str) -> Result<Vec<Source>, SqlError> {
    let read = facts::read(sql, Dialect::Flink);
    read.map(|mut facts| facts.remove(0).sources).map_err(|mut errors| errors.remove(0))
}

fn names(sql: &str) -> Vec<String> {
    match read(sql) {
        Ok(sources) => sources.into_iter().map(|source| source.name).collect(),
        Err(error) => panic!("{sql}: {error} at {:?}", error.span),
    }
}

fn reads(table: &[(&str, &[&str])]) {
    for (sql, want) in table {
        assert_eq!(names(sql), *want, "{sql}");
    }
}

#[test]
fn a_source_is_what_stands_behind_from_and_join() {
    reads(&[
        ("SELECT * FROM orders", &["orders"]),
        ("select * from orders o where o.x > 1", &["orders"]),
        ("SELECT * FROM a JOIN b ON a.x = b.x", &["a", "b"]),
        (
            "SELECT * FROM a LEFT OUTER JOIN b USING (x, y) FULL JOIN c ON TRUE CROSS JOIN d NATURAL JOIN e",
            &["a", "b", "c", "d", "e"],
        ),
        ("SELECT * FROM (a CROSS JOIN b) JOIN (c) ON TRUE", &["a", "b", "c"]),
        ("SELECT * FROM a FOR SYSTEM_TIME AS OF o.proctime AS r JOIN b FOR SYSTEM_TIME AS OF a.t ON TRUE", &["a", "b"]),
        ("SELECT * FROM a UNION ALL SELECT * FROM b INTERSECT SELECT * FROM c", &["a", "b", "c"]),
        ("(SELECT a FROM t) UNION ALL (SELECT b FROM u)", &["t", "u"]),
        ("SELECT * FROM a UNION ALL TABLE b", &["a", "b"]),
        ("SELECT * FROM (TABLE a), b", &["a", "b"]),
    ]);
}

#[test]
fn a_comma_between_tables_brings_another_and_any_other_comma_none() {
    reads(&[
        ("SELECT x, y FROM a, b c, d AS e (f, g), h", &["a", "b", "d", "h"]),
        ("SELECT * FROM a JOIN b ON f(a.x, b.x) IN (1, n) AND a.y = ARRAY[1, n][1], c", &["a", "b", "c"]),
        ("SELECT * FROM a GROUP BY x, n ORDER BY x, n", &["a"]),
        ("SELECT * FROM a WHERE x IN (n, m) HAVING y > n LIMIT 1", &["a"]),
        ("SELECT * FROM a WINDOW w AS (ORDER BY x), n AS (ORDER BY y)", &["a"]),
        ("SELECT * FROM (VALUES (1, n), (2, m)) AS v(x, y), a", &["a"]),
    ]);
}

#[test]
fn queries_inside_a_query_are_read_too() {
    reads(&[
        (
            "SELECT (SELECT MAX(x) FROM a), y FROM b WHERE y IN (SELECT y FROM c) AND EXISTS (SELECT 1 FROM d)",
            &["a", "b", "c", "d"],
        ),
        ("SELECT * FROM (SELECT * FROM (SELECT * FROM a) AS b, c) AS d", &["a", "c"]),
        ("SELECT * FROM a, LATERAL (SELECT * FROM b WHERE a.x = b.x) AS c", &["a", "b"]),
        ("SELECT ARRAY(SELECT x FROM a), x IN (TABLE b) FROM c", &["a", "b", "c"]),
    ]);
}

#[test]
fn a_table_given_to_a_function_is_a_source_and_the_function_is_none() {
    reads(&[
        ("SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start", &["t"]),
        ("SELECT * FROM TABLE(HOP(DATA => TABLE `t`, TIMECOL => DESCRIPTOR(ts))) AS w, u", &["t", "u"]),
        ("SELECT * FROM f(TABLE a PARTITION BY k, 1), b", &["a", "b"]),
        ("SELECT * FROM ML_PREDICT(TABLE a, MODEL m, DESCRIPTOR(x))", &["a"]),
        ("SELECT * FROM a, LATERAL TABLE(f(x, n)) AS t(y), TABLE(g(z))", &["a"]),
        ("SELECT * FROM a CROSS JOIN UNNEST(a.items, n) AS t(x) JOIN UNNEST(a.m) ON TRUE", &["a"]),
    ]);
}

#[test]
fn from_inside_a_function_or_a_comparison_brings_no_source() {
    reads(&[
        ("SELECT EXTRACT(YEAR FROM x), TRIM(BOTH ' ' FROM y), SUBSTRING(z FROM 1 FOR 2) FROM t", &["t"]),
        ("SELECT OVERLAY(x PLACING y FROM 1), POSITION('a' IN b FROM 2) FROM t", &["t"]),
        ("SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM c FROM t WHERE a IS DISTINCT FROM d", &["t"]),
        ("SELECT DISTINCT a FROM t", &["t"]),
    ]);
}

#[test]
fn what_is_quoted_or_in_a_comment_or_hint_is_no_keyword() {
    reads(&[
        ("SELECT 'FROM x', `FROM`, `JOIN` FROM t -- FROM y\n/* JOIN z */ // , w\n", &["t"]),
        ("SELECT * FROM t /*+ OPTIONS('a' = '*/ FROM x', 'b'='c') */ AS o, u", &["t", "u"]),
        ("SELECT /*+ BROADCAST(x), JOIN(FROM y) */ * FROM t", &["t"]),
        ("SELECT E'\\' FROM x', 'b\\' FROM t", &["t"]),
        ("SELECT 1 -- c\rFROM t", &["t"]),
        ("SELECT 1 /***/ FROM x /* */ FROM t", &["t"]),
    ]);
}

#[test]
fn names_in_backticks_are_given_without_them() {
    reads(&[("SELECT * FROM `a b`, `select`, `x``y`", &["a b", "select", "x`y"])]);
}

#[test]
fn common_table_expressions_are_no_sources_where_they_can_be_seen() {
    reads(&[
        ("WITH a AS (SELECT * FROM b) SELECT * FROM a, c", &["b", "c"]),
        ("WITH a (x, y) AS (SELECT 1, 2 FROM b), d AS (SELECT * FROM a) SELECT * FROM d JOIN a ON TRUE", &["b"]),
        // Its own body does not see it: there the name is the table's.
        ("WITH orders AS (SELECT * FROM orders WHERE x > 1) SELECT * FROM orders", &["orders"]),
        ("WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM b", &["b"]),
        // Names tell cases apart.
        ("WITH a AS (SELECT 1) SELECT * FROM A", &["A"]),
        ("WITH a AS (SELECT 1) SELECT * FROM `a`", &[]),
        ("WITH a AS (SELECT 1) SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(t)))", &[]),
        // It ends with the brackets that it stands in.
        ("SELECT * FROM (WITH a AS (SELECT * FROM b) SELECT * FROM a) AS x, a", &["b", "a"]),
        ("SELECT * FROM t WHERE x IN (WITH a AS (SELECT 1) SELECT * FROM a)", &["t"]),
        ("WITH a AS (WITH b AS (SELECT * FROM c) SELECT * FROM b) SELECT * FROM a, b", &["c", "b"]),
        ("WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT x FROM a) SELECT * FROM a", &[]),
    ]);
}

#[test]
fn every_mention_is_given_with_its_place() {
    let sql = "SELECT '😀' FROM `é` x,\n orders JOIN orders ON TRUE";
    let found = read(sql).unwrap_or_default();
    let texts: Vec<&str> = found.iter().map(|source| &sql[source.place.start..source.place.end]).collect();
    assert_eq!(texts, ["`é`", "orders", "orders"]);
    assert!(found.is_sorted_by_key(|source| source.place.start));
}

#[test]
fn a_name_of_several_parts_is_one_source() {
    for (sql, written, name) in [
        ("SELECT * FROM a.b", "a.b", "a.b"),
        ("SELECT * FROM `a` . b.`c` CROSS JOIN UNNEST(x)", "`a` . b.`c`", "a.b.c"),
        ("SELECT * FROM TABLE(TUMBLE(TABLE a.b, DESCRIPTOR(t)))", "a.b", "a.b"),
    ] {
        let found = read(sql).unwrap_or_default();
        let place = found[0].place;
        assert_eq!((&sql[place.start..place.end], found[0].name.as_str()), (written, name));
    }
    assert_eq!(names("SELECT * FROM cat.db.f(x), t"), ["t"], "a function may have a long name");
}

#[test]
fn a_missing_source_is_told_where_it_is_missing() {
    for (sql, place) in [
        ("SELECT * FROM", "FROM"),
        ("SELECT * FROM WHERE x > 1", "WHERE"),
        ("SELECT * FROM a, , b", ","),
        ("SELECT * FROM (a JOIN) x", ")"),
        ("SELECT * FROM order", "order"),
        ("SELECT * FROM \"orders\"", "\"orders\""),
        ("SELECT * FROM 'orders'", "'orders'"),
    ] {
        let error = read(sql).expect_err(sql);
        assert!(error.message.contains("name is missing"), "{error}");
        let at = &sql[error.span.start..error.span.end];
        assert_eq!(at, place, "{sql}");
    }
    let error = read("SELECT * FROM a, , b").expect_err("a name is missing");
    assert_eq!(error.span.start, 17, "the second comma");
}
