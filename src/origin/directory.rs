//! A directory as an origin.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::model::tree::SourceFile;
use crate::model::tree::SourceTree;
use crate::origin::file;
use crate::origin::git;

/// The configuration of the machine may lie in the root of the tree; it is no definition.
const CONFIGURATION: &str = "weir.toml";

/// Reads every `.toml` and `.sql` file below the root, but for hidden files and folders.
///
/// - Flow: real folders first, then the links to folders, each real folder once; so loops end, and the outcome does not
///   hang on the order in which the file system lists.
/// - Guarantees: never fails. What is there and cannot be read stands in the tree as such; what makes the tree as a
///   whole doubtful is told in `unsettled`.
/// - Assumptions: links inside the root are followed, links out of it are not.
/// - Errors: none.
pub fn read(root: &Path) -> SourceTree {
    let mut tree = SourceTree { root: root.display().to_string(), ..SourceTree::default() };
    match fs::canonicalize(root) {
        Err(error) => tree.unsettled = Some(format!("{} cannot be read: {}", tree.root, reason(&error))),
        Ok(real) if !real.is_dir() => tree.unsettled = Some(format!("{} is no folder", tree.root)),
        Ok(real) => {
            let mut walk = Walk { root: real, tree, seen: BTreeSet::new(), links: Vec::new() };
            walk.all();
            tree = walk.tree;
        }
    }
    tree
}

struct Walk {
    /// Without links.
    root: PathBuf,
    tree: SourceTree,
    /// Real folders that were listed.
    seen: BTreeSet<PathBuf>,
    /// Links to folders, not yet followed.
    links: Vec<Place>,
}

/// A file or folder of the tree.
struct Place {
    /// In the tree, with `/` between parts.
    name: String,
    path: PathBuf,
}

impl Walk {
    fn all(&mut self) {
        if let Some(lock) = git::lock(&self.root) {
            self.tree.unsettled = Some(format!("git is at work: {} stands", lock.display()));
        }
        let root = self.root.clone();
        self.folder(&Place { name: String::new(), path: root.clone() }, root);
        while !self.links.is_empty() {
            let mut links = std::mem::take(&mut self.links);
            links.sort_by(|a, b| a.name.cmp(&b.name));
            for link in links {
                match fs::canonicalize(&link.path) {
                    Ok(real) if self.seen.contains(&real) => {}
                    Ok(real) => self.folder(&link, real),
                    Err(error) => self.failed(&link, &error),
                }
            }
        }
    }

    /// Reads a folder and the real folders in it. `real` is its path without links.
    fn folder(&mut self, top: &Place, real: PathBuf) {
        let mut waiting = vec![(Place { name: top.name.clone(), path: top.path.clone() }, real)];
        while let Some((place, real)) = waiting.pop() {
            if !self.seen.insert(real.clone()) {
                continue;
            }
            match entries(&place) {
                Err(error) => self.failed(&place, &error),
                Ok(inside) => {
                    for (entry, kind) in inside {
                        let own = entry.path.file_name().map(|name| real.join(name));
                        if let (Some(folder), Some(own)) = (self.entry(entry, kind), own) {
                            waiting.push((folder, own));
                        }
                    }
                }
            }
        }
    }

    /// Reads a file, notes a link to a folder, and returns a real folder.
    fn entry(&mut self, place: Place, kind: Kind) -> Option<Place> {
        match kind {
            Kind::Folder => return Some(place),
            Kind::File if wanted(&place.name) => self.file(&place, &place.path),
            Kind::File => {}
            Kind::Nameless if wanted(&place.name) || place.path.is_dir() => {
                self.unreadable(&place, "its name is not UTF-8");
            }
            Kind::Nameless => {}
            Kind::Link => match fs::canonicalize(&place.path) {
                Err(error) if wanted(&place.name) => self.failed(&place, &error),
                Err(_) => {}
                Ok(real) if !real.starts_with(&self.root) => {
                    if wanted(&place.name) || real.is_dir() {
                        self.unreadable(&place, "a symlink out of the project");
                    }
                }
                Ok(real) if real.is_dir() => self.links.push(place),
                Ok(real) if wanted(&place.name) => self.file(&place, &real),
                Ok(_) => {}
            },
        }
        None
    }

    fn file(&mut self, place: &Place, real: &Path) {
        if place.name == CONFIGURATION {
            return;
        }
        match file::read(real) {
            Ok(file) => {
                self.tree.files.insert(place.name.clone(), file);
            }
            Err(error) => self.failed(place, &error),
        }
    }

    /// What was listed and is gone is no file to report: the tree was read while it changed.
    fn failed(&mut self, place: &Place, error: &io::Error) {
        if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(&place.path).is_err() {
            let name = if place.name.is_empty() { &self.tree.root } else { &place.name };
            self.tree.unsettled = Some(format!("{name} vanished while the tree was read"));
        } else if place.name.is_empty() {
            self.tree.unsettled = Some(format!("{} cannot be listed: {}", self.tree.root, reason(error)));
        } else {
            self.unreadable(place, &reason(error));
        }
    }

    fn unreadable(&mut self, place: &Place, why: &str) {
        self.tree.files.insert(place.name.clone(), SourceFile::Unreadable(why.to_owned()));
    }
}

enum Kind {
    File,
    Folder,
    Link,
    /// Whatever it is: its name is no text.
    Nameless,
}

/// What is not hidden in a folder, by name. Backups and locks of editors end in something else or are hidden.
fn entries(folder: &Place) -> io::Result<Vec<(Place, Kind)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder.path)? {
        let entry = entry?;
        let own = entry.file_name().to_string_lossy().into_owned();
        if own.starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        let kind = if entry.file_name().to_str().is_none() {
            Kind::Nameless
        } else if kind.is_symlink() {
            Kind::Link
        } else if kind.is_dir() {
            Kind::Folder
        } else {
            Kind::File
        };
        let name = if folder.name.is_empty() { own } else { format!("{}/{own}", folder.name) };
        found.push((Place { name, path: entry.path() }, kind));
    }
    found.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    Ok(found)
}

fn wanted(name: &str) -> bool {
    name.ends_with(".toml") || name.ends_with(".sql")
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        _ => error.to_string(),
    }
}
