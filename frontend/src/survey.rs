//! survey: the one question that the city counts. One tap, optional words, one button; a form without script.

#[cfg(feature = "hydrate")]
pub(crate) mod alive;

use crate::{
    guardian::{Stage, Visit},
    page::guardian::{LivePage, SurveyDraft, TicketPage},
    ui,
};
use leptos::prelude::*;
use signaling::{limits, survey::Answer, time::Millis};

/// The survey, or thanks for it. `survey_open` of the model speaks for a consultation that is already over; one that ends
/// while the page is open can be answered at once.
#[must_use]
pub fn survey(visit: Visit, ticket: &TicketPage, page: &LivePage) -> AnyView {
    let over_at_first = visit.stage.get_untracked() == Stage::Over;
    let too_late = over_at_first && !page.survey_open;
    let answered = move || visit.thread.with(|thread| thread.survey.is_some());
    let form_hidden = move || too_late || visit.stage.get() != Stage::Over || answered();
    let gone = ui::still(|| too_late.then(|| came_too_late(&page.survey_draft)));
    let gone_hidden = move || !too_late || visit.stage.get() != Stage::Over || answered();
    let thanks_hidden = move || visit.stage.get() != Stage::Over || !answered();
    let form = ui::still(|| form(ticket, &page.survey_draft));
    view! {
        <section class="card" aria-labelledby="survey-title" hidden=form_hidden inner_html=form></section>
        <section class="stack tight" id="survey-over" hidden=gone_hidden inner_html=gone></section>
        <section class="bar-note green" role="status" hidden=thanks_hidden>
            <span class="mark" aria-hidden="true">"✓"</span>
            <div><b>"ご回答ありがとうございました"</b><div class="sub">"これからの相談に役立てます。お大事になさってください。"</div></div>
        </section>
    }
    .into_any()
}

/// The days in which it could be answered are over. What was written too late is still there to be kept.
fn came_too_late(draft: &SurveyDraft) -> AnyView {
    let days = limits::SURVEY_OPEN.0 / Millis::days(1).0;
    let unsent = (!draft.words.is_empty()).then(|| {
        view! {
            <div class="field">
                <label for="survey-unsent">"送れなかったひとこと"</label>
                <textarea id="survey-unsent" rows="2" readonly inner_html=ui::textarea_content(&draft.words)></textarea>
            </div>
        }
    });
    view! {
        <p class="bar-note key">{format!("アンケートの受付は終わりました（相談が終わってから{days}日間）。お気持ちをありがとうございます。")}</p>
        {unsent}
    }
    .into_any()
}

fn form(ticket: &TicketPage, draft: &SurveyDraft) -> AnyView {
    let answers = Answer::ALL
        .iter()
        .map(|answer| {
            let chosen = answer.code() == draft.answer;
            ui::option_row("radio", "answer", answer.code(), chosen, answer.label().to_owned())
        })
        .collect_view();
    view! {
        <form class="stack" id="survey" method="post" action=[&ticket.path, "/survey"].concat()>
            {ui::command_field(ticket.command)}
            <fieldset class="stack tight">
                <legend class="large" id="survey-title">"今後も利用したいですか"</legend>
                {answers}
            </fieldset>
            <div class="field">
                <label for="words">"ひとこと"<span class="maybe">"任意"</span></label>
                <textarea id="words" name="words" rows="2" maxlength=limits::SURVEY_WORDS_CHARS.to_string()
                    inner_html=ui::textarea_content(&draft.words)></textarea>
            </div>
            <p class="wrong" id="survey-fault" role="alert" hidden></p>
            <p class="fine" id="survey-sending" role="status" hidden>"送信中"</p>
            <button class="btn block">"回答を送る"</button>
        </form>
    }
    .into_any()
}
