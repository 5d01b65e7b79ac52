//! A consultation that changes hands, as the desk says it.

use crate::{pictures::keep, samples::*};
use frontend::{desk::desk_page, page::desk::DeskPage, shell::rendered};
use signaling::{
    actor::{Role, Staff},
    consultation::WireKind,
    hand_over::{HandOver, Recipient},
    queue::RowHanding,
};

fn midwife() -> Staff {
    Staff {
        role: Role::Midwife,
        ..sato()
    }
}

fn doctors() -> Recipient {
    Recipient {
        profession: Role::Pediatrician,
        person: None,
    }
}

fn summary() -> Option<Box<HandOver>> {
    Some(Box::new(HandOver {
        about: "2歳3か月（母から）".into(),
        worry: "発熱・38.9℃".into(),
        flags: "なし".into(),
        so_far: "相談者：息が速いです".into(),
        note: "医師の判断が必要なため".into(),
    }))
}

/// The evening with these events at the end of the first consultation.
fn evening_with(kinds: Vec<WireKind>) -> DeskPage {
    let mut page = evening();
    let open = page.open.first_mut().expect("a consultation");
    let last = open.events.last().expect("events").clone();
    for (after, kind) in (1..).zip(kinds) {
        open.events.push(signaling::consultation::WireEvent {
            seq: last.seq + after,
            at: now(),
            kind,
        });
    }
    page
}

fn shown(name: &str, page: DeskPage) -> String {
    let html = rendered(move || desk_page(page));
    keep(name, &html);
    html
}

#[test]
fn a_midwife_hands_over_to_a_doctor_by_one_button_and_a_doctor_has_none() {
    let mut page = evening();
    let button = "aria-hidden=\"true\">D</kbd>";
    assert!(!shown("desk-doctor-hands", page.clone()).contains(button));
    page.me = midwife();
    let html = shown("desk-midwife-hands", page);
    assert!(html.contains("医師へ引き継ぐ") && html.contains(button));
}

#[test]
fn whoever_asked_reads_that_it_is_still_theirs_and_can_take_it_back() {
    let asked = WireKind::HandOverAsked {
        by: sato(),
        recipient: doctors(),
        hand_over: summary(),
    };
    let html = shown("desk-handing", evening_with(vec![asked]));
    for said in [
        "小児科医に引き継ぎを頼んでいます",
        "要約を直す",
        "依頼を取り消す",
        "引き継ぎの要約",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn whoever_is_asked_sees_it_above_those_who_wait() {
    let mut page = evening();
    let row = page
        .queue
        .rows
        .iter_mut()
        .find(|row| row.claimed_by.as_ref().is_some_and(|by| by.id == takahashi().id))
        .expect("a colleague's");
    row.handing = Some(RowHanding {
        by: takahashi(),
        to: doctors(),
    });
    page.me.role = Role::Pediatrician;
    let html = shown("desk-asked", page);
    let at = |what: &str| html.find(what).unwrap_or_else(|| panic!("{what} is shown"));
    assert!(at("引き継ぎの依頼") < at("待っている相談"));
    for said in [
        "高橋 助産師から小児科医へ",
        "引き受ける",
        "会話を見る",
        "小児科医に引き継ぎ依頼中",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn a_clinician_who_is_quiet_is_asked_in_words_whether_they_are_there() {
    let html = shown("desk-idle", evening_with(vec![WireKind::IdleAsked { of: sato() }]));
    for said in ["対応中ですか", "対応を続ける", "待ちに戻す", "role=\"alert\""] {
        assert!(html.contains(said), "{said}");
    }
    let answered = vec![
        WireKind::IdleAsked { of: sato() },
        WireKind::IdleAnswered { by: sato() },
    ];
    assert!(!shown("desk-idle-answered", evening_with(answered)).contains("対応中ですか"));
}
