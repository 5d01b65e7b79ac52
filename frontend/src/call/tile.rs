//! The place of one person on the call's screen: their picture, name and role, and what is the matter with this one
//! connection. Made once and changed, never drawn anew: a moved player stops.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlVideoElement};

/// What a tile says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// 「佐藤 医師」.
    pub(super) name: String,
    /// 「小児科医」.
    pub(super) role: &'static str,
    /// What is the matter, in words; nothing while all is well.
    pub(super) state: Option<&'static str>,
    /// There is no picture to see.
    pub(super) is_dark: bool,
    /// They are speaking.
    pub(super) is_speaking: bool,
}

pub(super) struct Tile {
    pub(super) root: HtmlElement,
    instead: HtmlElement,
    name: HtmlElement,
    role: HtmlElement,
    state: HtmlElement,
    shown: std::cell::RefCell<Shown>,
}

impl Tile {
    /// Around a player.
    pub(super) fn around(video: &HtmlVideoElement) -> Option<Self> {
        let root = element("figure", "call-tile")?;
        let instead = element("div", "call-tile-instead")?;
        let caption = element("figcaption", "call-tile-name")?;
        let (name, role, state) = (
            element("b", "")?,
            element("span", "call-tile-role")?,
            element("span", "call-tile-state")?,
        );
        let _ = instead.set_attribute("aria-hidden", "true");
        for part in [&name, &role, &state] {
            let _ = caption.append_child(part);
        }
        let _ = root.append_child(video);
        for part in [&instead, &caption] {
            let _ = root.append_child(part);
        }
        Some(Self {
            root,
            instead,
            name,
            role,
            state,
            shown: std::cell::RefCell::default(),
        })
    }

    pub(super) fn show(&self, now: Shown) {
        if *self.shown.borrow() == now {
            return;
        }
        self.name.set_text_content(Some(&now.name));
        self.role.set_text_content(Some(now.role));
        self.state.set_text_content(now.state);
        self.state.set_hidden(now.state.is_none());
        self.instead.set_text_content(Some(&now.name));
        let dark = if now.is_dark { " dark" } else { "" };
        let speaking = if now.is_speaking { " speaking" } else { "" };
        self.root.set_class_name(&["call-tile", dark, speaking].concat());
        self.shown.replace(now);
    }
}

fn element(name: &str, class: &str) -> Option<HtmlElement> {
    let element: HtmlElement = document().create_element(name).ok()?.dyn_into().ok()?;
    element.set_class_name(class);
    Some(element)
}
