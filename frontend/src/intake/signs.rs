//! Step 3: the few signs of danger that go with this age and complaint, the rest on request, and the temperature.
//!
//! Promises: 「どれもない」 stands once, at the end, and speaks of what is on the page only: the form names every sign that it
//! shows. Unfolding is a post like going on, so it works without script and survives a reload.

use crate::{page::guardian::IntakePage, ui};
use leptos::prelude::*;
use signaling::triage::Question;

/// Where the page goes on once the rest is unfolded.
pub const MORE_SIGNS: &str = "more-signs";

pub(super) fn step<'a>(page: &IntakePage, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    // The return key presses the first button of a form, which must not be the one that unfolds.
    view! {
        <button class="visually-hidden" name="go" value="next" tabindex="-1" aria-hidden="true">"つぎへ"</button>
        {questions(page)}
        {temperature(page, fault("temperature"))}
    }
    .into_any()
}

fn questions(page: &IntakePage) -> Option<AnyView> {
    if page.questions.is_empty() {
        return None;
    }
    let (first, rest) = page.questions.split_at(page.first.min(page.questions.len()));
    let whom = page.subject.clone().map(|subject| match page.draft.about.as_str() {
        "child" => [subject.as_str(), "のお子さんに合わせた質問です。"].concat(),
        _ => [subject.as_str(), "の方に合わせた質問です。"].concat(),
    });
    let unfolded = (!rest.is_empty()).then(|| {
        view! { <h2 class="large" id=MORE_SIGNS tabindex="-1">"ほかの危険なサイン"</h2>{rows(page, rest)} }
    });
    let folded = (page.folded > 0).then(|| {
        view! {
            <button class="btn line block" name="go" value="more">
                "ほかの危険なサインも確認する"<small>{["（あと", &page.folded.to_string(), "）"].concat()}</small>
            </button>
        }
    });
    let shown_before = page.questions.iter().all(|q| page.draft.asked.contains(&q.sign));
    let none = page.draft.no_signs && page.draft.signs.is_empty() && shown_before;
    Some(
        view! {
            <fieldset class="stack tight">
                <legend class="large">"今、こんな様子はありますか？"</legend>
                <p class="sub">{whom}"あてはまるものすべてを押してください。"</p>
                {rows(page, first)}
                {unfolded}
                {ui::option_row("checkbox", "no_signs", "on", none, "どれもない".to_owned())}
            </fieldset>
            {folded}
        }
        .into_any(),
    )
}

fn rows(page: &IntakePage, questions: &[Question]) -> AnyView {
    questions
        .iter()
        .map(|q| {
            let ticked = page.draft.signs.contains(&q.sign);
            view! {
                <input type="hidden" name="asked" value=q.sign.clone() />
                {ui::option_row("checkbox", "signs", &q.sign, ticked, q.ask.clone())}
            }
        })
        .collect_view()
        .into_any()
}

fn temperature(page: &IntakePage, fault: Option<&str>) -> AnyView {
    let invalid = fault.is_some().then_some("true");
    view! {
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
