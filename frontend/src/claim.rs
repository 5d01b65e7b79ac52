//! Claiming: the desk's column 「待ち」, where a clinician sees who waits and takes the next family.
//!
//! Promises that every row says its class in a word beside the colour, how long it has waited, why it stands where it
//! stands and who has it; that a refusal is shown where the button was pressed; and that the order is the server's rank,
//! never one of its own ([`order`]): both services stand in one list, as 「次の方」 takes them, and who was promised an answer
//! is listed once more by deadline. Who is booked for later
//! stands in a list of its own and can be begun early while its family is there. Passing somebody who can be
//! called asks for a reason first.
//!
//! Not here: deciding who gets a family. That is one command, and the server answers it.

mod asked;
mod class;
pub mod order;
mod promises;
pub mod rings;
mod row;

use crate::desk::{Desk, Linked, Wish};
pub(crate) use class::class_control;
use leptos::prelude::*;
use row::{RowKind, queue_row};
pub(crate) use row::{chip_class, complaints_text, device_chip, presence_chip};
use signaling::{id::ConsultationId, triage::Acuity};

/// The column.
pub fn queue_column(desk: Desk) -> impl IntoView {
    let lists = Memo::new(move |_| desk.queue.with(order::lists));
    let waiting = Memo::new(move |_| desk.queue.with(order::waiting_count));
    let unseen = Memo::new(move |_| desk.queue.with(order::beyond_window));
    // A page that is not alive yet would take the press and do nothing.
    let next_disabled = move || desk.asking_next.get() || desk.link.get() == Linked::Connecting;
    view! {
        <section class="col col-queue" aria-labelledby="queue-title">
            <div class="col-head">
                <h2 id="queue-title">"待ち" <span class="sub num">{move || format!("{}組", waiting.get())}</span></h2>
                {move || class_counts(&desk.queue.with(|queue| queue.waiting.clone()))}
            </div>
            <div class="queue-next">
                <button type="button" class="btn block" id="next" disabled=next_disabled
                    on:click=move |_| desk.ask(Wish::Next)>
                    "次の方をよぶ" <kbd class="kbd" aria-hidden="true">"N"</kbd>
                </button>
                {move || desk.queue_fault.get().map(|text| view! { <p class="fault" role="alert">{text}</p> })}
            </div>
            <div class="col-scroll" tabindex="-1">
                {asked::asked(desk)}
                {move || (waiting.get() == 0).then(|| view! { <p class="empty">"お待ちの方はいません。新しい相談が届くと、ここに並びます。"</p> })}
                {list(desk, "待っている相談", move || lists.with(|lists| lists.waiting.clone()), RowKind::Waiting)}
                {move || (unseen.get() > 0).then(|| view! {
                    <p class="fine more">{format!("ほかに{}組が待っています。上の方から順に表示しています。", unseen.get())}</p>
                })}
                {promises::promises(desk)}
                {move || (!lists.with(|lists| lists.booked.is_empty())).then(|| view! {
                    <h3 class="list-title">"予約" <span class="sub num">{move || lists.with(|lists| format!("{}組", lists.booked.len()))}</span></h3>
                })}
                {list(desk, "予約の相談", move || lists.with(|lists| lists.booked.clone()), RowKind::Booked)}
                {move || (!lists.with(|lists| lists.claimed.is_empty())).then(|| view! {
                    <h3 class="list-title">"対応中" <span class="sub num">{move || lists.with(|lists| format!("{}組", lists.claimed.len()))}</span></h3>
                })}
                {list(desk, "対応中の相談", move || lists.with(|lists| lists.claimed.clone()), RowKind::Claimed)}
            </div>
        </section>
    }
}

fn list(
    desk: Desk,
    name: &'static str,
    ids: impl Fn() -> Vec<ConsultationId> + Send + Sync + 'static,
    kind: RowKind,
) -> impl IntoView {
    view! {
        <ul class="qrows" aria-label=name>
            <For each=ids key=|id| *id children=move |id| queue_row(desk, id, kind).into_any() />
        </ul>
    }
}

/// How many wait in each class: colour and word, classes without anybody left out.
fn class_counts(waiting: &[(Acuity, u32)]) -> impl IntoView + use<> {
    let chips: Vec<_> = waiting
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(acuity, count)| {
            let word = acuity.label().split('・').next().unwrap_or_default();
            view! { <span class=format!("chip num {}", chip_class(*acuity))>{format!("{word} {count}")}</span> }
        })
        .collect();
    view! { <span class="class-counts">{chips}</span> }
}
