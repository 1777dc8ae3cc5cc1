//! Did-you-mean.

/// The candidate that `word` most likely meant: without regard to case, at most a third of its letters wrong.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(word.len()) / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A help line: the closest candidate, or else all of them if they are few.
pub fn help<'a>(word: &str, what: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match closest(word, candidates.iter().copied()) {
        Some(close) => Some(format!("did you mean `{close}`?")),
        None if (1..=12).contains(&candidates.len()) => {
            let all: Vec<String> = candidates.iter().map(|candidate| format!("`{candidate}`")).collect();
            Some(format!("{what}: {}", all.join(", ")))
        }
        None => None,
    }
}
