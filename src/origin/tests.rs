use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::model::tree::SourceFile;
use crate::model::tree::SourceTree;
use crate::origin::directory::read;

/// A folder with these files, each with its own path as text.
fn folder(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for path in paths {
        put(folder.path(), path, path.as_bytes());
    }
    folder
}

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it lies below the root")).expect("a folder is made");
    fs::write(path, bytes).expect("a file is written");
}

fn names(tree: &SourceTree) -> Vec<&str> {
    tree.files.keys().map(String::as_str).collect()
}

fn why<'a>(tree: &'a SourceTree, path: &str) -> &'a str {
    match tree.files.get(path) {
        Some(SourceFile::Unreadable(why)) => why,
        other => panic!("{path} is {other:?}"),
    }
}

#[test]
fn every_toml_and_sql_file_is_read_however_deep() {
    let root = folder(&["a.toml", "b/c.sql", "b/d/e.toml", "vars.toml", "b/weir.toml", "readme.md", "x.json"]);
    let tree = read(root.path());
    assert_eq!(names(&tree), ["a.toml", "b/c.sql", "b/d/e.toml", "b/weir.toml", "vars.toml"]);
    for (name, file) in &tree.files {
        assert_eq!(*file, SourceFile::Text(name.clone()));
    }
    assert_eq!(tree.unsettled, None);
    assert_eq!(tree.root, root.path().display().to_string());
}

#[test]
fn the_configuration_in_the_root_is_no_definition() {
    let root = folder(&["weir.toml", "a.toml"]);
    assert_eq!(names(&read(root.path())), ["a.toml"]);
}

#[test]
fn hidden_files_and_what_editors_leave_are_ignored() {
    let left =
        ["a.toml", ".a.toml", ".a.toml.swp", "a.toml~", "#a.toml#", ".#a.toml", "4913", ".git/b.toml", ".x/y/c.sql"];
    assert_eq!(names(&read(folder(&left).path())), ["a.toml"]);
}

#[test]
fn a_folder_that_is_not_there_has_no_files_and_is_unsettled() {
    let root = folder(&["a.toml"]);
    for path in ["gone", "a.toml"] {
        let tree = read(&root.path().join(path));
        assert!(tree.files.is_empty());
        assert!(tree.unsettled.is_some_and(|why| why.contains(path)));
    }
}

#[test]
fn a_file_of_one_mebibyte_is_read_and_a_larger_one_is_not() {
    let root = folder(&[]);
    put(root.path(), "fits.toml", &vec![b'#'; 1024 * 1024]);
    put(root.path(), "large.toml", &vec![b'#'; 1024 * 1024 + 1]);
    let tree = read(root.path());
    assert!(matches!(&tree.files["fits.toml"], SourceFile::Text(text) if text.len() == 1024 * 1024));
    assert_eq!(why(&tree, "large.toml"), "it is larger than 1 MiB");
}

#[test]
fn a_file_that_is_not_utf8_says_where() {
    let root = folder(&[]);
    put(root.path(), "a.toml", b"abc\xff");
    assert_eq!(why(&read(root.path()), "a.toml"), "it is not UTF-8: byte 3");
}

#[test]
fn links_out_of_the_project_are_not_followed() {
    let outside = folder(&["secret.toml", "more/b.toml"]);
    let root = folder(&["a.toml"]);
    symlink(outside.path().join("secret.toml"), root.path().join("b.toml")).expect("a link");
    symlink(outside.path().join("more"), root.path().join("c")).expect("a link");
    symlink("../..", root.path().join("up")).expect("a link");
    let tree = read(root.path());
    assert_eq!(names(&tree), ["a.toml", "b.toml", "c", "up"]);
    for path in ["b.toml", "c", "up"] {
        assert_eq!(why(&tree, path), "a symlink out of the project");
    }
}

#[test]
fn a_link_beside_the_root_with_the_same_beginning_leads_out() {
    let around = folder(&["root/a.toml", "root2/b.toml"]);
    symlink("../root2/b.toml", around.path().join("root/b.toml")).expect("a link");
    assert_eq!(why(&read(&around.path().join("root")), "b.toml"), "a symlink out of the project");
}

