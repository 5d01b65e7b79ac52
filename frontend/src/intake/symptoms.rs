//! Step 2: what it is about, and nothing else: one tap of a thumb, for somebody with a child on the other arm.

use crate::{page::guardian::IntakePage, ui};
use leptos::prelude::*;
use signaling::{intake::Complaint, limits};

pub(super) fn step<'a>(page: &IntakePage, fault: &dyn Fn(&str) -> Option<&'a str>) -> AnyView {
    view! {
        {complaints(page, fault("complaints"))}
        <p class="fine">"入力した内容は、この端末で書いている間も自動で保存されます。"</p>
    }
    .into_any()
}

/// The categories that fit, in the order in which they are offered. What was chosen before is always among them.
fn offered(about: &str, chosen: &[String]) -> Vec<Complaint> {
    use Complaint::{
        Abdomen, AfterBirth, Breathing, Feeding, Fever, Head, Mind, Other, Pregnancy, Rash, Sleep, Vaccine, Vomiting,
    };
    let mut list: Vec<Complaint> = match about {
        "pregnant" => vec![
            Pregnancy, Abdomen, Vomiting, Fever, Breathing, Head, Rash, Sleep, Mind, Vaccine, Other,
        ],
        "postpartum" => vec![
            AfterBirth, Feeding, Mind, Sleep, Fever, Abdomen, Breathing, Head, Rash, Other,
        ],
        "child" => Complaint::ALL
            .iter()
            .copied()
            .filter(|one| !matches!(one, Pregnancy | AfterBirth))
            .collect(),
        _ => Complaint::ALL.to_vec(),
    };
    for code in chosen {
        if let Some(one) = Complaint::from_code(code)
            && !list.contains(&one)
        {
            list.push(one);
        }
    }
    list
}

/// 「頭を打った」 is a child's; to adults the same category asks after the head as such.
fn words(complaint: Complaint, about: &str) -> &'static str {
    if complaint == Complaint::Head && about != "child" {
        "頭痛・頭を打った"
    } else {
        complaint.label()
    }
}

fn complaints(page: &IntakePage, fault: Option<&str>) -> AnyView {
    let about = page.draft.about.as_str();
    let picks = offered(about, &page.draft.complaints)
        .into_iter()
        .map(|one| {
            let chosen = page.draft.complaints.iter().any(|code| code == one.code());
            ui::pick("checkbox", "complaints", one.code(), chosen, words(one, about))
        })
        .collect_view();
    let most = limits::COMPLAINTS;
    view! {
        <fieldset class="stack tight" id="complaints" aria-describedby="complaints-fault">
            <legend class="large">"どんなことですか"<span class="must">"必須"</span></legend>
            <p class="sub">"近いものをえらんでください（"{most}"つまで）。"</p>
            <div class="picks large">{picks}</div>
            {ui::fault_line("complaints", fault)}
        </fieldset>
    }
    .into_any()
}
