//! The bar above the columns: whose desk, on shift or not, how many wait, connected or not.

use super::{Desk, Dialog, Linked, Wish, ladder, shift};
use crate::{
    claim::order::{self, WaitStep},
    page::City,
};
use leptos::prelude::*;
use signaling::queue::QueueRow;

/// The bar.
pub(super) fn bar(desk: Desk, city: City, hours: String) -> impl IntoView {
    let me = desk.me.get_value();
    let initial: String = me.name.chars().take(1).collect();
    let avatar = if me.role.is_doctor() { "avatar" } else { "avatar m" };
    let name = me.addressed();
    let shown_name = name.clone();
    view! {
        <header class="bar">
            <h1 class="bar-title">"相談デスク"</h1>
            {city.demo.then(|| view! { <span class="chip yellow demo">"デモ"</span> })}
            <span class="sub bar-city" title=city.service_name>{city.name}</span>
            {shift::group(desk, hours)}
            {hush(desk)}
            <span class="bar-space"></span>
            {counts(desk)}
            {link_state(desk)}
            <a class="btn quiet small bar-check" href="/rota" target="_blank">"当番表"</a>
            <a class="btn quiet small bar-check" href="/desk/check" target="_blank">"カメラと音の確認"</a>
            <button type="button" class="bar-icon" aria-label="キー操作の一覧" on:click=move |_| desk.dialog.set(Some(Dialog::Keys))>
                <kbd class="kbd" aria-hidden="true">"?"</kbd>
            </button>
            <div class="bar-me">
                <span class=avatar aria-hidden="true">{initial}</span>
                <b class="bar-name" title=name>{shown_name}</b>
                <form method="post" action="/staff/sign-out">
                    <button class="btn quiet small">"サインアウト"</button>
                </form>
            </div>
        </header>
    }
}

fn hush(desk: Desk) -> impl IntoView {
    move || {
        desk.ringing.get().then(|| {
            view! { <button type="button" class="btn small line hush" on:click=move |_| desk.ask(Wish::Hush)>"音を止める"</button> }
        })
    }
}

fn counts(desk: Desk) -> impl IntoView {
    let waiting = Memo::new(move |_| desk.queue.with(order::waiting_count));
    let served = Memo::new(move |_| desk.queue.with(order::claimed_count));
    let longest = Memo::new(move |_| {
        let now = desk.now.get();
        desk.queue.with(|queue| order::longest_wait_seconds(queue, now))
    });
    let longest_class = move || longest.get().map_or("num", |seconds| WaitStep::of(seconds).class());
    let longest_text = Memo::new(move |_| {
        longest
            .get()
            .map_or("0分".to_owned(), |seconds| format!("{}分", seconds / 60))
    });
    view! {
        <dl class="counts">
            <div><dt>"待ち"</dt><dd class="num">{move || waiting.get()}</dd></div>
            <div><dt>"最長"</dt><dd class=longest_class>{move || longest_text.get()}</dd></div>
            <div><dt>"対応中"</dt><dd class="num">{move || served.get()}</dd></div>
        </dl>
    }
}

/// Who is urgent, had their turn, and is away.
fn gone(desk: Desk) -> Option<String> {
    let named = |row: &QueueRow| format!("{}・{}", row.acuity.label(), row.subject);
    let gone: Vec<String> = desk.queue.with(|queue| {
        let rows = queue.rows.iter();
        rows.filter(|row| ladder::is_urgent_and_gone(row)).map(named).collect()
    });
    (!gone.is_empty()).then(|| gone.join("、"))
}

fn link_state(desk: Desk) -> impl IntoView {
    let class = move || match desk.link.get() {
        Linked::Connected => "link-state ok",
        Linked::Connecting => "link-state",
        Linked::Lost | Linked::SignedOut => "link-state lost",
    };
    view! {
        <span class=class role="status"><span class="dot" aria-hidden="true"></span>{move || desk.link.get().label()}</span>
    }
}

/// Bars that cannot be overlooked: silenced sound, lost connection, a session that is over.
pub(super) fn alerts(desk: Desk) -> impl IntoView {
    view! {
        <div class="alerts">
            {shift::alert(desk)}
            {move || (desk.on_shift.get() && desk.sound_blocked.get()).then(|| view! {
                <div class="alert red" role="alert">
                    <b>"音が止められています。新しい相談が届いても鳴りません。"</b>
                    <button type="button" class="btn small danger" on:click=move |_| desk.ask(Wish::Shift)>"音を出す"</button>
                </div>
            })}
            {move || desk.wanted.get().then(|| view! {
                <div class="alert red" role="alert">
                    <b>"待っている方がいますが、担当者が決まっていません。"</b>
                    <span>"対応できるときは「対応中」を押して、「次の方」で引き受けてください。"</span>
                    <button type="button" class="btn small danger" on:click=move |_| desk.ask(Wish::Shift)>"シフトをはじめる"</button>
                </div>
            })}
            {move || gone(desk).map(|who| view! {
                <div class="alert red" role="alert">
                    <b>{format!("急ぐ方の順番が来ましたが、接続が切れています：{who}")}</b>
                    <span>"監督者にも知らせました。もどると、いちばん先に案内されます。"</span>
                </div>
            })}
            {move || (desk.link.get() == Linked::SignedOut).then(|| view! {
                <div class="alert red" role="alert" id="signed-out">
                    <b>"サインインの期限が切れました。"</b>
                    <span>"書きかけのものは、サインインすると元の場所にもどります。"</span>
                    <a class="btn small" href="/staff/sign-in?why=expired">"サインインする"</a>
                </div>
            })}
            {move || (desk.link.get() == Linked::Lost).then(|| view! {
                <div class="alert amber" role="alert">
                    <b>"通信が途切れました。つなぎ直しています。"</b>
                    <span>"書いたものは消えません。つながりしだい送ります。"</span>
                </div>
            })}
        </div>
    }
}
