//! Small parts that pages have in common, and [`still`]: markup that never changes once it has arrived.
//!
//! Class names are those of `assets/css/common`. Not here: anything that knows a consultation.

use crate::page::{City, OnDuty};
use leptos::prelude::*;
use signaling::{id::CommandId, time::At};

/// The HTML of a part that stays as the server rendered it, for `inner_html`.
///
/// Hydration walks past such a part without touching it (`inner_html` from the server is never compared), so it costs no
/// WebAssembly, cannot differ between server and browser, and native forms in it work as they are. In the browser the
/// closure is not called and the result is empty: a still part must therefore never stand inside something that is
/// rendered again; hide it with the `hidden` attribute instead.
#[must_use]
pub fn still<V: IntoView>(view: impl FnOnce() -> V) -> String {
    #[cfg(feature = "ssr")]
    {
        view().into_view().to_html()
    }
    #[cfg(not(feature = "ssr"))]
    {
        drop(view);
        String::new()
    }
}

/// Text as the content of a `textarea`, for `inner_html`: escaped, and with its first line end kept (the parser drops one).
#[must_use]
pub fn textarea_content(text: &str) -> String {
    let mut content = crate::shell::escaped(text);
    if content.starts_with('\n') {
        content.insert(0, '\n');
    }
    content
}

/// The heading above who answers: at eight in the evening it is tonight, at ten in the morning it is now.
#[must_use]
pub fn on_duty_title(now: At) -> &'static str {
    match now.in_tokyo().hour() {
        5..17 => "いまの担当",
        _ => "今夜の担当",
    }
}

/// 「デモ」, on every page of a demo city.
#[must_use]
pub fn demo_chip(city: &City) -> Option<impl IntoView + use<>> {
    city.demo.then(|| view! { <span class="chip demo">"デモ"</span> })
}

/// The head of a family's page: service, city, 「デモ」.
#[must_use]
pub fn masthead(city: &City) -> AnyView {
    view! {
        <header class="top">
            <div class="row">
                <span class="crest" aria-hidden="true"></span>
                <div>
                    <a class="home" href="/">{city.service_name.clone()}</a>
                    <div class="fine">{city.name.clone()}</div>
                </div>
            </div>
            {demo_chip(city)}
        </header>
    }
    .into_any()
}

/// How strongly a notice speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something good.
    Green,
    /// Something to know.
    Key,
    /// Something to watch.
    Amber,
    /// Something wrong.
    Red,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Green => "bar-note green",
            Self::Key => "bar-note key",
            Self::Amber => "bar-note amber",
            Self::Red => "bar-note red",
        }
    }

    fn mark(self) -> &'static str {
        match self {
            Self::Green => "✓",
            Self::Key => "i",
            Self::Amber | Self::Red => "!",
        }
    }
}

/// A notice bar: a bold sentence and what it means.
#[must_use]
pub fn notice_bar(tone: Tone, title: impl IntoView + 'static, text: String) -> AnyView {
    let text = (!text.is_empty()).then(|| view! { <div class="sub">{text}</div> });
    view! {
        <div class=tone.class()>
            <span class="mark" aria-hidden="true">{tone.mark()}</span>
            <div><b>{title}</b>{text}</div>
        </div>
    }
    .into_any()
}

/// The hidden id that makes a form sent twice take effect once.
#[must_use]
pub fn command_field(command: CommandId) -> AnyView {
    view! { <input type="hidden" name="command" value=command.to_string() /> }.into_any()
}

/// The round sign of a clinician: the first letter of the name, green for midwives.
#[must_use]
pub fn avatar(name: &str, profession: &str) -> AnyView {
    let class = if profession == "助産師" {
        "avatar m"
    } else {
        "avatar"
    };
    let letter: String = name.chars().take(1).collect();
    view! { <span class=class aria-hidden="true">{letter}</span> }.into_any()
}

/// Who answers tonight.
#[must_use]
pub fn on_duty_list(on_duty: &[OnDuty]) -> AnyView {
    let rows = on_duty
        .iter()
        .map(|one| {
            view! {
                <li class="row">
                    {avatar(&one.name, &one.profession)}
                    <div><b>{one.addressed.clone()}</b><div class="fine">{one.profession.clone()}</div></div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain duty">{rows}</ul> }.into_any()
}

/// Words in a line that the page has for them; none hide it.
#[cfg(feature = "hydrate")]
pub(crate) fn say(line: &str, words: &str) {
    if let Some(line) = document().get_element_by_id(line) {
        line.set_text_content(Some(words));
        let _ = line.toggle_attribute_with_force("hidden", words.is_empty());
    }
}

/// The sentence under a field that is wrong.
#[must_use]
pub fn fault_line(field: &str, fault: Option<&str>) -> Option<impl IntoView + use<>> {
    let id = fault_id(field);
    fault.map(|text| view! { <p class="wrong" id=id>{text.to_owned()}</p> })
}

/// The id of that sentence, for `aria-describedby`.
#[must_use]
pub fn fault_id(field: &str) -> String {
    [field, "-fault"].concat()
}

/// Everything that is wrong with a form, at its top, each a link to its field. Rows: field's id and sentence.
#[must_use]
pub fn fault_summary(faults: &[(String, String)]) -> Option<impl IntoView + use<>> {
    if faults.is_empty() {
        return None;
    }
    let rows = faults
        .iter()
        .map(|(field, text)| view! { <li><a href=["#", field].concat()>{text.clone()}</a></li> })
        .collect_view();
    Some(view! {
        <div class="bar-note red" role="alert" id="faults">
            <span class="mark" aria-hidden="true">"!"</span>
            <div><b>"もう一度たしかめてください"</b><ul class="faults">{rows}</ul></div>
        </div>
    })
}

/// One choice of a group as a full-width row.
#[must_use]
pub fn option_row(kind: &'static str, name: &str, value: &str, checked: bool, words: String) -> AnyView {
    let id = [name, "-", value].concat();
    view! {
        <label class="opt" for=id>
            <input type=kind id=id.clone() name=name.to_owned() value=value.to_owned() checked=checked />
            <span>{words}</span>
        </label>
    }
    .into_any()
}

/// One choice of a group as a pill.
#[must_use]
pub fn pick(kind: &'static str, name: &str, value: &str, checked: bool, words: &'static str) -> AnyView {
    let id = [name, "-", value].concat();
    view! {
        <label class="pick" for=id>
            <input type=kind id=id.clone() name=name.to_owned() value=value.to_owned() checked=checked />
            <span>{words}</span>
        </label>
    }
    .into_any()
}
