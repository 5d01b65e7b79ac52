//! What a device refused, with every way on that is left.

use super::Seen;
use crate::call::{
    fault::{Browser, MediaFault},
    js,
    room::With,
    words::Stage,
};
use leptos::prelude::*;
use signaling::call::CallMode;

/// Shown on one of these stages only: the screen has a place for it in each of its parts.
pub(super) fn panel(seen: Seen, stages: &'static [Stage]) -> impl IntoView {
    let here = Memo::new(move |_| stages.contains(&seen.stage.get()));
    let fault = move || seen.face.fault.get().filter(|_| here.get());
    move || fault().map(|fault| described(seen, fault).into_any())
}

fn described(seen: Seen, fault: MediaFault) -> impl IntoView {
    let browser = Browser::of(&js::user_agent());
    let talking = untrack(|| seen.face.own.get().is_some());
    let hears = talking && untrack(|| seen.face.microphone.get());
    let title = if hears {
        "カメラを使えません。音声で話しています"
    } else {
        fault.title()
    };
    let button = move |words: &'static str, with: With, class: &'static str| {
        view! {
            <button type="button" class=class on:click=move |_| seen.act(|room| room.retry(with))>{words}</button>
        }
    };
    let rings = untrack(|| seen.stage.get() == Stage::Nothing);
    let in_call = !rings;
    let retry = (fault.can_retry() && in_call).then(|| button("もう一度ためす", With::Everything, "btn"));
    let is_video = untrack(|| seen.mode() == CallMode::Video);
    let sound =
        (fault.can_retry() && is_video && !talking).then(|| button("音声だけで話す", With::SoundOnly, "btn line"));
    let silent = untrack(|| !seen.face.microphone.get() || !talking);
    let listen = (fault.can_listen() && in_call && silent).then(|| button("聞くだけで話す", With::Nothing, "btn line"));
    // The ticket alone would show a door in the phone's own browser: the transfer's page gives the link that opens it.
    let outside = (fault == MediaFault::InAppBrowser && !seen.is_desk).then(|| {
        let action = [&window().location().pathname().unwrap_or_default(), "/transfer"].concat();
        view! { <form method="post" action=action><button class="btn">"ブラウザで開く"</button></form> }
    });
    let chat = if talking {
        view! {
            <button type="button" class="btn quiet" on:click=move |_| seen.face.fault.set(None)>"とじる"</button>
        }
        .into_any()
    } else if !seen.is_desk {
        view! {
            <button type="button" class="btn quiet" on:click=move |_| {
                seen.face.fault.set(None);
                seen.act(|room| room.decline());
            }>"チャットで続ける"</button>
        }
        .into_any()
    } else {
        view! {
            <button type="button" class="btn quiet" on:click=move |_| seen.face.fault.set(None)>"とじる"</button>
        }
        .into_any()
    };
    view! {
        <div class="call-fault" role="alert">
            <b>{title}</b>
            <p>{fault.advice(browser)}</p>
            <div class="call-ways">{outside}{retry}{sound}{listen}{chat}</div>
        </div>
    }
}
