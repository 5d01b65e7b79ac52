//! Log lines to standard error. Health data never gets here: types that hold it print as "[redacted]", requests are
//! named by route template, and a test plants values and looks for them.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Libraries that would log addresses of homes (session descriptions, candidates), whatever is asked for.
const SILENT: [&str; 2] = ["rtc=off", "webrtc=off"];

/// Starts logging. Called once by the binary.
pub fn start(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let silent = SILENT.iter().filter_map(|directive| directive.parse().ok());
    let filter = silent.fold(filter, EnvFilter::add_directive);
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
