use std::collections::BTreeMap;
use std::time::Duration;

use super::*;

const MINIMAL: &str = "[kafka]\nbootstrap_servers = \"kafka:9092\"\n[engines.flink]\nkind = \"flink\"\n\
    url = \"http://f:8083\"\nrest_url = \"http://f:8081/\"\ncheckpoint_dir = \"file:///c\"\nsavepoint_dir = \"s3://s/p\"\n";

/// What a key does to the config, in words.
type Seen = fn(&Config) -> String;

fn engine(config: &Config) -> &EngineConfig {
    &config.engines[&EngineName::parse("flink").expect("a name")]
}

/// One row for each key of the table: key, a value as TOML, the same as a variable, and what is then seen.
const KEYS: &[(&str, &str, &str, &str, Seen)] = &[
    ("project.name", "\"p\"", "p", "p", |config| config.project.to_string()),
    ("project.engine", "\"flink\"", "flink", "flink", |config| {
        format!("{}", config.default_engine.as_ref().expect("set"))
    }),
    ("ledger.url", "\"${env:PG}\"", "${env:PG}", "${env:PG}", |config| {
        format!("{}", config.ledger_url.as_ref().expect("set"))
    }),
    ("kafka.bootstrap_servers", "\"a:1,b:2\"", "a:1,b:2", "a:1,b:2", |config| {
        config.kafka.as_ref().expect("set").bootstrap_servers.clone()
    }),
    ("kafka.transaction_timeout", "\"5m\"", "5m", "300s", |config| {
        format!("{:?}", config.reconcile.transaction_timeout)
    }),
    ("kafka.security.protocol", "\"plaintext\"", "plaintext", "", |_| String::new()),
    ("engines.flink.kind", "\"flink\"", "flink", "Flink", |config| format!("{:?}", engine(config).kind)),
    ("engines.flink.url", "\"http://x:1\"", "http://x:1", "http://x:1", |config| engine(config).url.clone()),
    ("engines.flink.rest_url", "\"https://x:2\"", "https://x:2", "https://x:2", |config| {
        engine(config).rest_url.clone()
    }),
    ("engines.flink.kafka_bootstrap", "\"k:3\"", "k:3", "k:3", |config| engine(config).kafka_bootstrap.clone()),
    ("engines.flink.checkpoint_dir", "\"gs://a/b\"", "gs://a/b", "gs://a/b", |config| {
        engine(config).checkpoint_dir.clone()
    }),
    ("engines.flink.savepoint_dir", "\"abfss://a/b\"", "abfss://a/b", "abfss://a/b", |config| {
        engine(config).savepoint_dir.clone()
    }),
    ("engines.flink.allow_options", "[\"a.b\", \"c.*\"]", "a.b, c.*", "a.b c.*", |config| {
        engine(config).allow_options.join(" ")
    }),
    ("engines.flink.connectors", "[\"jdbc\"]", "jdbc", "jdbc", |config| engine(config).connectors.join(" ")),
    ("engines.flink.allow_bootstrap", "[\"a:1\", \"b:2\"]", "a:1, b:2", "a:1 b:2", |config| {
        engine(config).allow_bootstrap.join(" ")
    }),
    ("origin.kind", "\"directory\"", "directory", "", |_| String::new()),
    ("origin.path", "\"defs\"", "defs", "defs", |config| config.origin.path.clone()),
    ("limits.sql_length", "7000", "7000", "Some(7000)", |config| format!("{:?}", config.limits.length)),
    ("limits.joins", "0", "0", "Some(0)", |config| format!("{:?}", config.limits.joins)),
    ("limits.windows", "9", "9", "Some(9)", |config| format!("{:?}", config.limits.windows)),
    ("reconcile.mode", "\"manual\"", "manual", "Manual", |config| format!("{:?}", config.reconcile.mode)),
    ("reconcile.interval", "\"1m 5s\"", "1m 5s", "65s", |config| format!("{:?}", config.reconcile.interval)),
    ("reconcile.parallelism", "7", "7", "7", |config| config.reconcile.parallelism.to_string()),
    ("reconcile.max_deletions", "0", "0", "0", |config| config.reconcile.max_deletions.to_string()),
    ("reconcile.max_restores", "9", "9", "9", |config| config.reconcile.max_restores.to_string()),
    ("reconcile.settle", "\"0s\"", "0s", "0ns", |config| format!("{:?}", config.reconcile.settle)),
    ("reconcile.missing_after", "\"1m\"", "1m", "60s", |config| format!("{:?}", config.reconcile.missing_after)),
    ("secrets.directory", "\"/run\"", "/run", "/run", |config| config.secrets_directory.clone().expect("set")),
    ("vars.LIMIT", "5", "5", "5", |config| config.vars["LIMIT"].clone()),
];

