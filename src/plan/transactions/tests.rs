use super::*;

#[test]
fn lengths_are_read_as_flink_reads_them() {
    let seconds = Duration::from_secs;
    for (text, want) in [
        ("10 s", Some(seconds(10))),
        ("10s", Some(seconds(10))),
        ("1 min", Some(seconds(60))),
        ("3 Minutes", Some(seconds(180))),
        ("2h", Some(seconds(7200))),
        ("1 d", Some(seconds(86_400))),
        ("500", Some(Duration::from_millis(500))),
        ("500 ms", Some(Duration::from_millis(500))),
        ("PT1M30S", Some(seconds(90))),
        ("soon", None),
        ("", None),
        ("-1 s", None),
        ("5 parsecs", None),
        ("99999999999 d", None),
    ] {
        assert_eq!(length(text), want, "{text}");
    }
}

#[test]
fn lengths_are_told_as_they_would_be_written() {
    for (millis, want) in [(0, "0s"), (900_000, "15m"), (380_000, "6m 20s"), (1_500, "1s 500ms")] {
        assert_eq!(told(Duration::from_millis(millis)), want);
    }
}
