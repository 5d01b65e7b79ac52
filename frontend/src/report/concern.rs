//! `/concerns/{consultation}`: 「気になる」 with its facts, decisions and notifications, and what is to be handed to the city's
//! public-health nurse once the family consents. Forms without script.
//!
//! Not here: who may read it (server and `signaling`).

use super::phones;
use crate::{
    page::report::{ConcernPage, ConcernStanding, ConcernTyped, HandedOn},
    ui,
};
use leptos::prelude::*;
use signaling::{
    after::{Authority, ConcernDecision},
    id::{CommandId, Seq},
    limits,
    time::At,
    view::{Concern, ConcernEntry, Thread},
};

/// The page.
pub(super) fn concern(page: &ConcernPage, now: At) -> impl IntoView + use<> {
    let thread = Thread::of(&page.events);
    let title = match (&thread.intake, thread.requested_at) {
        (Some(intake), Some(at)) => format!("気になる・紹介（{}）", intake.subject.label(at.date())),
        _ => "気になる・紹介".to_owned(),
    };
    let cards = thread
        .concerns
        .iter()
        .map(|one| {
            let standing = page.standing.iter().find(|standing| standing.concern == one.seq);
            card(one, page, standing, now)
        })
        .collect_view();
    view! {
        <div class="report-head"><h1>{title}</h1></div>
        {ui::notice_bar(
            ui::Tone::Key,
            "相談者には見えません。".to_owned(),
            "読めるのは、書いた人と監督者だけです。開いたことは記録されます。".to_owned(),
        )}
        {cards}
        {raise(page)}
        {page.may_offer.then(|| offer(page, &thread))}
    }
}

fn card(concern: &Concern, page: &ConcernPage, standing: Option<&ConcernStanding>, now: At) -> impl IntoView + use<> {
    let seq = concern.seq;
    let title = format!("concern-{seq}");
    let head = format!(
        "{} {}　{}",
        concern.at.date_text(),
        concern.at.clock(),
        concern.by.addressed()
    );
    let telephoned = standing.is_some_and(|standing| is_telephoned(standing, now));
    let phones = telephoned.then(|| phones::links(&page.phones));
    let told = standing.map_or(String::new(), |standing| told(standing, now));
    let entries = concern.entries.iter().map(entry).collect_view();
    view! {
        <article class="card stack tight" aria-labelledby=title>
            <h2 id=title.clone()>"気になること"</h2>
            <p class="sub num">{head}</p>
            <p class="pre">{concern.facts.clone().unwrap_or_else(|| "（消去されました）".to_owned())}</p>
            <p><b>{told}</b></p>
            {phones}
            <ul class="plain stack tight">{entries}</ul>
            {decide(seq, page)}
            {notify(seq, page)}
        </article>
    }
}

/// Whether the page says to telephone a supervisor.
fn is_telephoned(standing: &ConcernStanding, now: At) -> bool {
    let waits_until = standing.due_at.filter(|_| standing.owner.is_none());
    waits_until.is_some_and(|due_at| due_at <= now || standing.shown_at.is_none())
}

/// How far it has come. Nothing is said to be seen that no page has shown.
fn told(standing: &ConcernStanding, now: At) -> String {
    const BY_TELEPHONE: &str = "電話で連絡してください。急ぐときは、待たずに189（児童相談所）または110へ。";
    match (&standing.owner, standing.due_at, standing.shown_at) {
        (Some(owner), ..) => format!("監督者：{owner}が対応します"),
        (None, None, _) => "監督者の対応は終わっています".to_owned(),
        (None, Some(due_at), Some(_)) if due_at <= now => {
            format!("監督者の画面に出ていますが、まだだれも引き受けていません。{BY_TELEPHONE}")
        }
        (None, Some(due_at), None) if due_at <= now => format!("監督者がまだ見ていません。{BY_TELEPHONE}"),
        (None, Some(due_at), Some(shown_at)) => {
            format!(
                "{}に監督者の画面に出ました。{}までに対応します。",
                shown_at.clock(),
                due_at.clock()
            )
        }
        (None, Some(due_at), None) => format!(
            "監督者の画面に出るのを待っています。{}までにだれも引き受けないときは、{BY_TELEPHONE}",
            due_at.clock()
        ),
    }
}

fn entry(entry: &ConcernEntry) -> impl IntoView + use<> {
    let what = match &entry.what {
        Ok(decision) => format!("判断：{}", decision.label()),
        Err((whom, at)) => format!("連絡：{}（{} {}）", whom.label(), at.date_text(), at.clock()),
    };
    let head = format!(
        "{} {}　{}",
        entry.at.date_text(),
        entry.at.clock(),
        entry.by.addressed()
    );
    view! {
        <li><b>{what}</b>" "<span class="fine num">{head}</span>
            {entry.words.clone().map(|text| view! { <p class="pre">{text}</p> })}
        </li>
    }
}

/// What was typed into this form, if it is the one that was not accepted.
fn typed<'a>(page: &'a ConcernPage, go: &str, concern: &str) -> Option<&'a ConcernTyped> {
    Some(&page.typed).filter(|typed| typed.fault.is_some() && typed.go == go && typed.concern == concern)
}

