use crate::sql::functions;
use crate::sql::grammar;
use crate::sql::reserved;
use crate::sql::words::Words;

#[test]
fn every_word_of_a_set_is_found_and_no_other() {
    for set in reserved::ALL.into_iter().chain(functions::ALL).chain(grammar::ALL) {
        let all = set.all();
        assert!(all.is_sorted(), "{all:?}");
        for word in &all {
            assert!(set.holds(word) && set.holds(&word.to_ascii_lowercase()), "{word}");
            assert!(
                !set.holds(&format!("{word}_x")) && !set.holds(&word[..word.len() - 1])
                    || all.contains(&&word[..word.len() - 1]),
                "{word}"
            );
        }
    }
}

#[test]
fn a_set_may_have_no_words_with_some_letters() {
    const FEW: Words = Words::new("\n B\n D E ");
    let held: Vec<char> = ('A'..='Z').filter(|letter| FEW.holds(&letter.to_string())).collect();
    assert_eq!(held, ['B', 'D', 'E']);
    assert!(!FEW.holds("") && !FEW.holds("é") && !FEW.holds("_") && !FEW.holds("B D"));
}
