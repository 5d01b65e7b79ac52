//! What the scope guard marks in a midwife's words, below the field: the words, the rule, and a general wording to take instead.
//!
//! Not here: what is marked (`signaling::scope`), and that nothing marked is sent without a reason (the server's rule too).

use crate::desk::{Desk, Open, Wish};
use leptos::prelude::*;
use signaling::scope::DELIVERED;

/// One mark, as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Marked {
    rule: &'static str,
    about: &'static str,
    say: &'static str,
    words: String,
    sentence: String,
}

/// What is marked in these words.
pub(super) fn marked(text: &str) -> Vec<Marked> {
    let marks = DELIVERED.marks(text).into_iter();
    marks
        .map(|mark| Marked {
            rule: &mark.rule.id,
            about: &mark.rule.about,
            say: &mark.rule.say,
            words: mark.words,
            sentence: mark.sentence,
        })
        .collect()
}

/// The marks, said to screen readers as they come up.
pub(super) fn notes(desk: Desk, open: Open, marks: Memo<Vec<Marked>>) -> impl IntoView {
    let rows = move || {
        marks
            .get()
            .into_iter()
            .map(|mark| note(desk, open, mark))
            .collect_view()
    };
    view! { <div class="scope-marks" role="status">{rows}</div> }
}

fn note(desk: Desk, open: Open, mark: Marked) -> impl IntoView {
    let Marked {
        rule,
        about,
        say,
        words,
        sentence,
    } = mark;
    let take = move |_| {
        open.message.update(|text| *text = text.replacen(&sentence, say, 1));
        desk.ask(Wish::MessageChanged(open.consultation));
    };
    view! {
        <div class="scope-mark">
            <p><mark>{words}</mark>" "{about}<span class="fine">{format!("（{rule}）")}</span></p>
            <p class="fine">"言いかえの例："{say}</p>
            <button type="button" class="btn quiet small" on:click=take>"この言い方にかえる"</button>
        </div>
    }
}
