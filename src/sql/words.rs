//! Sets of words, asked in any case.

/// Words in capitals and in order, between white space.
pub(in crate::sql) struct Words {
    text: &'static str,
    /// Where the words with each first letter begin (A to Z), and the text's end.
    starts: [usize; 27],
}

impl Words {
    pub const fn new(text: &'static str) -> Words {
        let bytes = text.as_bytes();
        let mut starts = [bytes.len(); 27];
        let mut at = bytes.len();
        while at > 0 {
            at -= 1;
            let begins = !bytes[at].is_ascii_whitespace() && (at == 0 || bytes[at - 1].is_ascii_whitespace());
            if begins {
                // Of this letter, and of each before it that has no words.
                let mut letter = (bytes[at] - b'A') as usize + 1;
                while letter > 0 && starts[letter - 1] > at {
                    letter -= 1;
                    starts[letter] = at;
                }
            }
        }
        Words { text, starts }
    }

    pub fn holds(&self, word: &str) -> bool {
        let Some(first @ b'A'..=b'Z') = word.bytes().next().map(|first| first.to_ascii_uppercase()) else {
            return false;
        };
        let letter = usize::from(first - b'A');
        let words = &self.text[self.starts[letter]..self.starts[letter + 1]];
        words.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word))
    }

    #[cfg(test)]
    pub fn all(&self) -> Vec<&'static str> {
        self.text.split_ascii_whitespace().collect()
    }
}
