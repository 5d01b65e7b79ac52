//! Placeholder.

/// Placeholder for the call's panel on the desk.
#[cfg(feature = "hydrate")]
pub fn desk_call(
    live: crate::live::Live,
    consultation: signaling::id::ConsultationId,
    thread: leptos::prelude::ReadSignal<signaling::view::Thread>,
) -> impl leptos::prelude::IntoView {
    let _ = (live, consultation, thread);
}
