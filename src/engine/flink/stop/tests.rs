use crate::engine::flink::stop::lies_under;

#[test]
fn a_savepoint_lies_under_its_folder_however_the_slashes_are_written() {
    let folder = "file:///state/savepoints/shop/large/1";
    assert!(lies_under("file:/state/savepoints/shop/large/1/savepoint-ab", folder));
    assert!(lies_under("file:///state/savepoints/shop/large/1/savepoint-ab", folder));
    assert!(lies_under("s3://bucket/shop/large/1/savepoint-ab", "s3://bucket/shop/large/1"));
    assert!(!lies_under("file:/state/savepoints/shop/large/11/savepoint-ab", folder));
    assert!(!lies_under("s3:/state/savepoints/shop/large/1/savepoint-ab", folder));
}
