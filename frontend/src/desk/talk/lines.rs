//! What was said and what happened, in order, and what is on its way.

use super::{intake, photos};
use crate::desk::{Desk, Linked, Open, OpenStanding, Sending};
use leptos::{html, prelude::*};
use signaling::{
    consultation::{Lane, Speaker},
    view::{Line, LineKind},
};

/// Within this many pixels of the end, the conversation follows what is new.
const NEAR_END_PX: i32 = 160;

/// The part that scrolls.
pub(super) fn scroller(desk: Desk, open: Open) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    // Asked when somebody scrolls: asking whenever a line comes would have the page laid out in between, and a call that is
    // being answered waits for that.
    let near_end = StoredValue::new(true);
    let look = move |_| {
        if let Some(element) = node.get_untracked() {
            let from_end = element.scroll_height() - element.scroll_top() - element.client_height();
            near_end.set_value(from_end < NEAR_END_PX);
        }
    };
    follow_end(desk, open, node, near_end);
    let loading = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)) == OpenStanding::Loading);
    let typing = Memo::new(move |_| open.typing_until.get() > desk.now.get());
    view! {
        <div class="talk-scroll" node_ref=node tabindex="0" role="group" aria-label="会話" on:scroll=look>
            {move || loading.get().then(|| view! { <p class="empty" role="status">"読みこんでいます…"</p> })}
            {move || (!loading.get()).then(|| open.thread.with(|thread| intake::card(open, thread)).into_any())}
            <div role="log" aria-label="会話の記録">
                <ol class="msgs">
                    <For each=move || open.thread.with(|thread| thread.lines.clone()) key=|line| line.seq
                        children=move |line| said_or_happened(desk, open, line).into_any() />
                    <For each=move || shown_sending(open) key=|one| (one.number, one.acked.is_some())
                        children=move |one| on_its_way(desk, one).into_any() />
                </ol>
            </div>
            <p class="typing" role="status">{move || typing.get().then_some("相談者が入力しています…")}</p>
        </div>
    }
}

fn said_or_happened(desk: Desk, open: Open, line: Line) -> impl IntoView {
    let time = line.at.clock();
    match line.kind {
        LineKind::Happened(words) => {
            view! { <li class="msg sys"><time class="num">{time}</time>" "{words}</li> }.into_any()
        }
        LineKind::Photo {
            speaker,
            photo,
            size,
            caption,
        } => {
            let (class, name, whose) = match &speaker {
                Speaker::Guardian => ("msg", "相談者".to_owned(), "相談者の写真"),
                Speaker::Staff(staff) if desk.is_me(staff) => ("msg me", "あなた".to_owned(), "あなたの写真"),
                Speaker::Staff(staff) => ("msg me", staff.addressed(), "担当者の写真"),
            };
            view! {
                <li class=class>
                    <span class="msg-name">{name}</span>
                    {photos::line(open, photo, size, whose)}
                    {caption.map(|caption| view! { <span class="msg-text">{caption}</span> })}
                    <time class="num">{time}</time>
                </li>
            }
            .into_any()
        }
        LineKind::Said { speaker, lane, text } => {
            let text = text.unwrap_or_else(|| "（保存期間が過ぎたため消去されました）".to_owned());
            let (class, name) = match (&speaker, lane) {
                (Speaker::Guardian, _) => ("msg", "相談者".to_owned()),
                (Speaker::Staff(staff), Lane::Staff) => ("msg me memo", format!("{}・内部メモ", staff.addressed())),
                (Speaker::Staff(staff), Lane::Everyone) if desk.is_me(staff) => ("msg me", "あなた".to_owned()),
                (Speaker::Staff(staff), Lane::Everyone) => ("msg me", staff.addressed()),
            };
            view! {
                <li class=class>
                    <span class="msg-name">{name}</span>
                    <span class="msg-text">{text}</span>
                    <time class="num">{time}{(class == "msg me").then_some("・送信済み")}</time>
                </li>
            }
            .into_any()
        }
    }
}

fn shown_sending(open: Open) -> Vec<Sending> {
    let seq = open.thread.with(|thread| thread.seq);
    open.sending.with(|sending| {
        sending
            .iter()
            .filter(|one| one.acked.is_none_or(|acked| acked > seq))
            .cloned()
            .collect()
    })
}

fn on_its_way(desk: Desk, one: Sending) -> impl IntoView {
    let acked = one.acked.is_some();
    let words = move || match (acked, desk.link.get()) {
        (true, _) => "送信済み",
        (false, Linked::Lost) => "まだ送れていません。つながりしだい送ります",
        (false, _) => "送信中…",
    };
    let class = if one.lane == Lane::Staff {
        "msg me memo pending"
    } else {
        "msg me pending"
    };
    let name = if one.lane == Lane::Staff {
        "あなた・内部メモ"
    } else {
        "あなた"
    };
    view! {
        <li class=class>
            <span class="msg-name">{name}</span>
            <span class="msg-text">{one.text}</span>
            <span class="msg-state">{words}</span>
        </li>
    }
}

/// New lines come into sight by themselves, unless somebody is reading further up.
fn follow_end(desk: Desk, open: Open, node: NodeRef<html::Div>, near_end: StoredValue<bool>) {
    Effect::new(move |before: Option<bool>| {
        let count = open.thread.with(|thread| thread.lines.len()) + open.sending.with(Vec::len);
        let shown = desk.selected.get() == Some(open.consultation);
        let Some(element) = node.get() else { return shown };
        let came_to_front = shown && before != Some(true);
        if shown && count > 0 && (came_to_front || near_end.get_value()) {
            request_animation_frame(move || element.set_scroll_top(element.scroll_height()));
        }
        shown
    });
}
