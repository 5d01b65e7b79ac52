//! `/mine`: what this family has, on which devices; and pages that say why something cannot be shown.

use crate::{
    page::{
        City, Notice,
        guardian::{DeviceRow, Mine, MineRow},
    },
    ui,
};
use leptos::prelude::*;
use signaling::time::At;

/// The family's own page.
#[must_use]
pub fn mine(city: &City, page: &Mine) -> AnyView {
    let consultations = if page.consultations.is_empty() {
        view! { <p class="sub">"まだ相談はありません。"</p> }.into_any()
    } else {
        let rows = page.consultations.iter().map(consultation).collect_view();
        view! { <ul class="plain rows">{rows}</ul> }.into_any()
    };
    let devices = page.devices.iter().map(device).collect_view();
    view! {
        {ui::masthead(city)}
        <main class="page">
            <h1>"つづきを見る"</h1>
            <section class="card stack tight">
                <h2>"これまでの相談"</h2>
                {consultations}
            </section>
            <a class="btn line block" href="/">"はじめのページへ"</a>
            <section class="card stack tight">
                <h2>"使っている端末"</h2>
                <p class="sub">"心あたりのない端末は「使えなくする」を押してください。"</p>
                <ul class="plain rows">{devices}</ul>
            </section>
        </main>
    }
    .into_any()
}

fn consultation(row: &MineRow) -> AnyView {
    let chip = if row.open { "chip key" } else { "chip grey" };
    view! {
        <li>
            <a class="row apart wide" href=row.path.clone()>
                <b class="num">{day_and_clock(row.at)}</b>
                <span class=chip>{row.standing.clone()}</span>
            </a>
        </li>
    }
    .into_any()
}

fn device(row: &DeviceRow) -> AnyView {
    let act = if row.this {
        view! { <span class="chip key">"この端末"</span> }.into_any()
    } else {
        let name = format!("{}を使えなくする", row.name);
        view! {
            <form method="post" action="/mine/revoke">
                <input type="hidden" name="device" value=row.device.clone() />
                <button class="btn danger line" aria-label=name>"使えなくする"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="row apart">
            <div class="grow"><b>{row.name.clone()}</b><div class="fine num">{day_and_clock(row.since)}"から"</div></div>
            {act}
        </li>
    }
    .into_any()
}

/// 「11月22日（日）19:42」.
pub(crate) fn day_and_clock(at: At) -> String {
    let mut words = crate::chat::day_words(at);
    words.push(' ');
    words.push_str(&at.clock());
    words
}

/// Something cannot be shown: what happened, what to do, and the code for the telephone.
#[must_use]
pub fn notice(city: &City, page: &Notice) -> AnyView {
    let (address, words) = page
        .link
        .clone()
        .unwrap_or_else(|| ("/".to_owned(), "はじめのページへ".to_owned()));
    view! {
        {ui::masthead(city)}
        <main class="page">
            <section class="card stack">
                <h1>{page.title.clone()}</h1>
                <p class="said">{page.text.clone()}</p>
                <a class="btn big block" href=address>{words}</a>
            </section>
            <p class="sub">
                "急を要するときは、待たずに "<a href="tel:119">"119"</a>" に電話してください。迷ったら "
                <a href="tel:%238000">"#8000"</a>"（夜間・小児）へ。"
            </p>
            <p class="fine num">"お問い合わせのとき："{page.code.clone()}" / "{page.at.clock_with_seconds()}</p>
        </main>
    }
    .into_any()
}
