//! 「EPDSの点数を記録」: ten rows of points, to be filled without the mouse. A native dialog, made anew each time it is opened;
//! what was chosen stays until it is recorded.

use crate::desk::{Desk, Dialog, Open, Wish, dialogs::modal, talk::focus};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use signaling::id::ConsultationId;

/// How many items there are.
const ITEMS: usize = 10;
/// Where an EPDS comes from. Its items are not here: their wording is under a licence.
const SOURCE: &str = "EPDS（Cox ら 1987、岡野ら 1996）。質問文は手元の用紙を使ってください";

/// The dialog, closed.
pub(in crate::desk) fn dialog(desk: Desk) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let open = Memo::new(move |_| match desk.dialog.get() {
        Some(Dialog::Epds(id)) => Some(id),
        _ => None,
    });
    modal(node, move || open.get().is_some());
    let body = move || {
        let id = open.get()?;
        let tab = untrack(|| desk.open(id))?;
        Some(form(desk, tab).into_any())
    };
    view! {
        <dialog class="dialog" node_ref=node aria-label="EPDSの点数を記録" on:close=move |_| desk.dialog.set(None)>{body}</dialog>
    }
}

fn radio_id(id: ConsultationId, item: usize, points: u8) -> String {
    format!("epds-{id}-{item}-{points}")
}

fn button_id(id: ConsultationId) -> String {
    format!("epds-{id}-go")
}

/// To the next item, or to the button behind the last one.
fn go_on(open: Open, item: usize) {
    let next = item + 1;
    let chosen = open.epds_draft.with_untracked(|draft| draft.points(next));
    match next <= ITEMS {
        true => focus(&radio_id(open.consultation, next, chosen.unwrap_or_default())),
        false => focus(&button_id(open.consultation)),
    }
}

fn form(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let fault = RwSignal::new(None::<String>);
    let sum = move || {
        let (points, items) = open.epds_draft.with(|draft| draft.so_far());
        format!("合計{points}点（{ITEMS}項目中{items}項目）")
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match open.epds_draft.with_untracked(|draft| draft.complete()) {
            Ok(points) => {
                desk.ask(Wish::RecordEpds(id, points));
                desk.dialog.set(None);
            }
            Err(missing) => {
                if let Some(item) = missing.first() {
                    focus(&radio_id(id, item, 0));
                }
                fault.set(Some(missing.to_string()));
            }
        }
    };
    let rows = (1..=ITEMS).map(|item| row(open, item, fault)).collect_view();
    view! {
        <form class="stack tight" on:submit=submit>
            <h2>"EPDSの点数を記録"</h2>
            <p class="fine">{SOURCE}</p>
            <p class="fine">"数字の0から3を押すと、つぎの項目へ進みます。相談者には見えません。"</p>
            <div class="epds-rows">{rows}</div>
            <p class="epds-sum num" role="status">{sum}</p>
            {move || fault.get().map(|words| view! { <p class="fault" role="alert">{words}</p> })}
            <div class="row end">
                <button type="button" class="btn line small" on:click=move |_| desk.dialog.set(None)>"やめる"</button>
                <button class="btn small" id=button_id(id)>"記録する"</button>
            </div>
        </form>
    }
}

/// One item: four radio buttons, and the digits of the keyboard.
fn row(open: Open, item: usize, fault: RwSignal<Option<String>>) -> impl IntoView {
    let id = open.consultation;
    let choose = move |points: u8| {
        open.epds_draft.update(|draft| draft.choose(item, points));
        fault.set(None);
    };
    let typed = move |event: KeyboardEvent| {
        let digit = event.key().parse::<u8>().ok().filter(|points| *points <= 3);
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        if let Some(points) = digit.filter(|_| !modified) {
            event.prevent_default();
            choose(points);
            go_on(open, item);
        }
    };
    let radio = move |points: u8| {
        view! {
            <label class="pick"><input type="radio" id=radio_id(id, item, points) name=format!("epds-{item}") value=points.to_string()
                autofocus=item == 1 && points == 0
                prop:checked=move || open.epds_draft.with(|draft| draft.points(item) == Some(points))
                on:change=move |_| choose(points) />{points.to_string()}</label>
        }
    };
    let title = format!("epds-{id}-{item}");
    let named = title.clone();
    view! {
        <div class="epds-row" role="radiogroup" aria-labelledby=named on:keydown=typed>
            <b id=title>{format!("項目{item}")}</b>
            {[0, 1, 2, 3].map(radio).collect_view()}
        </div>
    }
}
