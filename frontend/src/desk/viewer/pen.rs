//! The hand that draws: a press begins a mark, letting go ends it.

use super::{Pen, Sheet, drawn};
use crate::{chat::alive::listen, desk::Open};
use leptos::{html, prelude::*};
use signaling::{limits, photo::Mark};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, MouseEvent};

/// Draws on a sheet for as long as it is there.
pub(super) fn follow(node: NodeRef<html::Div>, open: Open, pen: Pen, Sheet { id, size }: Sheet) {
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let element: HtmlElement = element.into();
        let measured = element.clone();
        let place = move |event: &Event| {
            let event = event.dyn_ref::<MouseEvent>()?;
            let around = measured.get_bounding_client_rect();
            let at = (
                f64::from(event.client_x()) - around.left(),
                f64::from(event.client_y()) - around.top(),
            );
            Some(drawn::place((around.width(), around.height()), size, at))
        };
        let (begin, go, end) = (place.clone(), place.clone(), place);
        listen(&element, "pointerdown", move |event| {
            event.prevent_default();
            let Some(at) = begin(&event) else { return };
            let shape = pen.shape.get_untracked();
            let (from, to) = (at, at);
            pen.stroke.set(Some((id, Mark { shape, from, to })));
        });
        listen(&element, "pointermove", move |event| {
            let drawing = pen
                .stroke
                .with_untracked(|stroke| stroke.is_some_and(|(of, _)| of == id));
            let Some(at) = go(&event).filter(|_| drawing) else {
                return;
            };
            pen.stroke.update(|stroke| {
                if let Some((_, mark)) = stroke {
                    mark.to = at;
                }
            });
        });
        listen(&element, "pointerleave", move |_| pen.stroke.set(None));
        listen(&element, "pointerup", move |event| {
            let Some((of, mut mark)) = pen.stroke.get_untracked() else {
                return;
            };
            pen.stroke.set(None);
            let Some(at) = end(&event).filter(|_| of == id) else {
                return;
            };
            mark.to = at;
            let full = untrack(|| pen.of(open, id)).len() >= limits::MARKS_PER_PHOTO;
            if drawn::is_meant(mark) && !full {
                pen.change(open, id, |marks| marks.push(mark));
            }
        });
    });
}
