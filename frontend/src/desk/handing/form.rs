//! 「引き継ぐ」: to whom, how, and the summary. A native dialog, made anew each time it is opened.

use crate::desk::{Desk, Dialog, Open, Wish, dialogs::modal};
use leptos::{html, prelude::*};
use signaling::{
    actor::Role,
    hand_over::{HandOver, HandTo, doctor_for},
    id::{ConsultationId, StaffId},
    limits,
};

/// Whom the clinician chose, as the value of an option.
pub(in crate::desk) fn chosen(value: &str) -> Option<HandTo> {
    match value.split_once(':')? {
        ("role", code) => Role::from_code(code).map(HandTo::Profession),
        ("person", id) => id.parse::<StaffId>().ok().map(HandTo::Person),
        _ => None,
    }
}

pub(in crate::desk) fn value(to: HandTo) -> String {
    match to {
        HandTo::Profession(role) => format!("role:{}", role.code()),
        HandTo::Person(id) => format!("person:{id}"),
    }
}

/// Back to the queue, for whoever comes.
const ANYBODY: &str = "anybody";

#[derive(Clone, Copy)]
struct Form {
    id: ConsultationId,
    to: RwSignal<String>,
    warm: RwSignal<bool>,
    hand_over: RwSignal<HandOver>,
    in_call: bool,
}

/// The dialog, closed.
pub(in crate::desk) fn dialog(desk: Desk) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let open = Memo::new(move |_| match desk.dialog.get() {
        Some(Dialog::HandOver(id)) => Some(id),
        _ => None,
    });
    modal(node, move || open.get().is_some());
    let body = move || {
        let id = open.get()?;
        let tab = untrack(|| desk.open(id))?;
        Some(form(desk, begun(tab)).into_any())
    };
    view! {
        <dialog class="dialog wide" node_ref=node aria-label="引き継ぐ" on:close=move |_| desk.dialog.set(None)>{body}</dialog>
    }
}

/// As it is asked already, or as the program makes it.
fn begun(open: Open) -> Form {
    open.thread.with_untracked(|thread| {
        let suited = thread
            .intake
            .as_ref()
            .map(|intake| HandTo::Profession(doctor_for(&intake.subject)));
        let asked = thread.handing.as_ref().map(|handing| match &handing.to.person {
            Some(person) => HandTo::Person(person.id),
            None => HandTo::Profession(handing.to.profession),
        });
        let written = thread.brief.as_ref().filter(|_| thread.handing.is_some());
        let hand_over = written.map_or_else(|| HandOver::of(thread), |brief| brief.hand_over.clone());
        Form {
            id: open.consultation,
            to: RwSignal::new(asked.or(suited).map_or_else(|| ANYBODY.to_owned(), value)),
            warm: RwSignal::new(true),
            hand_over: RwSignal::new(hand_over),
            in_call: thread.call.is_some(),
        }
    })
}

fn form(desk: Desk, form: Form) -> impl IntoView {
    let anybody = Memo::new(move |_| form.to.with(|to| to == ANYBODY));
    let unfit = move || form.hand_over.with(|hand_over| hand_over.checked().is_err());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(unfit) {
            return;
        }
        let hand_over = form.hand_over.get_untracked();
        let consultation = form.id;
        match chosen(&form.to.get_untracked()) {
            Some(to) => desk.ask(Wish::HandOver {
                consultation,
                to,
                hand_over: Box::new(hand_over),
                warm: form.warm.get_untracked() || form.in_call,
            }),
            None => desk.ask(Wish::Release {
                consultation,
                reason: hand_over.note,
            }),
        }
        desk.dialog.set(None);
    };
    view! {
        <form class="stack" on:submit=submit>
            <h2>"引き継ぐ"</h2>
            {recipients(desk, form)}
            {(!form.in_call).then(|| ways(form, anybody))}
            {text(form, "引き継ぐ理由・お願いしたいこと（必須）", limits::REASON_CHARS, 2, |one| &mut one.note)}
            <div class="stack" hidden=move || anybody.get()>
                {text(form, "だれのこと", limits::HAND_OVER_LINE_CHARS, 1, |one| &mut one.about)}
                {text(form, "主な心配", limits::HAND_OVER_CHARS, 2, |one| &mut one.worry)}
                {text(form, "危険サイン", limits::HAND_OVER_LINE_CHARS, 1, |one| &mut one.flags)}
                {text(form, "これまでの話", limits::HAND_OVER_CHARS, 4, |one| &mut one.so_far)}
            </div>
            <p class="fine">"要約は記録から作りました。直せます。相談者には見えません。"</p>
            <div class="row end">
                <button type="button" class="btn line small" on:click=move |_| desk.dialog.set(None)>"やめる"</button>
                <button class="btn small" disabled=unfit>{move || go(anybody.get(), form.warm.get() || form.in_call)}</button>
            </div>
        </form>
    }
}

fn go(anybody: bool, warm: bool) -> &'static str {
    match (anybody, warm) {
        (true, _) => "待ちに戻す",
        (false, true) => "引き継ぎを頼む",
        (false, false) => "引き継いで待ちに戻す",
    }
}

/// Professions, and colleagues whose desk is open, as options.
pub(in crate::desk) fn people(desk: Desk) -> impl IntoView {
    let professions = [Role::Pediatrician, Role::Obstetrician, Role::Midwife].map(
        |role| view! { <option value=value(HandTo::Profession(role))>{format!("{}のだれか", role.label())}</option> },
    );
    let people = move || {
        let colleagues = desk.colleagues.get();
        let options = colleagues.into_iter().map(|one| {
            let words = format!("{}（{}、いま画面を開いています）", one.addressed(), one.role.label());
            view! { <option value=value(HandTo::Person(one.id))>{words}</option> }
        });
        options.collect_view()
    };
    view! { {professions.collect_view()}{people} }
}

/// To whom.
fn recipients(desk: Desk, form: Form) -> impl IntoView {
    view! {
        <label class="field"><b>"引き継ぐ相手"</b>
            <select autofocus=true prop:value=move || { desk.colleagues.track(); form.to.get() }
                on:change=move |event| form.to.set(event_target_value(&event))>
                {people(desk)}
                {(!form.in_call).then(|| view! { <option value=ANYBODY>"だれでも（待ちに戻す）"</option> })}
            </select>
        </label>
    }
}

fn ways(form: Form, anybody: Memo<bool>) -> impl IntoView {
    let way = move |warm: bool, words: &'static str| {
        view! {
            <label class="row check"><input type="radio" name="hand-over-way" prop:checked=move || form.warm.get() == warm
                on:change=move |_| form.warm.set(warm) />{words}</label>
        }
    };
    view! {
        <fieldset class="ways" hidden=move || anybody.get()>
            <legend>"引き継ぎかた"</legend>
            {way(true, "相談を続けながら頼む。受けた人に替わる")}
            {way(false, "待ちに戻して、その人に任せる")}
        </fieldset>
    }
}

fn text(
    form: Form,
    name: &'static str,
    limit: usize,
    rows: u32,
    part: fn(&mut HandOver) -> &mut String,
) -> impl IntoView {
    let read = move || {
        let mut hand_over = form.hand_over.get();
        std::mem::take(part(&mut hand_over))
    };
    view! {
        <label class="field"><b>{name}</b>
            <textarea rows=rows.to_string() autocomplete="off" maxlength=limit.to_string() prop:value=read
                on:input=move |event| form.hand_over.update(|hand_over| *part(hand_over) = event_target_value(&event))></textarea>
        </label>
    }
}
