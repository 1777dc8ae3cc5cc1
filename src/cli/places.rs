//! Where things of a project stand, as seen from the root of the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::diagnostic::Diagnostic;
use crate::model::name::Name;
use crate::model::tree::{SourceFile, SourceTree};
use crate::plan::render::github::{Place, Places};
use crate::reconcile::Look;
use crate::sql::place::line_column;

/// The files of one folder of definitions.
pub struct Located {
    /// The folder from the root of the repository; empty: it is that root.
    folder: String,
    tree: SourceTree,
    paths: BTreeMap<Name, String>,
}

impl Located {
    pub fn new(folder: &Path, tree: SourceTree) -> Located {
        Located { folder: from_root(folder), tree, paths: BTreeMap::new() }
    }

    /// As [`Located::new`], with the files of all streams.
    pub fn of(folder: &Path, look: &Look) -> Located {
        let mut located = Located::new(folder, crate::origin::directory::read(folder));
        let recorded = look.ledger.streams.iter().map(|(name, row)| (name.clone(), row.path.clone()));
        let desired = look.desired.streams.iter().map(|(name, want)| (name.clone(), want.path.clone()));
        located.paths = recorded.chain(desired).collect();
        located
    }

    fn file(&self, file: &str) -> String {
        // `weir.toml` is told by the path that it was given by.
        let inside = self.tree.files.contains_key(file) && !self.folder.is_empty();
        if inside { format!("{}/{file}", self.folder) } else { file.to_owned() }
    }
}

impl Places for Located {
    fn of(&self, found: &Diagnostic) -> Place {
        let text = match self.tree.files.get(&found.file) {
            Some(SourceFile::Text(text)) => Some(text),
            Some(SourceFile::Unreadable(_)) | None => None,
        };
        let region = found.span.zip(text);
        let region = region.map(|(span, text)| (line_column(text, span.start), line_column(text, span.end)));
        Place { file: self.file(&found.file), region }
    }

    fn of_stream(&self, stream: &Name) -> Option<Place> {
        let path = self.paths.get(stream)?;
        Some(Place { file: self.file(path), region: None })
    }
}

/// A workflow's checkout is the root that annotations are read from; elsewhere, where we stand.
fn from_root(folder: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = real(folder);
    let roots = [std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from), std::env::current_dir().ok()];
    let below = roots.iter().flatten().find_map(|root| folder.strip_prefix(real(root)).ok());
    below.unwrap_or(&folder).to_string_lossy().into_owned()
}
