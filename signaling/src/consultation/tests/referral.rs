//! A referral from the clinician's offer to the public-health nurse who receives it and ends it.

use super::{
    doctor,
    story::{Story, family, staff},
};
use crate::{
    actor::{Actor, Role, Staff},
    after::TaskKind,
    consultation::{Command, Handed, Refusal, Task},
    id::Seq,
    limits,
    survey::Answer,
    time::Millis,
};

pub(super) fn nurse() -> Staff {
    staff(23, "山本", Role::PublicHealthNurse)
}

fn colleague() -> Actor {
    Actor::Staff(staff(24, "中村", Role::PublicHealthNurse))
}

fn she() -> Actor {
    Actor::Staff(nurse())
}

fn supervisor() -> Actor {
    Actor::Staff(staff(21, "高橋", Role::Supervisor))
}

const SHARED: &str = "夜泣きで眠れない";

/// A family has consented; and the offer.
fn consented() -> (Story, Seq) {
    let mut story = Story::claimed();
    let offer = Command::OfferReferral {
        shared: SHARED.to_owned(),
    };
    story.doctor(&offer).expect("offered");
    let offer = story.state.seq;
    story.family(&answer(offer, true)).expect("consented");
    (story, offer)
}

fn answer(offer: Seq, given: bool) -> Command {
    Command::AnswerReferral { offer, given }
}

fn take(task: Seq) -> Command {
    Command::TakeTask { task }
}

fn close(task: Seq, words: &str) -> Command {
    Command::CloseTask {
        task,
        words: words.to_owned(),
    }
}

fn has_it(name: &str) -> Refusal {
    Refusal::AlreadyClaimed { by: name.to_owned() }
}

fn task(story: &Story, seq: Seq) -> &Task {
    story.case().task(seq).expect("a task")
}

/// What a nurse reads in the whole log.
fn read(story: &Story, seq: Seq) -> Vec<String> {
    let task = task(story, seq);
    story
        .log
        .iter()
        .filter_map(|event| task.words_for_nurse(event))
        .collect()
}

#[test]
fn the_nurse_receives_what_the_family_consented_to_and_ends_it_with_what_was_done() {
    let (mut story, offer) = consented();
    assert_eq!(task(&story, offer).handed(), Some(Handed::Waits { with: None }));
    assert_eq!(
        story.does(&she(), &close(offer, "済み")),
        Err(Refusal::NotYours),
        "nothing is ended that she has not received"
    );
    assert_eq!(story.does(&she(), &take(offer)), Ok(vec!["task_taken"]));
    assert_eq!(story.does(&she(), &take(offer)), Ok(Vec::new()), "once");
    let received = Handed::Received {
        by: &nurse(),
        at: story.now,
    };
    assert_eq!(task(&story, offer).handed(), Some(received));
    assert_eq!(story.does(&she(), &close(offer, " ")), Err(Refusal::Empty));
    let long = "あ".repeat(limits::NOTE_FIELD_CHARS + 1);
    let limit = limits::NOTE_FIELD_CHARS;
    assert_eq!(
        story.does(&she(), &close(offer, &long)),
        Err(Refusal::TooLong { limit })
    );
    assert_eq!(
        story.does(&she(), &close(offer, "家庭訪問をした")),
        Ok(vec!["task_closed"])
    );
    assert!(matches!(
        task(&story, offer).handed(),
        Some(Handed::Done { by, event, .. }) if by.role == Role::PublicHealthNurse && event == story.state.seq
    ));
    assert_eq!(read(&story, offer), [SHARED, "家庭訪問をした"]);
    assert_eq!(story.does(&she(), &close(offer, "もう一度")), Err(Refusal::TaskOver));
}

#[test]
fn consent_is_taken_back_until_she_has_received_it_and_not_after() {
    let (mut story, offer) = consented();
    story.family(&answer(offer, false)).expect("taken back");
    assert_eq!(task(&story, offer).handed(), Some(Handed::TakenBack));
    assert_eq!(story.does(&she(), &take(offer)), Err(Refusal::TaskOver));
    assert!(read(&story, offer).is_empty(), "nothing is handed over any more");
    story.family(&answer(offer, true)).expect("thought better of it");
    story.does(&she(), &take(offer)).expect("received");
    assert_eq!(story.family(&answer(offer, false)), Err(has_it("山本 保健師")));
    assert_eq!(story.family(&answer(offer, true)), Ok(Vec::new()), "it stands");
    story.does(&she(), &close(offer, "電話した")).expect("ended");
    assert_eq!(story.family(&answer(offer, false)), Err(Refusal::TaskOver));
}

