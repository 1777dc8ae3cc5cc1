use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::store::postgres::Postgres;

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic under the lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_of_the_ledgers_url_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let told = tracing::subscriber::with_default(all.finish(), || {
        tracing::info!("it is listened to");
        let made = Postgres::lazy("postgres://u:sesame@127.0.0.1:1/d?sslpassword=sesame");
        let refused = Postgres::lazy("postgres://u:sesame@127.0.0.1:port/d").map(drop);
        format!("{:?} {refused:?}", made.map(drop))
    });
    let logged = String::from_utf8_lossy(&log.0.lock().expect("no panic")).into_owned();
    assert!(logged.contains("it is listened to"), "{logged}");
    assert!(!logged.contains("sesame") && !told.contains("sesame"), "{logged} {told}");
}
