use super::same_setting;

#[test]
fn a_setting_is_the_same_however_it_is_written() {
    let same = [
        ("compact, delete", "compact,delete"),
        (" 7000", "7000"),
        ("+7000", "7000"),
        ("007000", "7000"),
        ("TRUE", "true"),
        ("zstd ", "zstd"),
        ("0.10", "0.1"),
        ("1", "1.0"),
        ("", ""),
    ];
    for (written, shown) in same {
        assert!(same_setting(written, shown), "{written:?} {shown:?}");
        assert!(same_setting(shown, written), "{shown:?} {written:?}");
    }
}

#[test]
fn another_setting_is_another() {
    let others = [
        ("compact", "compact,delete"),
        ("compact,delete", "delete,compact"),
        ("zstd", "ZSTD"),
        ("9007199254740993", "9007199254740992"),
        ("0.1", "0.11"),
        ("true", "false"),
        ("", "0"),
    ];
    for (one, other) in others {
        assert!(!same_setting(one, other), "{one:?} {other:?}");
    }
}
