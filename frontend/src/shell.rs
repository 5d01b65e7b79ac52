//! The document around a page: head, styles, the page itself, its model for the browser, and the script that brings it to
//! life where one is needed.
//!
//! Promises: no inline script without the request's nonce, no address outside of this server, the model escaped so that
//! no text in it can end the element it stands in.

use crate::page::{
    City,
    check::CheckPage,
    desk::DeskPage,
    guardian::{GuardianPage, GuardianView},
    report::{ReportPage, ReportView},
    staff::StaffPage,
};
use serde::{Deserialize, Serialize};
use signaling::view::{Standing, Thread};

/// Hashed addresses of what pages load, from the build's manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Files {
    /// Styles of the family's pages.
    pub guardian_css: String,
    /// Styles of the staff's pages.
    pub desk_css: String,
    /// Script of the family's pages.
    pub guardian_js: String,
    /// Its WebAssembly.
    pub guardian_wasm: String,
    /// Script of the desk.
    pub desk_js: String,
    /// Its WebAssembly.
    pub desk_wasm: String,
    /// Styles of 「カメラと音の確認」.
    pub check_css: String,
    /// Its script.
    pub check_js: String,
    /// Its WebAssembly.
    pub check_wasm: String,
    /// The icon.
    pub icon: String,
}

/// A page of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// For families.
    Guardian(GuardianPage),
    /// The desk.
    Desk(DeskPage),
    /// 「カメラと音の確認」.
    Check(CheckPage),
    /// Signing in.
    Staff(StaffPage),
    /// Reports.
    Report(ReportPage),
}

impl Page {
    fn city(&self) -> &City {
        match self {
            Self::Guardian(page) => &page.city,
            Self::Desk(page) => &page.city,
            Self::Check(page) => &page.city,
            Self::Staff(page) => &page.city,
            Self::Report(page) => &page.city,
        }
    }

    /// The few lines of script that a page without WebAssembly has.
    fn script(&self) -> Option<&'static str> {
        match self {
            Self::Guardian(GuardianPage {
                view: GuardianView::Transfer(transfer),
                ..
            }) => transfer.in_app.map(|_| COPY),
            Self::Report(ReportPage {
                view: ReportView::Tasks(_),
                ..
            }) => Some(LISTENING),
            _ => None,
        }
    }

    /// The model as JSON, for pages that come to life.
    fn living_model(&self) -> Option<String> {
        match self {
            Self::Guardian(page) if matches!(page.view, GuardianView::Ticket(_) | GuardianView::Guest(_)) => {
                serde_json::to_string(page).ok()
            }
            Self::Desk(page) => serde_json::to_string(page).ok(),
            Self::Check(page) => serde_json::to_string(page).ok(),
            Self::Guardian(_) | Self::Staff(_) | Self::Report(_) => None,
        }
    }

    /// What stands in for the live socket, or for the script that listens, where there are no scripts: an empty list of what
    /// supervisors look after is asked for again, in one that is not somebody may write; a family that waits is shown its place again by
    /// itself; in the conversation, where that would wipe a half-written message, a link does it.
    fn without_scripts(&self) -> (&'static str, &'static str) {
        use crate::page::guardian::TicketStep;
        if let Self::Report(ReportPage {
            view: ReportView::Tasks(list),
            ..
        }) = self
            && list.lines.is_empty()
            && list.overlooked.is_empty()
        {
            return ("<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript>", "");
        }
        let Self::Guardian(GuardianPage {
            view: GuardianView::Ticket(ticket),
            ..
        }) = self
        else {
            return ("", "");
        };
        let TicketStep::Live(live) = &ticket.step else {
            return ("", "");
        };
        match Thread::of(&live.events).standing {
            Standing::Waiting => (
                "<noscript><meta http-equiv=\"refresh\" content=\"30;url=?poll=visible\"></noscript>",
                "",
            ),
            // From its time on it is to be found there.
            Standing::Booked => (
                "<noscript><meta http-equiv=\"refresh\" content=\"60;url=?poll=visible\"></noscript>",
                "",
            ),
            Standing::Claimed(_) => (
                "",
                "<noscript><p class=\"again\"><a href=\"?poll=visible\">最新のメッセージを見る</a></p></noscript>",
            ),
            Standing::Closed | Standing::Cancelled => ("", ""),
        }
    }
}

