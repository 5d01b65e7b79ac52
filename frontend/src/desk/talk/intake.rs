//! What the family said before it waited, first in the conversation, with the danger signs on top and its photos below.

use super::photos;
use crate::desk::Open;
use leptos::prelude::*;
use signaling::{id::PhotoId, intake::Intake, time::At, triage::Action, view::Thread};

/// The card. Nothing before the log has arrived.
pub(super) fn card(open: Open, thread: &Thread) -> impl IntoView + use<> {
    let acuity = thread.acuity;
    let flags = thread.flags.clone();
    let erased = thread.requested_at.is_some() && thread.intake.is_none();
    let facts = thread
        .intake
        .as_ref()
        .zip(thread.requested_at)
        .map(|(intake, at)| facts(intake, at));
    let answers = thread.intake.as_ref().map(answers);
    let photos = thread.photos_with_intake();
    view! {
        <section class="intake" aria-label="受付の内容">
            {(!flags.is_empty()).then(|| open.epds.with(|asked| flag_panel(&flags, &asked.flags)))}
            <div class="intake-head">
                <h3>"受付の内容"</h3>
                {acuity.map(|acuity| view! {
                    <span class=format!("chip {}", crate::claim::chip_class(acuity))>{acuity.label()}</span>
                })}
            </div>
            {erased.then(|| view! { <p class="sub">"保存期間が過ぎたため、受付の内容は消去されています。"</p> })}
            {facts}
            {answers.map(|words| view! { <p class="fine">{words}</p> })}
            {(!photos.is_empty()).then(|| with_intake(open, photos))}
        </section>
    }
}

/// The photos that came with it. Pressed, one is seen large.
fn with_intake(open: Open, photos: Vec<(PhotoId, (u32, u32))>) -> impl IntoView + use<> {
    let photos = photos
        .into_iter()
        .map(|(photo, size)| photos::line(open, photo, size, "受付の写真"))
        .collect_view();
    view! { <div class="intake-photos">{photos}</div> }
}

/// What the family said of the signs that it was shown. Of others nothing is known, and the words do not pretend to.
fn answers(intake: &Intake) -> String {
    let asked = intake.asked.len();
    match (intake.signs.len(), intake.no_signs) {
        (0, true) if asked > 0 => {
            format!("たずねた危険サイン{asked}項目には「どれもない」と答えています。")
        }
        (0, true) => "危険サインの質問には「どれもない」と答えています。".to_owned(),
        (0, false) => "危険サインの質問には答えていません。".to_owned(),
        (ticked, _) => format!("危険サインの{ticked}項目に、あてはまると答えています。"),
    }
}

/// What fired, and what the family was told at once: nothing of what points of an EPDS made fire.
pub(in crate::desk) fn flag_panel(flags: &[(String, Action)], by_epds: &[(String, Action)]) -> impl IntoView + use<> {
    let rows = flags
        .iter()
        .map(|flag| {
            let (rule, action) = flag;
            let told = if by_epds.contains(flag) {
                "EPDSの点数により、相談者には出していません"
            } else if action.is_shown_to_family() {
                "相談者に案内済み"
            } else {
                "相談者には出していません"
            };
            view! { <li><b>{rule.clone()}</b>" "{action.label()}<span class="sub">{format!("（{told}）")}</span></li> }
        })
        .collect_view();
    let urgent = flags.iter().any(|(_, action)| action.is_shown_to_family());
    view! {
        <div class=if urgent { "flags urgent" } else { "flags" }>
            <b class="flags-title">"危険サイン"</b>
            <ul>{rows}</ul>
        </div>
    }
}

fn facts(intake: &Intake, at: At) -> impl IntoView + use<> {
    let about = intake.about(at.date());
    let temperature = intake
        .temperature_tenths
        .map(|tenths| format!("{}.{}℃", tenths / 10, tenths % 10));
    view! {
        <dl class="facts two">
            <dt>"だれ"</dt><dd>{about}</dd>
            <dt>"内容"</dt><dd>{crate::claim::complaints_text(&intake.complaints)}</dd>
            {intake.onset.map(|onset| view! { <dt>"いつから"</dt><dd>{onset.label()}</dd> })}
            {temperature.map(|text| view! { <dt>"体温"</dt><dd class="num">{text}</dd> })}
            <dt>"受付"</dt><dd class="num">{at.clock()}</dd>
        </dl>
        <blockquote class="worry-full">{intake.worry.clone()}</blockquote>
    }
}
