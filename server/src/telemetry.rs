//! Log lines to standard error. Health data never gets here: types that hold it print as "[redacted]", requests are
//! named by route template, and a test plants values and looks for them.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging. Called once by the binary.
pub fn start(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(true);
    let started = if json {
        registry.with(lines.json()).try_init()
    } else {
        registry.with(lines.compact()).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
}
