//! `/admin/rules`: the red-flag rules as a city runs them, with forms to approve and to switch.
//!
//! Promises: whoever approves reads on this page all that the rule says, where it comes from, and what the source does not say;
//! every form works without script.
//!
//! Not here: which rules run (signaling's triage), keeping decisions (server).

use crate::{
    page::report::{Approval, DecisionLine, EditionLine, RuleFault, RuleLine, RulePart, RulesPage},
    ui,
};
use leptos::prelude::*;

/// The page.
pub(super) fn rules(page: RulesPage) -> impl IntoView {
    let approved = page.rules.iter().filter(|rule| rule.approval.is_some()).count();
    let running = page.rules.iter().filter(|rule| rule.runs).count();
    let of = page.rules.len();
    let file = if page.own_file {
        "（独自のファイル）"
    } else {
        "（この版に付属）"
    };
    let summary = format!(
        "版 {}{file}：{of}件のうち、承認済み {approved}件、動いている規則 {running}件",
        page.edition
    );
    let demo = page.demo.then(|| {
        ui::notice_bar(
            ui::Tone::Amber,
            "デモのため、承認のない規則も動いています。".to_owned(),
            "本番では、医師が承認した規則だけが動きます。".to_owned(),
        )
    });
    let waiting = (!page.demo && running == 0).then(|| {
        ui::notice_bar(
            ui::Tone::Red,
            "動いている規則がありません。".to_owned(),
            "相談者には危険サインをたずねていません。医師が内容を確かめた規則を、承認してください。".to_owned(),
        )
    });
    let fault = page.fault;
    let cards = page
        .rules
        .into_iter()
        .map(|rule| {
            let fault = fault.as_ref().filter(|fault| fault.rule == rule.id);
            card(&rule, fault, &page.today)
        })
        .collect_view();
    view! {
        <div class="report-head"><h1>"危険サインの規則"</h1><p class="sub num">{summary}</p></div>
        {demo}
        {waiting}
        <section class="stack" aria-labelledby="rules-title"><h2 id="rules-title">"規則"</h2>
            <p class="sub">"承認には、内容を確かめた医師の氏名と、承認した日を入れてください。規則の文は変わりません。新しい版の規則は、もう一度承認がいります。"</p>
            {cards}
        </section>
        {editions(&page.editions, &page.running)}
        {decisions(page.decisions)}
        <p><a class="btn quiet" href="/admin">"設定へもどる"</a></p>
    }
}

fn state(rule: &RuleLine) -> (&'static str, &'static str) {
    match (rule.is_enabled, rule.runs, rule.approval.is_some()) {
        (false, ..) => ("chip", "停止中"),
        (true, true, true) => ("chip green", "動いています"),
        (true, true, false) => ("chip yellow", "デモで動いています（未承認）"),
        (true, false, _) => ("chip yellow", "承認待ち（動いていません）"),
    }
}

fn card(rule: &RuleLine, fault: Option<&RuleFault>, today: &str) -> impl IntoView + use<> {
    let (class, word) = state(rule);
    let id = rule.id.clone();
    let parts = rule.parts.iter().map(part).collect_view();
    let unless = (!rule.unless.is_empty()).then(|| {
        let text = format!("{}が出るときは、この規則は出ません。", rule.unless.join("・"));
        view! { <p class="sub">{text}</p> }
    });
    let remark = rule.remark.clone().map(|text| {
        view! { <p class="bar-note amber"><span class="mark" aria-hidden="true">"!"</span><span><b>"承認する医師へ："</b>{text}</span></p> }
    });
    let source = format!(
        "{}（{}、{}に確認）",
        rule.source_title, rule.source_edition, rule.source_read_on
    );
    let earlier = rule.earlier_was_approved.then(|| {
        view! { <p class="sub">"前の版は承認されています。この版には、もう一度承認がいります。"</p> }
    });
    let title = format!("rule-{id}");
    view! {
        <article class="card stack tight rule" id=id aria-labelledby=title>
            <div class="row wrap">
                <h3 id=title.clone()>{format!("{id}　{}", rule.whom)}</h3>
                <span class="fine num">{format!("第{}版", rule.version)}</span>
                <span class=class>{word}</span>
            </div>
            {parts}
            {unless}
            {remark}
            <p class="fine">"出典："<a href=rule.source_url.clone() rel="noreferrer noopener" target="_blank">{source}</a></p>
            {rule.approval.clone().map(approval)}
            {earlier}
            {forms(rule, fault, today)}
        </article>
    }
}

fn part(part: &RulePart) -> impl IntoView + use<> {
    let signs = part
        .any_of
        .iter()
        .map(|sign| view! { <li>{sign.clone()}</li> })
        .collect_view();
    let told = if part.text.is_empty() {
        view! { <p class="sub">"相談者には出しません。順番だけが早くなります。"</p> }.into_any()
    } else {
        view! { <p class="sub">{format!("相談者が読む文：{}", part.text)}</p> }.into_any()
    };
    view! {
        <p><b>{part.action.label()}</b>"：次のどれか"</p>
        <ul>{signs}</ul>
        {told}
    }
}

