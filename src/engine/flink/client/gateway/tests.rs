use crate::engine::flink::client::gateway::{StatementError, of_trace};

fn trace(causes: &[&str]) -> String {
    let causes: Vec<String> = causes.iter().map(|cause| format!("Caused by: {cause}\n\tat a.B.c(B.java:1)")).collect();
    format!(
        "Internal server error.\n<Exception on server side:\norg.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed\n\tat a\n{}",
        causes.join("\n")
    )
}

const RAN: &str =
    "org.apache.flink.table.gateway.service.utils.SqlExecutionException: Failed to execute the operation x.";

#[test]
fn the_planners_word_is_a_refusal() {
    for class in [
        "org.apache.flink.table.api.ValidationException",
        "org.apache.calcite.sql.validate.SqlValidatorException",
        "java.lang.IllegalArgumentException",
    ] {
        let error = of_trace(&trace(&[RAN, &format!("{class}: no")]));
        assert!(matches!(&error, StatementError::Refused(refusal) if refusal.words == "no"), "{class}: {error:?}");
    }
}

#[test]
fn a_gateway_out_of_order_refuses_nothing() {
    let cases: &[&[&str]] = &[
        &[RAN, "java.lang.OutOfMemoryError: Metaspace"],
        &[RAN, "java.net.ConnectException: Connection refused"],
        &["org.apache.flink.table.gateway.api.utils.SqlGatewayException: Session 'x' does not exist."],
        // Not by running a statement: the gateway's own complaint.
        &["java.lang.IllegalArgumentException: bad handle"],
    ];
    for chain in cases {
        let error = of_trace(&trace(chain));
        assert!(matches!(error, StatementError::Failed(_)), "{chain:?}: {error:?}");
    }
}
