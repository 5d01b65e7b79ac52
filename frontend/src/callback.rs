//! 「電話でかけなおしてもらう」: the last way to talk that is left. The number is asked for here and only here, goes to the
//! clinician alone, and is erased with the consultation.
//!
//! The form works without scripts; with them the page stays where it is, so that a call goes on.

#[cfg(feature = "hydrate")]
pub(crate) mod alive;

use crate::{
    guardian::{Stage, Visit, hidden_unless},
    page::guardian::TicketPage,
    ui,
};
use leptos::prelude::*;

/// The form, open once the clinician has offered it.
pub(crate) fn card(visit: Visit, ticket: &TicketPage) -> AnyView {
    let form = ui::still(|| form(ticket));
    let stands = Memo::new(move |_| {
        visit
            .thread
            .with(|thread| thread.callback.as_ref().map(|one| one.is_given))
    });
    let words = move || match stands.get() {
        Some(false) => "担当から電話でかけなおします。番号を入れてください。",
        Some(true) => "番号を預かりました。担当から電話がかかってきます。",
        None => "",
    };
    let summary = move || match stands.get() {
        Some(true) => "番号を直す",
        _ => "電話でかけなおしてもらう",
    };
    view! {
        <section class="callback" aria-label="電話" hidden=hidden_unless(visit, |stage| stage == Stage::Talking)>
            <p class="note" role="status" hidden=move || stands.get().is_none()>{words}</p>
            <details open=move || stands.get() == Some(false)>
                <summary>{summary}</summary>
                <div class="contents" inner_html=form></div>
            </details>
        </section>
    }
    .into_any()
}

fn form(ticket: &TicketPage) -> AnyView {
    view! {
        <form class="stack tight" id="callback" method="post" action=[&ticket.path, "/callback"].concat()>
            {ui::command_field(ticket.command)}
            <div class="field">
                <label for="number">"電話番号"</label>
                <p class="wrong" id="callback-fault" role="alert" hidden></p>
                <input id="number" name="number" type="tel" inputmode="tel" autocomplete="tel" maxlength="30" required />
            </div>
            <button class="btn line block">"この番号にかけてもらう"</button>
            <p class="fine">"番号は担当の医師・助産師だけに見え、相談の記録といっしょに消えます。"</p>
        </form>
    }
    .into_any()
}
