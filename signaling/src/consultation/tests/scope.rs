//! Beyond the conversation: what else a family reads of a midwife is held against the scope, too.

use super::{judged::held_by, photos::add, story::family};
use crate::{
    actor::{Actor, Role, Viewer},
    consultation::{Command, Fact, Refusal, Sealed, project},
    note::Disposition,
};

/// A record with these words for the family, and others for colleagues.
fn sign(advice: &str, safety_net: Option<&str>, scope_reason: Option<&str>) -> Command {
    let mut note = super::note();
    note.advice = advice.to_owned();
    note.safety_net = safety_net.map(str::to_owned);
    note.internal = Some("肺炎だと思います。".to_owned());
    note.disposition = Disposition::InformationOnly;
    Command::SignNote {
        note: Box::new(note),
        scope_reason: scope_reason.map(str::to_owned),
    }
}

#[test]
fn what_a_family_reads_of_a_midwifes_record_is_signed_with_a_reason_or_not_at_all() {
    let (mut story, midwife) = held_by(Role::Midwife);
    let before = story.log.len();
    let refused = |rule: &str| Err(Refusal::BeyondScope { rule: rule.to_owned() });
    for none in [None, Some(" \n")] {
        assert_eq!(story.does(&midwife, &sign("肺炎です。", None, none)), refused("S01"));
    }
    let net = Some("かぜかもしれません。");
    assert_eq!(
        story.does(&midwife, &sign("水分を少しずつ。", net, None)),
        refused("S02"),
        "what to watch for is read too"
    );
    let long = "長".repeat(crate::limits::REASON_CHARS + 1);
    let too_long = story.does(&midwife, &sign("肺炎です。", None, Some(&long)));
    assert!(matches!(too_long, Err(Refusal::TooLong { .. })));
    assert_eq!(story.log.len(), before, "nothing is signed");
    story
        .does(&midwife, &sign("肺炎です。", net, Some("医師が伝えたあと")))
        .expect("signed");
    let [signed, passed] = &story.log[before..] else {
        panic!("two events")
    };
    assert!(matches!(&signed.fact, Fact::NoteSigned { .. }));
    assert!(matches!(&passed.fact, Fact::ScopePassed { rules, .. } if *rules == ["S01", "S02"]));
    assert!(matches!(&passed.sealed, Some(Sealed::Reason { reason }) if reason == "医師が伝えたあと"));
    let Actor::Guardian { id } = family() else {
        panic!("a family")
    };
    assert_eq!(project(passed, &Viewer::Guardian(id)), None);
}

#[test]
fn a_record_within_the_scope_is_signed_alone_whatever_colleagues_read_in_it_and_a_doctors_is_not_guarded() {
    let cases = [
        (Role::Midwife, "耳のことは、耳鼻科で相談できます。"),
        (Role::Pediatrician, "中耳炎だと思います。"),
        (Role::Obstetrician, "中耳炎だと思います。"),
    ];
    for (role, advice) in cases {
        let (mut story, actor) = held_by(role);
        let before = story.log.len();
        story
            .does(&actor, &sign(advice, None, Some("念のため")))
            .expect("signed");
        assert_eq!(
            story.log.len(),
            before + 1,
            "{role:?}: no reason is kept where none is needed"
        );
    }
}

#[test]
fn a_midwifes_caption_and_the_words_of_her_referral_are_written_anew_and_a_doctors_are_not() {
    let refer = |shared: &str| Command::OfferReferral {
        shared: shared.to_owned(),
    };
    let (mut story, midwife) = held_by(Role::Midwife);
    let before = story.log.len();
    let refused = Err(Refusal::BeyondScope { rule: "S01".to_owned() });
    assert_eq!(story.does(&midwife, &add(1, Some("とびひです。"))), refused);
    assert_eq!(story.does(&midwife, &refer("お子さんはとびひです。")), refused);
    assert_eq!(story.log.len(), before);
    story.does(&midwife, &add(1, Some("図の見かたです"))).expect("sent");
    story
        .does(&midwife, &refer("夜泣きの相談です。訪問を希望されています。"))
        .expect("offered");
    let (mut story, doctor) = held_by(Role::Pediatrician);
    story.does(&doctor, &add(1, Some("とびひです。"))).expect("a doctor's");
    story
        .does(&doctor, &refer("お子さんはとびひです。"))
        .expect("a doctor's");
    story
        .family(&add(2, Some("とびひです。")))
        .expect("a family's own words");
}
