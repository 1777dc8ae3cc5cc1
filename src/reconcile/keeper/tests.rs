use super::holder;

#[test]
fn two_processes_that_look_alike_are_two_holders() {
    let names = [holder("weir serve", "weir-0", 1), holder("weir serve", "weir-0", 1)];
    assert!(names.iter().all(|name| name.starts_with("weir serve on weir-0 (process 1, ")), "{names:?}");
    assert_ne!(names[0], names[1]);
}
