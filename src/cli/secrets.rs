//! The one function that turns a reference into its value, on the way to a door.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use crate::model::secret::Secret;

/// The value behind a reference. `directory` is `[secrets] directory`, below which files may be read.
pub fn resolve(secret: &Secret, directory: Option<&Path>) -> Result<String, String> {
    match secret {
        Secret::Plain(value) => Ok(value.clone()),
        Secret::Env(name) => std::env::var(name).map_err(|_| format!("the environment has no `{name}`")),
        Secret::File(path) => {
            let directory = directory.ok_or("`${file:…}` needs `[secrets] directory` in weir.toml")?;
            // Written from the root, it lies below the folder if it begins with it.
            let below = Path::new(path).strip_prefix(directory).unwrap_or(Path::new(path));
            let inside = below.components().all(|part| matches!(part, Component::Normal(_)));
            if !inside {
                return Err(format!("`${{file:{path}}}` leads out of `[secrets] directory`"));
            }
            let text = std::fs::read_to_string(directory.join(below))
                .map_err(|error| format!("`${{file:{path}}}` cannot be read: {error}"))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    }
}

pub fn resolve_all(
    secrets: &BTreeMap<String, Secret>,
    directory: Option<&Path>,
) -> Result<BTreeMap<String, String>, String> {
    secrets.iter().map(|(key, secret)| Ok((key.clone(), resolve(secret, directory)?))).collect()
}

#[cfg(test)]
mod tests;
