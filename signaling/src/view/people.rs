//! Who is in a call beside the family and its clinician, who is responsible, and the telephone as the last way to talk.

use super::{Standing, Thread};
use crate::{
    call::{CallbackOutcome, Colleague, GuestRole, Holder},
    consultation::{WireEvent, WireKind},
    id::Seq,
    time::At,
};

/// Somebody who was invited to calls of the consultation.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    /// Who they are in this consultation.
    pub invite: Seq,
    /// What they are there for.
    pub role: GuestRole,
    /// Who invited them; nothing to a guest.
    pub by: Option<Holder>,
    /// Their name; nothing once its key has been erased.
    pub name: Option<String>,
    /// Whether they came.
    pub standing: InvitedStanding,
}

crate::redacted_debug!(Invited { invite, role, standing });

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitedStanding {
    /// Nobody has come by it yet.
    Waiting {
        /// Until then somebody may.
        until: At,
    },
    /// They came, and may take a seat in every call.
    Came,
    /// Taken back, or put out.
    Over,
}

/// A telephone call that is still to be made.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// The number was given to the clinician who has it.
    pub is_given: bool,
    /// The digits; for that clinician alone.
    pub number: Option<String>,
}

crate::redacted_debug!(Callback { is_given });

impl Invited {
    /// 「田中さん（ご家族）」, 「ご家族」.
    #[must_use]
    pub fn addressed(&self) -> String {
        match &self.name {
            Some(name) => format!("{name}さん（{}）", self.role.label()),
            None => self.role.label().to_owned(),
        }
    }
}

impl Thread {
    /// Somebody who was invited.
    #[must_use]
    pub fn invited(&self, invite: Seq) -> Option<&Invited> {
        self.invited.iter().find(|one| one.invite == invite)
    }

    /// The name and the role of whoever sits on a seat, as its tile shows them.
    #[must_use]
    pub fn who(&self, holder: &Holder) -> (String, &'static str) {
        match holder {
            Holder::Guardian => ("相談者".to_owned(), "ご家族"),
            Holder::Staff(staff) => (staff.addressed(), staff.role.label()),
            Holder::Guest { invite, role } => {
                let name = self.invited(*invite).and_then(|one| one.name.clone());
                (name.unwrap_or_else(|| role.label().to_owned()), role.label())
            }
        }
    }

    /// In a sentence.
    pub(super) fn named(&self, holder: &Holder) -> String {
        match holder {
            Holder::Guardian => "相談者".to_owned(),
            Holder::Staff(staff) => staff.addressed(),
            Holder::Guest { invite, role } => self
                .invited(*invite)
                .map_or_else(|| role.label().to_owned(), Invited::addressed),
        }
    }

    /// The family, or the clinician who has it: a call is theirs, so their coming is no news.
    pub(super) fn is_principal(&self, holder: &Holder) -> bool {
        match (holder, &self.standing) {
            (Holder::Guardian, _) => true,
            (Holder::Staff(staff), Standing::Claimed(by)) => staff.id == by.id,
            // To a guest, who is not told who took the consultation: whoever sits first.
            (Holder::Staff(_), _) => self
                .call
                .as_ref()
                .and_then(|call| call.seats.first())
                .is_none_or(|seat| &seat.holder == holder),
            (Holder::Guest { .. }, _) => false,
        }
    }

    /// The number was for one clinician; whoever has the consultation next asks for it again.
    pub(super) fn ask_number_again(&mut self) {
        if self.callback.is_some() {
            self.callback = Some(Callback::default());
        }
    }

