//! Others in the family's calls: the page on which it invites, and the door of an invitation. Neither says what the
//! consultation is about.

use crate::{
    page::{
        City,
        guardian::{GuestDoor, InvitePage, InvitedRow},
    },
    ui,
};
use leptos::prelude::*;
use signaling::id::CommandId;

/// `/t/{ticket}/invite`.
#[must_use]
pub fn invite(city: &City, page: &InvitePage) -> AnyView {
    let refused = page
        .refused
        .clone()
        .map(|text| view! { <div role="alert">{ui::notice_bar(ui::Tone::Red, text, String::new())}</div> });
    let rows = page
        .invited
        .iter()
        .map(|row| invited(row, &page.path, page.command))
        .collect_view();
    view! {
        {ui::masthead(city)}
        <main class="page">
            <h1>"家族を招待"</h1>
            {refused}
            <form class="card stack" method="post" action=[&page.path, "/invite"].concat()>
                {ui::command_field(page.command)}
                <p>"パートナーなど、いっしょに話す方を通話に招待できます。相談の内容やチャットは見えません。"</p>
                <div class="field">
                    <label for="name">"招待する方のお名前"</label>
                    <input id="name" name="name" maxlength="40" autocomplete="off" required />
                </div>
                <button class="btn big block">"リンクを作る"</button>
                <p class="fine">"リンクは2時間、1台の端末で使えます。通話は4人までです。"</p>
            </form>
            {rows}
            <a class="btn line block" href=page.path.clone()>"相談にもどる"</a>
        </main>
    }
    .into_any()
}

fn invited(row: &InvitedRow, path: &str, command: CommandId) -> AnyView {
    let open = row.link.clone().map(|link| {
        let label = format!("{}の招待のQRコード", row.name);
        view! {
            <div class="qr" role="img" aria-label=label inner_html=link.qr_svg></div>
            <p>"この画面をカメラで読みとってもらうか、リンクを送ってください。"</p>
            <input class="link-field" readonly aria-label="招待のリンク" value=link.link />
            <form method="post" action=[path, "/withdraw"].concat()>
                {ui::command_field(command)}
                <input type="hidden" name="invite" value=row.invite.to_string() />
                <button class="btn quiet block">"この招待を取り消す"</button>
            </form>
        }
    });
    view! {
        <section class="card stack tight centre">
            <h2>{row.name.clone()}</h2>
            <p class="chip key num">{row.standing.clone()}</p>
            {open}
        </section>
    }
    .into_any()
}

/// `/g/{token}`. Nothing is spent until the button is pressed.
#[must_use]
pub fn guest_door(city: &City, page: &GuestDoor) -> AnyView {
    let fault = page.fault.clone();
    let described = fault.is_some().then(|| ui::fault_id("name"));
    view! {
        {ui::masthead(city)}
        <main class="page">
            <form class="card stack" method="post" action=page.action.clone()>
                {ui::command_field(page.command)}
                <h1>"通話への招待"</h1>
                <p>{format!("{}の相談の通話に、{}として招待されています。", city.service_name, page.role.label())}</p>
                <p class="sub">"通話に出ている方の顔と声だけが伝わります。相談の内容は見えません。録音・録画はしません。"</p>
                <div class="field">
                    <label for="name">"お名前（通話の画面に出ます）"</label>
                    {ui::fault_line("name", fault.as_deref())}
                    <input
                        id="name" name="name" maxlength="40" autocomplete="name" required value=page.name.clone()
                        aria-describedby=described
                    />
                </div>
                <button class="btn big block">"参加する"</button>
                <p class="fine">"この招待は、1台の端末で1回だけ使えます。"</p>
            </form>
            <p class="sub">
                "LINEなどのアプリの中で開いているときは、先に"
                <a href="?openExternalBrowser=1" target="_blank" rel="noopener">"ブラウザで開いて"</a>
                "ください。アプリの中ではカメラとマイクを使えないことがあります。"
            </p>
            <p class="sub">"心あたりがないときは、このページを閉じてください。何も起こりません。"</p>
        </main>
    }
    .into_any()
}
