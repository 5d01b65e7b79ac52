//! photo: choosing, sending and showing photos, for both sides.
//!
//! Promises: everything is a form that works without script; with script the same form sends in parts and says how far it is,
//! and a line that drops costs one part. What went wrong stands beside the form in words.
//!
//! Not here: which photos there are (the log), and drawing over them ([`crate::desk`]).

#[cfg(feature = "hydrate")]
pub(crate) mod send;

use leptos::prelude::*;
use signaling::{
    id::{CommandId, PhotoId},
    limits,
    photo::{ACCEPT, shrunk},
};
use uuid::Uuid;

/// Where photos of a consultation live: below the family's ticket, or below the desk's consultation.
#[must_use]
pub fn address(path: &str, photo: PhotoId) -> String {
    [path, "/photos/", &photo.to_string()].concat()
}

/// A photo in a conversation: its small view, which opens the large one beside the page, so that a call goes on.
#[must_use]
pub fn small(path: &str, photo: PhotoId, size: (u32, u32), whose: &'static str) -> AnyView {
    let image = small_image(path, photo, size, whose);
    view! { <a class="photo" href=address(path, photo) target="_blank">{image}</a> }.into_any()
}

/// The small view alone.
#[must_use]
pub fn small_image(path: &str, photo: PhotoId, (width, height): (u32, u32), whose: &'static str) -> AnyView {
    let small = [&address(path, photo), "/small"].concat();
    let (width, height) = shrunk(width, height, limits::PHOTO_SMALL_SIDE);
    view! { <img src=small width=width height=height loading="lazy" alt=whose /> }.into_any()
}

/// The id of the photo that a page's form sends: another than that of its other forms, so that going back and sending words
/// does not stand for it.
#[must_use]
pub fn of_page(command: CommandId) -> CommandId {
    CommandId(Uuid::from_u128(command.0.as_u128() ^ 1))
}

/// The file's field of a form. `camera`: what phones open at once instead of asking.
#[must_use]
pub fn file_field(id: &'static str, camera: Option<&'static str>) -> AnyView {
    view! { <input type="file" id=id name="photo" accept=ACCEPT capture=camera required /> }.into_any()
}

/// Where a form says how far it is.
#[must_use]
pub fn progress() -> AnyView {
    view! {
        <progress class="meter" max="100" hidden aria-label="送った割合"></progress>
        <p class="fine sending" role="status"></p>
    }
    .into_any()
}
