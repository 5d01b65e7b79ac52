//! Step 1: whom it is about. The same fields stand in the registration.
//!
//! A birth date is three selects, `born_year`, `born_month` and `born_day`, of which the last may be left open. Three taps on
//! a phone's own pickers, no calendar to leaf back through years, and it works without script. The server joins them.

use crate::{page::guardian::IntakePage, ui};
use leptos::prelude::*;
use signaling::intake::{IntakeDraft, Relation};
use time::Date;

/// Years back that can be chosen: the desk is for children up to 15.
const YEARS: i32 = 16;

pub(super) fn step<'a>(page: &IntakePage, today: Date, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    let options = Relation::ALL
        .iter()
        .map(|one| {
            let chosen = page.draft.relation == one.code();
            view! { <option value=one.code() selected=chosen>{one.label()}</option> }
        })
        .collect_view();
    view! {
        <section class="card stack">{subject_fields(&page.draft, today, fault)}</section>
        <section class="card field">
            <label for="relation">"相談する方"<span class="maybe">"任意"</span></label>
            <select id="relation" name="relation">
                <option value="">"えらばない"</option>
                {options}
            </select>
        </section>
    }
    .into_any()
}

/// The fields of the subject: `about`, `born_year`, `born_month`, `born_day`, `due`, `weeks`, `gave_birth`. `fault` says what is wrong with a field.
pub fn subject_fields<'a>(draft: &IntakeDraft, today: Date, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    let about = [("child", "お子さん"), ("pregnant", "妊娠中"), ("postpartum", "産後")]
        .map(|(code, words)| ui::pick("radio", "about", code, draft.about == code, words))
        .collect_view();
    view! {
        <fieldset class="stack tight" aria-describedby="about-fault">
            <legend class="inside">"だれについての相談ですか"</legend>
            <div class="picks">{about}</div>
            {ui::fault_line("about", fault("about"))}
        </fieldset>
        {born(&draft.born, today, fault("born"))}
        {due(draft, fault("due"))}
        {gave_birth(&draft.gave_birth, fault("gave_birth"))}
    }
    .into_any()
}

fn born(typed: &str, today: Date, fault: Option<&str>) -> AnyView {
    let mut parts = typed.split('-').map(|part| part.trim().parse::<i32>().ok());
    let (year, month, day) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
    let years = (today.year() - YEARS..=today.year()).rev();
    let invalid = fault.is_some().then_some("true");
    view! {
        <fieldset class="field only-child" aria-describedby="born-hint born-fault">
            <legend>"生年月日"</legend>
            <p class="fine" id="born-hint">"日がわからなければ、月まででかまいません。"</p>
            <div class="date">
                <span><select id="born_year" name="born_year" aria-label="年" aria-invalid=invalid>{options(years, year, "—")}</select>"年"</span>
                <span><select name="born_month" aria-label="月" aria-invalid=invalid>{options(1..=12, month, "—")}</select>"月"</span>
                <span><select name="born_day" aria-label="日">{options(1..=31, day, "不明")}</select>"日"</span>
            </div>
            {ui::fault_line("born", fault)}
        </fieldset>
    }
    .into_any()
}

fn options(values: impl Iterator<Item = i32>, chosen: Option<i32>, none: &'static str) -> AnyView {
    let rows = values
        .map(|value| view! { <option value=value.to_string() selected=chosen == Some(value)>{value.to_string()}</option> })
        .collect_view();
    view! { <option value="">{none}</option>{rows} }.into_any()
}

fn due(draft: &IntakeDraft, fault: Option<&str>) -> AnyView {
    let invalid = fault.is_some().then_some("true");
    view! {
        <fieldset class="stack tight only-pregnant" aria-describedby="due-fault">
            <legend class="visually-hidden">"出産予定日か妊娠週数"</legend>
            <div class="field">
                <label for="due">"出産予定日"</label>
                <input type="date" id="due" name="due" value=draft.due.clone() aria-invalid=invalid />
            </div>
            <div class="field">
                <label for="weeks">"妊娠週数"<span class="maybe">"予定日がわからないとき"</span></label>
                <span class="unit">
                    <input id="weeks" name="weeks" inputmode="numeric" maxlength="2" value=draft.weeks.clone() aria-invalid=invalid />"週"
                </span>
            </div>
            {ui::fault_line("due", fault)}
        </fieldset>
    }
    .into_any()
}

fn gave_birth(typed: &str, fault: Option<&str>) -> AnyView {
    let invalid = fault.is_some().then_some("true");
    view! {
        <div class="field only-postpartum">
            <label for="gave_birth">"出産日"</label>
            <input
                type="date" id="gave_birth" name="gave_birth" value=typed.to_owned() aria-invalid=invalid
                aria-describedby="gave_birth-fault"
            />
            {ui::fault_line("gave_birth", fault)}
        </div>
    }
    .into_any()
}
