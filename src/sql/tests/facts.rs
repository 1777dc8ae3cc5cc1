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