    pub(super) fn fold_people(&mut self, event: &WireEvent) {
        match &event.kind {
            WireKind::CallLeft { holder, .. } => {
                let words = format!("{}が通話から出ました", self.named(holder));
                if let Some(call) = &mut self.call {
                    call.leave(holder);
                    call.colleague
                        .take_if(|colleague| holder.is_clinician(colleague.staff.id));
                }
                self.happened(event, words);
            }
            WireKind::CallHeld { on, .. } => {
                if let Some(call) = &mut self.call {
                    call.is_held = *on;
                }
                let words = if *on {
                    "通話を保留にしました"
                } else {
                    "保留を終わりました"
                };
                self.happened(event, words.to_owned());
            }
            WireKind::ColleagueInvited { colleague, .. } => {
                if let Some(call) = &mut self.call {
                    call.colleague = Some(Colleague {
                        invite: event.seq,
                        staff: colleague.clone(),
                        offered: false,
                    });
                }
                self.happened(event, format!("{}を通話によびました", colleague.addressed()));
            }
            WireKind::HandOverOffered { .. } => {
                let call = self.call.as_mut();
                if let Some(colleague) = call.and_then(|call| call.colleague.as_mut()) {
                    colleague.offered = true;
                }
            }
            WireKind::HandedOver { by, to, .. } => {
                self.nobody_is_asked();
                if let Some(missed) = &mut self.missed {
                    missed.by = to.clone();
                }
                self.standing = Standing::Claimed(to.clone());
                if let Some(call) = &mut self.call {
                    call.colleague = Some(Colleague {
                        invite: event.seq,
                        staff: by.clone(),
                        offered: false,
                    });
                }
                self.ask_number_again();
                self.happened(
                    event,
                    format!("担当が{}から{}に替わりました", by.addressed(), to.addressed()),
                );
            }
            WireKind::CallbackAsked { .. } => {
                self.callback = Some(Callback::default());
                self.happened(event, "電話にかけなおすことになりました".to_owned());
            }
            WireKind::CallbackNumber { number } => {
                self.callback = Some(Callback {
                    is_given: true,
                    number: number.clone(),
                });
                self.happened(event, "電話番号を預かりました".to_owned());
            }
            WireKind::CallbackDone { outcome, .. } => {
                self.callback = None;
                let words = match outcome {
                    CallbackOutcome::Reached => "電話で話しました",
                    CallbackOutcome::NotReached => "電話がつながりませんでした",
                };
                self.happened(event, words.to_owned());
            }
            _ if self.fold_handing(event) => {}
            _ => self.fold_guests(event),
        }
    }

    fn fold_guests(&mut self, event: &WireEvent) {
        match &event.kind {
            WireKind::GuestInvited {
                role,
                by,
                expires_at,
                name,
            } => {
                let one = Invited {
                    invite: event.seq,
                    role: *role,
                    by: Some(by.clone()),
                    name: name.clone(),
                    standing: InvitedStanding::Waiting { until: *expires_at },
                };
                self.happened(event, format!("{}を通話に招待しました", one.addressed()));
                self.invited.push(one);
            }
            WireKind::GuestAdmitted { invite, role, name } => {
                // A guest is told of those who came only.
                let by = self.invited(*invite).and_then(|one| one.by.clone());
                self.invited.retain(|one| one.invite != *invite);
                self.invited.push(Invited {
                    invite: *invite,
                    role: *role,
                    by,
                    name: name.clone(),
                    standing: InvitedStanding::Came,
                });
            }
            WireKind::GuestRemoved { invite, .. } => {
                let words = self
                    .over(*invite)
                    .map(|one| format!("{}を通話から外しました", one.addressed()));
                if let Some(call) = &mut self.call {
                    call.seats.retain(|seat| !seat.holder.is_guest(*invite));
                }
                self.happened(event, words.unwrap_or_default());
            }
            WireKind::InvitationWithdrawn { invite, .. } => {
                if let Some(call) = &mut self.call {
                    call.colleague.take_if(|colleague| colleague.invite == *invite);
                }
                self.over(*invite);
                self.happened(event, "招待を取り消しました".to_owned());
            }
            _ => self.fold_after(event),
        }
    }

    fn over(&mut self, invite: Seq) -> Option<&Invited> {
        let one = self.invited.iter_mut().find(|one| one.invite == invite)?;
        one.standing = InvitedStanding::Over;
        Some(one)
    }
}
