//! Another device of the same family: the door that asks, the button that spends a QR code, the code shown on the first
//! device. Nothing here says what the consultation is about.

use crate::{
    page::{
        City,
        guardian::{Door, Replace, Transfer},
    },
    ui,
};
use leptos::prelude::*;
use signaling::{call::agent::BrowserFamily, id::CommandId, time::At};

/// A ticket on a device without the family's credential.
#[must_use]
pub fn door(city: &City, page: &Door) -> AnyView {
    let action = [&page.path, "/door"].concat();
    // What to do once it is locked says all that the fault says.
    let fault = page.fault.clone().filter(|_| !page.locked).map(|text| {
        view! { <div role="alert">{ui::notice_bar(ui::Tone::Red, text, String::new())}</div> }
    });
    let ways = if page.locked {
        locked(page.path.clone())
    } else {
        let recovery = page.has_recovery.then(|| by_recovery(action.clone(), page.command));
        view! { {by_code(action, page.command)}{recovery} }.into_any()
    };
    view! {
        {ui::masthead(city)}
        <main class="page">
            <div class="stack tight">
                <h1>"この端末で開くには"</h1>
                <p>"この相談は、はじめに使った端末で守られています。ご家族ご本人であることを確かめます。"</p>
            </div>
            {fault}
            {ways}
            <div class="stack tight">
                <a class="btn quiet block" href="/">"はじめのページへ"</a>
                <p class="fine">"急を要するときは、待たずに "<a href="tel:119">"119"</a>" に電話してください。"</p>
            </div>
        </main>
    }
    .into_any()
}

/// The number that was shown is worth nothing any more; a new one, from the first device, opens.
fn locked(path: String) -> AnyView {
    view! {
        <div role="alert">
            {ui::notice_bar(
                ui::Tone::Amber,
                "まちがいが続いたため、いまの番号では開けません".to_owned(),
                "はじめの端末で「別の端末で続ける」をもう一度押すと、新しい番号が出ます。\
                 はじめの端末が手元にないときは、市の窓口におたずねください。"
                    .to_owned(),
            )}
        </div>
        <a class="btn big block" href=path>"新しい番号を入れる"</a>
    }
    .into_any()
}

fn by_code(action: String, command: CommandId) -> AnyView {
    view! {
        <form class="card stack" method="post" action=action>
            {ui::command_field(command)}
            <h2>"6けたの番号で開く"</h2>
            <p class="sub">"はじめの端末で「別の端末で続ける」を押すと、番号が5分間表示されます。"</p>
            <div class="field">
                <label for="code">"6けたの番号"</label>
                <input
                    class="code-field num" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7"
                    required
                />
            </div>
            <button class="btn big block">"番号で開く"</button>
        </form>
    }
    .into_any()
}

fn by_recovery(action: String, command: CommandId) -> AnyView {
    view! {
        <form class="card stack" method="post" action=action>
            {ui::command_field(command)}
            <h2>"再開のことばで開く"</h2>
            <p class="sub">"登録のときに決めたことばを入れてください。"</p>
            <div class="field">
                <label for="recovery">"再開のことば"</label>
                <input id="recovery" name="recovery" autocomplete="off" required />
            </div>
            <button class="btn line block">"ことばで開く"</button>
        </form>
    }
    .into_any()
}

/// A transfer's QR code was opened; nothing is spent until the button is pressed.
#[must_use]
pub fn enter(city: &City, action: String, command: CommandId) -> AnyView {
    view! {
        {ui::masthead(city)}
        <main class="page">
            <form class="card stack" method="post" action=action>
                {ui::command_field(command)}
                <h1>"この端末で続けますか"</h1>
                <p>"押すと、この端末でも相談のつづきが見られるようになります。はじめの端末もそのまま使えます。"</p>
                <button class="btn big block">"この端末で続ける"</button>
            </form>
            <p class="sub">"心あたりがないときは、このページを閉じてください。何も起こりません。"</p>
        </main>
    }
    .into_any()
}

