use super::*;

#[test]
fn lengths_of_time_are_read_as_the_help_writes_them() {
    for (text, millis) in
        [("500ms", 500), ("5s", 5000), ("10m", 600_000), ("1h 30m", 5_400_000), ("48h", 172_800_000), ("0s", 0)]
    {
        assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
    }
}

#[test]
fn what_is_no_length_of_time_or_too_long_is_refused() {
    for text in ["", "5", "-5s", "5s ago", "soon", "1mo", "1000000h", "99999999999999999999s"] {
        assert_eq!(parse(text), None, "{text}");
    }
}
