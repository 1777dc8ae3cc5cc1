//! Job: engines and broker are asked once and become one `Observed`.
//! Never: an error: what cannot be asked is Unknown.
//! Start here: `observe`.
