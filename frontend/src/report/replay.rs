//! `/logs/{id}`: one consultation as it happened. It is the log itself, so nothing can be missing from it that was shown.

use super::timeline::{Entry, Topic, duration, entries};
use crate::{
    claim::complaints_text,
    page::report::{Look, Replay},
};
use leptos::prelude::*;
use signaling::{
    call::summary::CallRecord,
    consultation::{WireEvent, WireKind},
    id::ConsultationId,
    note::Disposition,
    time::At,
    view::{Standing, Thread},
};

/// The page.
pub(super) fn replay(replay: Replay) -> impl IntoView {
    let Replay {
        consultation,
        rules,
        fired,
        events,
        chain,
        looks,
    } = replay;
    let thread = Thread::of(&events);
    let title = title(&thread);
    let period = period(&thread);
    view! {
        <div class="report-head">
            <a class="btn quiet small" href="/logs">"← 一覧"</a>
            <h1>{title}</h1>
            <span class="sub num">{period}</span>
            <span class="bar-space"></span>
            {chain_chip(chain).into_any()}
        </div>
        <div class="replay">
            <section class="card" aria-labelledby="events-title">
                <h2 id="events-title">"できごと"</h2>
                {timeline(consultation, entries(&events)).into_any()}
            </section>
            <aside class="stack">
                {summary(&thread, &events, &rules, &fired).into_any()}
                {seers(looks).into_any()}
                <p class="fine">{format!("相談の番号 {consultation}")}</p>
            </aside>
        </div>
    }
}

fn title(thread: &Thread) -> String {
    match (&thread.intake, thread.requested_at) {
        (Some(intake), Some(at)) => format!(
            "{}・{}",
            intake.subject.label(at.date()),
            complaints_text(&intake.complaints)
        ),
        _ => "内容が消去された相談".to_owned(),
    }
}

fn period(thread: &Thread) -> String {
    let Some(from) = thread.requested_at else {
        return String::new();
    };
    let until = thread.ended_at.map_or("（続いています）".to_owned(), At::clock);
    format!("{} {} – {until}", from.date_text(), from.clock())
}

fn chain_chip(chain: Result<u64, String>) -> impl IntoView {
    match chain {
        Ok(count) => {
            view! { <span class="chip green">{format!("記録の連鎖を確認済み（{count}件）")}</span> }.into_any()
        }
        Err(broken) => {
            view! { <span class="chip red" role="alert">{format!("記録の連鎖に問題があります：{broken}")}</span> }
                .into_any()
        }
    }
}

/// The filter is four radio buttons and a style rule, so it works without script.
fn timeline(consultation: ConsultationId, entries: Vec<Entry>) -> impl IntoView {
    let nothing = entries.is_empty();
    let choices = [
        ("all", "すべて"),
        (Topic::Talk.class(), "会話"),
        (Topic::Call.class(), "通話"),
        (Topic::Order.class(), "順番"),
        (Topic::Record.class(), "記録"),
    ]
    .map(|(value, words)| {
        view! { <label class="chip key toggle"><input type="radio" name="topic" value=value checked=value == "all" />{words}</label> }
    })
    .collect_view();
    let items = entries
        .into_iter()
        .map(|entry| item(consultation, entry))
        .collect_view();
    view! {
        <fieldset class="chips topics"><legend class="visually-hidden">"しぼりこみ"</legend>{choices}</fieldset>
        {nothing.then(|| view! { <p class="empty">"できごとはまだありません。"</p> })}
        <ol class="timeline">{items}</ol>
    }
}

