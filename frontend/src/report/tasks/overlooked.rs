//! A consultation that nobody took in time, on the list of what supervisors have to look after.

use super::{due, form, stamp};
use crate::{
    page::report::{OverlookedRow, PhoneLine},
    report::phones,
};
use leptos::prelude::*;
use signaling::time::At;

/// Its card. `phones`: other supervisors, to be telephoned. `fault`: what was wrong with its form.
pub(super) fn card(row: OverlookedRow, phones: &[PhoneLine], fault: Option<String>, now: At) -> AnyView {
    let id = row.consultation;
    let title = format!("overlooked-{id}");
    let owner = row.owner.as_ref().map_or_else(
        || "まだいません".to_owned(),
        |owner| format!("{}（{}）", owner.name, owner.role.label()),
    );
    let phones = phones::links(phones).map(|links| view! { <dt>"電話"</dt><dd>{links}</dd> });
    let take = row.owner.is_none().then_some(row.take);
    view! {
        <article class="card stack tight overlooked" data-task=format!("{id}/overlooked") aria-labelledby=title>
            <div class="row wrap">
                <h2 id=title.clone()>{format!("担当のいない相談：{}・{}", row.class, row.subject)}</h2>
                {due(row.due_at, now)}
            </div>
            <dl class="facts wide">
                <dt>"理由"</dt><dd>{row.why}</dd>
                <dt>"届いた時刻"</dt><dd class="num">{stamp(row.since)}</dd>
                <dt>"いまの状態"</dt><dd>{row.standing}{"・"}{row.presence}</dd>
                <dt>"対応する人"</dt><dd>{owner}</dd>
                {phones}
            </dl>
            {form(&format!("/tasks/{id}/overlooked"), take, row.close, fault, (&format!("/logs/{id}"), "経過を見る"))}
        </article>
    }
    .into_any()
}
