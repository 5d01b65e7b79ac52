//! What clinicians judge against the program: the class of a consultation, and words that the scope guard marks.

use super::{
    doctor, midwife,
    story::{Story, family, request, say, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    consultation::{Command, Fact, Refusal, Sealed, WireKind, project},
    queue::{Rank, head_start, rank},
    triage::{Action, Acuity},
};

fn change(acuity: Acuity, reason: Option<&str>) -> Command {
    Command::ChangeClass {
        acuity,
        reason: reason.map(str::to_owned),
    }
}

/// A family waits, for whom these rules fired.
fn asked(fired: &[(&str, Action)]) -> Story {
    let mut story = Story::new();
    story.family(&request(fired)).expect("sent");
    story
}

fn place(story: &Story) -> Rank {
    rank(story.case()).expect("it waits")
}

#[test]
fn a_class_is_raised_by_one_press_and_the_place_moves_by_its_head_start_and_nothing_else() {
    let mut story = asked(&[]);
    let (before, since) = (place(&story), story.case().unanswered_since);
    story
        .does(&doctor_acts(), &change(Acuity::Yellow, None))
        .expect("raised");
    assert_eq!(story.case().acuity, Acuity::Yellow);
    assert_eq!(place(&story).0, before.0 - head_start(Acuity::Yellow).0);
    assert_eq!(story.case().unanswered_since, since);
    let fact = story.log.last().map(|event| &event.fact);
    assert!(
        matches!(fact, Some(Fact::ClassChanged { from: Acuity::White, to: Acuity::Yellow, by, epds: None }) if *by == doctor()),
        "{fact:?}"
    );
}

#[test]
fn a_class_is_lowered_with_a_reason_or_not_at_all() {
    let mut story = asked(&[("C01", Action::Call119)]);
    assert_eq!(story.case().acuity, Acuity::Red);
    for no_reason in [None, Some(""), Some(" \n")] {
        let refused = story.does(&doctor_acts(), &change(Acuity::Green, no_reason));
        assert_eq!(refused, Err(Refusal::ReasonNeeded));
    }
    let long = "長".repeat(crate::limits::REASON_CHARS + 1);
    let refused = story.does(&doctor_acts(), &change(Acuity::Green, Some(&long)));
    assert!(matches!(refused, Err(Refusal::TooLong { .. })));
    story
        .does(&doctor_acts(), &change(Acuity::Green, Some("電話で確かめた")))
        .expect("lowered");
    assert_eq!(story.case().acuity, Acuity::Green);
    // What fired stays in the log and in the state: only the class was judged anew.
    assert_eq!(story.case().flags.len(), 1);
}

#[test]
fn the_same_class_again_makes_no_event() {
    let mut story = asked(&[]);
    let before = story.log.len();
    story
        .does(&doctor_acts(), &change(Acuity::White, None))
        .expect("nothing to do");
    assert_eq!(story.log.len(), before);
}

#[test]
fn any_clinician_may_judge_a_waiting_or_an_open_consultation_and_nobody_else() {
    let mut story = asked(&[]);
    story
        .does(&Actor::Staff(midwife()), &change(Acuity::Green, None))
        .expect("waiting");
    story
        .does(&doctor_acts(), &Command::Claim { overtake_reason: None })
        .expect("claimed");
    story
        .does(&Actor::Staff(midwife()), &change(Acuity::Red, None))
        .expect("in a colleague's hands");
    for role in [
        Role::Supervisor,
        Role::PublicHealthNurse,
        Role::CityViewer,
        Role::Administrator,
    ] {
        let other = Actor::Staff(staff(30, "田中", role));
        assert_eq!(
            story.does(&other, &change(Acuity::White, Some("x"))),
            Err(Refusal::NotAllowed)
        );
    }
    assert_eq!(
        story.does(&family(), &change(Acuity::Red, None)),
        Err(Refusal::NotAllowed)
    );
    let mut over = Story::closed();
    assert_eq!(
        over.does(&doctor_acts(), &change(Acuity::Red, None)),
        Err(Refusal::Ended)
    );
}

#[test]
fn what_was_raised_while_it_was_in_hands_counts_when_it_goes_back() {
    let mut story = asked(&[]);
    let before = place(&story);
    story
        .does(&doctor_acts(), &Command::Claim { overtake_reason: None })
        .expect("claimed");
    story.does(&doctor_acts(), &change(Acuity::Red, None)).expect("raised");
    let back = Command::Release {
        reason: "交代".to_owned(),
    };
    story.does(&doctor_acts(), &back).expect("released");
    assert_eq!(place(&story).0, before.0 - head_start(Acuity::Red).0);
}

#[test]
fn supervisors_read_who_lowered_it_and_why_and_the_family_reads_nothing() {
    let mut story = asked(&[("C01", Action::Call119)]);
    story
        .does(&doctor_acts(), &change(Acuity::Green, Some("確かめた")))
        .expect("lowered");
    let event = story.log.last().expect("an event");
    let supervisor = Viewer::Supervisor(staff(30, "田中", Role::Supervisor).id);
    let seen = project(event, &supervisor).expect("for supervisors").kind;
    assert!(
        matches!(&seen, WireKind::ClassChanged { by, reason: Some(reason), .. } if *by == doctor() && reason == "確かめた")
    );
    let Actor::Guardian { id } = family() else {
        panic!("a family")
    };
    assert_eq!(project(event, &Viewer::Guardian(id)), None);
}

fn doctor_acts() -> Actor {
    Actor::Staff(doctor())
}

fn say_beyond(text: &str, reason: &str) -> Command {
    Command::SayBeyondScope {
        text: text.to_owned(),
        reason: reason.to_owned(),
    }
}

/// A consultation in the hands of this member of staff.
pub(super) fn held_by(role: Role) -> (Story, Actor) {
    let mut story = asked(&[]);
    let actor = Actor::Staff(staff(12, "高橋", role));
    story
        .does(&actor, &Command::Claim { overtake_reason: None })
        .expect("claimed");
    (story, actor)
}

#[test]
fn a_midwifes_words_about_an_individuals_disease_are_said_with_a_reason_or_not_at_all() {
    let (mut story, midwife) = held_by(Role::Midwife);
    let before = story.log.len();
    let refused = story.does(&midwife, &say("あなたは骨折です。"));
    assert_eq!(refused, Err(Refusal::BeyondScope { rule: "S01".to_owned() }));
    assert_eq!(
        story.does(&midwife, &say_beyond("あなたは骨折です。", "  ")),
        Err(Refusal::BeyondScope { rule: "S01".to_owned() })
    );
    assert_eq!(story.log.len(), before, "nothing is said");
    let twice = "肺炎です。かぜかもしれません。肺炎です。";
    story
        .does(&midwife, &say_beyond(twice, "医師が伝えたあと"))
        .expect("said");
    let [said, passed] = &story.log[before..] else {
        panic!("two events")
    };
    assert!(matches!(&said.sealed, Some(Sealed::Text { text }) if text == twice));
    assert!(matches!(&passed.fact, Fact::ScopePassed { rules, .. } if *rules == ["S01", "S02"]));
    assert!(matches!(&passed.sealed, Some(Sealed::Reason { reason }) if reason == "医師が伝えたあと"));
    let Actor::Guardian { id } = family() else {
        panic!("a family")
    };
    assert!(project(said, &Viewer::Guardian(id)).is_some());
    assert_eq!(project(passed, &Viewer::Guardian(id)), None);
}

#[test]
fn what_is_not_marked_is_said_alone_and_a_doctor_is_not_guarded() {
    let (mut story, midwife) = held_by(Role::Midwife);
    for command in [
        say("水分をとれていますか？"),
        say_beyond("水分をとれていますか？", "念のため"),
    ] {
        let before = story.log.len();
        story.does(&midwife, &command).expect("said");
        assert_eq!(story.log.len(), before + 1);
    }
    for role in [Role::Pediatrician, Role::Obstetrician] {
        let (mut story, doctor) = held_by(role);
        story
            .does(&doctor, &say("中耳炎かもしれません。"))
            .expect("a doctor advises");
    }
}

#[test]
fn what_colleagues_and_families_write_is_not_guarded() {
    let (mut story, midwife) = held_by(Role::Midwife);
    let remark = Command::Remark {
        text: "肺炎だと思います。".to_owned(),
    };
    story.does(&midwife, &remark).expect("among colleagues");
    story
        .does(&family(), &say("中耳炎です。"))
        .expect("a family's own words");
}

#[test]
fn a_message_or_a_record_with_an_open_blank_goes_to_nobody() {
    let mut story = asked(&[]);
    story.takes(&doctor()).expect("taken");
    let open = |blank: &str| {
        Err(Refusal::BlankOpen {
            blank: blank.to_owned(),
        })
    };
    assert_eq!(story.doctor(&say("体温は{体温}、｛時刻｝から")), open("体温"));
    let mut note = super::note();
    note.safety_net = Some("{症状}のときは119番へ".to_owned());
    assert_eq!(
        story.doctor(&Command::SignNote {
            note: Box::new(note),
            scope_reason: None
        }),
        open("症状")
    );
    story
        .doctor(&say("体温は38.5℃、{ }は空欄ではありません"))
        .expect("said");
    story
        .family(&say("{体温}って何ですか"))
        .expect("families write what they like");
    let remark = Command::Remark {
        text: "{あとで}".to_owned(),
    };
    story.doctor(&remark).expect("staff among themselves, too");
}