#[test]
fn links_inside_the_project_are_followed() {
    // As Kubernetes mounts a ConfigMap: every name is a link through a hidden one.
    let root = folder(&["..2025/a.toml", "..2025/sub/b.toml"]);
    symlink("..2025", root.path().join("..data")).expect("a link");
    symlink("..data/a.toml", root.path().join("a.toml")).expect("a link");
    symlink("..data/sub", root.path().join("sub")).expect("a link");
    let tree = read(root.path());
    assert_eq!(names(&tree), ["a.toml", "sub/b.toml"]);
    assert_eq!(tree.files["sub/b.toml"], SourceFile::Text("..2025/sub/b.toml".to_owned()));
}

#[test]
fn a_root_that_is_a_link_is_the_folder_it_leads_to() {
    let around = folder(&["real/a.toml"]);
    symlink("real", around.path().join("root")).expect("a link");
    assert_eq!(names(&read(&around.path().join("root"))), ["a.toml"]);
}

#[test]
fn loops_of_links_end_and_each_folder_is_read_once() {
    let root = folder(&["a/b/x.toml", "c/y.toml"]);
    symlink("..", root.path().join("a/b/up")).expect("a link");
    symlink("../c", root.path().join("a/c")).expect("a link");
    symlink("../a", root.path().join("c/a")).expect("a link");
    symlink(".", root.path().join("self")).expect("a link");
    symlink("loop.toml", root.path().join("loop.toml")).expect("a link");
    let tree = read(root.path());
    assert_eq!(names(&tree), ["a/b/x.toml", "c/y.toml", "loop.toml"]);
    assert!(!why(&tree, "loop.toml").is_empty());
}

#[test]
fn a_link_to_nowhere_is_unreadable_and_the_rest_stands() {
    let root = folder(&["a.toml"]);
    symlink("gone.toml", root.path().join("b.toml")).expect("a link");
    let tree = read(root.path());
    assert_eq!(why(&tree, "b.toml"), "it is not there");
    assert_eq!((names(&tree), tree.unsettled.as_deref()), (vec!["a.toml", "b.toml"], None));
}

#[test]
fn what_is_no_regular_file_is_not_opened() {
    let root = folder(&[]);
    let _listener = std::os::unix::net::UnixListener::bind(root.path().join("a.toml")).expect("a socket");
    assert_eq!(why(&read(root.path()), "a.toml"), "it is no regular file");
}

#[test]
fn a_name_that_is_not_utf8_is_told_and_not_guessed() {
    let root = folder(&["a.toml"]);
    for name in [&b"b\xff.toml"[..], b"c\xff"] {
        let path = root.path().join(OsStr::from_bytes(name));
        if name.ends_with(b".toml") {
            fs::write(path, "").expect("a file")
        } else {
            fs::create_dir(path).expect("a folder")
        }
    }
    let tree = read(root.path());
    assert_eq!(names(&tree), ["a.toml", "b\u{fffd}.toml", "c\u{fffd}"]);
    assert_eq!(why(&tree, "b\u{fffd}.toml"), "its name is not UTF-8");
    assert_eq!(why(&tree, "c\u{fffd}"), "its name is not UTF-8");
}

#[test]
fn a_lock_of_git_here_or_above_makes_the_tree_unsettled() {
    for lock in [".git/index.lock", "project/.git/index.lock", "project/streams/.git/index.lock"] {
        let around = folder(&["project/streams/a.toml", lock]);
        let tree = read(&around.path().join("project/streams"));
        assert_eq!(names(&tree), ["a.toml"]);
        assert!(tree.unsettled.is_some_and(|why| why.contains("index.lock")), "{lock}");
    }
}

#[test]
fn a_lock_of_a_linked_work_tree_counts_too() {
    let around = folder(&["main/.git/worktrees/w/index.lock", "w/streams/a.toml"]);
    put(around.path(), "w/.git", b"gitdir: ../main/.git/worktrees/w\n");
    let streams = around.path().join("w/streams");
    assert!(read(&streams).unsettled.is_some());
    fs::remove_file(around.path().join("main/.git/worktrees/w/index.lock")).expect("it is there");
    assert_eq!(read(&streams).unsettled, None);
}

#[test]
fn the_same_folder_reads_the_same_twice() {
    let root = folder(&["b.toml", "a/b.toml", "a/a.sql"]);
    symlink("a", root.path().join("z")).expect("a link");
    assert_eq!(read(root.path()), read(root.path()));
}
