//! Photos that go with the intake: chosen, shown, taken away again, before anything is sent.
//!
//! Promises: without script the file is sent with whatever button is pressed, so that none that was chosen is left behind; with
//! script it is sent in parts as soon as it is chosen (`photo::send`).

use crate::{page::guardian::IntakePage, photo, ui};
use leptos::prelude::*;
use signaling::{limits, photo::ACCEPT};

/// Where the page goes on after a photo was added.
pub const PHOTOS: &str = "photos";

/// The return key presses the first button of a form: it shall send, and neither add nor take away a photo.
pub(super) fn first_button() -> AnyView {
    view! { <button class="visually-hidden" tabindex="-1" aria-hidden="true" name="go" value="send">"相談を送る"</button> }.into_any()
}

/// The field, and the photos that are there.
pub(super) fn field(page: &IntakePage, path: &str) -> AnyView {
    let left = limits::PHOTOS_WITH_INTAKE.saturating_sub(page.photos.len());
    let rows = page
        .photos
        .iter()
        .map(|one| {
            let small = photo::small_image(path, one.photo, (one.width, one.height), "付けた写真");
            view! { <li>{small}<button class="btn line" name="without" value=one.photo.to_string()>"取り消す"</button></li> }
        })
        .collect_view();
    let hint = format!(
        "発疹や便のようすなど、{}枚まで（1枚15MBまで）。撮った場所などの情報は取りのぞき、担当者だけが見ます。",
        limits::PHOTOS_WITH_INTAKE
    );
    let fault = page.photo_fault.map(|fault| fault.to_string());
    let choose = (left > 0).then(|| choose(fault.is_some()));
    view! {
        <fieldset class="stack tight" id=PHOTOS aria-describedby="photo-hint" data-photos=[path, "/photos"].concat()>
            <legend class="large">"写真"<span class="maybe">"任意"</span></legend>
            <p class="sub" id="photo-hint">{hint}</p>
            <ul class="plain attached">
                {rows}
                <li hidden><img alt="付けた写真" /><button class="btn line" name="without" value="">"取り消す"</button></li>
            </ul>
            {choose}
            {ui::fault_line("photo", fault.as_deref())}
            {photo::progress()}
            <p class="wrong" id="photo-wait" role="alert" hidden>"写真を送っています。終わるまでお待ちください。待たずに進むときは、もう一度押してください（写真は相談を送ったあとにも送れます）。"</p>
        </fieldset>
    }
    .into_any()
}

fn choose(wrong: bool) -> AnyView {
    let invalid = wrong.then_some("true");
    view! {
        <div class="row wrap" id="choose-photo">
            <label class="visually-hidden" for="photo">"付ける写真"</label>
            <input type="file" id="photo" name="photo" accept=ACCEPT aria-describedby="photo-hint photo-fault" aria-invalid=invalid />
            <button class="btn line" name="go" value="photo">"この写真を付ける"</button>
        </div>
    }
    .into_any()
}
