use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file is there")
}

/// Of all files below, hidden ones too.
fn names(root: &Path) -> Vec<String> {
    let listed = fs::read_dir(root).expect("a folder").map(|entry| entry.expect("it can be read").file_name());
    let mut found: Vec<String> = listed.map(|name| name.to_string_lossy().into_owned()).collect();
    found.sort();
    found
}

#[test]
fn a_file_is_written_whole_and_keeps_its_permissions() {
    let root = folder();
    write(root.path(), "a/b/c.toml", "one").expect("written");
    assert_eq!(read(&root.path().join("a/b/c.toml")), "one");
    let file = root.path().join("a/b/c.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("ours");
    write(root.path(), "a/b/c.toml", "two").expect("written");
    assert_eq!(read(&file), "two");
    assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o640);
    assert_eq!(names(&root.path().join("a/b")), ["c.toml"], "nothing is left beside it");
}

#[test]
fn a_path_that_leads_out_is_refused() {
    let around = folder();
    let root = around.path().join("root");
    fs::create_dir(&root).expect("a folder");
    for path in ["", "../x.toml", "a/../../x.toml", "/tmp/x.toml", "./x.toml"] {
        assert_eq!(write(&root, path, "no"), Err(NotWritten::Outside(path.to_owned())));
    }
    assert_eq!((names(around.path()), names(&root)), (vec!["root".to_owned()], Vec::new()));
}

#[test]
fn links_out_of_the_project_are_not_written_through() {
    let (outside, root) = (folder(), folder());
    fs::write(outside.path().join("x.toml"), "theirs").expect("a file");
    symlink(outside.path().join("x.toml"), root.path().join("file.toml")).expect("a link");
    symlink(outside.path(), root.path().join("folder")).expect("a link");
    for path in ["file.toml", "folder/x.toml", "folder/new/y.toml"] {
        assert_eq!(write(root.path(), path, "ours"), Err(NotWritten::Outside(path.to_owned())));
    }
    assert_eq!((names(outside.path()), read(&outside.path().join("x.toml"))), (vec!["x.toml".into()], "theirs".into()));
}

#[test]
fn a_link_inside_stays_a_link() {
    let root = folder();
    write(root.path(), "real/a.toml", "old").expect("written");
    symlink("real/a.toml", root.path().join("a.toml")).expect("a link");
    write(root.path(), "a.toml", "new").expect("written");
    assert_eq!(read(&root.path().join("real/a.toml")), "new");
    assert!(fs::symlink_metadata(root.path().join("a.toml")).expect("there").is_symlink());
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let root = folder();
    fs::create_dir(root.path().join("a.toml")).expect("a folder in its place");
    assert!(matches!(write(root.path(), "a.toml", "x"), Err(NotWritten::Failed { .. })));
    assert_eq!(names(root.path()), ["a.toml"]);
    symlink("nowhere.toml", root.path().join("b.toml")).expect("a link");
    assert!(matches!(write(root.path(), "b.toml", "x"), Err(NotWritten::Failed { .. })));
}
