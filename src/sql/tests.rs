use crate::sql::statement::read;

fn names(sql: &str) -> Vec<String> {
    read(sql)
        .map(|read| read.sources.into_iter().map(|source| source.name).collect())
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[test]
fn sources_are_what_stands_behind_from_and_join() {
    let table: &[(&str, &[&str])] = &[
        ("SELECT * FROM orders", &["orders"]),
        ("SELECT * FROM `or``ders`;", &["or`ders"]),
        ("select a from b, c join d on b.x = d.x and b.y in (1, 2), e where 1 in (2, f)", &["b", "c", "d", "e"]),
        ("SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))", &["t"]),
        ("WITH a AS (SELECT * FROM a), b (x) AS (SELECT 1 FROM a) SELECT * FROM a, b, c", &["a", "c"]),
        ("SELECT EXTRACT(YEAR FROM x), TRIM(BOTH FROM y), a IS DISTINCT FROM b FROM t", &["t"]),
    ];
    for (sql, want) in table {
        assert_eq!(names(sql), *want, "{sql}");
    }
}