fn read_with(text: &str, env: &[(&str, &str)]) -> (Option<Config>, Vec<Diagnostic>) {
    let env: BTreeMap<String, String> = env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    config(text, "weir.toml", "folder", &env)
}

fn clean(text: &str, env: &[(&str, &str)]) -> Config {
    let (config, found) = read_with(text, env);
    assert_eq!(found, [], "{text} {env:?}");
    config.expect("no diagnostic, so there is a config")
}

#[test]
fn every_key_is_read_from_the_file() {
    for (key, toml, _, seen, look) in KEYS {
        let (table, last) = key.rsplit_once('.').expect("a key in a table");
        let mut file: toml::Table = MINIMAL.parse().expect("legal TOML");
        let value: toml::Table = format!("{last} = {toml}").parse().expect("legal TOML");
        let table = table.split('.').fold(&mut file, |table, key| {
            let below = table.entry(key).or_insert_with(|| toml::Table::new().into());
            below.as_table_mut().expect("a table")
        });
        table.extend(value);
        assert_eq!(look(&clean(&file.to_string(), &[])), *seen, "{key}");
    }
}

#[test]
fn every_key_is_a_variable_over_the_file_and_without_it() {
    for (key, _, variable, seen, look) in KEYS {
        let name = format!("WEIR_{}", key.to_uppercase().replace('.', "_"));
        assert_eq!(look(&clean(MINIMAL, &[(&name, variable)])), *seen, "{name}");
    }
    let (_, found) = read_with(MINIMAL, &[("WEIR_RECONCILE_PARALLELISM", "0"), ("WEIR_ENGINES_FLINK_URL", "ftp://x")]);
    let told: Vec<(&str, &str)> = found.iter().map(|found| (found.file.as_str(), found.code.as_str())).collect();
    assert_eq!(told, [("environment variable WEIR_RECONCILE_PARALLELISM", "out_of_range")]);
}

/// So that a new key cannot come without its row.
#[test]
fn the_rows_are_all_keys_of_the_schema() {
    let mut keys = Vec::new();
    leaves(schema::weir(), "", &mut keys);
    let free = ["kafka.properties_rdkafka.*", "kafka.properties_java.*", "engines.*.options.*"];
    let rows: Vec<String> = KEYS.iter().map(|(key, ..)| key.replace("flink", "*").replace("LIMIT", "*")).collect();
    let without: Vec<&String> =
        keys.iter().filter(|key| !rows.contains(key) && !free.contains(&key.as_str())).collect();
    assert!(without.is_empty(), "{without:?}");
}

fn leaves(schema: &serde_json::Value, path: &str, keys: &mut Vec<String>) {
    let table = schema["type"] == "object";
    if !table {
        keys.push(path.trim_start_matches('.').to_owned());
    }
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        leaves(below, &format!("{path}.{key}"), keys);
    }
    if schema["additionalProperties"].is_object() {
        leaves(&schema["additionalProperties"], &format!("{path}.*"), keys);
    }
}

#[test]
fn defaults_are_those_of_the_table() {
    let config = clean(MINIMAL, &[]);
    assert_eq!(config.project.as_str(), "folder");
    assert_eq!(config.default_engine.as_ref().map(EngineName::as_str), Some("flink"));
    assert_eq!((config.ledger_url.clone(), config.secrets_directory.clone()), (None, None));
    assert_eq!(engine(&config).kafka_bootstrap, "kafka:9092");
    assert_eq!(engine(&config).rest_url, "http://f:8081");
    assert_eq!(config.origin.path, "streams");
    let settings = &config.reconcile;
    assert_eq!(*settings, Settings::default());
    let lengths = [settings.interval, settings.settle, settings.missing_after, settings.transaction_timeout];
    assert_eq!(lengths, [30, 10, 15, 900].map(Duration::from_secs));
    assert_eq!((settings.parallelism, settings.max_deletions, settings.max_restores), (4, 3, 5));
    let limits = &config.limits;
    assert_eq!((limits.length, limits.joins, limits.windows), (Some(5000), Some(3), Some(2)));
}