fn item(consultation: ConsultationId, entry: Entry) -> impl IntoView {
    // Opening it is a look of its own, so it is a way and no picture.
    let photo = entry.photo.map(|photo| {
        let way = crate::photo::address(&format!("/logs/{consultation}"), photo);
        view! { <p><a href=way target="_blank">"写真を見る（見たことが記録されます）"</a></p> }
    });
    view! {
        <li class=format!("happening {}", entry.topic.class())>
            <time class="num">{entry.at.clock_with_seconds()}</time>
            <i class=entry.mark.class() aria-hidden="true"></i>
            <div>
                <p><b>{entry.title}</b>{(!entry.what.is_empty()).then(|| format!("　{}", entry.what))}</p>
                {entry.words.map(|words| view! { <p class="words">{words}</p> })}
                {photo}
                <p class="fine">{entry.seen_by}</p>
            </div>
        </li>
    }
}

fn summary(thread: &Thread, events: &[WireEvent], rules: &str, fired: &[(String, u32)]) -> impl IntoView + use<> {
    let first_claim = events
        .iter()
        .find(|event| matches!(event.kind, WireKind::Claimed { .. }))
        .map(|event| event.at);
    let waited = thread
        .requested_at
        .zip(first_claim)
        .map(|(from, at)| duration(at.seconds_since(from)));
    let talked: i64 = events
        .iter()
        .map(|event| match &event.kind {
            WireKind::CallEnded { talk_seconds, .. } => i64::from(*talk_seconds),
            _ => 0,
        })
        .sum();
    let by = thread
        .summary
        .as_ref()
        .map(|summary| summary.by.addressed())
        .or_else(|| match &thread.standing {
            Standing::Claimed(by) => Some(by.addressed()),
            _ => None,
        });
    let standing = match &thread.standing {
        Standing::Waiting => "待っています",
        Standing::Booked => "予約しています",
        Standing::Claimed(_) => "対応中",
        Standing::Closed => "終わりました",
        Standing::Cancelled => "相談者がとりやめました",
    };
    let missed = thread
        .missed
        .as_ref()
        .map(|missed| format!("{}が対応します（まだ）", missed.by.addressed()));
    let flags: Vec<String> = fired
        .iter()
        .map(|(rule, version)| format!("{rule}（第{version}版）"))
        .collect();
    let flags = flags.join("、");
    let disposition = thread.summary.as_ref().and_then(|summary| summary.disposition);
    let disposition = disposition.map_or("", Disposition::label);
    let rows = [
        ("いま", Some(standing.to_owned())),
        ("緊急度", thread.acuity.map(|acuity| acuity.label().to_owned())),
        ("危険サイン", (!flags.is_empty()).then_some(flags)),
        ("規則の版", (!rules.is_empty()).then(|| rules.to_owned())),
        ("待ち", waited),
        ("通話", (talked > 0).then(|| duration(talked))),
        ("不在の通話", missed),
        ("担当", by),
        ("今後も利用", thread.survey.map(|answer| answer.label().to_owned())),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| view! { <dt>{name}</dt><dd class="num">{value}</dd> }))
    .collect_view();
    view! {
        <section class="card" aria-labelledby="summary-title">
            <h2 id="summary-title">"要約"</h2>
            <dl class="facts wide">{rows}</dl>
            {crate::desk::call_lines(&CallRecord::all(events))}
            {crate::desk::signed_record(thread, disposition)}
        </section>
    }
}

fn seers(looks: Vec<Look>) -> impl IntoView {
    let nobody = looks.is_empty();
    let rows = looks
        .into_iter()
        .map(|look| {
            let date = look.at.date();
            view! {
                <tr>
                    <td class="num nowrap">{format!("{}/{} {}", u8::from(date.month()), date.day(), look.at.clock())}</td>
                    <td>{look.who}</td>
                    <td>{look.what}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="looks-title">
            <h2 id="looks-title">"見た人"</h2>
            {nobody.then(|| view! { <p class="sub">"まだだれも開いていません。"</p> })}
            <table>
                <thead class="visually-hidden"><tr><th scope="col">"いつ"</th><th scope="col">"だれ"</th><th scope="col">"なに"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="fine">"この画面を開いたことも記録されます。"</p>
        </section>
    }
}