/// This device holds another family's credential: nothing is tried or spent until the button is pressed.
#[must_use]
pub fn replace(city: &City, page: &Replace) -> AnyView {
    let typed = page
        .fields
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone() /> })
        .collect_view();
    view! {
        {ui::masthead(city)}
        <main class="page">
            <form class="card stack" method="post" action=page.action.clone()>
                <h1>"この端末の登録を入れかえますか"</h1>
                <p>"この端末は、すでに別の登録で使われています。入れかえると、この端末では今の登録の相談が見られなくなります。"</p>
                <p class="sub">"今の登録で相談の途中のときは、終わってから入れかえてください。ご家族の2台目として同じ相談を見たいときは、そのまま入れかえて大丈夫です。"</p>
                <input type="hidden" name="replace" value="on" />
                {typed}
                <button class="btn big block">"入れかえて開く"</button>
                <a class="btn line block" href=page.back.clone()>"やめる"</a>
            </form>
        </main>
    }
    .into_any()
}

/// Inside of an app the other device is this one's own browser: the link itself, then the code for everything else.
fn hand_over(page: &Transfer, app: BrowserFamily) -> AnyView {
    // LINE opens an address in the phone's own browser when it says so (LINE Developers, "Opening a URL in an external
    // browser"); other apps have no such word.
    let open = (app == BrowserFamily::Line).then(|| {
        let outside = [&page.link, "?openExternalBrowser=1"].concat();
        view! { <a class="btn big block" href=outside>"ブラウザで開く"</a> }
    });
    let how = if app == BrowserFamily::Line {
        "開かないときは、下のリンクをコピーして、SafariやChromeのアドレス欄に貼りつけてください。"
    } else {
        "下のリンクをコピーして、SafariやChromeのアドレス欄に貼りつけてください。"
    };
    view! {
        <section class="card stack">
            <h1>"ふだんのブラウザで続ける"</h1>
            <p>"このアプリの中の画面では、通話ができないことがあります。ふだんのブラウザで開くと、順番も内容もそのままで、登録もいりません。"</p>
            {open}
            <div class="field">
                <label for="link">"続けるためのリンク"</label>
                <input id="link" class="num" readonly value=page.link.clone() />
                <p class="sub">{how}</p>
            </div>
            <button type="button" class="btn line block" data-copy="link" hidden>"リンクをコピー"</button>
            <p class="sub">"開いたら「この端末で続ける」を押してください。リンクは1回だけ、5分間使えます。"</p>
        </section>
    }
    .into_any()
}

/// The code for another device.
#[must_use]
pub fn transfer(city: &City, page: &Transfer, now: At) -> AnyView {
    let (head, tail) = page.code.split_at_checked(3).unwrap_or((&page.code, ""));
    let (head, tail) = (head.to_owned(), tail.to_owned());
    let minutes_left = (page.expires_at.seconds_since(now) + 59) / 60;
    let title = if page.in_app.is_some() {
        view! { <h2>"別の端末で続ける"</h2> }.into_any()
    } else {
        view! { <h1>"別の端末で続ける"</h1> }.into_any()
    };
    let ends = format!("あと{minutes_left}分（{}まで）", page.expires_at.clock());
    view! {
        {ui::masthead(city)}
        <main class="page">
            {page.in_app.map(|app| hand_over(page, app))}
            <section class="card stack centre">
                {title}
                <p>"もう1台で、このQRコードを読みとってください。"</p>
                <div class="qr" role="img" aria-label="続けるためのQRコード" inner_html=page.qr_svg.clone()></div>
                <p>"または、相談のリンクを開いて、この番号を入れてください。"</p>
                <p class="code num" aria-label=page.code.clone()><span>{head}</span><span>{tail}</span></p>
                <p class="chip amber num">{ends}</p>
            </section>
            {ui::notice_bar(
                ui::Tone::Key,
                "番号とQRコードは、ご家族のほかには見せないでください".to_owned(),
                "1回使うか、時間がすぎると使えなくなります。新しい端末が加わると、相談の画面でお知らせします。".to_owned(),
            )}
            <a class="btn line block" href=page.path.clone()>"相談にもどる"</a>
        </main>
    }
    .into_any()
}
