//! What one seat does, step by step; the two of them together are in `simulation`.

use super::*;
use crate::protocol::Signal;

const LATER: Seq = 9;
const EARLIER: Seq = 6;

fn sdp(fragment: &str) -> String {
    format!("v=0\r\na=ice-ufrag:{fragment}\r\n")
}

fn description(kind: DescriptionKind, offer: u32, fragment: &str) -> Description {
    Description {
        kind,
        offer,
        sdp: sdp(fragment),
    }
}

fn offer(number: u32, fragment: &str) -> Input {
    Input::Description(description(DescriptionKind::Offer, number, fragment))
}

fn answer(number: u32, fragment: &str) -> Input {
    Input::Description(description(DescriptionKind::Answer, number, fragment))
}

fn sends(kind: DescriptionKind, number: u32, fragment: &str) -> Action {
    Action::Send(description(kind, number, fragment).signal())
}

fn applies(kind: DescriptionKind, fragment: &str) -> Action {
    Action::ApplyRemote {
        kind,
        sdp: sdp(fragment),
    }
}

fn set(fragment: &str) -> Input {
    Input::LocalSet { sdp: sdp(fragment) }
}

fn candidate(fragment: &str) -> Candidate {
    Candidate {
        line: format!("candidate:1 1 udp 2 192.0.2.1 5000 typ host ufrag {fragment}"),
        mid: Some("0".to_owned()),
        m_line: Some(0),
    }
}

/// The family's seat, later and polite, with its offer sent.
fn guardian_who_offered() -> Negotiation {
    let mut guardian = Negotiation::new(LATER, EARLIER);
    assert_eq!(guardian.handle(Input::NegotiationNeeded), [Action::SetLocal]);
    assert_eq!(guardian.handle(set("g1")), [sends(DescriptionKind::Offer, 1, "g1")]);
    guardian
}

fn in_a_call(mut seat: Negotiation) -> Negotiation {
    assert_eq!(seat.handle(answer(1, "c1")), [applies(DescriptionKind::Answer, "c1")]);
    assert!(seat.handle(Input::RemoteSet).is_empty());
    seat
}

#[test]
fn the_later_seat_is_polite_and_makes_the_first_offer() {
    let mut clinician = Negotiation::new(EARLIER, LATER);
    assert!(!clinician.is_polite());
    assert!(
        clinician.handle(Input::NegotiationNeeded).is_empty(),
        "the family's offer is on its way"
    );
    assert_eq!(
        clinician.handle(offer(1, "g1")),
        [applies(DescriptionKind::Offer, "g1")]
    );
    assert_eq!(clinician.handle(Input::RemoteSet), [Action::SetLocal]);
    assert_eq!(clinician.handle(set("c1")), [sends(DescriptionKind::Answer, 1, "c1")]);
    assert!(clinician.is_stable());
    let _ = in_a_call(guardian_who_offered());
}

#[test]
fn the_earlier_seat_offers_when_the_first_offer_does_not_come() {
    let mut clinician = Negotiation::new(EARLIER, LATER);
    let _ = clinician.handle(Input::NegotiationNeeded);
    assert_eq!(
        clinician.handle(Input::RestartIce),
        [Action::RestartIce, Action::SetLocal]
    );
}

#[test]
fn when_both_offer_the_polite_seat_takes_the_other_offer_and_the_impolite_one_keeps_its_own() {
    let mut guardian = guardian_who_offered();
    assert_eq!(guardian.handle(offer(1, "c1")), [applies(DescriptionKind::Offer, "c1")]);

    let mut clinician = Negotiation::new(EARLIER, LATER);
    let _ = clinician.handle(Input::RestartIce);
    let _ = clinician.handle(set("c1"));
    let again = sends(DescriptionKind::Offer, 1, "c1");
    assert_eq!(
        clinician.handle(offer(1, "g1")),
        [again],
        "not applied; said again in case it was lost"
    );
    assert_eq!(
        clinician.handle(answer(1, "g2")),
        [applies(DescriptionKind::Answer, "g2")]
    );
}

