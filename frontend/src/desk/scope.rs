//! What the scope guard marks in a midwife's words, below the field: the words, the rule, and a general wording to take instead.
//!
//! Not here: what is marked (`signaling::scope`), and that nothing marked reaches a family without a reason (the server's rule too).

use super::Desk;
use leptos::prelude::*;
use signaling::{actor::Role, scope::DELIVERED};

/// One mark, as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Marked {
    rule: &'static str,
    about: &'static str,
    say: &'static str,
    words: String,
    sentence: String,
}

impl Marked {
    /// The text with the general wording instead.
    pub(super) fn reworded(&self, text: &str) -> String {
        text.replacen(&self.sentence, self.say, 1)
    }
}

/// What is marked in these words of the clinician at this desk.
pub(super) fn marked(desk: Desk, text: &str) -> Vec<Marked> {
    if desk.me.with_value(|me| me.role != Role::Midwife) {
        return Vec::new();
    }
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

/// The marks, said to screen readers as they come up; `take` puts the general wording of one into the field.
pub(super) fn notes(marks: Memo<Vec<Marked>>, take: impl Fn(&Marked) + Copy + Send + Sync + 'static) -> impl IntoView {
    let rows = move || marks.get().into_iter().map(|mark| note(mark, take)).collect_view();
    view! { <div class="scope-marks" role="status">{rows}</div> }
}

fn note(mark: Marked, take: impl Fn(&Marked) + 'static) -> impl IntoView {
    let (rule, about, say, words) = (mark.rule, mark.about, mark.say, mark.words.clone());
    view! {
        <div class="scope-mark">
            <p><mark>{words}</mark>" "{about}<span class="fine">{format!("（{rule}）")}</span></p>
            <p class="fine">"言いかえの例："{say}</p>
            <button type="button" class="btn quiet small" on:click=move |_| take(&mark)>"この言い方にかえる"</button>
        </div>
    }
}
