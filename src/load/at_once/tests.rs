use super::each;

#[test]
fn results_come_in_the_order_of_the_items() {
    for length in [0, 1, 63, 64, 65, 1000, 1001] {
        let items: Vec<usize> = (0..length).collect();
        let want: Vec<String> = items.iter().map(usize::to_string).collect();
        assert_eq!(each(items, |item| item.to_string()).collect::<Vec<_>>(), want, "{length} items");
    }
}

#[test]
#[should_panic = "of item 999"]
fn a_panic_is_not_lost() {
    _ = each((0..1000).collect(), |item| assert!(item != 999, "of item {item}"));
}
