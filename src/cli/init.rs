//! `init`: a project to begin with, in a folder that has none.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::cli::output::{self, Exit};
use crate::cli::project::OpenError;
use crate::load::schema;

/// The files of a new project, beside the schemas that they name: those that this repository has at its root.
const FILES: &[(&str, &str)] = &[
    ("weir.toml", include_str!("../../weir.toml")),
    ("streams/orders.toml", include_str!("../../streams/orders.toml")),
    ("streams/high_value_orders.toml", include_str!("../../streams/high_value_orders.toml")),
];

/// Writes every file that is not there, and overwrites none.
pub fn init(folder: &Path) -> Result<Exit, OpenError> {
    let config = folder.join("weir.toml");
    if config.exists() {
        return Err(format!("{} exists; nothing was written", config.display()).into());
    }
    let files = FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let schemas = schema::published().into_iter().map(|(name, text)| (format!("schemas/{name}"), text));
    for (name, text) in files.chain(schemas) {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| format!("{} cannot be made: {error}", parent.display()))?;
        }
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
                output::note(&format!("wrote {}", path.display()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                output::note(&format!("left {} as it is", path.display()));
            }
            Err(error) => return Err(format!("{} cannot be written: {error}", path.display()).into()),
        }
    }
    output::note("next: edit weir.toml, then `weir doctor`, `weir plan`, `weir apply`");
    Ok(Exit::Good)
}
