//! At the desk, around a call: a call that was missed or declined, and what kept one from ringing.

use super::{Seen, faults};
use crate::call::words::{Stage, missed};
use leptos::prelude::*;
use signaling::call::{CallMode, CallOutcome};

pub(super) fn around(seen: Seen) -> impl IntoView {
    let idle = Memo::new(move |_| seen.stage.get() == Stage::Nothing);
    let put_away = RwSignal::new(seen.face.last.get_untracked());
    let mode = RwSignal::new(CallMode::Video);
    Effect::new(move |_| {
        // What the last call carried is what the next one will ask for; a new call makes its end worth saying again.
        if let Some(call) = seen.face.call.get() {
            mode.set(call.mode);
            put_away.set(None);
        }
    });
    let last = move || {
        seen.face
            .last
            .get()
            .filter(|last| idle.get() && put_away.get() != Some(*last))
    };
    view! {
        {move || last().and_then(|last| missed_bar(seen, last, mode, put_away)).map(IntoAny::into_any)}
        {move || idle.get().then(|| not_rung(seen).into_any())}
    }
}

fn missed_bar(
    seen: Seen,
    last: CallOutcome,
    mode: RwSignal<CallMode>,
    put_away: RwSignal<Option<CallOutcome>>,
) -> Option<impl IntoView> {
    let words = missed(last)?;
    Some(view! {
        <div class="call-missed" role="status">
            <p>{words}</p>
            <div class="call-ways">
                <button type="button" class="btn line small"
                    on:click=move |_| { let mode = mode.get_untracked(); seen.act(|room| room.ring(mode)) }
                >"もう一度よぶ"</button>
                <button type="button" class="btn quiet small" on:click=move |_| put_away.set(Some(last))>"とじる"</button>
            </div>
        </div>
    })
}

/// The devices were refused before it rang, or the ring was.
fn not_rung(seen: Seen) -> impl IntoView {
    view! {
        {faults::panel(seen, &[Stage::Nothing])}
        {move || seen.face.refused.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
    }
}