fn area(
    id: String,
    name: &'static str,
    label: &'static str,
    rows: &'static str,
    typed: Option<&ConcernTyped>,
) -> AnyView {
    let fault = typed.and_then(|typed| typed.fault.clone());
    let content = typed.map_or(String::new(), |typed| typed.text.clone());
    let wrong = fault.is_some().then_some("true");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea id=id name=name rows=rows maxlength=limits::NOTE_FIELD_CHARS.to_string() aria-invalid=wrong
                inner_html=ui::textarea_content(&content)></textarea>
            {fault.map(|text| view! { <p class="fault" role="alert">{text}</p> })}
        </div>
    }
    .into_any()
}

fn hidden(command: CommandId, concern: Seq) -> AnyView {
    view! {
        {ui::command_field(command)}
        <input type="hidden" name="concern" value=concern.to_string() />
    }
    .into_any()
}

fn choices(name: &'static str, id: String, all: Vec<(&'static str, &'static str)>) -> AnyView {
    let options = all
        .into_iter()
        .map(|(code, words)| view! { <option value=code>{words}</option> })
        .collect_view();
    view! { <select id=id name=name required><option value="">"えらんでください"</option>{options}</select> }.into_any()
}

fn decide(seq: Seq, page: &ConcernPage) -> impl IntoView + use<> {
    let key = seq.to_string();
    let all = ConcernDecision::ALL
        .iter()
        .map(|one| (one.code(), one.label()))
        .collect();
    view! {
        <form class="stack tight" method="post" action=format!("/concerns/{}", page.consultation)>
            {hidden(page.command, seq)}
            <div class="field">
                <label for=format!("decision-{key}")>"どうするか"</label>
                {choices("decision", format!("decision-{key}"), all)}
            </div>
            {area(format!("decide-{key}"), "words", "理由・話し合ったこと", "2", typed(page, "decide", &key))}
            <div><button class="btn small" name="go" value="decide">"判断を記録する"</button></div>
        </form>
    }
}

fn notify(seq: Seq, page: &ConcernPage) -> impl IntoView + use<> {
    let key = seq.to_string();
    let all = Authority::ALL.iter().map(|one| (one.code(), one.label())).collect();
    view! {
        <form class="stack tight" method="post" action=format!("/concerns/{}", page.consultation)>
            {hidden(page.command, seq)}
            <div class="row wrap">
                <div class="field">
                    <label for=format!("whom-{key}")>"どこへ伝えたか"</label>
                    {choices("whom", format!("whom-{key}"), all)}
                </div>
                <div class="field">
                    <label for=format!("on-{key}")>"日付"</label>
                    <input id=format!("on-{key}") type="date" name="on" required value=page.today.clone() max=page.today.clone() />
                </div>
                <div class="field">
                    <label for=format!("time-{key}")>"時刻"</label>
                    <input id=format!("time-{key}") type="time" name="time" required />
                </div>
            </div>
            {area(format!("notify-{key}"), "words", "相手の名前・受付番号", "1", typed(page, "notify", &key))}
            <div><button class="btn small" name="go" value="notify">"連絡を記録する"</button></div>
        </form>
    }
}

fn raise(page: &ConcernPage) -> impl IntoView + use<> {
    view! {
        <section class="card stack tight" aria-labelledby="raise-title">
            <h2 id="raise-title">"気になることを記録する"</h2>
            <p class="sub">"見たこと・聞いたことを、推測と分けて書いてください。監督者にすぐ知らせます。命の危険があるときは、書く前に110または119へ。"</p>
            <form class="stack tight" method="post" action=format!("/concerns/{}", page.consultation)>
                {ui::command_field(page.command)}
                {area("facts".to_owned(), "facts", "見たこと・聞いたこと", "4", typed(page, "raise", ""))}
                <div><button class="btn" name="go" value="raise">"記録して監督者に知らせる"</button></div>
            </form>
        </section>
    }
}

/// How far a referral has come that the family consented to.
fn handed_on(handed: Option<&HandedOn>) -> String {
    let stamp = |at: &At| format!("{} {}", at.date_text(), at.clock());
    match handed {
        None | Some(HandedOn::Waits { with: None }) => "相談者の同意がありました。市の保健師に伝えます。".to_owned(),
        Some(HandedOn::Waits { with: Some(by) }) => format!("相談者の同意がありました。監督者の{by}が対応します。"),
        Some(HandedOn::Received { by, at }) => format!("{by} が受け取りました（{}）。", stamp(at)),
        Some(HandedOn::Done { by, at }) => format!("{by} が対応を終えました（{}）。", stamp(at)),
    }
}

fn offer(page: &ConcernPage, thread: &Thread) -> impl IntoView + use<> {
    let before = thread.referral.as_ref().map(|one| {
        let standing = match one.given {
            None => "相談者の返事を待っています。".to_owned(),
            Some(true) => handed_on(page.handed.as_ref()),
            Some(false) => "相談者は同意しませんでした。".to_owned(),
        };
        let shared = one.shared.clone().unwrap_or_default();
        view! { <p><b>{standing}</b></p><p class="pre">{shared}</p> }
    });
    view! {
        <section class="card stack tight" aria-labelledby="offer-title">
            <h2 id="offer-title">"市の保健師への紹介"</h2>
            <p class="sub">"下に書いた文が、そのまま相談者の画面に出ます。相談者が同意したときだけ、市の保健師に伝わります。"</p>
            {before}
            <form class="stack tight" method="post" action=format!("/concerns/{}", page.consultation)>
                {ui::command_field(page.command)}
                {area("shared".to_owned(), "shared", "伝える内容", "4", typed(page, "offer", ""))}
                <div><button class="btn line" name="go" value="offer">"相談者に見せて同意をたずねる"</button></div>
            </form>
        </section>
    }
}
