//! Photos seen large at the desk: one, or two side by side, and what is drawn over them.
//!
//! Promises: the photo stays as it came; marks are the staff's, and are kept only by 「印を残す」; the words of the conversation stay
//! open behind. A native dialog, so Esc closes it and the focus stays inside.

mod drawn;
#[cfg(feature = "hydrate")]
mod pen;

use super::{Desk, Open, Wish, dialogs::modal, talk::photos::path};
use crate::photo;
use leptos::{html, prelude::*};
use signaling::{
    id::PhotoId,
    photo::{Mark, MarkKind},
    view::{LineKind, Thread},
};

/// Photos that stand side by side at most.
const BESIDE: usize = 2;

/// A photo of the conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sheet {
    id: PhotoId,
    size: (u32, u32),
}

fn sheets(thread: &Thread) -> Vec<Sheet> {
    let lines = thread.lines.iter();
    let photos = lines.filter_map(|line| match line.kind {
        LineKind::Photo { photo, size, .. } => Some(Sheet { id: photo, size }),
        _ => None,
    });
    photos.collect()
}

/// What is being drawn.
#[derive(Clone, Copy)]
struct Pen {
    shape: RwSignal<MarkKind>,
    /// Marks as they stand on this page, of photos that were drawn on.
    drafts: RwSignal<Vec<(PhotoId, Vec<Mark>)>>,
    /// Where the stroke that is being drawn began, and where it is now.
    stroke: RwSignal<Option<(PhotoId, Mark)>>,
}

impl Pen {
    fn of(self, open: Open, photo: PhotoId) -> Vec<Mark> {
        let drawn = self.drafts.with(|all| marks_of(all, photo));
        drawn.unwrap_or_else(|| kept(open, photo))
    }

    fn change(self, open: Open, photo: PhotoId, change: impl FnOnce(&mut Vec<Mark>)) {
        let mut marks = untrack(|| self.of(open, photo));
        change(&mut marks);
        self.drafts.update(|all| {
            all.retain(|(of, _)| *of != photo);
            all.push((photo, marks));
        });
    }
}

fn marks_of(all: &[(PhotoId, Vec<Mark>)], photo: PhotoId) -> Option<Vec<Mark>> {
    let found = all.iter().find(|(of, _)| *of == photo);
    found.map(|(_, marks)| marks.clone())
}

fn kept(open: Open, photo: PhotoId) -> Vec<Mark> {
    open.thread
        .with(|thread| marks_of(&thread.marks, photo))
        .unwrap_or_default()
}

