//! Hashing of several fields so that no two different lists of fields hash alike.

use sha2::{Digest as _, Sha256};

/// SHA-256 over length-prefixed fields (8 bytes, big-endian, then the bytes).
#[derive(Default)]
pub struct Digest(Sha256);

impl Digest {
    pub fn new() -> Digest {
        Digest::default()
    }

    pub fn field(mut self, bytes: impl AsRef<[u8]>) -> Digest {
        let bytes = bytes.as_ref();
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// The first 128 bits.
    pub fn first_128(self) -> [u8; 16] {
        let whole: [u8; 32] = self.0.finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        half
    }

    /// All 256 bits as 64 hex digits.
    pub fn hex(self) -> String {
        let whole: [u8; 32] = self.0.finalize().into();
        hex(&whole)
    }
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut out = String::with_capacity(bytes.len() * 2);
    out.extend(digits.map(|digit| char::from(DIGITS[usize::from(digit)])));
    out
}
