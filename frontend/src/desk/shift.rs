//! 対応中・休憩・終了: what the clinician says of themselves, and the dialog that asks at the end of a shift what becomes of each open
//! consultation.
//!
//! Promises: nothing is chosen beforehand, and the shift does not end before something is chosen for each; what was chosen and could
//! not be done is said with the reason, and the shift goes on.
//!
//! Not here: sending it (`presence`), what the server holds against it.

use super::{
    Desk, Dialog, Open, OpenStanding, Wish,
    dialogs::modal,
    handing::{chosen, people, value},
};
use leptos::{html, prelude::*};
use signaling::{
    actor::Role,
    duty::Duty,
    hand_over::{HandTo, doctor_for},
    id::ConsultationId,
    limits,
};
use std::collections::BTreeMap;

/// What becomes of an open consultation when its clinician's shift ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Back to the queue, at its old place.
    Return,
    /// It waits for a colleague or a profession, with a summary.
    HandOn(HandTo),
    /// Gone on with, after the shift.
    Keep,
}

impl Fate {
    fn label(self) -> &'static str {
        match self {
            Self::Return => "待ちに戻す",
            Self::HandOn(_) => "引き継ぐ",
            Self::Keep => "対応を続ける",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Return => "順番はそのままで、ほかの担当者が受けます",
            Self::HandOn(_) => "記録から作った要約をつけて、相手を決めて渡します",
            Self::Keep => "終了のあとも、この相談だけは自分が受け持ちます",
        }
    }
}

/// What this clinician has: what a shift cannot end past.
#[must_use]
pub(super) fn has_now(desk: Desk) -> Vec<Open> {
    let mine = |open: &Open| {
        let standing = desk.me.with_value(|me| open.standing(me));
        matches!(standing, OpenStanding::Mine | OpenStanding::Loading)
    };
    desk.opened
        .with(|opened| opened.iter().filter(|open| mine(open)).copied().collect())
}

/// The three buttons.
pub(super) fn group(desk: Desk, hours: String) -> impl IntoView {
    let hint = move || match desk.duty.get() {
        Duty::On => hours.clone(),
        Duty::Break => "休憩中は、相談者に名前が出ません".to_owned(),
        Duty::Off => "「対応中」で音が鳴ります".to_owned(),
    };
    let buttons = Duty::ALL.iter().map(|duty| button(desk, *duty)).collect_view();
    view! {
        <span class="shift-group" role="group" aria-label="勤務">
            {buttons}
            <span class="fine num shift-hint">{hint}</span>
        </span>
    }
}

fn button(desk: Desk, duty: Duty) -> impl IntoView {
    let is_this = move || desk.duty.get() == duty;
    let class = move || match (is_this(), duty) {
        (false, _) => "shift",
        (true, Duty::On) => "shift on",
        (true, Duty::Break) => "shift on pause",
        (true, Duty::Off) => "shift on over",
    };
    let dot = (duty == Duty::On).then(|| view! { <span class="dot" aria-hidden="true"></span> });
    view! {
        <button type="button" class=class aria-pressed=move || is_this().to_string()
            on:click=move |_| desk.ask(Wish::Duty(duty))>{dot}{duty.label()}</button>
    }
}

/// What was said and did not arrive, above the columns.
pub(super) fn alert(desk: Desk) -> impl IntoView {
    move || {
        let fault = desk
            .duty_fault
            .get()
            .filter(|_| desk.dialog.get() != Some(Dialog::EndShift));
        fault.map(|fault| view! { <div class="alert amber" role="alert"><b>{fault}</b></div> })
    }
}

