//! What git leaves in a repository while it works.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The lock of the index of the repository that a folder lies in, or of one around that.
pub(super) fn lock(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().filter_map(directory).map(|git| git.join("index.lock")).find(|lock| lock.exists())
}

/// The git directory of a work tree: `.git`, or what a file of that name says (gitrepository-layout(5)).
fn directory(tree: &Path) -> Option<PathBuf> {
    let git = tree.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    let path = text.strip_prefix("gitdir:")?.trim();
    Some(tree.join(path))
}
