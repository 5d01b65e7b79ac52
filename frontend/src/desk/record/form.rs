//! The record while it is being written.

use crate::desk::{Desk, Dialog, Open, Wish, scope};
use leptos::prelude::*;
use signaling::{
    id::ConsultationId,
    intake::Complaint,
    limits,
    note::{Disposition, NoteDraft, NoteFault},
};

/// Id of the first field, for the key R.
pub(in crate::desk) fn field_id(consultation: ConsultationId) -> String {
    format!("advice-{consultation}")
}

/// A change of the draft: stored soon, and an old complaint about it forgotten.
fn change(desk: Desk, open: Open, work: impl FnOnce(&mut NoteDraft)) {
    open.note.update(work);
    open.note_touched.set(true);
    open.note_saved_at.set(None);
    open.note_fault.set(None);
    desk.ask(Wish::NoteChanged(open.consultation));
}

/// The form.
pub(super) fn form(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let without_advice = Memo::new(move |_| chosen(open).is_some_and(Disposition::is_without_advice));
    let home_care = Memo::new(move |_| chosen(open) == Some(Disposition::HomeCare));
    let advice_mark = move || {
        if without_advice.get() {
            view! { <span class="fine">"なくてもよい"</span> }.into_any()
        } else {
            must("必須")
        }
    };
    let net_mark = move || {
        if home_care.get() {
            must("必須")
        } else {
            view! { <span class="fine">"家庭で様子見なら必須"</span> }.into_any()
        }
    };
    let net_required = move || home_care.get().then_some("true");
    view! {
        <div class="form">
            <p class="fine" role="status" hidden=move || !open.note_inherited.get()>
                "前の担当者が書きかけた記録を引き継ぎました。読んで、直してから確定してください。"
            </p>
            {complaints(desk, open).into_any()}
            <div class="field">
                <p class="label-row"><label for=field_id(id)>"助言の内容"</label><span id=format!("advice-mark-{id}")>{advice_mark}</span></p>
                <textarea id=field_id(id) rows="5" autocomplete="off" placeholder="相談者があとで読みます"
                    aria-describedby=format!("advice-mark-{id}")
                    prop:value=move || open.note.with(|note| note.advice.clone())
                    on:input=move |event| change(desk, open, |note| note.advice = event_target_value(&event))></textarea>
                {beyond(desk, open, |note| &note.advice, |note| &mut note.advice)}
                {too_long(open, |note| &note.advice)}
            </div>
            {dispositions(desk, open).into_any()}
            <div class="field">
                <p class="label-row"><label for=format!("net-{id}")>"受診の目安"</label><span id=format!("net-mark-{id}")>{net_mark}</span></p>
                <textarea id=format!("net-{id}") rows="3" autocomplete="off" aria-required=net_required
                    aria-describedby=format!("net-mark-{id}")
                    placeholder="こうなったら受診・119番、という目安"
                    prop:value=move || open.note.with(|note| note.safety_net.clone())
                    on:input=move |event| change(desk, open, |note| note.safety_net = event_target_value(&event))></textarea>
                {beyond(desk, open, |note| &note.safety_net, |note| &mut note.safety_net)}
                {too_long(open, |note| &note.safety_net)}
            </div>
            <div class="field internal">
                <p class="label-row"><label for=format!("internal-{id}")>"内部メモ欄"</label><span class="fine" id=format!("internal-mark-{id}")>"相談者には見えません"</span></p>
                <textarea id=format!("internal-{id}") rows="2" autocomplete="off" aria-describedby=format!("internal-mark-{id}")
                    prop:value=move || open.note.with(|note| note.internal.clone())
                    on:input=move |event| change(desk, open, |note| note.internal = event_target_value(&event))></textarea>
                {too_long(open, |note| &note.internal)}
            </div>
        </div>
        {actions(desk, open).into_any()}
    }
}

fn must(words: &'static str) -> AnyView {
    view! { <span class="must">{words}</span> }.into_any()
}

fn chosen(open: Open) -> Option<Disposition> {
    open.note.with(|note| Disposition::from_code(&note.disposition))
}

fn too_long(open: Open, field: fn(&NoteDraft) -> &String) -> impl IntoView {
    let over = Memo::new(move |_| open.note.with(|note| field(note).chars().count()) > limits::NOTE_FIELD_CHARS);
    move || {
        over.get().then(|| view! { <p class="fault" role="alert">{format!("{}字までで書いてください。", limits::NOTE_FIELD_CHARS)}</p> })
    }
}

/// What the scope guard marks in a field that the family reads.
fn beyond(
    desk: Desk,
    open: Open,
    read: fn(&NoteDraft) -> &String,
    field: fn(&mut NoteDraft) -> &mut String,
) -> impl IntoView {
    let marks = Memo::new(move |_| open.note.with(|note| scope::marked(desk, read(note))));
    scope::notes(marks, move |mark| {
        change(desk, open, |note| {
            let text = field(note);
            *text = mark.reworded(text);
        });
    })
}