/// Listens for what comes to supervisors.
const LISTENING: &str = include_str!("shell/listening.js");

/// Copies a link where the page shows one to copy; without it the field can be copied by hand.
const COPY: &str = "for(const b of document.querySelectorAll('[data-copy]')){b.hidden=false;b.onclick=async()=>{\
    const f=document.getElementById(b.dataset.copy);f.select();\
    try{await navigator.clipboard.writeText(f.value)}catch{document.execCommand('copy')}\
    b.textContent='コピーしました'}}";

/// Escapes text for an attribute or an element's content.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// JSON that may stand inside a `script` element: `<` can begin neither `</script` nor a comment any more.
#[must_use]
pub fn json_in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The whole document. `title` is the accessible name of the page; `body` is the rendered page.
#[must_use]
pub fn document(page: &Page, title: &str, body: &str, files: &Files, nonce: &str) -> String {
    let (css, js, wasm, kind) = match page {
        Page::Guardian(_) => (
            &files.guardian_css,
            &files.guardian_js,
            &files.guardian_wasm,
            "guardian",
        ),
        Page::Check(_) => (&files.check_css, &files.check_js, &files.check_wasm, "checking"),
        _ => (&files.desk_css, &files.desk_js, &files.desk_wasm, "staff"),
    };
    let city = page.city();
    let demo = if city.demo { "デモ｜" } else { "" };
    let title = escaped(&format!("{demo}{title}｜{}", city.service_name));
    let icon = &files.icon;
    let (refresh, again) = page.without_scripts();
    let script = page.script().map_or(String::new(), |script| {
        format!("<script type=\"module\" nonce=\"{nonce}\">{script}</script>")
    });
    let (preload, life) = page.living_model().map_or((String::new(), String::new()), |model| {
        let model = json_in_script(&model);
        (
            format!("<link rel=\"modulepreload\" href=\"{js}\"><link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>"),
            format!(
                "<script type=\"application/json\" id=\"page\" nonce=\"{nonce}\">{model}</script>\
                 <script type=\"module\" nonce=\"{nonce}\">import start from \"{js}\";start({{module_or_path:\"{wasm}\"}})</script>"
            ),
        )
    });
    format!(
        "<!DOCTYPE html><html lang=\"ja\" class=\"{kind}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1,viewport-fit=cover,interactive-widget=resizes-content\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"format-detection\" content=\"telephone=no\">\
         <meta name=\"robots\" content=\"noindex\">{refresh}<title>{title}</title>\
         <link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{css}\">{preload}</head>\
         <body>{again}<div id=\"app\">{body}</div>{life}{script}</body></html>"
    )
}

/// A view as HTML that hydrates.
#[cfg(feature = "ssr")]
pub fn rendered<V: leptos::prelude::IntoView>(view: impl FnOnce() -> V) -> String {
    use leptos::prelude::{Owner, RenderHtml};
    let owner = Owner::new_root(None);
    let html = owner.with(|| view().into_view().to_html());
    owner.unset_with_forced_cleanup();
    html
}

/// The model that the server put into the document, in the browser.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn model<T: serde::de::DeserializeOwned>() -> Option<T> {
    let text = leptos::prelude::document().get_element_by_id("page")?.text_content()?;
    serde_json::from_str(&text).ok()
}

/// Brings a page to life in `#app`.
#[cfg(feature = "hydrate")]
pub fn bring_to_life<V: leptos::prelude::IntoView + 'static>(view: impl FnOnce() -> V + 'static) {
    use wasm_bindgen::JsCast;
    console_error_panic_hook::set_once();
    let Some(app) = leptos::prelude::document().get_element_by_id("app") else {
        return;
    };
    let Ok(app) = app.dyn_into::<web_sys::HtmlElement>() else {
        return;
    };
    leptos::mount::hydrate_from(app, view).forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_family_can_end_the_script_it_is_sent_in() {
        let sent = json_in_script(r#"{"text":"</script><script>alert(1)</script><!--"}"#);
        assert!(!sent.contains('<'));
        let back: serde_json::Value = serde_json::from_str(&sent).expect("still JSON");
        assert_eq!(back["text"], "</script><script>alert(1)</script><!--");
    }
}