#[test]
fn two_engines_have_no_default() {
    let two = format!("{MINIMAL}{}", MINIMAL[MINIMAL.find("[engines").expect("there")..].replace("flink]", "two]"));
    assert_eq!(clean(&two, &[]).default_engine, None);
    let named = clean(&two, &[("WEIR_PROJECT_ENGINE", "two"), ("WEIR_ENGINES_TWO_URL", "http://t:1")]);
    assert_eq!(named.default_engine.as_ref().map(EngineName::as_str), Some("two"));
    assert_eq!(engine(&named).url, "http://f:8083");
}

#[test]
fn keys_and_engines_with_underscores_are_no_problem() {
    let text = MINIMAL.replace("[engines.flink]", "[engines.big_one]");
    let text = format!("{text}[engines.big_one.options]\n\"parallelism.default\" = \"1\"\n");
    let env = [
        ("WEIR_ENGINES_BIG_ONE_CHECKPOINT_DIR", "s3://x/y"),
        ("WEIR_ENGINES_BIG_ONE_OPTIONS_PARALLELISM_DEFAULT", "3"),
    ];
    let config = clean(&text, &env);
    let engine = config.engines.values().next().expect("one engine");
    assert_eq!(engine.checkpoint_dir, "s3://x/y");
    assert_eq!(engine.options["parallelism.default"], "3");
}

#[test]
fn a_variable_that_names_no_key_is_a_warning_but_ours_and_others_are_none() {
    let others = [
        ("WEIR_CONFIG", ""),
        ("WEIR_N_EDITS", "5"),
        ("WEIR_CACHE", ""),
        ("WEIR_KEEP_STACK", ""),
        ("WEIR_LOG", ""),
        ("HOME", ""),
    ];
    clean(MINIMAL, &others);
    let (config, found) = read_with(MINIMAL, &[("WEIR_LEDGERURL", "x"), ("WEIR_ENGINES_OTHER_URL", "x")]);
    assert!(config.is_some());
    let told: Vec<(&str, Option<&str>)> =
        found.iter().map(|found| (found.code.as_str(), found.help.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("unknown_key", Some("did you mean `WEIR_ENGINES_FLINK_URL`?")),
            ("unknown_key", Some("did you mean `WEIR_LEDGER_URL`?")),
        ]
    );
}

#[test]
fn a_secret_is_never_shown() {
    let text =
        format!("{MINIMAL}[ledger]\nurl = \"postgres://u:hunter2@h/d\"\n[kafka.properties_java]\na = \"hunter2\"\n");
    let config = clean(&text, &[]);
    assert!(!format!("{config:?}").contains("hunter2"));
    assert!(matches!(&config.ledger_url, Some(Secret::Plain(url)) if url.contains("hunter2")));
    let wrong = text.replace("postgres://", "mysql://").replace("a = \"hunter2\"", "a = \"${env:X} hunter2\"");
    let (_, found) = read_with(&wrong, &[]);
    assert_eq!(found.len(), 2);
    assert!(!format!("{found:?}").contains("hunter2"));
    let (_, found) = read_with(MINIMAL, &[("WEIR_LEDGER_URL", "hunter2")]);
    assert_eq!(found.len(), 1);
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn a_file_of_a_secret_is_below_the_folder() {
    let with = |path: &str| {
        let text = format!("{MINIMAL}[secrets]\ndirectory = \"/run/s\"\n[ledger]\nurl = \"${{file:{path}}}\"\n");
        read_with(&text, &[]).0.and_then(|config| config.ledger_url)
    };
    for path in ["a", "a/b", "/run/s/a"] {
        assert_eq!(with(path), Some(Secret::File(path.to_owned())));
    }
    for path in ["", "../a", "a/../../b", "/etc/passwd", "/run/secret", "/run/s/../x"] {
        assert_eq!(with(path), None, "{path}");
    }
}
