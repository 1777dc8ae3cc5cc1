//! What the contract knows and this version does not build: each is told as `not_yet`, never taken and ignored.

/// A key (dotted, `*` for any one part), or with `values` only these of its values.
pub struct Unbuilt {
    pub key: &'static str,
    pub values: &'static [&'static str],
}

const fn key(key: &'static str) -> Unbuilt {
    Unbuilt { key, values: &[] }
}

const fn values(key: &'static str, values: &'static [&'static str]) -> Unbuilt {
    Unbuilt { key, values }
}

pub const SOURCE: &[Unbuilt] = &[values("format", &["avro", "protobuf", "json_sr"])];

pub const STREAM: &[Unbuilt] = &[
    key("test"),
    values("output.format", &["avro", "protobuf", "json_sr"]),
    values("output.time_encoding", &["epoch_ms"]),
];

pub const WEIR: &[Unbuilt] = &[
    values("kafka.security.protocol", &["ssl", "sasl_plaintext", "sasl_ssl"]),
    key("kafka.security.mechanism"),
    key("kafka.security.username"),
    key("kafka.security.password"),
    key("kafka.security.ca_file"),
    key("kafka.schema_registry"),
    values("engines.*.kind", &["ksqldb", "embedded"]),
    key("engines.*.auth"),
    key("engines.*.adhoc_options"),
    key("engines.*.adhoc_reserve"),
    values("origin.kind", &["git"]),
    key("origin.url"),
    key("origin.branch"),
    key("origin.interval"),
    key("server"),
    key("auth"),
    key("profile"),
    key("notify"),
    // Named secrets serve scripts only.
    key("secrets.*"),
];

impl Unbuilt {
    pub fn covers(&self, path: &[String]) -> bool {
        let mut parts = self.key.split('.');
        path.iter().all(|key| parts.next().is_some_and(|part| part == "*" || part == key)) && parts.next().is_none()
    }
}

pub fn is_key(table: &[Unbuilt], path: &[String]) -> bool {
    table.iter().any(|row| row.values.is_empty() && row.covers(path))
}

pub fn is_value(table: &[Unbuilt], path: &[String], value: &str) -> bool {
    table.iter().any(|row| row.values.contains(&value) && row.covers(path))
}
