use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::facts::{Facts, Reads, State};

fn one(sql: &str, dialect: Dialect) -> Facts {
    let mut all = facts::read(sql, dialect).unwrap_or_else(|errors| panic!("{sql}: {errors:?}"));
    assert_eq!(all.len(), 1, "{sql}");
    all.remove(0)
}

fn columns(sql: &str, source: &str) -> Vec<String> {
    match one(sql, Dialect::Flink).reads(source) {
        Some(Reads::Columns(columns)) => columns.into_iter().collect(),
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn a_filter_or_projection_keeps_no_state_and_everything_else_says_why() {
    for (sql, why) in [
        ("SELECT UPPER(a), CAST(b AS INT) FROM t WHERE c > 1", None),
        ("SELECT a FROM t UNION ALL SELECT b FROM u", None),
        ("SELECT a, x FROM t CROSS JOIN UNNEST(t.xs) AS u (x)", None),
        ("SELECT COUNT(*) FROM t", Some(State::Aggregate)),
        ("SELECT DISTINCT a FROM t", Some(State::Distinct)),
        ("SELECT a FROM t UNION SELECT a FROM u", Some(State::UnionDistinct)),
        ("SELECT a FROM t WHERE a IN (SELECT b FROM u)", Some(State::Subquery)),
        ("SELECT mine(a) FROM t", Some(State::UnknownFunction)),
        ("SELECT a FROM t FUTURE WORDS", Some(State::NotParsed)),
    ] {
        let facts = one(sql, Dialect::Flink);
        assert_eq!(facts.is_stateless(), why.is_none(), "{sql}: {:?}", facts.stateful);
        assert!(why.is_none_or(|why| facts.stateful.contains(&why)), "{sql}: {:?}", facts.stateful);
    }
}

#[test]
fn a_column_of_one_table_is_not_said_to_be_of_another() {
    let sql = "SELECT o.a, c.b FROM orders o JOIN customers c ON o.k = c.id WHERE EXISTS (SELECT 1 FROM u AS o WHERE o.z = c.y)";
    assert_eq!(columns(sql, "orders"), ["a", "k"]);
    assert_eq!(columns(sql, "customers"), ["b", "id", "y"]);
    assert_eq!(columns(sql, "u"), ["z"]);
}

#[test]
fn a_column_that_may_be_of_several_tables_is_said_to_be_of_each() {
    let sql = "SELECT x FROM a JOIN b USING (k) WHERE EXISTS (SELECT 1 FROM c WHERE y = 1)";
    assert_eq!(columns(sql, "a"), ["k", "x", "y"]);
    assert_eq!(columns(sql, "b"), ["k", "x", "y"]);
    assert_eq!(columns(sql, "c"), ["y"]);
}

#[test]
fn mentions_of_one_table_are_read_together() {
    assert_eq!(columns("SELECT x.a FROM t AS x JOIN t AS y ON x.b = y.c", "t"), ["a", "b", "c"]);
    let all = one("SELECT x.a, y.* FROM t AS x JOIN t AS y ON TRUE", Dialect::Flink);
    assert_eq!(all.reads("t"), Some(Reads::All));
    assert_eq!(all.reads("u"), None);
}

#[test]
fn the_normal_form_of_ksqldb_tells_names_apart_only_in_quotes() {
    let normal = |sql: &str| one(sql, Dialect::Ksqldb).normal;
    assert_eq!(normal("select Id from Orders emit changes;"), normal("SELECT ID -- x\nFROM orders EMIT CHANGES"));
    assert_ne!(normal("SELECT `Id` FROM t"), normal("SELECT Id FROM t"));
    assert_ne!(normal("SELECT 'a' FROM t"), normal("SELECT 'A' FROM t"));
}

/// Measured on Flink 1.20: of what is told here the planner says that it updates.
#[test]
fn rows_surely_replace_earlier_ones_where_the_outermost_select_groups() {
    for (sql, sure) in [
        ("SELECT DISTINCT a FROM t", true),
        ("SELECT a FROM t GROUP BY a", true),
        ("SELECT CAST(SUM(a) AS INT) + 1 FROM t", true),
        ("SELECT a FROM t", false),
        ("SELECT a FROM t WHERE EXISTS (SELECT COUNT(*) FROM u)", false),
        ("SELECT a, (SELECT COUNT(*) FROM u) FROM t", false),
        ("SELECT COUNT(*) OVER (ORDER BY ts) FROM t", false),
        (
            "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end",
            false,
        ),
        ("SELECT COUNT(*) FROM t GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '1' HOUR)", false),
        ("SELECT mine(a) FROM t GROUP BY a", false),
        ("SELECT COUNT(*) FROM (VALUES (1)) AS v (a)", false),
        ("SELECT a FROM t GROUP BY a FUTURE WORDS", false),
    ] {
        assert_eq!(one(sql, Dialect::Flink).updates, sure, "{sql}");
    }
}

#[test]
fn a_window_tells_its_table_and_its_time() {
    let of = |sql: &str| {
        let window = one(sql, Dialect::Flink).windows.remove(0);
        (window.of.map(|of| of.name), window.time)
    };
    let told = |table: &str, time: &str| (Some(table.to_owned()), Some(time.to_owned()));
    let hour = "INTERVAL '1' HOUR";
    assert_eq!(of(&format!("SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(`ts`), {hour}))")), told("t", "ts"));
    assert_eq!(of(&format!("SELECT COUNT(*) FROM t AS x GROUP BY TUMBLE(ts, {hour})")), told("t", "ts"));
    let computed = of(&format!("SELECT COUNT(*) FROM t GROUP BY TUMBLE(PROCTIME(), {hour})"));
    assert_eq!(computed, (Some("t".to_owned()), None));
    let query = of(&format!("SELECT a FROM TABLE(TUMBLE((SELECT * FROM t), DESCRIPTOR(ts), {hour}))"));
    assert_eq!(query, (None, Some("ts".to_owned())));
    let joined = of(&format!("SELECT COUNT(*) FROM t JOIN u ON TRUE GROUP BY TUMBLE(ts, {hour})"));
    assert_eq!(joined, (None, Some("ts".to_owned())));
}
