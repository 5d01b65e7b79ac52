//! Calls of more than two: who comes in, who goes, who waits, and who has it afterwards.

use super::{
    Story, doctor, midwife,
    story::{family, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    call::{CallMode, GuestRole, Holder},
    consultation::{Command, Fact, GuestStanding, Refusal, project},
    id::{ConsultationId, Seq},
    limits,
    time::Millis,
    view::Thread,
};
use uuid::Uuid;

fn guest(invite: Seq) -> Actor {
    Actor::Guest {
        consultation: ConsultationId(Uuid::from_u128(5)),
        invite,
    }
}

fn seat(invite: Seq) -> Holder {
    Holder::Guest {
        invite,
        role: GuestRole::Family,
    }
}

fn invite(role: GuestRole, name: &str) -> Command {
    Command::Invite {
        role,
        name: name.to_owned(),
    }
}

fn enter(name: &str) -> Command {
    Command::Enter { name: name.to_owned() }
}

fn ask(call: Seq, colleague: crate::actor::Staff) -> Command {
    Command::InviteColleague {
        call,
        to: colleague.id,
        colleague: Some(colleague),
    }
}

/// The family has answered the doctor's call.
fn talking() -> (Story, Seq) {
    let mut story = Story::claimed();
    story.doctor(&Command::Ring { mode: CallMode::Video }).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    story.family(&Command::Join { call }).expect("answered");
    (story, call)
}

/// The partner was invited by the family and has come.
fn with_partner() -> (Story, Seq, Seq) {
    let (mut story, call) = talking();
    story.family(&invite(GuestRole::Family, "けんた")).expect("invited");
    let partner = story.state.seq;
    story.does(&guest(partner), &enter("健太")).expect("entered");
    story.does(&guest(partner), &Command::Join { call }).expect("seated");
    (story, call, partner)
}

/// The midwife was asked in and has come.
fn with_midwife() -> (Story, Seq) {
    let (mut story, call) = talking();
    story.doctor(&ask(call, midwife())).expect("asked");
    story.midwife(&Command::Join { call }).expect("seated");
    (story, call)
}

fn seats(story: &Story) -> Vec<Holder> {
    let call = story.case().call.as_ref().expect("a call");
    call.seats.iter().map(|seat| seat.holder.clone()).collect()
}

#[test]
fn a_partner_comes_by_an_invitation_that_is_spent_once() {
    let (mut story, _, partner) = with_partner();
    assert_eq!(seats(&story).last(), Some(&seat(partner)));
    assert_eq!(
        story.does(&guest(partner), &enter("だれか")),
        Err(Refusal::InvitationOver),
        "the link was used"
    );
}

#[test]
fn an_invitation_ends_by_itself_and_frees_its_place() {
    let (mut story, call) = talking();
    story.family(&invite(GuestRole::Family, "けんた")).expect("invited");
    let late = story.state.seq;
    story.later(limits::INVITATION);
    let mut in_time = story.clone();
    in_time.does(&guest(late), &enter("健太")).expect("in the last moment");
    story.later(Millis(1));
    assert_eq!(story.does(&guest(late), &enter("健太")), Err(Refusal::InvitationOver));
    assert_eq!(
        story.does(&guest(late), &Command::Join { call }),
        Err(Refusal::InvitationOver)
    );
    for name in ["通訳一", "通訳二"] {
        story
            .doctor(&invite(GuestRole::Interpreter, name))
            .expect("there is room");
    }
}

#[test]
fn four_sit_in_a_call_and_a_fifth_is_not_even_invited() {
    let (mut story, call, _) = with_partner();
    story.doctor(&ask(call, midwife())).expect("the fourth");
    let full = Err(Refusal::CallFull { limit: limits::SEATS });
    assert_eq!(story.doctor(&invite(GuestRole::Interpreter, "林")), full);
    assert_eq!(story.family(&invite(GuestRole::Family, "祖母")), full);
    story.midwife(&Command::Join { call }).expect("seated");
    assert_eq!(seats(&story).len(), limits::SEATS);
    assert_eq!(
        story.doctor(&ask(call, staff(13, "田村", Role::Obstetrician))),
        full,
        "one colleague at a time"
    );
    story
        .midwife(&Command::Join { call })
        .expect("a reloaded page takes its own seat again");
    assert_eq!(seats(&story).len(), limits::SEATS);
}

#[test]
fn a_family_invites_its_own_and_the_clinician_anybody() {
    let (mut story, call) = talking();
    let interpreter = invite(GuestRole::Interpreter, "林");
    assert_eq!(story.family(&interpreter), Err(Refusal::NotAllowed));
    assert_eq!(
        story.midwife(&interpreter),
        Err(Refusal::AlreadyClaimed {
            by: doctor().addressed()
        })
    );
    assert_eq!(story.doctor(&interpreter), Ok(vec!["guest_invited"]));
    assert_eq!(story.family(&invite(GuestRole::Family, " ")), Err(Refusal::Empty));
    assert_eq!(story.family(&ask(call, midwife())), Err(Refusal::NotAllowed));
    let supervisor = staff(21, "高橋", Role::Supervisor);
    assert_eq!(story.doctor(&ask(call, supervisor)), Err(Refusal::NotAllowed));
    assert_eq!(
        story.doctor(&ask(call, doctor())),
        Err(Refusal::NotAllowed),
        "not oneself"
    );
    let unknown = Command::InviteColleague {
        call,
        to: midwife().id,
        colleague: None,
    };
    assert_eq!(
        story.doctor(&unknown),
        Err(Refusal::NotAllowed),
        "whom the server did not find"
    );
}

#[test]
fn an_invitation_is_taken_back_by_who_made_it_and_by_the_clinician() {
    let (mut story, _) = talking();
    story.doctor(&invite(GuestRole::Interpreter, "林")).expect("invited");
    let interpreter = story.state.seq;
    story.family(&invite(GuestRole::Family, "けんた")).expect("invited");
    let partner = story.state.seq;
    let withdraw = |invite| Command::WithdrawInvitation { invite };
    assert_eq!(story.family(&withdraw(interpreter)), Err(Refusal::NotAllowed));
    assert_eq!(story.doctor(&withdraw(partner)), Ok(vec!["invitation_withdrawn"]));
    assert_eq!(story.doctor(&withdraw(interpreter)), Ok(vec!["invitation_withdrawn"]));
    assert_eq!(story.doctor(&withdraw(interpreter)), Ok(vec![]), "twice is once");
    assert_eq!(
        story.does(&guest(partner), &enter("健太")),
        Err(Refusal::InvitationOver)
    );
    assert_eq!(story.doctor(&withdraw(99)), Err(Refusal::NotFound));
}

#[test]
fn who_leaves_leaves_the_call_running_unless_it_is_theirs() {
    let (mut story, call, partner) = with_partner();
    assert_eq!(
        story.does(&guest(partner), &Command::Leave { call }),
        Ok(vec!["call_left"])
    );
    assert_eq!(seats(&story).len(), 2);
    story.does(&guest(partner), &Command::Join { call }).expect("and back");
    let hang_up = Command::HangUp { call, failed: false };
    assert_eq!(story.does(&guest(partner), &hang_up), Err(Refusal::NotAllowed));
    assert_eq!(story.family(&Command::Leave { call }), Err(Refusal::NotAllowed));
    assert_eq!(
        story.family(&hang_up),
        Ok(vec!["call_ended"]),
        "without the family there is no call"
    );
    let (mut story, call) = with_midwife();
    assert_eq!(
        story.midwife(&hang_up),
        Err(Refusal::AlreadyClaimed {
            by: doctor().addressed()
        }),
        "not hers to end"
    );
    assert_eq!(story.midwife(&Command::Leave { call }), Ok(vec!["call_left"]));
    assert_eq!(
        story.midwife(&Command::Join { call }),
        Err(Refusal::AlreadyClaimed {
            by: doctor().addressed()
        }),
        "she is asked anew"
    );
    assert_eq!(story.doctor(&hang_up), Ok(vec!["call_ended"]));
}

#[test]
fn a_removed_guest_has_no_seat_and_no_way_back() {
    let (mut story, call, partner) = with_partner();
    let remove = Command::RemoveGuest { invite: partner };
    assert_eq!(story.family(&remove), Err(Refusal::NotAllowed));
    assert_eq!(story.doctor(&remove), Ok(vec!["guest_removed"]));
    assert_eq!(seats(&story).len(), 2);
    assert!(!story.case().admits(partner));
    for command in [Command::Join { call }, Command::Leave { call }, enter("健太")] {
        assert_eq!(story.does(&guest(partner), &command), Err(Refusal::Removed));
    }
    assert_eq!(story.doctor(&remove), Ok(vec![]), "twice is once");
    story
        .family(&invite(GuestRole::Family, "祖母"))
        .expect("there is room again");
}

#[test]
fn a_guest_waits_for_the_family_to_answer() {
    let mut story = Story::claimed();
    story
        .doctor(&invite(GuestRole::Interpreter, "林"))
        .expect("before any call");
    let interpreter = story.state.seq;
    story.does(&guest(interpreter), &enter("林")).expect("entered");
    story.doctor(&Command::Ring { mode: CallMode::Audio }).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    let join = Command::Join { call };
    assert_eq!(story.does(&guest(interpreter), &join), Err(Refusal::NotAllowed));
    story.family(&join).expect("answered");
    assert_eq!(story.does(&guest(interpreter), &join), Ok(vec!["call_joined"]));
    story
        .doctor(&Command::SignNote {
            note: Box::new(super::note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    assert_eq!(story.does(&guest(interpreter), &join), Err(Refusal::Ended));
    assert!(
        !story.case().admits(interpreter),
        "a credential ends with its consultation"
    );
}

#[test]
fn a_guest_does_nothing_but_come_and_go() {
    let (mut story, call, partner) = with_partner();
    for command in [
        super::story::say("?"),
        Command::Hold { call, on: true },
        Command::ChangeCallMode {
            call,
            mode: CallMode::Audio,
        },
        Command::Cancel,
        Command::AskCallback,
        invite(GuestRole::Family, "友だち"),
        Command::RemoveGuest { invite: partner },
    ] {
        assert_eq!(
            story.does(&guest(partner), &command),
            Err(Refusal::NotAllowed),
            "{command:?}"
        );
    }
    assert_eq!(story.does(&guest(99), &Command::Join { call }), Err(Refusal::NotFound));
}

#[test]
fn while_the_call_is_held_only_clinicians_hear_each_other() {
    let (mut story, call) = with_midwife();
    story.family(&invite(GuestRole::Family, "けんた")).expect("invited");
    let partner = story.state.seq;
    story.does(&guest(partner), &enter("健太")).expect("entered");
    assert_eq!(
        story.midwife(&Command::Hold { call, on: true }),
        Err(Refusal::AlreadyClaimed {
            by: doctor().addressed()
        })
    );
    assert_eq!(
        story.family(&Command::Hold { call, on: true }),
        Err(Refusal::NotAllowed)
    );
    assert_eq!(story.doctor(&Command::Hold { call, on: true }), Ok(vec!["call_held"]));
    assert_eq!(story.doctor(&Command::Hold { call, on: true }), Ok(vec![]));
    let held = story.case().call.clone().expect("a call");
    let (doctor, midwife) = (Holder::Staff(doctor()), Holder::Staff(midwife()));
    assert!(held.flows(&doctor, &midwife) && held.flows(&midwife, &doctor));
    for waiting in [Holder::Guardian, seat(partner)] {
        assert!(!held.flows(&doctor, &waiting) && !held.flows(&waiting, &midwife));
    }
    assert!(!held.flows(&Holder::Guardian, &seat(partner)));
    story.doctor(&Command::Hold { call, on: false }).expect("goes on");
    let call = story.case().call.clone().expect("a call");
    assert!(call.flows(&doctor, &Holder::Guardian));
}

#[test]
fn a_call_is_handed_over_without_hanging_up() {
    let (mut story, call) = with_midwife();
    let (hand_over, take_over) = (Command::HandOver { call, to: midwife().id }, Command::TakeOver { call });
    assert_eq!(
        story.midwife(&take_over),
        Err(Refusal::NotAllowed),
        "nothing was offered"
    );
    assert_eq!(
        story.doctor(&Command::HandOver { call, to: doctor().id }),
        Err(Refusal::NotSeated)
    );
    assert_eq!(story.doctor(&hand_over), Ok(vec!["hand_over_offered"]));
    assert_eq!(story.case().clinician(), Some(&doctor()), "until she accepts it is his");
    assert_eq!(story.midwife(&take_over), Ok(vec!["handed_over"]));
    assert_eq!(story.case().clinician(), Some(&midwife()));
    assert_eq!(story.case().clinicians_in_call(), [midwife().id, doctor().id]);
    assert_eq!(seats(&story).len(), 3, "nobody hung up");
    assert_eq!(story.doctor(&Command::Leave { call }), Ok(vec!["call_left"]));
    assert_eq!(story.case().clinicians_in_call(), [midwife().id]);
    assert_eq!(
        story.midwife(&Command::HangUp { call, failed: false }),
        Ok(vec!["call_ended"])
    );
}

#[test]
fn an_offer_to_hand_over_ends_when_the_colleague_leaves() {
    let (mut story, call) = with_midwife();
    story
        .doctor(&Command::HandOver { call, to: midwife().id })
        .expect("offered");
    story.midwife(&Command::Leave { call }).expect("left");
    story.doctor(&ask(call, midwife())).expect("asked again");
    story.midwife(&Command::Join { call }).expect("seated");
    assert_eq!(story.midwife(&Command::TakeOver { call }), Err(Refusal::NotAllowed));
}

#[test]
fn a_guest_is_shown_the_call_and_nothing_else() {
    let (mut story, call, partner) = with_partner();
    story.family(&super::story::say("HEALTH")).expect("said");
    story.doctor(&ask(call, midwife())).expect("asked");
    story.midwife(&Command::Join { call }).expect("seated");
    story
        .doctor(&Command::HandOver { call, to: midwife().id })
        .expect("offered");
    story.midwife(&Command::TakeOver { call }).expect("taken");
    story.doctor(&Command::Leave { call }).expect("left");
    let viewer = Viewer::Guest { invite: partner };
    let seen: Vec<_> = story.log.iter().filter_map(|event| project(event, &viewer)).collect();
    let text = serde_json::to_string(&seen).expect("JSON");
    for hidden in [
        "HEALTH",
        "intake",
        "requested",
        "claimed",
        "queued",
        "complaints",
        "guest_invited",
    ] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    let thread = Thread::of(&seen);
    let holders: Vec<_> = thread
        .call
        .iter()
        .flat_map(|call| &call.seats)
        .map(|seat| thread.who(&seat.holder).0)
        .collect();
    assert_eq!(holders, ["相談者", "健太", "鈴木 助産師"]);
    assert_eq!(
        thread.standing,
        crate::view::Standing::Claimed(midwife()),
        "who is responsible now"
    );
}

#[test]
fn both_folds_agree_on_who_is_in_the_call() {
    let (mut story, call, partner) = with_partner();
    story.doctor(&ask(call, midwife())).expect("asked");
    story.midwife(&Command::Join { call }).expect("seated");
    story.doctor(&Command::Hold { call, on: true }).expect("held");
    story
        .doctor(&Command::HandOver { call, to: midwife().id })
        .expect("offered");
    let agrees = |story: &Story| {
        let viewer = Viewer::Clinician(doctor().id);
        let seen: Vec<_> = story.log.iter().filter_map(|event| project(event, &viewer)).collect();
        assert_eq!(Thread::of(&seen).call, story.case().call);
    };
    agrees(&story);
    story.midwife(&Command::TakeOver { call }).expect("taken");
    story
        .does(&Actor::Staff(midwife()), &Command::RemoveGuest { invite: partner })
        .expect("removed");
    agrees(&story);
    story.doctor(&Command::Leave { call }).expect("left");
    agrees(&story);
    assert_eq!(
        story.case().guest(partner).map(|one| one.standing),
        Some(GuestStanding::Removed)
    );
    assert!(matches!(story.last(), Fact::CallLeft { .. }));
    assert!(story.does(&family(), &Command::HangUp { call, failed: false }).is_ok());
}
