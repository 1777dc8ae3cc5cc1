use crate::cli::secrets::resolve;
use crate::model::secret::Secret;

#[test]
fn a_file_is_read_below_the_folder_however_it_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inside = folder.path().join("secrets");
    std::fs::create_dir(&inside).expect("a folder");
    std::fs::write(inside.join("pg"), "open sesame\n").expect("a file");
    std::fs::write(folder.path().join("other"), "not this").expect("a file");
    let read = |path: &str| resolve(&Secret::File(path.to_owned()), Some(&inside));
    let whole = |path: &str| folder.path().join(path).display().to_string();
    assert_eq!(read("pg").as_deref(), Ok("open sesame"));
    assert_eq!(read(&whole("secrets/pg")).as_deref(), Ok("open sesame"));
    for outside in ["../other", "/etc/hostname", &whole("other"), &whole("secrets/../other")] {
        assert!(read(outside).is_err_and(|why| why.contains("leads out")), "{outside}");
    }
}
