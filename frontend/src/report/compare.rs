//! `/admin/rules/compare`: two editions of the red-flag rules, rule by rule and field by field.

use crate::page::report::{ComparedField, ComparedRule, Comparison, EditionLine};
use leptos::prelude::*;

/// The page.
pub(super) fn comparison(comparison: Comparison) -> impl IntoView {
    let Comparison {
        from,
        to,
        editions,
        rules,
    } = comparison;
    let title = format!("{} → {}", from.edition, to.edition);
    let body = match rules {
        None => view! { <p>"どちらかの版は、いまの形式ではないため、くらべられません。"</p> }.into_any(),
        Some(rules) if rules.is_empty() => view! { <p><b>"違いはありません。"</b></p> }.into_any(),
        Some(rules) => {
            let summary = format!("{}件の規則に違いがあります。", rules.len());
            view! { <p><b>{summary}</b></p>{rules.into_iter().map(rule).collect_view()} }.into_any()
        }
    };
    view! {
        <div class="report-head"><h1>"規則の版をくらべる"</h1><p class="sub num">{title}</p></div>
        <form class="row wrap" method="get" action="/admin/rules/compare">
            {choice("from", "前の版", &editions, &from.digest)}
            {choice("to", "新しい版", &editions, &to.digest)}
            <button class="btn">"くらべる"</button>
        </form>
        {body}
        <p><a class="btn quiet" href="/admin/rules">"規則へもどる"</a></p>
    }
}

fn choice(name: &'static str, words: &'static str, editions: &[EditionLine], chosen: &str) -> impl IntoView + use<> {
    let options = editions
        .iter()
        .map(|edition| {
            let mark = edition.digest.get(..8).unwrap_or_default();
            let label = format!("{}（{}から、{mark}）", edition.edition, edition.first_at.date_text());
            let selected = edition.digest == chosen;
            view! { <option value=edition.digest.clone() selected=selected>{label}</option> }
        })
        .collect_view();
    view! { <div class="field"><label for=name>{words}</label><select id=name name=name>{options}</select></div> }
}

fn rule(rule: ComparedRule) -> impl IntoView {
    let versions = match (rule.before, rule.after) {
        (Some(before), Some(after)) if before == after => format!("第{before}版"),
        (Some(before), Some(after)) => format!("第{before}版 → 第{after}版"),
        (None, Some(after)) => format!("新しい規則（第{after}版）"),
        (Some(before), None) => format!("なくなった規則（第{before}版）"),
        (None, None) => String::new(),
    };
    let uncounted = rule.is_uncounted.then(|| {
        view! { <span class="chip red">"内容が違うのに、版の番号が同じです"</span> }
    });
    let rows = rule.fields.into_iter().map(field).collect_view();
    let title = format!("compared-{}", rule.rule);
    view! {
        <section class="card stack tight" aria-labelledby=title>
            <div class="row wrap"><h2 id=title.clone()>{rule.rule}</h2><span class="sub num">{versions}</span>{uncounted}</div>
            <table>
                <thead><tr><th scope="col">"項目"</th><th scope="col">"前"</th><th scope="col">"後"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn field(field: ComparedField) -> impl IntoView {
    let words = |text: Option<String>| text.unwrap_or_else(|| "（なし）".to_owned());
    view! {
        <tr>
            <th scope="row"><code>{field.field}</code></th>
            <td>{words(field.before)}</td>
            <td>{words(field.after)}</td>
        </tr>
    }
}
