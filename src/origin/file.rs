//! One file.

use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;

use crate::model::tree::SourceFile;

/// Bytes of one file, at most.
const LARGEST: u64 = 1024 * 1024;

/// The text of a file, or why weir does not take it.
///
/// Errors: those of the file system.
pub(super) fn read(path: &Path) -> io::Result<SourceFile> {
    // Opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Ok(SourceFile::Unreadable("it is no regular file".to_owned()));
    }
    // Room for what is there, and not for the next power of two: all files of a tree are kept.
    let mut bytes = Vec::with_capacity(metadata.len().min(LARGEST) as usize);
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Ok(SourceFile::Unreadable("it is larger than 1 MiB".to_owned()));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => SourceFile::Text(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            SourceFile::Unreadable(format!("it is not UTF-8: byte {at}"))
        }
    })
}