#[test]
fn what_a_nurse_has_received_is_hers_until_its_deadline_and_then_anybodys_who_looks_after_it() {
    let (mut story, offer) = consented();
    story.does(&supervisor(), &take(offer)).expect("she looks after it");
    assert!(matches!(
        task(&story, offer).handed(),
        Some(Handed::Waits { with: Some(_) })
    ));
    story
        .does(&she(), &take(offer))
        .expect("and it is received all the same");
    for other in [supervisor(), colleague()] {
        assert_eq!(story.does(&other, &take(offer)), Err(has_it("山本 保健師")));
        assert_eq!(story.does(&other, &close(offer, "済み")), Err(has_it("山本 保健師")));
    }
    story.later(Millis(TaskKind::Referral.within().0 - 1));
    assert_eq!(story.does(&supervisor(), &take(offer)), Err(has_it("山本 保健師")));
    story.later(Millis(1));
    assert_eq!(
        story.does(&colleague(), &close(offer, "済み")),
        Err(Refusal::NotYours),
        "received first"
    );
    let mut by_colleague = story.clone();
    assert_eq!(by_colleague.does(&colleague(), &take(offer)), Ok(vec!["task_taken"]));
    assert_eq!(
        by_colleague.does(&colleague(), &close(offer, "訪問した")),
        Ok(vec!["task_closed"])
    );
    assert_eq!(
        story.does(&supervisor(), &close(offer, "母の病気のことを病院に伝えた")),
        Ok(vec!["task_closed"])
    );
    assert_eq!(
        read(&story, offer),
        [SHARED],
        "what a supervisor writes may be more than the family consented to"
    );
    let mut taken_over = consented().0;
    taken_over.does(&she(), &take(offer)).expect("received");
    taken_over.later(TaskKind::Referral.within());
    taken_over.does(&supervisor(), &take(offer)).expect("late");
    assert!(matches!(
        task(&taken_over, offer).handed(),
        Some(Handed::Waits { with: Some(_) })
    ));
    assert_eq!(
        taken_over.family(&answer(offer, false)),
        Err(has_it("高橋")),
        "it was read, whoever has it now"
    );
}

#[test]
fn to_a_nurse_nothing_but_referrals_is_there() {
    let (mut story, offer) = consented();
    let raise = Command::RaiseConcern {
        facts: "あざ".to_owned(),
    };
    story.doctor(&raise).expect("raised");
    let concern = story.state.seq;
    for command in [take(concern), close(concern, "済み"), take(offer + 100), take(1)] {
        assert_eq!(story.does(&she(), &command), Err(Refusal::NotFound));
    }
    let show = Command::ShowTask { task: offer };
    assert_eq!(
        story.does(&she(), &show),
        Err(Refusal::NotAllowed),
        "that is a supervisor's page"
    );
    for command in [
        raise.clone(),
        Command::OfferReferral { shared: "x".to_owned() },
        answer(offer, false),
    ] {
        assert_eq!(story.does(&she(), &command), Err(Refusal::NotAllowed));
    }
    for other in [Actor::Staff(doctor()), family()] {
        assert_eq!(story.does(&other, &take(offer)), Err(Refusal::NotAllowed));
    }
    let words = |seq| {
        let task = story.case().task(seq).expect("a task");
        story.log.iter().filter_map(|event| task.words_for_nurse(event)).count()
    };
    assert_eq!((words(offer), words(concern)), (1, 0));
    let mut unhappy = Story::closed();
    let no = Command::Survey {
        answer: Answer::No,
        words: Some("待たされた".to_owned()),
    };
    unhappy.family(&no).expect("answered");
    let opened = unhappy.state.seq;
    assert_eq!(unhappy.does(&she(), &take(opened)), Err(Refusal::NotFound));
}
