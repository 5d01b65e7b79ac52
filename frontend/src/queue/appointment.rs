//! queue: 「時間を予約する」. The card on the ticket that says when it is, and the page on which a time is chosen.
//!
//! Promises: both work without script; a family reads what to do where it gets worse until then, and can go back to the queue with one
//! press. Not here: which times there are and who may book (signaling).

use crate::{
    guardian::{Stage, Visit, hidden_unless},
    page::guardian::{LivePage, TicketPage},
    ui,
};
use leptos::prelude::*;

/// The way to the page, while the family waits; nothing where it may not book.
pub(super) fn way(ticket: &TicketPage, page: &LivePage) -> Option<AnyView> {
    let href = [&ticket.path, "/appointment"].concat();
    page.books.then(|| {
        view! {
            <section class="card stack tight">
                <a class="btn line block" href=href>"時間を予約する"</a>
                <p class="fine">"待たずに、決めた時間に10分ほど話せます。予約した方は、その時間に先になることがあります。"</p>
            </section>
        }
        .into_any()
    })
}

/// The appointment, until it begins.
pub(super) fn card(visit: Visit, ticket: &TicketPage) -> AnyView {
    let hidden = hidden_unless(visit, |stage| stage == Stage::Booked);
    let when = move || {
        let slot = visit.thread.with(|thread| thread.appointment);
        slot.map(signaling::appointment::words)
    };
    let rest = ui::still(|| rest(ticket));
    view! {
        <section class="card place" hidden=hidden>
            <p class="next">"予約"</p>
            <p><b class="num">{when}</b></p>
            <div class="stack tight" inner_html=rest></div>
        </section>
    }
    .into_any()
}

fn rest(ticket: &TicketPage) -> AnyView {
    let action = [&ticket.path, "/appointment"].concat();
    view! {
        <p class="sub">"時間になったら、この画面を開いていてください。画面はそれまで閉じても大丈夫です。10分過ぎても画面がつながらないときは、予約なしの方と同じ順番になります。"</p>
        <p class="fine">
            "それまでに様子が変わったら、予約を待たずに"<a href="tel:%238000">"#8000"</a>"（夜間・小児）や"<a href="tel:119">"119"</a>"へ。"
        </p>
        <a class="btn line block" href=action.clone()>"時間を変える"</a>
        <details>
            <summary>"予約をやめる"</summary>
            <form class="stack tight" method="post" action=action>
                {ui::command_field(ticket.command)}
                <p class="sub">"送った内容はそのままで、いまから順番を待ちます。受付時間の外なら、あとで返信します。"</p>
                <button class="btn line block" name="go" value="give_up">"予約をやめて、順番を待つ"</button>
            </form>
        </details>
    }
    .into_any()
}

#[cfg(feature = "ssr")]
mod page {
    use crate::{
        intake,
        page::{
            City,
            guardian::{AppointmentDay, AppointmentPage},
        },
        ui,
    };
    use leptos::prelude::*;
    use signaling::{appointment, hours::day_words, time::At};

    /// `/t/{ticket}/appointment`.
    #[must_use]
    pub fn appointments(city: &City, page: &AppointmentPage) -> AnyView {
        let refused = page
            .refused
            .clone()
            .map(|text| view! { <div role="alert">{ui::notice_bar(ui::Tone::Red, text, String::new())}</div> });
        let held = page.held.map(|slot| {
            let words = format!("いまの予約：{}", appointment::words(slot));
            ui::notice_bar(
                ui::Tone::Green,
                words,
                "新しい時間を予約すると、いまの予約は取り消されます。".to_owned(),
            )
        });
        let action = [&page.path, "/appointment"].concat();
        let choice = if page.days.is_empty() {
            view! { <p class="card">"いま予約できる時間はありません。順番はそのままで、待合室でお待ちいただけます。"</p> }.into_any()
        } else {
            let days = page
                .days
                .iter()
                .enumerate()
                .map(|(number, day)| times(number, day, page.held))
                .collect_view();
            view! {
                <form class="card stack" method="post" action=action>
                    {ui::command_field(page.command)}
                    <p>"決めた時間に10分ほど話せます。それまで順番待ちからはずれ、呼ばれません。"</p>
                    {days}
                    <button class="btn big block" name="go" value="book">"この時間を予約する"</button>
                    <p class="fine">"緊急の方がいるときや、前の相談が長引いたときは、少しお待たせすることがあります。"</p>
                </form>
            }
            .into_any()
        };
        view! {
            <div class="panels still">{intake::panels(&page.panels)}</div>
            {ui::masthead(city)}
            <main class="page">
                <h1>"時間を予約する"</h1>
                {refused}
                {held}
                {choice}
                <p class="fine">
                    "急を要するときは、予約せずに"<a href="tel:%238000">"#8000"</a>"（夜間・小児）や"<a href="tel:119">"119"</a>"へ。"
                </p>
                <a class="btn line block" href=page.path.clone()>"相談にもどる"</a>
            </main>
        }
        .into_any()
    }

    /// The times of one day; the first day stands open.
    fn times(number: usize, day: &AppointmentDay, held: Option<At>) -> AnyView {
        let label = day.slots.first().map_or(String::new(), |slot| day_words(slot.date()));
        let picks = day
            .slots
            .iter()
            .map(|slot| {
                let words = appointment::span(*slot);
                view! {
                    <label class="pick num">
                        <input type="radio" name="slot" value=slot.0.to_string() checked=held == Some(*slot) />{words}
                    </label>
                }
            })
            .collect_view();
        let open = number == 0 || held.is_some_and(|slot| day.slots.contains(&slot));
        view! {
            <details open=open>
                <summary>{label.clone()}</summary>
                <fieldset class="stack tight"><legend class="visually-hidden">{label}</legend><div class="picks">{picks}</div></fieldset>
            </details>
        }
        .into_any()
    }
}

#[cfg(feature = "ssr")]
pub use page::appointments;
