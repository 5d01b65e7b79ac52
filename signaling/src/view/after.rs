//! What comes after the advice, as pages show it: the question on the day after, a family that came back, what is to be handed
//! over, concerns.

use super::{Standing, Thread};
use crate::{
    actor::Staff,
    after::{Authority, ConcernDecision, Feeling},
    consultation::{WireEvent, WireKind},
    id::Seq,
    time::At,
};

/// 「明日きく」.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// When it is asked.
    pub due_at: At,
    /// When it was.
    pub asked_at: Option<At>,
    /// What the family said.
    pub feeling: Option<Feeling>,
}

/// What is to be handed to the public-health nurse.
#[derive(Clone, PartialEq, Eq)]
pub struct Referral {
    /// The event that offered it.
    pub offer: Seq,
    /// Who offered it.
    pub by: Staff,
    /// The very words.
    pub shared: Option<String>,
    /// What the family said to it.
    pub given: Option<bool>,
}

crate::redacted_debug!(Referral { offer, by, given });

/// A concern for somebody's safety.
#[derive(Clone, PartialEq, Eq)]
pub struct Concern {
    /// The event that raised it.
    pub seq: Seq,
    /// When.
    pub at: At,
    /// Whose it is.
    pub by: Staff,
    /// What was observed.
    pub facts: Option<String>,
    /// What was decided and who was notified, in order.
    pub entries: Vec<ConcernEntry>,
}

crate::redacted_debug!(Concern { seq, at, by });

/// A step about a concern.
#[derive(Clone, PartialEq, Eq)]
pub struct ConcernEntry {
    /// When it was written.
    pub at: At,
    /// Who wrote it.
    pub by: Staff,
    /// What was decided, or who was notified and when.
    pub what: Result<ConcernDecision, (Authority, At)>,
    /// What was written with it.
    pub words: Option<String>,
}

crate::redacted_debug!(ConcernEntry { at, by });

impl Thread {
    pub(super) fn fold_after(&mut self, event: &WireEvent) {
        match &event.kind {
            WireKind::CheckInPlanned { due_at, .. } => {
                self.check_in = due_at.map(|due_at| CheckIn {
                    due_at,
                    asked_at: None,
                    feeling: None,
                });
                if let Some(due_at) = due_at {
                    let day = format!("{}月{}日", u8::from(due_at.date().month()), due_at.date().day());
                    self.happened(event, format!("{day} {}ごろに、ようすをうかがいます", due_at.clock()));
                }
            }
            WireKind::CheckInAsked => {
                if let Some(check_in) = &mut self.check_in {
                    check_in.asked_at = Some(event.at);
                }
                self.happened(event, "その後のようすをうかがいました".to_owned());
            }
            WireKind::CheckedIn { feeling } => {
                if let Some(check_in) = &mut self.check_in {
                    check_in.feeling = Some(*feeling);
                }
                self.happened(event, format!("その後のようす：{}", feeling.label()));
            }
            WireKind::Reopened { service } => {
                self.service = Some(*service);
                self.standing = Standing::Waiting;
                self.appointment = None;
                self.ended_at = None;
                self.photo_wished = false;
                self.callback = None;
                self.invited.clear();
                self.earlier.extend(self.summary.take());
                self.happened(event, "また相談が始まりました".to_owned());
            }
            WireKind::ReferralOffered { by, text } => {
                self.referral = Some(Referral {
                    offer: event.seq,
                    by: by.clone(),
                    shared: text.clone(),
                    given: None,
                });
                self.happened(event, format!("{}が市の保健師への紹介を提案しました", by.addressed()));
            }
            WireKind::ReferralAnswered { offer, given } => {
                if let Some(referral) = self.referral.as_mut().filter(|one| one.offer == *offer) {
                    referral.given = Some(*given);
                }
                let words = if *given {
                    "市の保健師に伝えることに同意しました"
                } else {
                    "市の保健師には伝えないことにしました"
                };
                self.happened(event, words.to_owned());
            }
            _ => self.fold_concern(event),
        }
    }

    fn fold_concern(&mut self, event: &WireEvent) {
        let (concern, by, what, words) = match &event.kind {
            WireKind::ConcernRaised { by, text } => {
                self.concerns.push(Concern {
                    seq: event.seq,
                    at: event.at,
                    by: by.clone(),
                    facts: text.clone(),
                    entries: Vec::new(),
                });
                return;
            }
            WireKind::ConcernDecided {
                concern,
                by,
                decision,
                text,
            } => (concern, by, Ok(*decision), text),
            WireKind::ConcernNotified {
                concern,
                by,
                whom,
                notified_at,
                text,
            } => (concern, by, Err((*whom, *notified_at)), text),
            _ => return,
        };
        if let Some(found) = self.concerns.iter_mut().find(|one| one.seq == *concern) {
            found.entries.push(ConcernEntry {
                at: event.at,
                by: by.clone(),
                what,
                words: words.clone(),
            });
        }
    }
}
