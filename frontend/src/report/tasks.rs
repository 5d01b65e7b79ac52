//! `/tasks`: what supervisors have to look after, with owner and deadline. Closing one needs what was done. Forms without script.

use crate::page::report::{TaskLine, Tasks};
use leptos::prelude::*;
use signaling::{after::TaskKind, limits, time::At};

/// The list.
pub(super) fn tasks(list: Tasks, now: At) -> impl IntoView {
    let Tasks { lines, fault } = list;
    let count = lines.len();
    let body = if lines.is_empty() {
        view! { <p class="card empty">"いま対応することはありません。新しく届くと、この画面に表示されます。"</p> }
            .into_any()
    } else {
        lines
            .into_iter()
            .map(|line| {
                let of =
                    |(consultation, seq, _): &&(_, _, String)| *consultation == line.consultation && *seq == line.seq;
                let fault = fault.as_ref().filter(of).map(|(_, _, text)| text.clone());
                card(&line, fault, now)
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="report-head"><h1>"対応すること"</h1><p class="sub num">{format!("{count}件")}</p></div>
        <p class="sub">"気になる記録、「そう思わない」の回答、同意のあった紹介です。何をしたかを書くと終わります。"</p>
        <div class="stack">{body}</div>
    }
}

fn card(line: &TaskLine, fault: Option<String>, now: At) -> impl IntoView + use<> {
    let key = format!("{}-{}", line.consultation, line.seq);
    let action = format!("/tasks/{}/{}", line.consultation, line.seq);
    let late = line.due_at <= now;
    let stamp = |at: At| format!("{} {}", at.date_text(), at.clock());
    let due = if late {
        format!("期限 {}（過ぎています）", stamp(line.due_at))
    } else {
        format!("期限 {}", stamp(line.due_at))
    };
    let take = line.owner.is_none().then(|| {
        view! {
            <form method="post" action=action.clone()>
                <input type="hidden" name="command" value=line.take.to_string() />
                <button class="btn" name="go" value="take">"自分が対応する"</button>
            </form>
        }
    });
    let way = match line.kind {
        TaskKind::Concern => (format!("/concerns/{}", line.consultation), "気になる記録を開く"),
        TaskKind::Dissatisfied | TaskKind::Referral => (format!("/logs/{}", line.consultation), "経過を見る"),
    };
    let owner = line.owner.clone().unwrap_or_else(|| "まだいません".to_owned());
    let shared = line.shared.clone().map(|text| {
        view! { <dt>"伝える内容"</dt><dd class="pre">{text}</dd> }
    });
    let (title, words) = (format!("title-{key}"), format!("words-{key}"));
    let wrong = fault.is_some().then_some("true");
    view! {
        <article class="card stack tight" aria-labelledby=title>
            <div class="row wrap">
                <h2 id=title.clone()>{line.kind.label()}</h2>
                <span class=if late { "chip red num" } else { "chip yellow num" }>{due}</span>
            </div>
            <dl class="facts wide">
                <dt>"届いた時刻"</dt><dd class="num">{stamp(line.opened_at)}</dd>
                <dt>"対応する人"</dt><dd>{owner}</dd>
                {shared}
            </dl>
            {take}
            <form method="post" action=action class="stack tight">
                <input type="hidden" name="command" value=line.close.to_string() />
                <div class="field">
                    <label for=words.clone()>"何をしたか"<span class="must">"必須"</span></label>
                    <textarea id=words name="words" rows="2" required aria-invalid=wrong
                        maxlength=limits::NOTE_FIELD_CHARS.to_string()></textarea>
                </div>
                {fault.map(|text| view! { <p class="fault" role="alert">{text}</p> })}
                <div class="row wrap"><button class="btn line" name="go" value="close">"対応を終える"</button><a href=way.0>{way.1}</a></div>
            </form>
        </article>
    }
}
