//! What SQL may be.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Limits of one statement's text. `None` is no limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SqlLimits {
    /// Characters.
    pub length: Option<usize>,
    /// Joins of tables in one statement; UNNEST and table functions are none.
    pub joins: Option<usize>,
    /// TUMBLE, HOP, SESSION and CUMULATE in one statement; OVER is none.
    pub windows: Option<usize>,
    /// Keys that a script's SET may have; a key that ends with `.*` stands for all that begin so.
    pub set: BTreeSet<String>,
}

impl Default for SqlLimits {
    fn default() -> SqlLimits {
        SqlLimits { length: Some(5000), joins: Some(3), windows: Some(2), set: BTreeSet::new() }
    }
}

impl SqlLimits {
    /// Whether SET may change this key.
    pub fn may_set(&self, key: &str) -> bool {
        self.set.iter().any(|allowed| match allowed.strip_suffix('*') {
            Some(start) => key.starts_with(start),
            None => allowed == key,
        })
    }
}