/// The dialog at the end of a shift.
pub(super) fn ending(desk: Desk) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let is_open = Memo::new(move |_| desk.dialog.get() == Some(Dialog::EndShift));
    modal(node, move || is_open.get());
    let fates = RwSignal::new(BTreeMap::<ConsultationId, Fate>::new());
    let reason = RwSignal::new(String::new());
    Effect::new(move |_| {
        if is_open.get() {
            fates.set(BTreeMap::new());
            reason.set("勤務が終わるため".to_owned());
        }
    });
    let ids = Memo::new(move |_| {
        let has = has_now(desk).into_iter().map(|open| open.consultation);
        has.collect::<Vec<ConsultationId>>()
    });
    let chosen = move || {
        let chosen = fates.get();
        let all = ids.get().into_iter().map(|id| chosen.get(&id).map(|fate| (id, *fate)));
        all.collect::<Option<Vec<_>>>()
    };
    let unfit = move || {
        let length = reason.with(|text| text.trim().chars().count());
        chosen().is_none() || length == 0 || length > limits::REASON_CHARS
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(fates) = untrack(chosen).filter(|_| !untrack(unfit)) {
            desk.ask(Wish::EndShift(fates, reason.get_untracked()));
        }
    };
    view! {
        <dialog class="dialog" node_ref=node aria-label="担当している相談をどうしますか" on:close=move |_| desk.dialog.set(None)>
            <form class="stack" on:submit=submit>
                <h2>"担当している相談をどうしますか"</h2>
                <p class="sub">"終了する前に、ひとつずつ選んでください。選ばない相談があると終了できません。"</p>
                <For each=move || ids.get() key=|id| *id children=move |id| fate_of(desk, fates, id) />
                <label class="field"><b>"戻す・引き継ぐ理由（職員だけが読みます）"</b>
                    <input autocomplete="off" maxlength=limits::REASON_CHARS.to_string()
                        prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event)) /></label>
                {move || desk.duty_fault.get().map(|fault| view! { <p class="wrong" role="alert">{fault}</p> })}
                <div class="row end">
                    <button type="button" class="btn line small" on:click=move |_| desk.dialog.set(None)>"やめる"</button>
                    <button class="btn small" disabled=unfit>"終了する"</button>
                </div>
            </form>
        </dialog>
    }
}

/// Whom a consultation suits: the doctor for whom it is about.
fn suited(open: Option<Open>) -> HandTo {
    let subject = open.and_then(|open| {
        open.thread
            .with_untracked(|thread| thread.intake.as_ref().map(|intake| intake.subject))
    });
    HandTo::Profession(subject.map_or(Role::Pediatrician, |subject| doctor_for(&subject)))
}

fn fate_of(desk: Desk, fates: RwSignal<BTreeMap<ConsultationId, Fate>>, id: ConsultationId) -> AnyView {
    // Two families may come with the same.
    let title = Memo::new(move |_| {
        desk.open(id).map_or(String::new(), |open| {
            let since = open.thread.with(|thread| thread.requested_at.map(|at| at.clock()));
            format!("{}（{}受付）", open.title(), since.unwrap_or_default())
        })
    });
    let to = RwSignal::new(suited(untrack(|| desk.open(id))));
    let choose = move |fate: Fate| {
        fates.update(|fates| {
            fates.insert(id, fate);
        });
    };
    let is_on = move |fate: Fate| {
        let now = fates.with(|fates| fates.get(&id).copied());
        now.is_some_and(|now| std::mem::discriminant(&now) == std::mem::discriminant(&fate))
    };
    let group = format!("fate-{id}");
    let row = move |made: Fate| {
        let fate = move || match made {
            Fate::HandOn(_) => Fate::HandOn(to.get_untracked()),
            other => other,
        };
        view! {
            <label class="row check">
                <input type="radio" name=group.clone() prop:checked=move || is_on(made) on:change=move |_| choose(fate()) />
                <span>{made.label()}<small class="fine">"　"{made.hint()}</small></span>
            </label>
        }
    };
    let whom = move |event| {
        if let Some(chosen) = chosen(&event_target_value(&event)) {
            to.set(chosen);
            choose(Fate::HandOn(chosen));
        }
    };
    view! {
        <fieldset class="stack tight"><legend><b>{move || title.get()}</b></legend>
            {row(Fate::Return)}
            {row(Fate::HandOn(to.get_untracked()))}
            <select aria-label="引き継ぐ相手" hidden=move || !is_on(Fate::HandOn(to.get())) on:change=whom
                prop:value=move || { desk.colleagues.track(); value(to.get()) }>{people(desk)}</select>
            {row(Fate::Keep)}
        </fieldset>
    }
    .into_any()
}
