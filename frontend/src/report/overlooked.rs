//! `/overlooked`: what nobody took in time, with an owner and a deadline. Closing it needs what was done.
//!
//! Promises to work by forms alone. While the list is empty the server has the page loaded anew now and then; while somebody
//! writes into it, nothing is taken from under their hands.

use crate::page::report::{Overlooked, OverlookedRow};
use leptos::prelude::*;
use signaling::{id::ConsultationId, limits, time::At};

/// The page.
pub(super) fn overlooked(list: Overlooked, now: At) -> impl IntoView {
    let Overlooked { rows, fault } = list;
    let count = rows.len();
    let body = if rows.is_empty() {
        view! { <p class="card empty">"未対応の相談はありません。新しく届くと、この画面に表示されます。"</p> }
            .into_any()
    } else {
        rows.into_iter()
            .map(|row| {
                let fault = fault
                    .as_ref()
                    .filter(|(of, _)| *of == row.consultation)
                    .map(|(_, text)| text.clone());
                card(row, fault, now)
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="report-head">
            <h1>"未対応の相談"</h1>
            <p class="sub num">{format!("{count}件")}</p>
        </div>
        <p class="sub">"担当者が決まらなかった相談です。担当者が引き受けたあとも、何をしたかを書くまで残ります。"</p>
        <div class="stack">{body}</div>
    }
}

fn card(row: OverlookedRow, fault: Option<String>, now: At) -> impl IntoView {
    let id = row.consultation;
    let late = row.due_at <= now;
    let due = if late {
        format!("期限 {}（過ぎています）", row.due_at.clock())
    } else {
        format!("期限 {}", row.due_at.clock())
    };
    let owner = row.owner.as_ref().map_or_else(
        || "まだいません".to_owned(),
        |owner| format!("{}（{}）", owner.name, owner.role.label()),
    );
    let take = row.owner.is_none().then(|| {
        view! {
            <form method="post" action=format!("/overlooked/{id}/take")>
                <input type="hidden" name="command" value=row.take.to_string()/>
                <button class="btn">"自分が確認する"</button>
            </form>
        }
    });
    view! {
        <article class="card stack tight overlooked" aria-labelledby=title_id(id)>
            <h2 id=title_id(id)>{format!("{}・{}", row.class, row.subject)}</h2>
            <p><span class=if late { "chip red num" } else { "chip yellow num" }>{due}</span></p>
            <dl class="facts">
                <dt>"理由"</dt><dd>{row.why}</dd>
                <dt>"届いた時刻"</dt><dd class="num">{format!("{} {}", row.since.date_text(), row.since.clock())}</dd>
                <dt>"いまの状態"</dt><dd>{row.standing}{"・"}{row.presence}</dd>
                <dt>"確認する人"</dt><dd>{owner}</dd>
            </dl>
            {take}
            <form method="post" action=format!("/overlooked/{id}/close") class="stack tight">
                <input type="hidden" name="command" value=row.close.to_string()/>
                <label class="stack tight"><span>"何をしたか（必須）"</span>
                    <textarea name="done" rows="2" required maxlength=limits::NOTE_FIELD_CHARS.to_string()></textarea>
                </label>
                {fault.map(|text| view! { <p class="fault" role="alert">{text}</p> })}
                <div class="row"><button class="btn line">"確認を終える"</button><a href=format!("/logs/{id}")>"経過を見る"</a></div>
            </form>
        </article>
    }
}

fn title_id(id: ConsultationId) -> String {
    format!("overlooked-{id}")
}
