//! queue: 「あとで返事をもらう」. Who would rather not wait live is answered at any time, and reads by when before pressing.
//!
//! Promises: the time on the button's card is what the city is held to; a form without script, in place with it. Not here: who
//! may (signaling), the promise once it stands (`queue`).

use crate::{
    chat::day_words,
    page::guardian::{LivePage, TicketPage},
    ui,
};
use leptos::prelude::*;

/// The card; nothing where the family may not.
pub(super) fn form(ticket: &TicketPage, page: &LivePage) -> Option<AnyView> {
    let by = page.later_by?;
    let hours = page.opening.reply_hours;
    let promise = format!("{} {}までに返信します", day_words(by), by.clock());
    Some(
        view! {
            <section class="card">
                <details>
                    <summary>"待たずに、あとで返事をもらう"</summary>
                    <form class="stack tight" id="later" method="post" action=[&ticket.path, "/later"].concat()>
                        {ui::command_field(ticket.command)}
                        <input type="hidden" name="hours" value=hours.to_string() />
                        <p><b class="num">{promise}</b></p>
                        <p class="sub">"順番はなくなり、通話では呼ばれません。送った内容はそのままで、返信はこの画面に届きます。"</p>
                        <p class="wrong" id="later-fault" role="alert" hidden></p>
                        <button class="btn line block">"あとで返事をもらう"</button>
                    </form>
                </details>
            </section>
        }
        .into_any(),
    )
}

/// Sends the form without leaving the page.
#[cfg(feature = "hydrate")]
pub(crate) fn bring_to_life(visit: crate::guardian::Visit, live: crate::live::Live) {
    use crate::{chat::alive::listen, guardian::post};
    use leptos::task::spawn_local;
    use wasm_bindgen::JsCast;

    let form = document().get_element_by_id("later");
    let Some(form) = form.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()) else {
        return;
    };
    // From now on the page is not left by it.
    let _ = form.set_attribute("data-in-place", "");
    let sent = form.clone();
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let form = sent.clone();
        spawn_local(async move {
            let fault = match post::sent(visit, live, &form).await {
                Ok(()) => String::new(),
                Err(Some(refusal)) => refusal.to_string(),
                Err(None) => "送れませんでした。電波のよいところで、もう一度押してください。".to_owned(),
            };
            ui::say("later-fault", &fault);
        });
    });
}
