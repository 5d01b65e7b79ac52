//! Signing in: login name, password and one-time code in one form, so that nothing tells which of them was wrong.

use super::fault_bar;
use crate::{
    page::{City, staff::SignIn},
    ui,
};
use leptos::prelude::*;

pub(super) fn sign_in(city: &City, model: SignIn) -> impl IntoView + use<> {
    let SignIn {
        login,
        fault,
        hint,
        command,
    } = model;
    let described = fault.is_some().then_some("fault");
    let hint = hint.map(|text| view! { <div role="status">{ui::notice_bar(ui::Tone::Key, text, String::new())}</div> });
    // After a refusal the login name stands already: the password is what to type next.
    let begins_with_login = login.is_empty();
    view! {
        <form class="card stack" method="post" action="/staff/sign-in" aria-describedby=described>
            {command.map(ui::command_field)}
            <div>
                <h1>"サインイン"</h1>
                <p class="sub">{city.service_name.clone()}"の職員の方"</p>
            </div>
            {hint}
            {fault_bar(fault)}
            <div class="field">
                <label for="login">"ログイン名"</label>
                <input id="login" name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"
                    maxlength="60" required autofocus=begins_with_login value=login />
            </div>
            <div class="field">
                <label for="password">"パスワード"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" maxlength="200" required
                    autofocus=!begins_with_login />
            </div>
            <div class="field">
                <label for="code">"確認コード（6桁）"</label>
                <input class="num" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                    maxlength="12" required aria-describedby="code-note" />
                <span class="fine" id="code-note">"認証アプリに出ている数字です。1つのコードは1回だけ使えます。"</span>
            </div>
            <button class="btn big block" type="submit">"サインイン"</button>
            <p class="fine">"パスワードや認証アプリをなくしたときは、管理者に登録リンクを頼んでください。"</p>
        </form>
    }
}
