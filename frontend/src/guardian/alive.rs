//! The ticket in the browser: one connection, and what each frame means for the page.

use super::{Connection, Stage, Visit};
use crate::{
    chat,
    live::{LinkState, Live},
    page::guardian::LivePage,
    queue::wake,
};
use leptos::prelude::*;
use signaling::{
    consultation::{Speaker, WireEvent, WireKind},
    protocol::{ServerFrame, Side, Signal as SeatSignal},
};
use std::{cell::Cell, rc::Rc, time::Duration};

/// How long 「入力中」 stands after its last sign; signs come every 3 seconds while somebody writes.
const TYPING_STANDS: Duration = Duration::from_secs(5);

/// Connects, and wires what the family does once the page stands. Called while the page is being made, so that the
/// connection belongs to the page's owner.
pub(super) fn bring_to_life(visit: Visit, path: &str, page: &LivePage) -> Live {
    let live = Live::connect(vec![(visit.consultation, page.cursor)], false, super::received::frame);
    let link = live.link();
    Effect::new(move |_| {
        visit.connection.set(Some(match link.get() {
            LinkState::Connecting => Connection::Connecting,
            LinkState::Connected => Connection::Connected,
            LinkState::Lost => Connection::Lost,
            LinkState::ByForms => Connection::ByForms,
            LinkState::SignedOut => Connection::SignedOut,
        }));
    });
    // A call is not carried on where the consultation may not be seen.
    Effect::new(move |_| {
        if visit.connection.get() == Some(Connection::SignedOut) {
            visit.thread.update(|thread| thread.call = None);
        }
    });
    super::post::go_on_without_socket(visit, live, path.to_owned());
    let typing_signs = Rc::new(Cell::new(0u32));
    live.on_frame(move |frame| received(visit, frame, &typing_signs));
    let stage = visit.stage;
    wake::keep_awake(Memo::new(move |_| stage.get() == Stage::Waiting));
    // What the clinician wrote stands at the top; the family was reading at the end.
    Effect::new(move |before: Option<Stage>| {
        let now = stage.get();
        if now == Stage::Over && before.is_some_and(|before| before != Stage::Over) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        now
    });
    let draft = page.message_draft.clone();
    Effect::new(move |_| {
        chat::alive::bring_to_life(visit, live, &draft);
    });
    live
}

fn received(visit: Visit, frame: &ServerFrame, typing_signs: &Rc<Cell<u32>>) {
    match frame {
        ServerFrame::Events {
            consultation, events, ..
        } if *consultation == visit.consultation => {
            if events.iter().any(is_theirs) {
                visit.typing.set(false);
                call_back(events);
            }
            visit
                .thread
                .update(|thread| events.iter().for_each(|event| thread.fold(event)));
            chat::alive::forget_arrived(visit);
        }
        ServerFrame::Position { consultation, position } if *consultation == visit.consultation => {
            visit.position.set(Some(*position));
        }
        ServerFrame::Presence {
            consultation,
            side: Side::Staff,
            presence,
        } if *consultation == visit.consultation => {
            visit.presence.set(Some(*presence));
        }
        ServerFrame::Signal {
            consultation,
            signal: SeatSignal::Typing,
            ..
        } if *consultation == visit.consultation => {
            let sign = typing_signs.get().wrapping_add(1);
            typing_signs.set(sign);
            visit.typing.set(true);
            let typing_signs = typing_signs.clone();
            let over = move || {
                if typing_signs.get() == sign {
                    visit.typing.set(false);
                }
            };
            set_timeout(over, TYPING_STANDS);
        }
        ServerFrame::Draft {
            consultation,
            field,
            body,
            ..
        } if *consultation == visit.consultation && field == "message" => {
            if let Some(text) = body.as_str() {
                chat::alive::adopt_draft(text);
            }
        }
        _ => {}
    }
}

fn is_theirs(event: &WireEvent) -> bool {
    matches!(
        &event.kind,
        WireKind::Said {
            speaker: Speaker::Staff(_),
            ..
        } | WireKind::Photo {
            speaker: Speaker::Staff(_),
            ..
        } | WireKind::PhotoWished { .. }
            | WireKind::Claimed { .. }
            | WireKind::CallOffered { .. }
    )
}

/// While the family looks at something else, the title of the page says that it is wanted.
fn call_back(events: &[WireEvent]) {
    if !document().hidden() {
        return;
    }
    let claimed = events
        .iter()
        .any(|event| matches!(event.kind, WireKind::Claimed { .. }));
    let words = if claimed {
        "● 順番が来ました"
    } else {
        "● 新しいメッセージ"
    };
    let before = document().title();
    if before.starts_with('●') {
        return;
    }
    document().set_title(words);
    let handle = Rc::new(Cell::new(None));
    let shown = handle.clone();
    let back = move || {
        if !document().hidden() {
            document().set_title(&before);
            if let Some(handle) = shown.take() {
                IntervalHandle::clear(&handle);
            }
        }
    };
    handle.set(set_interval_with_handle(back, Duration::from_secs(1)).ok());
}
