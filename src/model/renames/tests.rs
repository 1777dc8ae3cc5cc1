use super::generation;

#[test]
fn a_new_name_keeps_the_generations() {
    assert_eq!(generation(5, None), 5);
}

#[test]
fn under_a_name_that_was_used_no_generation_is_given_twice() {
    assert_eq!(generation(5, Some(3)), 5);
    assert_eq!(generation(5, Some(5)), 6);
    assert_eq!(generation(2, Some(9)), 10);
}
