//! `/admin/phones`: whom staff telephone when no supervisor's page answers; and the links by which they do.
//!
//! Promises: the form works without script; what was typed comes back with the sentence that says what is wrong with it.
//!
//! Not here: reading what was typed (server).

use crate::{
    page::report::{PhoneLine, Phones},
    ui,
};
use leptos::prelude::*;
use signaling::limits;

/// The form.
pub(super) fn phones(page: &Phones) -> impl IntoView + use<> {
    let entries = (1..)
        .zip(&page.entries)
        .map(|(place, entry)| {
            view! {
                <fieldset class="stack tight"><legend>{format!("{place}番目")}</legend>
                    {field(&format!("name{place}"), "役割の名前", "text", &entry.0, page)}
                    {field(&format!("number{place}"), "電話番号", "tel", &entry.1, page)}
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <div class="report-head"><h1>"監督者の電話"</h1></div>
        <p class="sub">"監督者の画面に出ても引き受ける人がいないときに、担当者が電話する先です。上から順にかけます。職員の画面にだけ出て、相談者には見えません。"</p>
        {ui::fault_summary(&page.faults)}
        <form class="card stack narrow" method="post" action="/admin/phones" novalidate>
            {ui::command_field(page.command)}
            {entries}
            <p class="fine">"個人の名前ではなく、「当番の監督者」のような役割で書きます。使わないところは空のままにします。"</p>
            <div><button class="btn">"保存する"</button></div>
        </form>
        <p><a class="btn quiet" href="/admin">"設定へもどる"</a></p>
    }
}

fn field(name: &str, label: &'static str, kind: &'static str, value: &str, page: &Phones) -> AnyView {
    let fault = page.faults.iter().find(|(field, _)| field == name);
    let fault = fault.map(|(_, words)| words.as_str());
    let longest = match kind {
        "tel" => limits::PHONE_CHARS,
        _ => limits::SUPERVISOR_PHONE_NAME_CHARS,
    };
    view! {
        <div class="field">
            <label for=name.to_owned()>{label}</label>
            <input id=name.to_owned() name=name.to_owned() type=kind value=value.to_owned() maxlength=longest.to_string() autocomplete="off"
                aria-describedby=ui::fault_id(name) aria-invalid=fault.is_some().then_some("true") />
            {ui::fault_line(name, fault)}
        </div>
    }
    .into_any()
}

/// Whom to telephone, first to last; nothing where the city keeps nobody.
pub(super) fn links(phones: &[PhoneLine]) -> Option<AnyView> {
    let line = |phone: &PhoneLine| {
        let (name, address) = (phone.name.clone(), format!("tel:{}", phone.digits));
        view! { <li>{name}"　"<a class="num" href=address>{phone.shown.clone()}</a></li> }
    };
    let lines = phones.iter().map(line).collect_view();
    (!phones.is_empty()).then(|| view! { <ul class="plain phones" aria-label="監督者の電話">{lines}</ul> }.into_any())
}