/// Whether the family would read of it what the scope guard marks.
fn is_beyond(desk: Desk, note: &NoteDraft) -> bool {
    [&note.advice, &note.safety_net]
        .into_iter()
        .any(|text| !scope::marked(desk, text).is_empty())
}

/// 主訴: what the family chose is chosen already; the others are one click away.
fn complaints(desk: Desk, open: Open) -> impl IntoView {
    let has = move |one: Complaint| {
        open.note
            .with(|note| note.complaints.iter().any(|code| code == one.code()))
    };
    let full = Memo::new(move |_| open.note.with(|note| note.complaints.len()) >= limits::COMPLAINTS);
    let chip = move |one: Complaint| {
        let toggle = move |_| {
            change(desk, open, |note| {
                match note.complaints.iter().position(|code| code == one.code()) {
                    Some(at) => {
                        note.complaints.remove(at);
                    }
                    None => note.complaints.push(one.code().to_owned()),
                }
            });
        };
        view! {
            <button type="button" class=move || if has(one) { "chip key toggle" } else { "chip grey toggle" }
                aria-pressed=move || has(one).to_string() disabled=move || full.get() && !has(one) on:click=toggle>
                {one.label()}
            </button>
        }
    };
    let chosen = move || {
        Complaint::ALL
            .iter()
            .copied()
            .filter(|one| has(*one))
            .collect::<Vec<_>>()
    };
    let none = Memo::new(move |_| open.note.with(|note| note.complaints.is_empty()));
    view! {
        <fieldset class="field complaints">
            <legend><b>"主訴"</b></legend>
            <div class="chips">
                <For each=chosen key=|one| *one children=chip />
                {move || none.get().then(|| view! { <span class="fine">"えらばれていません"</span> })}
            </div>
            <details>
                <summary>"主訴をえらぶ"</summary>
                <div class="chips all">{Complaint::ALL.iter().copied().map(chip).collect_view()}</div>
            </details>
        </fieldset>
    }
}

/// 対応区分, as a grid of radio buttons.
fn dispositions(desk: Desk, open: Open) -> impl IntoView {
    let name = format!("disposition-{}", open.consultation);
    let radio = move |one: Disposition| {
        let is = move || open.note.with(|note| note.disposition == one.code());
        view! {
            <label class=move || if is() { "opt on" } else { "opt" }>
                <input type="radio" name=name.clone() value=one.code() prop:checked=is
                    on:change=move |_| change(desk, open, |note| note.disposition = one.code().to_owned()) />
                <span>{one.label()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field dispositions">
            <legend><b>"対応区分"</b>" "<span class="must">"必須"</span></legend>
            <div class="opts">{Disposition::ALL.iter().copied().map(radio).collect_view()}</div>
        </fieldset>
    }
}

fn actions(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let missing = Memo::new(move |_| open.note.with(|note| note.complete().err()));
    let passes = Memo::new(move |_| open.note.with(|note| is_beyond(desk, note)));
    let sign = move |close: bool| match open.note.with_untracked(NoteDraft::complete) {
        Ok(_) if passes.get_untracked() => desk.dialog.set(Some(Dialog::SignBeyondScope(id, close))),
        Ok(_) => desk.ask(Wish::Sign {
            consultation: id,
            scope_reason: None,
            close,
        }),
        Err(fault) => {
            open.note_fault.set(Some(fault.to_string()));
            focus_fault(open, fault);
        }
    };
    let hint = move || match (missing.get(), passes.get()) {
        (Some(fault), _) => fault.to_string(),
        (None, true) => "病気にふれる表現があります。このまま確定するときは、理由を書きます。".to_owned(),
        (None, false) => "このまま確定できます。".to_owned(),
    };
    let ready = move || {
        if missing.get().is_some() || passes.get() {
            "fine"
        } else {
            "fine ready"
        }
    };
    view! {
        <div class="record-actions">
            {move || match open.note_fault.get() {
                Some(text) => view! { <p class="fault" role="alert">{text}</p> }.into_any(),
                None => view! { <p class=ready()>{hint()}</p> }.into_any(),
            }}
            <div class="row">
                <button type="button" class="btn line small" disabled=move || open.signing.get() on:click=move |_| sign(false)>"確定だけする"</button>
                <button id=format!("do-sign-{id}") type="button" class="btn small" disabled=move || open.signing.get() on:click=move |_| sign(true)>
                    {move || if open.signing.get() { "確定しています…" } else { "確定して終える" }}
                </button>
            </div>
        </div>
    }
}

/// To the field that is missing, so that the sentence is followed by a place to write.
fn focus_fault(open: Open, fault: NoteFault) {
    let id = open.consultation;
    match fault {
        NoteFault::AdviceMissing | NoteFault::TooLong => super::super::talk::focus(&field_id(id)),
        NoteFault::SafetyNetMissing => super::super::talk::focus(&format!("net-{id}")),
        NoteFault::DispositionMissing => {}
    }
}
