//! Photos at the desk: in the conversation, asked for with 「写真をお願い」, and sent.

use crate::{
    desk::{Desk, Open, OpenStanding, Wish},
    photo,
};
use leptos::{html, prelude::*};
use signaling::{
    id::{ConsultationId, PhotoId},
    limits,
};

/// Where the desk finds the photos of a consultation.
pub(in crate::desk) fn path(consultation: ConsultationId) -> String {
    format!("/desk/consultations/{consultation}")
}

/// A photo in the conversation. Pressed, it is seen large.
pub(super) fn line(open: Open, photo: PhotoId, size: (u32, u32), whose: &'static str) -> AnyView {
    let press = move |_| open.viewing.set(vec![photo]);
    let small = photo::small_image(&path(open.consultation), photo, size, whose);
    view! { <button type="button" class="photo" on:click=press>{small}</button> }.into_any()
}

/// 「写真をお願い」: pressed until a photo comes.
pub(super) fn ask(desk: Desk, open: Open) -> AnyView {
    let asked = Memo::new(move |_| open.thread.with(|thread| thread.photo_wished));
    let words = move || {
        if asked.get() {
            "写真を待っています"
        } else {
            "写真をお願い"
        }
    };
    view! {
        <button type="button" id=format!("do-photo-{}", open.consultation) class="btn line small" disabled=move || asked.get()
            on:click=move |_| desk.ask(Wish::AskPhoto(open.consultation))>{words}</button>
    }
    .into_any()
}

/// The desk's own form, folded. It is the family's, with the desk's address.
pub(super) fn form(desk: Desk, open: Open) -> AnyView {
    let node = NodeRef::<html::Form>::new();
    let hidden = move || desk.me.with_value(|me| open.standing(me)) != OpenStanding::Mine;
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(form) = node.get() {
            photo::send::bring_to_life(&form, false);
        }
    });
    view! {
        <details class="photos" hidden=hidden>
            <summary>"写真を送る"</summary>
            <form class="row wrap" node_ref=node method="post" enctype="multipart/form-data"
                action=[&path(open.consultation), "/photos"].concat()>
                <label class="field"><span>"写真（15MBまで）"</span>
                    <input type="file" name="photo" accept=signaling::photo::ACCEPT required /></label>
                <label class="field grow"><span>"ひとこと"</span>
                    <input name="caption" maxlength=limits::CAPTION_CHARS.to_string() autocomplete="off" /></label>
                <button class="btn small">"写真を送る"</button>
                {photo::progress()}
            </form>
        </details>
    }
    .into_any()
}
