//! No text makes the front end panic, and every place it names is one of the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_fuzz::model::limits::SqlLimits;
use weir_fuzz::sql::Dialect;
use weir_fuzz::sql::facts;
use weir_fuzz::sql::normal;
use weir_fuzz::sql::rules;
use weir_fuzz::sql::rules::Purpose;
use weir_fuzz::sql::types;

fuzz_target!(|text: &str| {
    let _ = normal::tokens(text);
    let _ = types::parse(text);
    for dialect in [Dialect::Flink, Dialect::Ksqldb] {
        match facts::read(text, dialect) {
            Err(errors) => errors.iter().for_each(|error| within(text, error.span.start, error.span.end)),
            Ok(facts) => {
                for source in facts.iter().flat_map(|facts| &facts.sources) {
                    within(text, source.place.start, source.place.end);
                }
                for finding in rules::check(text, &facts, dialect, Purpose::Script, &SqlLimits::default()) {
                    within(text, finding.span.start, finding.span.end);
                }
            }
        }
    }
});

fn within(text: &str, start: usize, end: usize) {
    assert!(text.get(start..end).is_some(), "{start}..{end}");
}
