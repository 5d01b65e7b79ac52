//! The phone rings; and the call that goes on without this page.

use super::{
    Seen, faults,
    icons::{Icon, icon},
};
use crate::call::{
    js,
    room::With,
    words::{Stage, away_words},
};
use leptos::{html::Button, prelude::*};
use signaling::call::CallMode;

/// Two short shakes and a pause, for about as long as it rings.
const SHAKE_MS: [u32; 4] = [400, 200, 400, 1_500];
const SHAKES: usize = 24;

/// The sheet that rings, for the family.
pub(super) fn sheet(seen: Seen) -> impl IntoView {
    let ringing = Memo::new(move |_| seen.stage.get() == Stage::Incoming);
    shake_while(ringing);
    move || ringing.get().then(|| ringing_sheet(seen).into_any())
}

fn shake_while(ringing: Memo<bool>) {
    Effect::new(move |before: Option<bool>| {
        let now = ringing.get();
        if now {
            js::vibrate(&SHAKE_MS.repeat(SHAKES));
        } else if before == Some(true) {
            js::vibrate(&[0]);
        }
        now
    });
}

fn ringing_sheet(seen: Seen) -> impl IntoView {
    let clinician = untrack(|| seen.clinician());
    let name = clinician
        .as_ref()
        .map(signaling::actor::Staff::addressed)
        .unwrap_or_default();
    let profession = clinician.map(|staff| staff.role.label()).unwrap_or_default();
    let is_video = untrack(|| seen.mode()) == CallMode::Video;
    let words = if is_video {
        "ビデオで呼び出しています"
    } else {
        "音声で呼び出しています"
    };
    let first = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = first.get() {
            let _ = button.focus();
        }
    });
    let sound_only = is_video.then(|| {
        view! {
            <button type="button" class="btn line block" on:click=move |_| seen.act(|room| room.answer(With::SoundOnly))>
                "音声だけで出る"
            </button>
        }
    });
    let buttons = view! {
        <div class="call-ways" hidden=move || seen.face.fault.get().is_some()>
            <button type="button" class="btn big block call-answer" node_ref=first
                on:click=move |_| seen.act(|room| room.answer(With::Everything))
            >"出る"</button>
            {sound_only}
            <button type="button" class="btn quiet block" on:click=move |_| seen.act(|room| room.decline())>
                "今は出られない"
            </button>
        </div>
    };
    view! {
        <section class="call-sheet" role="alertdialog" aria-modal="true" aria-labelledby="call-rings" aria-describedby="call-why">
            <div class="call-card">
                <span class="call-pulse" aria-hidden="true">{icon(Icon::Phone)}</span>
                <h2 id="call-rings">{name}</h2>
                <p class="call-sub">{profession}</p>
                <p id="call-why">{words}</p>
                {refusal(seen)}
                {faults::panel(seen, &[Stage::Incoming])}
                {buttons}
            </div>
        </section>
    }
}

/// The seat is another page's: of this one before it was reloaded, or of another screen.
pub(super) fn away(seen: Seen) -> impl IntoView {
    let away = Memo::new(move |_| seen.stage.get() == Stage::Away);
    move || away.get().then(|| away_card(seen).into_any())
}

/// A call runs to which this guest, or this colleague, was invited.
pub(super) fn invited(seen: Seen) -> impl IntoView {
    let invited = Memo::new(move |_| seen.stage.get() == Stage::Invited);
    move || invited.get().then(|| invited_card(seen).into_any())
}

fn invited_card(seen: Seen) -> impl IntoView {
    let words = move || {
        if !seen.is_desk {
            return "通話が続いています。".to_owned();
        }
        if seen.is_owner() {
            return "担当になりました。通話は続いています。".to_owned();
        }
        let by = seen.clinician().map(|staff| staff.addressed()).unwrap_or_default();
        format!("{by}の通話によばれています。")
    };
    view! {
        <section class="call-away" aria-label="通話">
            <p>{words}</p>
            {refusal(seen)}
            {faults::panel(seen, &[Stage::Invited])}
            <div class="call-ways">
                <button type="button" class="btn call-join" on:click=move |_| seen.act(|room| room.answer(With::Everything))>
                    "参加する"
                </button>
                <button type="button" class="btn line" on:click=move |_| seen.act(|room| room.answer(With::SoundOnly))>
                    "音声だけで参加する"
                </button>
            </div>
        </section>
    }
}

fn away_card(seen: Seen) -> impl IntoView {
    let words = move || away_words(seen.is_desk, seen.face.elsewhere.get());
    view! {
        <section class="call-away" aria-label="通話">
            <p role="status">{move || words().0}</p>
            {refusal(seen)}
            {faults::panel(seen, &[Stage::Away])}
            <div class="call-ways">
                <button type="button" class="btn" on:click=move |_| seen.act(|room| room.answer(With::Everything))>
                    {move || words().1}
                </button>
                <button type="button" class="btn quiet" on:click=move |_| seen.act(|room| room.hang_up())>
                    {move || if seen.ends_it() { "通話を終える" } else { "退出する" }}
                </button>
            </div>
        </section>
    }
}

fn refusal(seen: Seen) -> impl IntoView {
    move || {
        seen.face
            .refused
            .get()
            .map(|text| view! { <p class="wrong" role="alert">{text}</p> })
    }
}