/// The dialog of a consultation, closed until a photo is pressed.
pub(super) fn viewer(desk: Desk, open: Open) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    modal(node, move || open.viewing.with(|photos| !photos.is_empty()));
    let pen = Pen {
        shape: RwSignal::new(MarkKind::Arrow),
        drafts: RwSignal::new(Vec::new()),
        stroke: RwSignal::new(None),
    };
    let all = Memo::new(move |_| open.thread.with(sheets));
    let beside = move || {
        let seen = open.viewing.get();
        all.with(|all| {
            all.iter()
                .filter(|sheet| seen.contains(&sheet.id))
                .copied()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <dialog class="dialog viewer" node_ref=node aria-label="写真" on:close=move |_| open.viewing.set(Vec::new())>
            {tools(desk, open, pen)}
            <div class="sheets">
                <For each=beside key=|sheet| sheet.id children=move |one| sheet(open, pen, one) />
            </div>
            <ul class="strip" aria-label="この相談の写真">
                <For each=move || all.get() key=|sheet| sheet.id children=move |one| thumb(open, one) />
            </ul>
        </dialog>
    }
    .into_any()
}

fn tools(desk: Desk, open: Open, pen: Pen) -> AnyView {
    let shapes = [(MarkKind::Arrow, "矢印"), (MarkKind::Ring, "丸")].map(|(shape, words)| {
        view! {
            <button type="button" class="chip key toggle" aria-pressed=move || (pen.shape.get() == shape).to_string()
                on:click=move |_| pen.shape.set(shape)>{words}</button>
        }
    });
    let changed = move |photo| pen.of(open, photo) != kept(open, photo);
    let last = move || open.viewing.with(|photos| photos.last().copied());
    let nothing_new = move || !open.viewing.get().into_iter().any(changed);
    let undo = move |_| {
        if let Some(photo) = untrack(last) {
            pen.change(open, photo, |marks| marks.truncate(marks.len().saturating_sub(1)));
        }
    };
    let keep = move |_| {
        for photo in open.viewing.get_untracked() {
            if untrack(|| changed(photo)) {
                let marks = untrack(|| pen.of(open, photo));
                desk.ask(Wish::MarkPhoto(open.consultation, photo, marks));
            }
        }
    };
    view! {
        <div class="row apart wrap">
            <div class="row wrap" role="group" aria-label="写真に印をつける">
                {shapes.into_iter().collect_view()}
                <button type="button" class="btn quiet small" on:click=undo>"1つ消す"</button>
                <button type="button" class="btn small" disabled=nothing_new on:click=keep>"印を残す"</button>
                <span class="fine">"写真の上を指やマウスでなぞります。印は職員だけに見えます。"</span>
            </div>
            <button type="button" class="btn line small" on:click=move |_| open.viewing.set(Vec::new())>"とじる"</button>
        </div>
    }
    .into_any()
}

/// A photo with its marks.
fn sheet(open: Open, pen: Pen, Sheet { id, size }: Sheet) -> AnyView {
    let address = photo::address(&path(open.consultation), id);
    let thick = size.0.max(size.1) / 160 + 1;
    let marks = move || {
        let mut marks = pen.of(open, id);
        marks.extend(pen.stroke.get().filter(|(of, _)| *of == id).map(|(_, mark)| mark));
        let shapes = marks.into_iter().map(|mark| {
            let way = drawn::way(mark, size);
            view! { <path class="halo" stroke-width=thick * 2 d=way.clone() /><path class="mark" stroke-width=thick d=way /> }
        });
        shapes.collect_view()
    };
    let node = NodeRef::<html::Div>::new();
    #[cfg(feature = "hydrate")]
    pen::follow(node, open, pen, Sheet { id, size });
    view! {
        <div class="sheet" node_ref=node>
            <svg viewBox=format!("0 0 {} {}", size.0, size.1) role="img" aria-label="相談の写真">
                <image href=address width=size.0 height=size.1></image>
                {marks}
            </svg>
        </div>
    }
    .into_any()
}

/// A photo of the strip: pressed, it stands beside the one before.
fn thumb(open: Open, Sheet { id, .. }: Sheet) -> AnyView {
    let small = [&photo::address(&path(open.consultation), id), "/small"].concat();
    let shown = move || open.viewing.with(|photos| photos.contains(&id));
    let press = move |_| open.viewing.update(|photos| beside(photos, id));
    view! {
        <li><button type="button" aria-pressed=move || shown().to_string() on:click=press>
            <img src=small alt="写真を並べる" loading="lazy" />
        </button></li>
    }
    .into_any()
}

/// Puts a photo beside the others, or away; the last one stays, or nothing would be seen.
fn beside(photos: &mut Vec<PhotoId>, id: PhotoId) {
    match photos.iter().position(|one| *one == id) {
        Some(at) if photos.len() > 1 => drop(photos.remove(at)),
        Some(_) => {}
        None => {
            photos.push(id);
            if photos.len() > BESIDE {
                photos.remove(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn two_photos_stand_side_by_side_and_one_always_stays() {
        let [one, two, three] = [1, 2, 3].map(|id| PhotoId(Uuid::from_u128(id)));
        let mut photos = vec![one];
        beside(&mut photos, one);
        assert_eq!(photos, [one]);
        beside(&mut photos, two);
        assert_eq!(photos, [one, two]);
        beside(&mut photos, three);
        assert_eq!(photos, [two, three]);
        beside(&mut photos, two);
        assert_eq!(photos, [three]);
    }
}
