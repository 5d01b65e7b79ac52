//! Step 4: in the family's own words, how they want to talk, what has been said so far, and the sentence that this is no
//! medical examination.

use crate::{link::NOT_AN_EXAMINATION, page::guardian::IntakePage, ui};
use leptos::prelude::*;
use signaling::{
    intake::{Complaint, Mode, Onset},
    limits,
};

pub(super) fn step<'a>(page: &IntakePage, path: &str, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    let chosen = if page.draft.mode.is_empty() {
        Mode::Chat.code()
    } else {
        page.draft.mode.as_str()
    };
    let modes = Mode::ALL
        .iter()
        .map(|mode| mode_row(*mode, *mode == Mode::from_code(chosen).unwrap_or(Mode::Chat)))
        .collect_view();
    let promise = promise(page);
    view! {
        {promise}
        {worry(&page.draft.worry, fault("worry"))}
        {onset(&page.draft.onset)}
        {super::photos::field(page, path)}
        <fieldset class="stack tight" aria-describedby="mode-fault">
            <legend class="large">"どうやって話しますか"</legend>
            <p class="sub">"あとからでも変えられます。"</p>
            {modes}
            {ui::fault_line("mode", fault("mode"))}
            <p class="fine"><a href=[path, "/check"].concat()>"カメラと音を先に確かめる"</a></p>
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

/// What can be expected of sending it now, before it is sent; and that it was not sent, where this has just changed.
fn promise(page: &IntakePage) -> AnyView {
    let opening = &page.opening;
    let changed = page.promise_changed.then(|| {
        ui::notice_bar(
            ui::Tone::Amber,
            "まだ送っていません。返信までの時間が変わりました".to_owned(),
            "下の案内を読んで、もう一度「相談を送る」を押してください。".to_owned(),
        )
    });
    let closed = (!opening.is_open).then(|| {
        let why = opening.why.clone().map_or(String::new(), |why| [&why, "。"].concat());
        let urgent = "急ぐときは119番、迷ったら#8000（夜間・小児）に電話してください。";
        ui::notice_bar(
            ui::Tone::Key,
            format!("いまは受付時間外です。{}時間以内に返信します", opening.reply_hours),
            [&why, &opening.hours, "。", urgent].concat(),
        )
    });
    view! {
        <input type="hidden" name="promise" value=opening.promise() />
        {changed}
        {closed}
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

fn onset(chosen: &str) -> AnyView {
    let picks = Onset::ALL
        .iter()
        .map(|one| ui::pick("radio", "onset", one.code(), chosen == one.code(), one.label()))
        .collect_view();
    view! {
        <fieldset class="stack tight">
            <legend class="large">"いつから"<span class="maybe">"任意"</span></legend>
            <div class="picks">{picks}</div>
        </fieldset>
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
    let ticked = page.questions.iter().filter(|one| page.draft.signs.contains(&one.sign));
    let mut signs: Vec<&str> = ticked.map(|one| one.ask.as_str()).collect();
    if page.draft.no_signs {
        signs.push("どれもない");
    }
    let temperature = page.draft.temperature_tenths().ok().flatten();
    let row =
        |term: &'static str, words: String| (!words.is_empty()).then(|| view! { <dt>{term}</dt><dd>{words}</dd> });
    view! {
        <details class="card fold">
            <summary>"送る内容を見る"</summary>
            <dl class="sent">
                {row("だれについて", page.subject.clone().unwrap_or_default())}
                {row("どんなこと", complaints.join("、"))}
                {row("危険なサイン", signs.join("、"))}
                {row("体温", temperature.map_or(String::new(), |tenths| format!("{}.{}℃", tenths / 10, tenths % 10)))}
            </dl>
        </details>
    }
    .into_any()
}
