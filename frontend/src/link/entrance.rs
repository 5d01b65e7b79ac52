//! `/`: open now or when, 119 and #8000, one large button.

use crate::{
    page::{City, Opening, guardian::Entrance},
    ui,
};
use leptos::prelude::*;
use signaling::time::At;

/// The city's front page.
#[must_use]
pub fn entrance(city: &City, page: &Entrance, now: At) -> AnyView {
    let open = page.opening.is_open;
    let question = if open {
        "心配ごとを、今すぐ。"
    } else {
        "心配ごとを、いつでも。"
    };
    let duty = (open && !page.on_duty.is_empty()).then(|| {
        view! {
            <section class="card stack tight">
                <h2>{ui::on_duty_title(now)}</h2>
                {ui::on_duty_list(&page.on_duty)}
            </section>
        }
    });
    view! {
        {ui::masthead(city)}
        <main class="page">
            {emergency_bar()}
            <section class="card stack">
                {opening_line(&page.opening)}
                {closed_lines(&page.opening)}
                <h1 class="ask">"お子さんや妊娠中の"<br />{question}</h1>
                <p class="sub">"小児科医・産婦人科医・助産師が、チャット・音声・ビデオでお答えします。"</p>
                {open.then(|| waiting_line(page))}
                {begin(page)}
            </section>
            {duty}
            {goes_on(page)}
            <div class="stack tight fine">
                <p>{super::NOT_AN_EXAMINATION}</p>
                <p>"アプリもメールアドレスも要りません。通話は録画・録音されません。"</p>
            </div>
        </main>
    }
    .into_any()
}

fn emergency_bar() -> AnyView {
    view! {
        <aside class="urgent" aria-label="急ぐとき">
            <div class="grow">
                <b>"命にかかわる症状は"</b>
                <div class="fine">"迷ったら "<a href="tel:%238000">"#8000"</a>"（夜間・小児）"</div>
            </div>
            <a class="btn danger" href="tel:119">"119に電話"</a>
        </aside>
    }
    .into_any()
}

fn opening_line(opening: &Opening) -> AnyView {
    let (class, words) = if opening.is_open {
        ("chip green", "ただいま受付中")
    } else {
        ("chip grey", "ただいま受付時間外")
    };
    view! {
        <div class="row apart wrap">
            <span class=class><span class="dot" aria-hidden="true"></span>{words}</span>
            <span class="sub num">{opening.hours.clone()}</span>
        </div>
    }
    .into_any()
}

/// While nobody is taken: why, where there is something to say, and what a family can expect at this hour.
fn closed_lines(opening: &Opening) -> Option<AnyView> {
    if opening.is_open {
        return None;
    }
    let why = opening.why.clone().map(|why| view! { <p><b>{why}</b></p> });
    let promise = format!(
        "いつでも相談：文字と写真で、いま送れます。{}時間以内に返信します。",
        opening.reply_hours
    );
    Some(view! { {why} <p class="sub">{promise}</p> }.into_any())
}

fn waiting_line(page: &Entrance) -> AnyView {
    let waiting = page.waiting.to_string();
    view! {
        <dl class="figures">
            <div><dt>"いま待っている方"</dt><dd class="num">{waiting}"組"</dd></div>
            <div><dt>"待ち時間のめやす"</dt><dd class="num">{page.position.estimate_text()}</dd></div>
        </dl>
    }
    .into_any()
}

/// The large button. A family with an open consultation goes on with it: there is never a second one beside it.
fn begin(page: &Entrance) -> AnyView {
    if let Some(path) = page.open_ticket.clone() {
        return view! { <a class="btn big block" href=path>"つづきを見る"</a> }.into_any();
    }
    let words = if page.opening.is_open {
        "相談をはじめる".to_owned()
    } else {
        format!("いつでも相談（{}時間以内に返信）", page.opening.reply_hours)
    };
    if page.registered {
        view! {
            <form method="post" action="/start">
                {ui::command_field(page.command)}
                <button class="btn big block">{words}</button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <a class="btn big block" href="/register">{words}</a>
            <p class="fine">"はじめての方は、次の画面で登録します（1分ほど）。"</p>
        }
        .into_any()
    }
}

fn goes_on(page: &Entrance) -> AnyView {
    if page.registered {
        let words = if page.open_ticket.is_some() {
            "これまでの相談と端末"
        } else {
            "つづきを見る"
        };
        return view! { <a class="btn line block" href="/mine">{words}</a> }.into_any();
    }
    view! {
        <div class="stack tight">
            <a class="btn line block" href="/register">"登録"</a>
            <p class="fine">"相談がなくても、登録だけしておくと、いざというときすぐに始められます。"</p>
            <a class="btn quiet block" href="/mine">"つづきを見る"</a>
        </div>
    }
    .into_any()
}
