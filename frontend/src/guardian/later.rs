//! What the ticket's forms do beyond a form, loaded with the call: photos in parts, the wish to be
//! answered later, the survey and the number in place.
//!
//! And the photos of an intake, in parts as soon as they are chosen.
//!
//! Promises: until this part is here each of them is sent as a page, and nothing is lost by that.

use super::Visit;
use crate::{callback, live::Live, photo, queue, survey};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

/// Whose forms come to life.
#[derive(Clone, Copy)]
pub struct Forms {
    pub(crate) visit: Visit,
    pub(crate) live: Live,
}

/// Sends the photos of an intake as soon as they are chosen. To be called in the part only, once.
pub fn attach_photos(form: &HtmlFormElement) {
    // Without its field there is nothing to do.
    let _ = photo::send::attach(form);
}

/// Listens to the forms. To be called in the part only (`call::part`), once.
pub fn bring_to_life(Forms { visit, live }: Forms) {
    for (id, at_once) in [("photo-form", false), ("photo-wish", true)] {
        if let Some(form) = document().get_element_by_id(id).and_then(|form| form.dyn_into().ok()) {
            photo::send::bring_to_life(&form, at_once);
        }
    }
    queue::later::bring_to_life(visit, live);
    survey::alive::bring_to_life(visit, live);
    callback::alive::bring_to_life(visit, live);
}
