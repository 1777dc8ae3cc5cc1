//! One file of a directory is written.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    #[error("`{0}` leads out of the project")]
    Outside(String),
    #[error("`{path}`: {why}")]
    Failed { path: String, why: String },
}

/// The file at `path` below the root holds `text`, its folders are made where they are missing.
///
/// - Guarantees: whoever reads the file meanwhile sees all of the old text or all of the new one. Its permissions stay.
///   A link is followed inside the root, never out of it.
/// - Errors: nothing was written.
pub fn write(root: &Path, path: &str, text: &str) -> Result<(), NotWritten> {
    let failed = |error: io::Error| NotWritten::Failed { path: path.to_owned(), why: error.to_string() };
    let outside = || NotWritten::Outside(path.to_owned());
    if path.is_empty() || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(outside());
    }
    let root = fs::canonicalize(root).map_err(failed)?;
    let target = real(&root, &root.join(path)).map_err(failed)?.ok_or_else(outside)?;
    put(&target, text).map_err(failed)
}

/// Where the file lies without links; `None`: not below the root.
fn real(root: &Path, path: &Path) -> io::Result<Option<PathBuf>> {
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        let real = fs::canonicalize(path)?;
        return Ok(Some(real).filter(|real| real.starts_with(root)));
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(None) };
    // What is there decides where that which is missing would be made.
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(root);
    if !fs::canonicalize(there)?.starts_with(root) {
        return Ok(None);
    }
    fs::create_dir_all(folder)?;
    let folder = fs::canonicalize(folder)?;
    Ok(Some(folder.join(name)).filter(|_| folder.starts_with(root)))
}

/// By way of a hidden file beside it, which takes its place.
fn put(target: &Path, text: &str) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".weir-{}", std::process::id()));
    let beside = target.with_file_name(name);
    let written = fill(&beside, target, text).and_then(|()| fs::rename(&beside, target));
    if written.is_err() {
        // It may not even have been made.
        _ = fs::remove_file(&beside);
    }
    written
}

fn fill(beside: &Path, target: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(beside)?;
    file.write_all(text.as_bytes())?;
    match fs::metadata(target) {
        Ok(old) => file.set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    file.sync_all()
}

#[cfg(test)]
mod tests;
