//! The corpus: for each feature of each dialect, statements that are accepted, with what is seen in them, and such that
//! are refused, with why. A file per feature; `FEATURES` lists them. `UPDATE_GOLDEN=1` writes what is seen into the
//! files: read the difference before it is committed.

mod corpus;
mod laws;
mod shown;

use std::collections::BTreeMap;

use weir::sql::Dialect;

use crate::corpus::{Case, Verdict};

const DIALECTS: [(Dialect, &str); 2] = [(Dialect::Flink, "flink"), (Dialect::Ksqldb, "ksqldb")];

/// Statements of each dialect, at least.
const ENOUGH: usize = 200;

#[test]
fn every_statement_is_seen_as_it_is_written_down() {
    let mut wrong = Vec::new();
    for (dialect, folder) in DIALECTS {
        for file in corpus::files(folder) {
            let seen: Vec<String> = file.cases.iter().map(|case| shown::seen(dialect, case)).collect();
            if corpus::updates() {
                file.write(&seen);
                continue;
            }
            let differs = file.cases.iter().zip(&seen).filter(|(case, seen)| case.expected != **seen);
            wrong.extend(differs.map(|(case, seen)| {
                format!("{}:\n{}\n--- expected\n{}\n--- seen\n{seen}", file.path.display(), case.text, case.expected)
            }));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn what_is_accepted_has_no_error_and_what_is_refused_has_one() {
    let mut wrong = Vec::new();
    for (dialect, folder) in DIALECTS {
        for file in corpus::files(folder) {
            for case in &file.cases {
                let refused = shown::is_refused(dialect, case);
                if refused != (case.verdict == Verdict::Refused) {
                    wrong.push(format!("{}: {:?} is wrong:\n{}", file.path.display(), case.verdict, case.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_feature_has_an_accepted_and_a_refused_statement() {
    for (_, folder) in DIALECTS {
        let features = corpus::features(folder);
        let files = corpus::files(folder);
        let named: Vec<&str> = files.iter().map(|file| file.feature.as_str()).collect();
        for feature in &features {
            assert!(named.contains(&feature.as_str()), "{folder}: no file for the feature {feature}");
        }
        for file in &files {
            assert!(features.contains(&file.feature), "{folder}: {} is not in FEATURES", file.feature);
            for verdict in [Verdict::Accepted, Verdict::Refused] {
                let some = file.cases.iter().any(|case| case.verdict == verdict);
                assert!(some, "{folder}/{}: no statement is {verdict:?}", file.feature);
            }
        }
    }
}

#[test]
fn the_corpora_are_large_enough_and_hold_nothing_twice() {
    for (_, folder) in DIALECTS {
        let files = corpus::files(folder);
        let cases: Vec<&Case> = files.iter().flat_map(|file| &file.cases).collect();
        let mut times: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for case in &cases {
            *times.entry((case.text.as_str(), case.purpose.as_str())).or_default() += 1;
        }
        let doubled: Vec<_> = times.iter().filter(|(_, times)| **times > 1).map(|(text, _)| text).collect();
        assert!(doubled.is_empty(), "{folder}: {doubled:#?}");
        assert!(cases.len() >= ENOUGH, "{folder}: {} statements", cases.len());
    }
}

#[test]
fn nearly_every_accepted_query_is_parsed() {
    for (dialect, folder) in DIALECTS {
        let files = corpus::files(folder);
        let accepted = files.iter().flat_map(|file| &file.cases).filter(|case| case.verdict == Verdict::Accepted);
        let (mut all, mut scanned) = (0, Vec::new());
        for case in accepted {
            all += 1;
            if !shown::is_parsed(dialect, case) {
                scanned.push(case.text.as_str());
            }
        }
        println!("{folder}: {} of {all} accepted statements are parsed", all - scanned.len());
        assert!(scanned.len() * 20 <= all, "{folder}: {} of {all} are only scanned: {scanned:#?}", scanned.len());
    }
}
