//! intake: what a family says before it waits, in four steps: whom it is about, what it is about, signs of danger, and in
//! their own words.
//!
//! Promises: every step is a form that works without script and loses nothing; a ticked red-flag sign shows its panel at
//! once in the browser and on the next page without script; the panel cannot be dismissed and never stops the family from
//! sending. The form itself is a still part ([`ui::still`]); in the browser only panels and 「保存しました」 are alive.
//!
//! Not here: which rules fire (signaling's triage), storing the draft (server).

#[cfg(feature = "hydrate")]
mod alive;
mod mode;
mod panel;
mod photos;
mod signs;
mod subject;
mod symptoms;

pub use panel::{Ticked, panels};
pub use photos::PHOTOS;
pub use signs::MORE_SIGNS;
pub use subject::subject_fields;

use crate::{
    page::{
        City,
        guardian::{IntakePage, TicketPage},
    },
    ui,
};
use leptos::prelude::*;
use signaling::{
    intake::{FieldFault, IntakeField, IntakeStep},
    time::At,
};

/// One step of the intake.
#[must_use]
pub fn intake(city: &City, now: At, ticket: &TicketPage, page: &IntakePage) -> AnyView {
    let ticked = Ticked::of(page);
    let signs = RwSignal::new(page.draft.signs.clone());
    let saved = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    alive::bring_to_life([&ticket.path, "/intake"].concat(), signs, saved, expect_context());
    let action = [&ticket.path, "/intake"].concat();
    // Only where a photo may be in it: the file is sent whatever is pressed.
    let encoding = (page.at == IntakeStep::Mode).then_some("multipart/form-data");
    let head = ui::still(|| head(city, page.at));
    let notices = ui::still(|| crate::guardian::notices(ticket));
    let fields = ui::still(|| fields(ticket, page, now));
    view! {
        <div class="panels">{move || panels(&ticked.panels(&signs.get()))}</div>
        <div class="contents" inner_html=head></div>
        <main class="page">
            <div class="contents" inner_html=notices></div>
            <form class="stack" id="intake" method="post" action=action enctype=encoding novalidate inner_html=fields></form>
            <p class="fine saved" id="saved">{move || saved.get()}</p>
        </main>
    }
    .into_any()
}

fn number(step: IntakeStep) -> u8 {
    match step {
        IntakeStep::Subject => 1,
        IntakeStep::Symptoms => 2,
        IntakeStep::Signs => 3,
        IntakeStep::Mode => 4,
    }
}

fn step_title(step: IntakeStep) -> &'static str {
    match step {
        IntakeStep::Subject => "だれの相談ですか",
        IntakeStep::Symptoms => "症状・相談内容",
        IntakeStep::Signs => "今の様子",
        IntakeStep::Mode => "心配なこと・話し方",
    }
}

fn head(city: &City, at: IntakeStep) -> AnyView {
    let number = number(at);
    let bars = (1..=4u8)
        .map(|bar| view! { <i class=if bar <= number { "on" } else { "" }></i> })
        .collect_view();
    view! {
        <header class="top">
            <h1 class="title">{step_title(at)}</h1>
            <div class="row">
                {ui::demo_chip(city)}
                <span class="fine num"><span class="visually-hidden">"4つのうち"</span>{number}" / 4"</span>
            </div>
        </header>
        <div class="steps" aria-hidden="true">{bars}</div>
    }
    .into_any()
}

/// The form's name of a field.
fn name(field: IntakeField) -> &'static str {
    match field {
        IntakeField::About => "about",
        IntakeField::Born => "born",
        IntakeField::Due => "due",
        IntakeField::GaveBirth => "gave_birth",
        IntakeField::Complaints => "complaints",
        IntakeField::Temperature => "temperature",
        IntakeField::Worry => "worry",
        IntakeField::Mode => "mode",
    }
}

/// The id of the control that a fault is about.
fn control(field: IntakeField) -> &'static str {
    match field {
        IntakeField::About => "about-child",
        IntakeField::Born => "born_year",
        IntakeField::Mode => "mode-chat",
        other => name(other),
    }
}

fn sentence(fault: &FieldFault) -> String {
    fault.fault.advice(fault.field).to_owned()
}

fn fields(ticket: &TicketPage, page: &IntakePage, now: At) -> AnyView {
    let here: Vec<&FieldFault> = page.faults.iter().filter(|fault| fault.step == page.at).collect();
    let summary: Vec<_> = here
        .iter()
        .map(|fault| (control(fault.field).to_owned(), sentence(fault)))
        .collect();
    let fault = |field: &str| {
        let found = here.iter().find(|fault| name(fault.field) == field);
        found.map(|fault| fault.fault.advice(fault.field))
    };
    let (code, body) = match page.at {
        IntakeStep::Subject => ("subject", subject::step(page, now.date(), &fault).into_any()),
        IntakeStep::Symptoms => ("symptoms", symptoms::step(page, &fault).into_any()),
        IntakeStep::Signs => ("signs", signs::step(page, &fault).into_any()),
        IntakeStep::Mode => ("mode", mode::step(page, &ticket.path, &fault).into_any()),
    };
    view! {
        <input type="hidden" name="step" value=code />
        {(page.at == IntakeStep::Mode).then(photos::first_button)}
        {ui::command_field(ticket.command)}
        {ui::fault_summary(&summary)}
        {body}
        {buttons(page.at)}
    }
    .into_any()
}

/// 「つぎへ」 comes first in the document, because the first button is the one that the return key presses.
fn buttons(at: IntakeStep) -> AnyView {
    let on = if at == IntakeStep::Mode {
        view! { <button class="btn big block" name="go" value="send">"相談を送る"</button> }.into_any()
    } else {
        view! { <button class="btn big block" name="go" value="next">"つぎへ"</button> }.into_any()
    };
    let back = (at != IntakeStep::Subject).then(|| {
        view! { <button class="btn line block" name="go" value="back">"もどる"</button> }
    });
    view! { <div class="stack tight">{on}{back}</div> }.into_any()
}