#[test]
fn candidates_wait_for_their_description_and_others_for_theirs() {
    let mut guardian = guardian_who_offered();
    assert!(guardian.handle(Input::RemoteCandidate(candidate("c1"))).is_empty());
    assert!(
        guardian.handle(Input::RemoteCandidate(candidate("c2"))).is_empty(),
        "of a restart to come"
    );
    let _ = guardian.handle(answer(1, "c1"));
    assert!(
        guardian.handle(Input::RemoteCandidate(candidate("c1"))).is_empty(),
        "the browser is still at it"
    );
    let added = Action::AddCandidate(candidate("c1"));
    assert_eq!(guardian.handle(Input::RemoteSet), [added.clone(), added.clone()]);
    assert_eq!(guardian.handle(Input::RemoteCandidate(candidate("c1"))), [added]);
    assert_eq!(guardian.handle(offer(1, "c2")), [applies(DescriptionKind::Offer, "c2")]);
    assert_eq!(
        guardian.handle(Input::RemoteSet),
        [Action::AddCandidate(candidate("c2")), Action::SetLocal]
    );
}

#[test]
fn local_candidates_follow_their_description() {
    let mut guardian = Negotiation::new(LATER, EARLIER);
    let _ = guardian.handle(Input::NegotiationNeeded);
    assert!(guardian.handle(Input::LocalCandidate(candidate("g1"))).is_empty());
    let sent = Action::Send(candidate("g1").signal());
    assert_eq!(
        guardian.handle(set("g1")),
        [sends(DescriptionKind::Offer, 1, "g1"), sent.clone()]
    );
    assert_eq!(guardian.handle(Input::LocalCandidate(candidate("g1"))), [sent]);
}

#[test]
fn a_candidate_without_fragment_is_given_the_one_that_the_browser_names_beside_it() {
    let bare = Candidate {
        line: "candidate:1 1 udp 2 192.0.2.1 5000 typ host".to_owned(),
        mid: None,
        m_line: None,
    };
    assert_eq!(bare.fragment(), None);
    let named = bare.with_fragment(Some("g1"));
    assert_eq!(named.fragment(), Some("g1"));
    assert_eq!(named.clone().with_fragment(Some("g2")), named, "once is enough");
}

#[test]
fn what_may_have_been_lost_with_the_socket_is_said_again_or_replaced() {
    let mut talking = in_a_call(guardian_who_offered());
    assert_eq!(
        talking.handle(Input::Resumed),
        [sends(DescriptionKind::Offer, 1, "g1")],
        "in case it was lost"
    );
    assert!(
        talking.handle(answer(1, "c1")).is_empty(),
        "and the repeated answer changes nothing"
    );

    let mut waiting = guardian_who_offered();
    assert_eq!(
        waiting.handle(Input::RestartIce),
        [Action::RestartIce, Action::SetLocal]
    );
    assert_eq!(waiting.handle(set("g2")), [sends(DescriptionKind::Offer, 2, "g2")]);
    assert_eq!(
        waiting.handle(answer(1, "c1")).len(),
        1,
        "the answer to the first offer is not for the second"
    );
    assert!(!waiting.is_stable());
    assert_eq!(
        waiting.handle(answer(2, "c1")),
        [applies(DescriptionKind::Answer, "c1")]
    );
}

#[test]
fn a_description_that_the_browser_refuses_ends_this_connection() {
    let mut clinician = Negotiation::new(EARLIER, LATER);
    let _ = clinician.handle(offer(1, "g1"));
    assert!(clinician.handle(Input::OperationFailed).is_empty());
    assert!(clinician.handle(offer(2, "g2")).is_empty());
    assert!(clinician.handle(Input::RestartIce).is_empty());
}

#[test]
fn a_seat_whose_answer_was_lost_says_it_again() {
    let mut clinician = Negotiation::new(EARLIER, LATER);
    let _ = clinician.handle(offer(1, "g1"));
    let _ = clinician.handle(Input::RemoteSet);
    let _ = clinician.handle(set("c1"));
    assert_eq!(
        clinician.handle(offer(1, "g1")),
        [sends(DescriptionKind::Answer, 1, "c1")]
    );
}

#[test]
fn a_flood_of_descriptions_is_bounded() {
    let mut clinician = Negotiation::new(EARLIER, LATER);
    let _ = clinician.handle(offer(1, "g1"));
    for number in 2..1000 {
        assert!(clinician.handle(offer(number, "g2")).is_empty());
        assert!(clinician.handle(Input::RemoteCandidate(candidate("g3"))).is_empty());
    }
    assert!(clinician.waiting.len() <= WAITING_DESCRIPTIONS);
}

#[test]
fn signals_carry_what_they_are_made_of() {
    let made = description(DescriptionKind::Offer, 3, "g1").signal();
    assert!(matches!(made, Signal::Description { offer: 3, .. }));
    assert!(made.fits());
}

