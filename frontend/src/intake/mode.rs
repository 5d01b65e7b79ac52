//! Step 3: how they want to talk, what has been written so far, and the sentence that this is no medical examination.

use crate::{link::NOT_AN_EXAMINATION, page::guardian::IntakePage, ui};
use leptos::prelude::*;
use signaling::intake::{Complaint, Mode};

pub(super) fn step<'a>(page: &IntakePage, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    let chosen = if page.draft.mode.is_empty() {
        Mode::Chat.code()
    } else {
        page.draft.mode.as_str()
    };
    let modes = Mode::ALL
        .iter()
        .map(|mode| mode_row(*mode, *mode == Mode::from_code(chosen).unwrap_or(Mode::Chat)))
        .collect_view();
    let closed = (!page.opening.is_open).then(|| {
        ui::notice_bar(
            ui::Tone::Key,
            format!("いまは受付時間外です。{}時間以内に返信します", page.opening.reply_hours),
            page.opening.hours.clone(),
        )
    });
    view! {
        {closed}
        <fieldset class="stack tight" aria-describedby="mode-fault">
            <legend class="large">"どうやって話しますか"</legend>
            <p class="sub">"あとからでも変えられます。"</p>
            {modes}
            {ui::fault_line("mode", fault("mode"))}
        </fieldset>
        <label class="opt" for="quiet">
            <input type="checkbox" id="quiet" name="quiet" value="on" checked=page.draft.quiet aria-describedby="quiet-hint" />
            <span>"声を出さずに相談"<small id="quiet-hint">"相手の声を聞き、こちらは文字で答えます。寝かしつけ中でも。"</small></span>
        </label>
        {recap(page)}
        {ui::notice_bar(ui::Tone::Key, "送る前にお読みください".to_owned(), NOT_AN_EXAMINATION.to_owned())}
    }
    .into_any()
}

fn mode_row(mode: Mode, checked: bool) -> AnyView {
    let words = match mode {
        Mode::Chat => "文字でやりとりします。いちばん手軽です。",
        Mode::Audio => "声だけで話します。顔は映りません。",
        Mode::Video => "顔や様子を見せながら話せます。",
    };
    let id = ["mode-", mode.code()].concat();
    let hint = [id.as_str(), "-hint"].concat();
    view! {
        <div class="opt-row">
            <label class="opt" for=id>
                <input type="radio" id=id.clone() name="mode" value=mode.code() checked=checked aria-label=mode.label() aria-describedby=hint.clone() />
                <span>{mode.label()}<small id=hint>{words}</small></span>
            </label>
        </div>
    }
    .into_any()
}

/// What will be sent, so that nobody must leaf back to see it.
fn recap(page: &IntakePage) -> AnyView {
    let complaints: Vec<&str> = page
        .draft
        .complaints
        .iter()
        .filter_map(|code| Complaint::from_code(code))
        .map(Complaint::label)
        .collect();
    view! {
        <details class="card fold">
            <summary>"送る内容を見る"</summary>
            <dl class="sent">
                <dt>"だれについて"</dt><dd>{page.subject.clone().unwrap_or_default()}</dd>
                <dt>"どんなこと"</dt><dd>{complaints.join("、")}</dd>
                <dt>"いちばん心配なこと"</dt><dd class="said">{page.draft.worry.clone()}</dd>
            </dl>
        </details>
    }
    .into_any()
}
