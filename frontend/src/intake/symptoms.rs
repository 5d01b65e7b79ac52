//! Step 2: the red-flag questions that fit, what it is about, in the family's own words. Questions come first: if one is
//! ticked, everything below can wait.

use crate::{page::guardian::IntakePage, ui};
use leptos::prelude::*;
use signaling::{
    intake::{Complaint, Onset},
    limits,
};

pub(super) fn step<'a>(page: &IntakePage, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    view! {
        {questions(page)}
        {complaints(page, fault("complaints"))}
        {worry(&page.draft.worry, fault("worry"))}
        {temperature_and_onset(page, fault("temperature"))}
        <p class="fine">"入力した内容は、この端末で書いている間も自動で保存されます。"</p>
    }
    .into_any()
}

fn questions(page: &IntakePage) -> Option<impl IntoView + use<>> {
    if page.questions.is_empty() {
        return None;
    }
    let whom = page.subject.clone().map(|subject| match page.draft.about.as_str() {
        "child" => [subject.as_str(), "のお子さんに合わせた質問です。"].concat(),
        _ => [subject.as_str(), "の方に合わせた質問です。"].concat(),
    });
    let rows = page
        .questions
        .iter()
        .map(|q| {
            ui::option_row(
                "checkbox",
                "signs",
                &q.sign,
                page.draft.signs.contains(&q.sign),
                q.ask.clone(),
            )
        })
        .collect_view();
    let none = page.draft.no_signs && page.draft.signs.is_empty();
    Some(view! {
        <fieldset class="stack tight">
            <legend class="large">"今、こんな様子はありますか？"</legend>
            <p class="sub">{whom}"あてはまるものすべてを押してください。"</p>
            {rows}
            {ui::option_row("checkbox", "no_signs", "on", none, "どれもない".to_owned())}
        </fieldset>
    })
}

/// The categories that fit, in the order in which they are offered. What was chosen before is always among them.
fn offered(about: &str, chosen: &[String]) -> Vec<Complaint> {
    use Complaint::{
        Abdomen, AfterBirth, Breathing, Feeding, Fever, Head, Mind, Other, Pregnancy, Rash, Sleep, Vaccine, Vomiting,
    };
    let mut list: Vec<Complaint> = match about {
        "pregnant" => vec![
            Pregnancy, Abdomen, Vomiting, Fever, Breathing, Head, Rash, Sleep, Mind, Vaccine, Other,
        ],
        "postpartum" => vec![
            AfterBirth, Feeding, Mind, Sleep, Fever, Abdomen, Breathing, Head, Rash, Other,
        ],
        "child" => Complaint::ALL
            .iter()
            .copied()
            .filter(|one| !matches!(one, Pregnancy | AfterBirth))
            .collect(),
        _ => Complaint::ALL.to_vec(),
    };
    for code in chosen {
        if let Some(one) = Complaint::from_code(code)
            && !list.contains(&one)
        {
            list.push(one);
        }
    }
    list
}

/// 「頭を打った」 is a child's; to adults the same category asks after the head as such.
fn words(complaint: Complaint, about: &str) -> &'static str {
    if complaint == Complaint::Head && about != "child" {
        "頭痛・頭を打った"
    } else {
        complaint.label()
    }
}

fn complaints(page: &IntakePage, fault: Option<&str>) -> AnyView {
    let about = page.draft.about.as_str();
    let picks = offered(about, &page.draft.complaints)
        .into_iter()
        .map(|one| {
            let chosen = page.draft.complaints.iter().any(|code| code == one.code());
            ui::pick("checkbox", "complaints", one.code(), chosen, words(one, about))
        })
        .collect_view();
    let most = limits::COMPLAINTS;
    view! {
        <fieldset class="stack tight" id="complaints" aria-describedby="complaints-fault">
            <legend class="large">"どんなことですか"<span class="must">"必須"</span></legend>
            <p class="sub">"近いものをえらんでください（"{most}"つまで）。"</p>
            <div class="picks">{picks}</div>
            {ui::fault_line("complaints", fault)}
        </fieldset>
    }
    .into_any()
}

fn worry(typed: &str, fault: Option<&str>) -> AnyView {
    let invalid = fault.is_some().then_some("true");
    view! {
        <div class="field">
            <label class="large" for="worry">"いちばん心配なこと"<span class="must">"必須"</span></label>
            <p class="fine" id="worry-hint">"ひとことでも大丈夫です。お名前や住所は書かないでください。"</p>
            <textarea
                id="worry" name="worry" rows="4" maxlength=limits::WORRY_CHARS.to_string() required
                aria-describedby="worry-hint worry-fault" aria-invalid=invalid inner_html=ui::textarea_content(typed)
            ></textarea>
            {ui::fault_line("worry", fault)}
        </div>
    }
    .into_any()
}

fn temperature_and_onset(page: &IntakePage, fault: Option<&str>) -> AnyView {
    let invalid = fault.is_some().then_some("true");
    let onset = Onset::ALL
        .iter()
        .map(|one| {
            ui::pick(
                "radio",
                "onset",
                one.code(),
                page.draft.onset == one.code(),
                one.label(),
            )
        })
        .collect_view();
    view! {
        <fieldset class="stack tight">
            <legend class="large">"いつから"<span class="maybe">"任意"</span></legend>
            <div class="picks">{onset}</div>
        </fieldset>
        <div class="field">
            <label class="large" for="temperature">"体温"<span class="maybe">"はかったとき"</span></label>
            <span class="unit">
                <input
                    id="temperature" name="temperature" inputmode="decimal" maxlength="8" value=page.draft.temperature.clone()
                    placeholder="38.5" aria-describedby="temperature-fault" aria-invalid=invalid
                />"℃"
            </span>
            {ui::fault_line("temperature", fault)}
        </div>
    }
    .into_any()
}