/// Who rang, with its offer sent before the family's seat is taken.
fn clinician_who_offered_ahead() -> Negotiation {
    let mut clinician = Negotiation::new(EARLIER, Seq::MAX);
    assert_eq!(clinician.handle(Input::OfferAhead), [Action::SetLocal]);
    assert_eq!(clinician.handle(set("c1")), [sends(DescriptionKind::Offer, 1, "c1")]);
    clinician
}

#[test]
fn an_offer_ahead_is_applied_while_it_rings_and_answered_with_the_call() {
    let mut phone = Negotiation::new(Seq::MAX, EARLIER).ringing();
    assert_eq!(phone.handle(offer(1, "c1")), [applies(DescriptionKind::Offer, "c1")]);
    let found = candidate("c1");
    assert!(
        phone.handle(Input::RemoteCandidate(found.clone())).is_empty(),
        "not applied yet"
    );
    assert_eq!(
        phone.handle(Input::RemoteSet),
        [Action::AddCandidate(found)],
        "it only rings"
    );
    assert_eq!(phone.handle(Input::Accepted), [Action::SetLocal]);
    assert_eq!(phone.handle(set("g1")), [sends(DescriptionKind::Answer, 1, "g1")]);
    assert!(phone.is_stable());
    let clinician = in_a_call_answered(clinician_who_offered_ahead());
    assert!(clinician.is_stable());
}

fn in_a_call_answered(mut clinician: Negotiation) -> Negotiation {
    assert_eq!(
        clinician.handle(answer(1, "g1")),
        [applies(DescriptionKind::Answer, "g1")]
    );
    assert!(clinician.handle(Input::RemoteSet).is_empty());
    clinician
}

#[test]
fn who_answers_before_the_offer_has_come_answers_it_when_it_comes() {
    let mut phone = Negotiation::new(Seq::MAX, EARLIER).ringing();
    assert!(phone.handle(Input::Accepted).is_empty());
    assert_eq!(phone.handle(offer(1, "c1")), [applies(DescriptionKind::Offer, "c1")]);
    assert_eq!(phone.handle(Input::RemoteSet), [Action::SetLocal]);
}

#[test]
fn a_phone_that_never_got_the_offer_makes_its_own_and_is_told_it_again() {
    let mut clinician = clinician_who_offered_ahead();
    let found = candidate("c1");
    let _ = clinician.handle(Input::LocalCandidate(found.clone()));
    let mut phone = guardian_who_offered();
    assert_eq!(
        clinician.handle(offer(1, "g1")),
        [sends(DescriptionKind::Offer, 1, "c1"), found.send()],
        "the impolite side stands by what it said, and by where it can be reached"
    );
    assert_eq!(phone.handle(offer(1, "c1")), [applies(DescriptionKind::Offer, "c1")]);
    assert_eq!(phone.handle(Input::RemoteSet), [Action::SetLocal]);
    assert_eq!(phone.handle(set("g2")), [sends(DescriptionKind::Answer, 1, "g2")]);
    assert_eq!(
        clinician.handle(answer(1, "g2")),
        [applies(DescriptionKind::Answer, "g2")]
    );
}

#[test]
fn an_offer_that_is_renewed_while_it_rings_takes_the_place_of_the_first() {
    let mut phone = Negotiation::new(Seq::MAX, EARLIER).ringing();
    let _ = phone.handle(offer(1, "c1"));
    assert!(phone.handle(Input::RemoteSet).is_empty());
    assert!(phone.handle(offer(1, "c1")).is_empty(), "said again");
    assert_eq!(phone.handle(offer(2, "c2")), [applies(DescriptionKind::Offer, "c2")]);
    assert!(phone.handle(Input::RemoteSet).is_empty());
    assert_eq!(phone.handle(Input::Accepted), [Action::SetLocal]);
    assert_eq!(phone.handle(set("g1")), [sends(DescriptionKind::Answer, 2, "g1")]);
}

#[test]
fn nobody_offers_ahead_twice_or_into_a_session_that_stands() {
    let mut clinician = clinician_who_offered_ahead();
    assert!(clinician.handle(Input::OfferAhead).is_empty());
    let mut other = Negotiation::new(EARLIER, LATER);
    let _ = other.handle(offer(1, "g1"));
    assert!(other.handle(Input::OfferAhead).is_empty());
}
