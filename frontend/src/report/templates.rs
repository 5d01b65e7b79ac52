//! `/admin/templates`: the sentences that a city has agreed on, each with a form to change it, and one to add another.
//!
//! Promises: works without script; says how a blank is written where one writes it.

use crate::{
    page::report::{TemplateDraft, Templates},
    ui,
};
use leptos::prelude::*;
use signaling::{id::CommandId, limits, template};

/// The list and the forms.
pub(super) fn templates(page: Templates) -> impl IntoView {
    let Templates {
        command,
        templates,
        draft,
    } = page;
    let changed = draft.clone().filter(|draft| draft.id.is_some());
    let added = draft.filter(|draft| draft.id.is_none());
    let list = if templates.is_empty() {
        view! { <p class="card empty">"まだありません。下の欄から追加すると、相談デスクの「定型文」に並びます。"</p> }
            .into_any()
    } else {
        let rows = templates.into_iter().map(|one| {
            let draft = changed
                .clone()
                .filter(|draft| draft.id.as_deref() == Some(one.id.as_str()));
            card(one, command, draft)
        });
        rows.collect_view().into_any()
    };
    let (title, body, fault) =
        added.map_or_else(Default::default, |draft| (draft.title, draft.body, Some(draft.fault)));
    view! {
        <div class="report-head"><h1>"定型文"</h1></div>
        <p class="sub">"相談デスクで選んで使う文です。"<b>"{体温}"</b>" のように波かっこで囲んだところは空欄になり、担当者が埋めるまで送れません。"</p>
        {list}
        <section class="card narrow" aria-labelledby="add-title"><h2 id="add-title">"定型文を追加する"</h2>
            <form class="stack" method="post" action="/admin/templates" novalidate>
                {ui::command_field(command)}
                {fields("add", title, &body, fault.as_deref())}
                <div><button class="btn" name="go" value="add">"追加する"</button></div>
            </form>
        </section>
    }
}

fn card(one: template::Template, command: CommandId, draft: Option<TemplateDraft>) -> impl IntoView {
    let blanks = template::blanks(&one.body).join("、");
    let open = draft.is_some();
    let (title, body, fault) = match draft {
        Some(draft) => (draft.title, draft.body, Some(draft.fault)),
        None => (one.title.clone(), one.body.clone(), None),
    };
    let (label, change) = (one.title.clone(), format!("{}を直す・外す", one.title));
    view! {
        <section class="card narrow template" aria-label=label>
            <h2>{one.title}</h2>
            <p class="pre">{one.body}</p>
            {(!blanks.is_empty()).then(|| view! { <p class="fine">{format!("空欄：{blanks}")}</p> })}
            <details open=open>
                <summary>{change}</summary>
                <form class="stack" method="post" action="/admin/templates" novalidate>
                    {ui::command_field(command)}
                    <input type="hidden" name="id" value=one.id.clone() />
                    {fields(&one.id, title, &body, fault.as_deref())}
                    <div class="row wrap">
                        <button class="btn small" name="go" value="change">"直す"</button>
                        <button class="btn quiet small" name="go" value="retire">"使うのをやめる"</button>
                    </div>
                </form>
            </details>
        </section>
    }
}

fn fields(of: &str, title: String, body: &str, fault: Option<&str>) -> impl IntoView + use<> {
    let id = |part: &str| format!("{part}-{of}");
    let described = format!("{of}-fault");
    let wrong = fault.is_some().then_some("true");
    let hint = format!("{}字まで。空欄は {{体温}} のように書きます。", limits::TEMPLATE_CHARS);
    view! {
        <div class="field">
            <label for=id("title")>"題名"</label>
            <input id=id("title") name="title" value=title required aria-describedby=described.clone() aria-invalid=wrong />
        </div>
        <div class="field">
            <label for=id("body")>"本文"</label>
            <span class="fine">{hint}</span>
            <textarea id=id("body") name="body" rows="4" required aria-describedby=described aria-invalid=wrong
                inner_html=ui::textarea_content(body)></textarea>
        </div>
        {ui::fault_line(of, fault)}
    }
}