fn approval(approval: Approval) -> impl IntoView {
    let Approval { physician, on, written } = approval;
    let how = match written {
        Some((by, at)) => format!("記録：{by}、{} {}", at.date_text(), at.clock()),
        None => "ファイルに記されています。".to_owned(),
    };
    view! { <p><b>{format!("承認：{physician} 医師、{on}")}</b>" "<span class="fine num">{how}</span></p> }
}

fn forms(rule: &RuleLine, fault: Option<&RuleFault>, today: &str) -> impl IntoView + use<> {
    let of_form = |go: &'static str, words: String, class: &'static str| {
        view! { <button class=class name="go" value=go>{words}</button> }
    };
    let id = rule.id.clone();
    let switch = if rule.is_enabled {
        of_form("disable", format!("{id}を停止する"), "btn quiet small")
    } else {
        of_form("enable", format!("{id}の使用を再開する"), "btn line small")
    };
    let withdraw = rule
        .approval
        .is_some()
        .then(|| of_form("withdraw", format!("{id}の承認を取り消す"), "btn quiet small"));
    let hidden = view! {
        {ui::command_field(rule.command)}
        <input type="hidden" name="rule" value=id.clone() />
        <input type="hidden" name="fingerprint" value=rule.fingerprint.clone() />
    }
    .into_any();
    let hidden_again = view! {
        {ui::command_field(rule.command)}
        <input type="hidden" name="rule" value=id.clone() />
        <input type="hidden" name="fingerprint" value=rule.fingerprint.clone() />
    }
    .into_any();
    let approve = rule
        .approval
        .is_none()
        .then(|| approve_form(rule, hidden_again, fault, today));
    view! {
        {approve}
        <form class="row wrap" method="post" action="/admin/rules">{hidden}{withdraw}{switch}</form>
    }
}

fn approve_form(rule: &RuleLine, hidden: AnyView, fault: Option<&RuleFault>, today: &str) -> impl IntoView + use<> {
    let id = &rule.id;
    let (name, day, why) = (
        format!("physician-{id}"),
        format!("approved-on-{id}"),
        format!("fault-{id}"),
    );
    let typed = |of: fn(&RuleFault) -> &String| fault.map(|fault| of(fault).clone()).unwrap_or_default();
    let (physician, on) = (typed(|fault| &fault.physician), typed(|fault| &fault.approved_on));
    let sentence = fault.map(|fault| {
        let text = fault.text.clone();
        view! { <p class="wrong" id=why.clone() role="alert">{text}</p> }
    });
    let described = fault.is_some().then(|| why.clone());
    let today = today.to_owned();
    view! {
        <form class="row wrap approve" method="post" action="/admin/rules">
            {hidden}
            <div class="field"><label for=name.clone()>"承認した医師の氏名"</label>
                <input id=name name="physician" maxlength="60" required autocomplete="off" value=physician aria-describedby=described /></div>
            <div class="field"><label for=day.clone()>"承認した日"</label>
                <input id=day name="approved_on" type="date" required max=today value=on /></div>
            <button class="btn small" name="go" value="approve">{format!("{id}の承認を記録する")}</button>
            {sentence}
        </form>
    }
}

fn editions(editions: &[EditionLine], running: &str) -> impl IntoView + use<> {
    let rows = editions
        .iter()
        .map(|edition| {
            let mark = edition.digest.get(..8).unwrap_or_default().to_owned();
            let now = (edition.digest == running).then(|| view! { <span class="chip green">"いまの版"</span> });
            view! {
                <tr>
                    <th scope="row">{edition.edition.clone()}" "{now}</th>
                    <td class="num">{format!("{} {}", edition.first_at.date_text(), edition.first_at.clock())}</td>
                    <td class="fine num">{mark}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card stack tight" aria-labelledby="editions-title"><h2 id="editions-title">"版"</h2>
            <table><thead><tr><th scope="col">"版"</th><th scope="col">"使いはじめた時"</th><th scope="col">"しるし"</th></tr></thead><tbody>{rows}</tbody></table>
            <form method="get" action="/admin/rules/compare"><button class="btn line">"版をくらべる"</button></form>
        </section>
    }
}

fn decisions(decisions: Vec<DecisionLine>) -> impl IntoView {
    let none = decisions
        .is_empty()
        .then(|| view! { <p class="sub">"まだありません。"</p> });
    let rows = decisions
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <td class="num">{format!("{} {}", one.at.date_text(), one.at.clock())}</td>
                    <th scope="row">{format!("{} 第{}版", one.rule, one.version)}</th>
                    <td>{one.what}</td>
                    <td>{one.by}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card stack tight" aria-labelledby="decisions-title"><h2 id="decisions-title">"承認・停止の記録"</h2>
            <p class="fine">"記録は消せません。soudan check-log が、書きかえられていないことを確かめます。"</p>
            {none}
            <table><thead><tr><th scope="col">"日時"</th><th scope="col">"規則"</th><th scope="col">"内容"</th><th scope="col">"記録した人"</th></tr></thead><tbody>{rows}</tbody></table>
        </section>
    }
}
