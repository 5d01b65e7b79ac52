//! `/register`: under a minute, no app, no e-mail. Fields that only some need are shown by CSS alone (`:has()`); a browser
//! without it shows them all.

use crate::{
    intake::subject_fields,
    page::{
        City,
        guardian::{ConsentItem, Register},
    },
    ui,
};
use leptos::prelude::*;
use signaling::time::At;

/// Registration.
#[must_use]
pub fn register(city: &City, page: &Register, now: At) -> AnyView {
    let fault = |field: &str| {
        page.faults
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, text)| text.as_str())
    };
    let summary: Vec<_> = page
        .faults
        .iter()
        .map(|(name, text)| (target(name), text.clone()))
        .collect();
    view! {
        {ui::masthead(city)}
        <main class="page">
            <div>
                <h1>"登録・はじめる"</h1>
                <p class="sub">"1分ほどで終わります。お名前も住所も要りません。"</p>
            </div>
            {ui::fault_summary(&summary)}
            <form class="stack" id="form" method="post" action="/register" novalidate>
                {page.command.map(ui::command_field)}
                <input type="hidden" name="from" value=page.institution.clone() />
                {passphrase(&page.passphrase, fault("passphrase"))}
                <section class="card stack">
                    {subject_fields(&page.draft, now.date(), &fault)}
                </section>
                {reach(page, fault("reach"))}
                {consents(&page.consents, &fault)}
                {recovery(&page.recovery, fault("recovery"))}
                <p class="sub">{super::NOT_AN_EXAMINATION}</p>
                <div class="stack tight">
                    <button class="btn big block" name="go" value="start">"登録して相談をはじめる"</button>
                    <button class="btn line block" name="go" value="only">"登録だけする"</button>
                </div>
            </form>
        </main>
    }
    .into_any()
}

/// The id that a fault's link leads to.
fn target(field: &str) -> String {
    match field {
        "about" => "about-child".to_owned(),
        "born" => "born_year".to_owned(),
        other => other.to_owned(),
    }
}

fn passphrase(typed: &str, fault: Option<&str>) -> AnyView {
    let wrong = fault.is_some().then_some("true");
    view! {
        <section class="card field">
            <label for="passphrase">"合言葉"</label>
            <p class="fine" id="passphrase-hint">"市からのお知らせや、QRコードのそばに書いてあります。"</p>
            <input
                id="passphrase" name="passphrase" value=typed.to_owned() required autocapitalize="none"
                aria-describedby="passphrase-hint passphrase-fault" aria-invalid=wrong
            />
            {ui::fault_line("passphrase", fault)}
        </section>
    }
    .into_any()
}

fn reach(page: &Register, fault: Option<&str>) -> AnyView {
    let options = page
        .reaches
        .iter()
        .map(|(code, words)| {
            let chosen = *code == page.reach;
            view! { <option value=code.clone() selected=chosen>{words.clone()}</option> }
        })
        .collect_view();
    view! {
        <section class="card field">
            <label for="reach">"この相談をどこで知りましたか"<span class="maybe">"任意"</span></label>
            <select id="reach" name="reach" aria-describedby="reach-fault">
                <option value="">"答えない"</option>
                {options}
            </select>
            {ui::fault_line("reach", fault)}
        </section>
    }
    .into_any()
}

fn consents<'a>(items: &[ConsentItem], fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    let rows = items
        .iter()
        .map(|item| {
            let name = ["consent_", &item.purpose].concat();
            let wrong = fault(&name);
            let mark = if item.required {
                view! { <span class="must">"必須"</span> }.into_any()
            } else {
                view! { <span class="maybe">"任意"</span> }.into_any()
            };
            let described = ui::fault_id(&name);
            let invalid = wrong.is_some().then_some("true");
            view! {
                <div class="stack tight">
                    <label class="opt" for=name.clone()>
                        <input
                            type="checkbox" id=name.clone() name=name.clone() value="on" checked=item.given
                            required=item.required aria-describedby=described aria-invalid=invalid
                        />
                        <span>{item.text.clone()}" "{mark}</span>
                    </label>
                    {ui::fault_line(&name, wrong)}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="card stack tight">
            <legend class="inside">"情報の使いみちへの同意"</legend>
            {rows}
        </fieldset>
    }
    .into_any()
}

fn recovery(typed: &str, fault: Option<&str>) -> AnyView {
    view! {
        <section class="card field">
            <label for="recovery">"再開のことば"<span class="maybe">"任意"</span></label>
            <p class="fine" id="recovery-hint">
                "機種変更のあとなど、ほかの端末で相談のつづきを開くときに聞きます。忘れず、人に知られにくいことばを。"
            </p>
            <input
                id="recovery" name="recovery" value=typed.to_owned() autocomplete="off"
                aria-describedby="recovery-hint recovery-fault"
            />
            {ui::fault_line("recovery", fault)}
        </section>
    }
    .into_any()
}
