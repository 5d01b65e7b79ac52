//! The bar of controls. Their names stay what they are; `aria-pressed` and the word below say whether they are on.

use super::{
    Seen,
    icons::{Icon, icon},
};
use crate::call::words::Stage;
use leptos::prelude::*;
use signaling::call::CallMode;

pub(super) fn bar(seen: Seen) -> impl IntoView {
    let Seen { face, stage, .. } = seen;
    let is_video = move || seen.mode() == CallMode::Video;
    let mode_word = move || {
        if is_video() {
            "音声だけにする"
        } else {
            "ビデオにする"
        }
    };
    let other = move || if is_video() { CallMode::Audio } else { CallMode::Video };
    let talking = move || stage.get() == Stage::Talking;
    let chat = (!seen.is_desk && !seen.is_guest).then(|| {
        let pressed = move || face.tucked.get();
        view! {
            <button type="button" class="call-key call-chat" aria-pressed=move || pressed().to_string()
                on:click=move |_| face.tucked.update(|tucked| *tucked = !*tucked)
            >
                <span class="call-icon" aria-hidden="true">{move || icon(if pressed() { Icon::Enlarge } else { Icon::Chat })}</span>
                <span class="call-name">"チャット"</span>
            </button>
        }
    });
    view! {
        <div class="call-bar" role="group" aria-label="通話の操作">
            {toggle("マイク", Icon::Microphone, face.microphone, move || seen.act(|room| room.toggle_microphone()))}
            <span class="call-pair" hidden=move || !is_video()>
                {toggle("カメラ", Icon::Camera, face.camera, move || seen.act(|room| room.toggle_camera()))}
                <button type="button" class="call-key call-flip" disabled=move || !face.camera.get()
                    on:click=move |_| seen.act(|room| room.flip())
                >
                    <span class="call-icon" aria-hidden="true">{icon(Icon::Flip)}</span>
                    <span class="call-name">"反転"</span>
                </button>
                <button type="button" class="call-key call-light" hidden=move || face.light.get().is_none()
                    aria-pressed=move || (face.light.get() == Some(true)).to_string()
                    on:click=move |_| seen.act(|room| room.toggle_light())
                >
                    <span class="call-icon" aria-hidden="true">{icon(Icon::Light)}</span>
                    <span class="call-name">"ライト"</span>
                </button>
            </span>
            {chat}
            {hold(seen)}
            <button type="button" class="call-key call-mode" hidden=move || !talking() || seen.is_guest
                on:click=move |_| { let mode = untrack(other); seen.act(|room| room.ask_mode(mode)) }
            >
                <span class="call-icon" aria-hidden="true">{move || icon(if is_video() { Icon::Headphones } else { Icon::Camera })}</span>
                <span class="call-name">{mode_word}</span>
            </button>
            <button type="button" class="call-key call-end" on:click=move |_| seen.act(|room| room.hang_up())>
                <span class="call-icon" aria-hidden="true">{icon(Icon::HangUp)}</span>
                <span class="call-name">{move || match (talking(), seen.ends_it()) {
                    (false, _) => "取り消す",
                    (true, true) => "終了",
                    (true, false) => "退出",
                }}</span>
            </button>
        </div>
    }
}

/// 「参加者」.
pub(super) fn people(seen: Seen) -> impl IntoView {
    let listed = seen.face.listed;
    let talking = move || seen.stage.get() == Stage::Talking;
    view! {
        <button type="button" class="call-listed" hidden=move || !talking() aria-controls="call-list"
            aria-expanded=move || listed.get().to_string() on:click=move |_| listed.update(|listed| *listed = !*listed)
        >
            {move || format!("参加者 {}", seen.others() + 1)}
        </button>
    }
}

/// For the clinician who has it: 「保留」.
fn hold(seen: Seen) -> impl IntoView {
    let talking = move || seen.stage.get() == Stage::Talking;
    seen.is_desk.then(|| {
        view! {
            <button type="button" class="call-key call-hold" class:on=move || seen.is_held()
                hidden=move || !talking() || !seen.is_owner() aria-pressed=move || seen.is_held().to_string()
                on:click=move |_| seen.act(|room| room.toggle_hold())
            >
                <span class="call-icon" aria-hidden="true">{icon(Icon::Hold)}</span>
                <span class="call-name">"保留"</span>
            </button>
        }
    })
}

fn toggle(name: &'static str, picture: Icon, on: RwSignal<bool>, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button type="button" class="call-key" class:off=move || !on.get() aria-pressed=move || on.get().to_string()
            on:click=move |_| act()
        >
            <span class="call-icon" aria-hidden="true">{icon(picture)}</span>
            <span class="call-name">{name}</span>
            <span class="call-state" aria-hidden="true">{move || if on.get() { "入" } else { "切" }}</span>
        </button>
    }
}
