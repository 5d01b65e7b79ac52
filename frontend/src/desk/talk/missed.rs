//! A call that was not answered, or did not come to work: it waits here for the clinician, also after a reload, until it is
//! rung again, written about, or said to be dealt with.
//!
//! Not here: when that is so ([`signaling::call::history`]).

use super::focus;
use crate::desk::{Desk, Open, OpenStanding, Wish, talk::composer};
use leptos::prelude::*;
use signaling::call::{CallMode, CallOutcome, cause::Trouble, history::MissedCall};

/// The notice.
pub(super) fn notice(desk: Desk, open: Open) -> impl IntoView {
    let missed = Memo::new(move |_| {
        let mine = desk.me.with_value(|me| open.standing(me)) == OpenStanding::Mine;
        open.thread.with(|thread| thread.missed.clone()).filter(|_| mine)
    });
    let trouble = Memo::new(move |_| {
        let call = missed.with(|missed| missed.as_ref().map(|missed| missed.call))?;
        open.calls.with(|calls| {
            let call = calls.iter().find(|one| one.id == call)?;
            call.troubles.iter().copied().min_by_key(|trouble| trouble.cause)
        })
    });
    move || {
        missed
            .get()
            .map(|missed| described(desk, open, &missed, trouble.get()).into_any())
    }
}

fn described(desk: Desk, open: Open, missed: &MissedCall, trouble: Option<Trouble>) -> impl IntoView + use<> {
    let (id, call, outcome) = (open.consultation, missed.call, missed.outcome);
    let owner = if desk.is_me(&missed.by) {
        format!("{} あなたの呼び出し", missed.at.clock())
    } else {
        format!("{} {}の呼び出し", missed.at.clock(), missed.by.addressed())
    };
    let answered = missed
        .answered
        .then(|| view! { <p class="sub"><b>"このあと相談者から返信があります。"</b></p> });
    let why = trouble.map(|trouble| {
        let place = Some(trouble.where_words()).filter(|words| !words.is_empty());
        let place = place.map_or(String::new(), |words| format!("（{words}）"));
        let (sentence, advice) = (trouble.cause.sentence(), trouble.cause.advice());
        view! { <p class="sub">{format!("{sentence}{place} {advice}")}</p> }
    });
    let again = move |_| {
        let last = |calls: &Vec<signaling::call::summary::CallRecord>| {
            calls
                .iter()
                .find(|one| one.id == call)
                .map_or(CallMode::Audio, |one| one.mode)
        };
        desk.ask(Wish::Ring(id, open.calls.with_untracked(last)));
    };
    let write = move |_| {
        if open.message.with_untracked(|text| text.trim().is_empty()) {
            open.message.set(ready_words(outcome).to_owned());
        }
        open.remark.set(false);
        desk.ask(Wish::MessageChanged(id));
        focus(&composer::field_id(id));
    };
    view! {
        <section class="missed" role="status" aria-label="不在の通話">
            <p class="missed-title"><b>{title(outcome)}</b>" "<span class="sub num">{owner}</span></p>
            {why}
            {answered}
            <div class="call-ways">
                <button type="button" class="btn small" on:click=again>"もう一度よぶ"</button>
                <button type="button" class="btn line small" on:click=write>"チャットで伝える"</button>
                <button type="button" class="btn quiet small" on:click=move |_| desk.ask(Wish::SettleMissed(id, call))>"対応ずみにする"</button>
            </div>
        </section>
    }
}

fn title(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Declined => "相談者は今は出られません",
        CallOutcome::Unanswered => "応答がありませんでした",
        CallOutcome::Failed | CallOutcome::HungUp | CallOutcome::Cancelled => "通話がつながりませんでした",
    }
}

/// A sentence to begin with; the clinician may change it before it is sent.
fn ready_words(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Declined => {
            "今は通話がむずかしいとのこと、わかりました。このままチャットで話せます。話せるようになったら教えてください。"
        }
        CallOutcome::Unanswered => {
            "先ほどお電話しましたが、つながりませんでした。このままチャットで話せます。電話がよければ、出られる時間を教えてください。"
        }
        CallOutcome::Failed | CallOutcome::HungUp | CallOutcome::Cancelled => {
            "通話がうまくつながりませんでした。このままチャットで話せます。もう一度お電話してもよければ教えてください。"
        }
    }
}
