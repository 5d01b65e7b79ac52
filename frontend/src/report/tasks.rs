//! `/tasks`: what supervisors have to look after, with owner and deadline. Closing one needs what was done. Forms without script.
//!
//! Promises: what nobody took in time stands first, since a family waits there. With script the open page listens
//! (`shell/listening.js`) and says where it cannot; without, an empty list is loaded anew now and then. While somebody writes into
//! it, nothing is taken from under their hands.

mod overlooked;

use crate::{
    page::report::{TaskLine, Tasks},
    ui,
};
use leptos::prelude::*;
use signaling::{after::TaskKind, id::CommandId, limits, time::At};

/// The list.
pub(super) fn tasks(list: Tasks, now: At) -> impl IntoView {
    let Tasks {
        overlooked,
        phones,
        lines,
        fault,
    } = list;
    let count = lines.len() + overlooked.len();
    let fault_of = |consultation, seq| {
        let of = |(at, task, _): &&(_, _, String)| (*at, *task) == (consultation, seq);
        fault.as_ref().filter(of).map(|(_, _, text)| text.clone())
    };
    let body = if count == 0 {
        view! { <p class="card empty">"いま対応することはありません。新しく届くと、この画面に表示されます。"</p> }
            .into_any()
    } else {
        let overlooked = overlooked.into_iter().map(|row| {
            let fault = fault_of(row.consultation, None);
            overlooked::card(row, &phones, fault, now)
        });
        let lines = lines
            .iter()
            .map(|line| card(line, fault_of(line.consultation, Some(line.seq)), now));
        overlooked.chain(lines).collect_view().into_any()
    };
    view! {
        {listening()}
        <div class="stack" id="tasks">
        <div class="report-head"><h1>"対応すること"</h1><p class="sub num">{format!("{count}件")}</p></div>
        <p class="sub">"担当者が決まらなかった相談、気になる記録、「そう思わない」の回答、同意のあった紹介です。担当のいない相談は、だれかが引き受けたあとも、何をしたかを書くまで残ります。"</p>
        <div class="stack">{body}</div>
        </div>
    }
}

/// What the listening page has to say of itself; shown by its script.
fn listening() -> AnyView {
    let note = |tone, title: &str, text: &str| ui::notice_bar(tone, title.to_owned(), text.to_owned());
    view! {
        <noscript><p class="sub">"スクリプトが使えないため、新しい件が届いても音は鳴りません。この画面をときどき読みこみ直してください。"</p></noscript>
        <div id="cut-off" role="alert" hidden>
            {note(ui::Tone::Red, "通信が途切れています", "つながるまで、新しい件が届いても分かりません。")}
        </div>
        <div id="blocked" role="alert" hidden>
            {note(ui::Tone::Amber, "ブラウザが音を止めています", "この画面のどこかを一度押すと、つぎから鳴ります。")}
        </div>
        <div id="arrived" role="status" hidden>
            <p class="bar-note amber"><b>"新しい件が届きました。"</b><span>"書きかけのものを送ると、一覧に出ます。"<a href="/tasks" target="_blank">"別のタブで見る"</a></span></p>
        </div>
        <button type="button" class="btn line" id="ask-notice" hidden>"届いたらデスクトップに知らせる"</button>
    }
    .into_any()
}

fn stamp(at: At) -> String {
    format!("{} {}", at.date_text(), at.clock())
}

fn due(due_at: At, now: At) -> AnyView {
    let late = due_at <= now;
    let class = if late { "chip red num" } else { "chip yellow num" };
    let late = if late { "（過ぎています）" } else { "" };
    let words = format!("期限 {}{late}", stamp(due_at));
    view! { <span class=class>{words}</span> }.into_any()
}

/// Taking it, where nobody has it, and closing it by what was done. `way`: where more of it stands.
fn form(
    action: &str,
    take: Option<CommandId>,
    close: CommandId,
    fault: Option<String>,
    way: (&str, &'static str),
) -> AnyView {
    let words = format!("words{}", action.replace('/', "-"));
    let wrong = fault.is_some().then_some("true");
    let take = take.map(|take| {
        view! {
            <form method="post" action=action.to_owned()>
                <input type="hidden" name="command" value=take.to_string() />
                <button class="btn" name="go" value="take">"自分が対応する"</button>
            </form>
        }
    });
    view! {
        {take}
        <form method="post" action=action.to_owned() class="stack tight">
            <input type="hidden" name="command" value=close.to_string() />
            <div class="field">
                <label for=words.clone()>"何をしたか"<span class="must">"必須"</span></label>
                <textarea id=words name="words" rows="2" required aria-invalid=wrong
                    maxlength=limits::NOTE_FIELD_CHARS.to_string()></textarea>
            </div>
            {fault.map(|text| view! { <p class="fault" role="alert">{text}</p> })}
            <div class="row wrap"><button class="btn line" name="go" value="close">"対応を終える"</button><a href=way.0.to_owned()>{way.1}</a></div>
        </form>
    }
    .into_any()
}

fn card(line: &TaskLine, fault: Option<String>, now: At) -> AnyView {
    let action = format!("/tasks/{}/{}", line.consultation, line.seq);
    let (log, concern) = (
        format!("/logs/{}", line.consultation),
        format!("/concerns/{}", line.consultation),
    );
    let way = match line.kind {
        TaskKind::Concern => (concern.as_str(), "気になる記録を開く"),
        TaskKind::Dissatisfied | TaskKind::Referral => (log.as_str(), "経過を見る"),
    };
    let owner = line.owner.clone().unwrap_or_else(|| "まだいません".to_owned());
    let shared = line.shared.clone().map(|text| {
        view! { <dt>"伝える内容"</dt><dd class="said">{text}</dd> }
    });
    let title = format!("title-{}-{}", line.consultation, line.seq);
    let body = if line.is_held {
        let way = log.clone();
        view! {
            <p class="sub">"保健師が受け取りました。期限を過ぎても終わらないときは、ここで引き継げます。"</p>
            {fault.map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
            <p><a href=way>"経過を見る"</a></p>
        }
        .into_any()
    } else {
        form(&action, line.take, line.close, fault, way)
    };
    view! {
        <article class="card stack tight" data-task=format!("{}/{}", line.consultation, line.seq) aria-labelledby=title>
            <div class="row wrap">
                <h2 id=title.clone()>{line.kind.label()}</h2>
                {due(line.due_at, now)}
            </div>
            <dl class="facts wide">
                <dt>"届いた時刻"</dt><dd class="num">{stamp(line.opened_at)}</dd>
                <dt>"対応する人"</dt><dd>{owner}</dd>
                {shared}
            </dl>
            {body}
        </article>
    }
    .into_any()
}
