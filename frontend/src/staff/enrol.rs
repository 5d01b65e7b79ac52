//! Enrolment: the second factor is added first, then the password is chosen; one button does both.

use super::fault_bar;
use crate::{
    page::{City, staff::Enrol},
    ui,
};
use leptos::prelude::*;

pub(super) fn enrol(city: &City, model: Enrol) -> impl IntoView + use<> {
    let Enrol {
        action,
        name,
        qr_svg,
        secret,
        fault,
        command,
    } = model;
    let described = fault.is_some().then_some("fault");
    view! {
        <form class="card stack" method="post" action=action aria-describedby=described>
            {command.map(ui::command_field)}
            <div>
                <h1>"職員の登録"</h1>
                <p class="sub">{name}" ・ "{city.service_name.clone()}</p>
            </div>
            {fault_bar(fault)}
            <section class="stack" aria-labelledby="app-title">
                <h2 id="app-title">"1. 認証アプリに追加する"</h2>
                <p class="sub">"スマートフォンの認証アプリで、このQRコードを読み取ってください。"</p>
                <div class="qr" role="img" aria-label="認証アプリに追加するQRコード" inner_html=qr_svg></div>
                <p class="fine">"読み取れないときは、この文字を入れてください："<code class="secret">{in_fours(&secret)}</code></p>
                <div class="field">
                    <label for="code">"確認コード（6桁）"</label>
                    <input class="num" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                        maxlength="12" required aria-describedby="code-note" />
                    <span class="fine" id="code-note">"アプリに出ている今の数字です。"</span>
                </div>
            </section>
            <section class="stack" aria-labelledby="password-title">
                <h2 id="password-title">"2. パスワードを決める"</h2>
                <div class="field">
                    <label for="password">"パスワード"</label>
                    <input id="password" name="password" type="password" autocomplete="new-password" minlength="12"
                        maxlength="200" required aria-describedby="password-note" />
                    <span class="fine" id="password-note">"12文字以上。文や言葉をつなげると、長くても覚えやすくなります。"</span>
                </div>
                <div class="field">
                    <label for="password_again">"パスワード（もう一度）"</label>
                    <input id="password_again" name="password_again" type="password" autocomplete="new-password" minlength="12"
                        maxlength="200" required />
                </div>
            </section>
            <button class="btn big block" type="submit">"登録してサインイン"</button>
            <p class="fine">"このリンクは1回だけ使えます。"</p>
        </form>
    }
}

fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}
