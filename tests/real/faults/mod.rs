//! The proxies do what the tests that use them believe.

mod proxy;
mod tcp;
