//! Scrolling that never takes away what is read: somebody at the end of the conversation stays at the end, somebody who reads
//! above is told that there is more.

use super::alive::listen;
use crate::guardian::{Stage, Visit};
use leptos::prelude::*;
use signaling::id::Seq;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Nearer to the end than this counts as reading the end.
const NEAR_END_PX: f64 = 140.0;
/// Room between the last line and the composer.
const MARGIN_PX: f64 = 16.0;

fn part(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// How far the window would have to scroll to show the end of the conversation just above the composer; negative where the
/// end is above that.
fn distance_to_end_px() -> f64 {
    let Some(log) = part("log") else { return 0.0 };
    let foot = part("foot-bar").map_or(0, |foot| foot.offset_height());
    let seen = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let end = f64::from(log.offset_top() + log.offset_height() + foot) + MARGIN_PX;
    end - window().scroll_y().unwrap_or_default() - seen
}

/// Shows the end of the conversation, if it lies below what is seen.
pub(super) fn to_the_end(visit: Visit) {
    visit.unseen.set(false);
    let distance = distance_to_end_px();
    if distance > 0.0 {
        window().scroll_by_with_x_and_y(0.0, distance);
    }
}

/// Wires the window, the button 「新しいメッセージ」 and the log.
pub(super) fn follow_the_end(visit: Visit) {
    let at_end = Rc::new(Cell::new(false));
    let look = {
        let at_end = at_end.clone();
        move || {
            at_end.set(distance_to_end_px() < NEAR_END_PX);
            if at_end.get() && visit.unseen.get_untracked() {
                visit.unseen.set(false);
            }
        }
    };
    look();
    let scrolled = look.clone();
    listen(&window(), "scroll", move |_| scrolled());
    if let Some(button) = document().get_element_by_id("new-lines") {
        listen(&button, "click", move |_| to_the_end(visit));
    }
    follow_new_lines(visit, at_end.clone(), look);
    // A line above the composer makes the foot higher; the last words stay above it.
    Effect::new(move |_| {
        visit.typing.track();
        visit.connection.track();
        if at_end.get() && visit.stage.get_untracked() == Stage::Talking {
            request_animation_frame(move || to_the_end(visit));
        }
    });
}

fn follow_new_lines(visit: Visit, at_end: Rc<Cell<bool>>, look: impl Fn() + Clone + 'static) {
    Effect::new(move |before: Option<(Seq, bool)>| {
        let seq = visit
            .thread
            .with(|thread| thread.lines.last().map_or(0, |line| line.seq));
        let talking = visit.stage.get() == Stage::Talking;
        match before {
            // A page that opens amid a conversation opens at its end; the moment it begins, too.
            None | Some((_, false)) if talking => {
                let look = look.clone();
                request_animation_frame(move || {
                    to_the_end(visit);
                    look();
                });
            }
            Some((last, _)) if seq > last => {
                let at_end = at_end.get();
                let look = look.clone();
                request_animation_frame(move || {
                    if at_end {
                        to_the_end(visit);
                    } else {
                        visit.unseen.set(distance_to_end_px() >= NEAR_END_PX);
                    }
                    look();
                });
            }
            _ => {}
        }
        (seq, talking)
    });
}
