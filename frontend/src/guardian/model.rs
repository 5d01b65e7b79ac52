//! The page's model as the family's browser reads it: of a ticket, and of that only what is alive.
//!
//! [`GuardianPage`] is what the server knows; most of it is rendered there once, in parts that stay as they are
//! (`ui::still`), and is left empty here: who is on duty, new devices, the form as typed but for its ticked signs, faults.

use super::received::{Event, events, refusal};
use crate::page::{
    City, Opening,
    guardian::{GuardianPage, GuardianView, GuestPage, IntakePage, LivePage, Panel, TicketPage, TicketStep},
};
use serde::Deserialize;
use signaling::{
    call::GuestRole,
    id::{CommandId, ConsultationId, Seq},
    intake::{IntakeDraft, IntakeStep},
    protocol::Cursor,
    queue::Position,
    time::At,
    triage::Question,
};

#[cfg(test)]
mod tests;

/// Reads the model in the document; nothing where it is not that of a ticket or of a guest's call.
pub(super) fn page(text: &str) -> Option<GuardianPage> {
    ticket(text).or_else(|| guest(text))
}

fn guest(text: &str) -> Option<GuardianPage> {
    let WithGuest { city, now, view } = serde_json::from_str(text).ok()?;
    let page = GuestPage {
        consultation: view.consultation,
        invite: view.invite,
        role: view.role,
        name: view.name,
        events: events(view.events),
        cursor: view.cursor,
    };
    Some(GuardianPage {
        city,
        now,
        view: GuardianView::Guest(page),
    })
}

fn ticket(text: &str) -> Option<GuardianPage> {
    let Living { city, now, view } = serde_json::from_str(text).ok()?;
    let ticket = TicketPage {
        path: view.path,
        consultation: view.consultation,
        command: view.command,
        new_devices: Vec::new(),
        in_app: None,
        refused: view.refused.map(refusal::Flat::read),
        other_open: None,
        step: view.step.read()?,
    };
    Some(GuardianPage {
        city,
        now,
        view: GuardianView::Ticket(ticket),
    })
}

#[derive(Deserialize)]
struct WithGuest<'a> {
    city: City,
    now: At,
    #[serde(borrow)]
    view: Guest<'a>,
}

#[derive(Deserialize)]
struct Guest<'a> {
    consultation: ConsultationId,
    invite: Seq,
    role: GuestRole,
    name: String,
    #[serde(borrow)]
    events: Vec<Event<'a>>,
    cursor: Cursor,
}

#[derive(Deserialize)]
struct Living<'a> {
    city: City,
    now: At,
    #[serde(borrow)]
    view: Ticket<'a>,
}

#[derive(Deserialize)]
struct Ticket<'a> {
    path: String,
    consultation: ConsultationId,
    command: CommandId,
    #[serde(borrow)]
    refused: Option<refusal::Flat<'a>>,
    #[serde(borrow)]
    step: Step<'a>,
}

/// The fields of both steps.
#[derive(Deserialize)]
struct Step<'a> {
    step: &'a str,
    opening: Opening,
    at: Option<IntakeStep>,
    draft: Option<Signs>,
    questions: Option<Vec<Question>>,
    panels: Option<Vec<Panel>>,
    #[serde(borrow)]
    events: Option<Vec<Event<'a>>>,
    cursor: Option<Cursor>,
    position: Option<Position>,
    reply_by: Option<At>,
    message_draft: Option<String>,
    draft_revision: Option<u64>,
    survey_open: Option<bool>,
}

#[derive(Deserialize)]
struct Signs {
    signs: Vec<String>,
}

impl Step<'_> {
    fn read(self) -> Option<TicketStep> {
        Some(match self.step {
            "intake" => TicketStep::Intake(Box::new(IntakePage {
                at: self.at?,
                draft: IntakeDraft {
                    signs: self.draft?.signs,
                    ..IntakeDraft::default()
                },
                revision: 0,
                faults: Vec::new(),
                subject: None,
                questions: self.questions?,
                first: 0,
                folded: 0,
                panels: self.panels?,
                promise_changed: false,
                photos: Vec::new(),
                photo_fault: None,
                opening: self.opening,
            })),
            "live" => TicketStep::Live(LivePage {
                events: events(self.events?),
                cursor: self.cursor?,
                position: self.position,
                reply_by: self.reply_by,
                later_by: None,
                books: false,
                panels: Vec::new(),
                on_duty: Vec::new(),
                message_draft: self.message_draft?,
                draft_revision: self.draft_revision?,
                survey_open: self.survey_open?,
                survey_draft: Box::default(),
                opening: self.opening,
            }),
            _ => return None,
        })
    }
}
