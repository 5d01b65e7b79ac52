//! Panics of the server. Axum and tokio catch them, so without this a story would see a closed socket or a 500 at most.

use std::{
    panic::PanicHookInfo,
    sync::{Mutex, Once, PoisonError},
};

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on they are, in this process.
pub(crate) fn are_counted() {
    static START: Once = Once::new();
    START.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic: &PanicHookInfo<'_>| {
            if let Some(place) = panic.location().filter(|place| is_the_servers(place.file())) {
                PANICS
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(place.to_string());
            }
            before(panic);
        }));
    });
}

/// Where the server has panicked, whichever story made it: file, line and column.
pub(crate) fn so_far() -> Vec<String> {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Anything but a story that fails and the load that speaks for it.
fn is_the_servers(file: &str) -> bool {
    !file.contains("tests/") && !file.contains("e2e/load/")
}

#[test]
fn what_a_story_misses_is_not_the_servers_and_what_its_libraries_do_is() {
    assert!(!is_the_servers(file!()) && !is_the_servers("e2e/load/src/tab.rs"));
    for file in [
        "server/src/live/socket.rs",
        "/root/.cargo/registry/src/x/axum/src/lib.rs",
        "/rustc/y/library/core/src/option.rs",
    ] {
        assert!(is_the_servers(file), "{file}");
    }
}
