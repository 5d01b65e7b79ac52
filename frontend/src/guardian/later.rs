//! What the ticket's forms do beyond a form, loaded with the call: photos in parts, the survey and the number in place.
//!
//! Promises: until this part is here each of them is sent as a page, and nothing is lost by that.

use super::Visit;
use crate::{callback, live::Live, photo, survey};
use leptos::prelude::document;
use wasm_bindgen::JsCast;

/// Whose forms come to life.
#[derive(Clone, Copy)]
pub struct Forms {
    pub(crate) visit: Visit,
    pub(crate) live: Live,
}

/// Listens to the forms. To be called in the part only (`call::part`), once.
pub fn bring_to_life(Forms { visit, live }: Forms) {
    for (id, at_once) in [("photo-form", false), ("photo-wish", true)] {
        if let Some(form) = document().get_element_by_id(id).and_then(|form| form.dyn_into().ok()) {
            photo::send::bring_to_life(&form, at_once);
        }
    }
    survey::alive::bring_to_life(visit, live);
    callback::alive::bring_to_life(visit, live);
}
