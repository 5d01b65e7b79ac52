//! At the desk, around a call: what kept one from ringing. A call that was missed waits in the conversation itself
//! (`desk/talk/missed.rs`), which is there before and after any call.

use super::{Seen, faults};
use crate::call::words::Stage;
use leptos::prelude::*;

pub(super) fn around(seen: Seen) -> impl IntoView {
    let idle = Memo::new(move |_| seen.stage.get() == Stage::Nothing);
    move || idle.get().then(|| not_rung(seen).into_any())
}

/// The devices were refused before it rang, or the ring was.
fn not_rung(seen: Seen) -> impl IntoView {
    view! {
        {faults::panel(seen, &[Stage::Nothing])}
        {move || seen.face.refused.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
    }
}
