//! Which role may do what among the pages of the staff, and the one way to a case: through the city of its reader.
//!
//! Promises: [`may`] is the only table of roles over pages; a [`Reader`] reaches consultations of their own municipality
//! and no other, whatever id they name.
//!
//! Not here: what a role may do inside a consultation (`signaling`, by command), families (`ticket`).

use crate::{
    app::App,
    error::Failure,
    identity::{Cookie, home_of},
    storage::CityRow,
    ticket,
};
use axum::{http::HeaderMap, response::Response};
use signaling::{
    actor::{Actor, Role, Staff},
    id::ConsultationId,
};

/// What a page of the staff is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The queue and the consultations of a clinician.
    Desk,
    /// Earlier consultations of a family.
    History,
    /// The link of an invitation to a call, for the clinician who has the consultation.
    Invitation,
    /// Concerns and referrals of one consultation.
    Concern,
    /// What supervisors have to look after, also because nobody took it in time.
    Tasks,
    /// What families consented to have handed to the city's public-health nurse.
    Referrals,
    /// The list of consultations.
    Logs,
    /// One consultation, event by event.
    Replay,
    /// Figures, as a page or a table; the city's viewer sees them masked.
    Figures,
    /// 合言葉, hours, accounts.
    Settings,
    /// The rota: reading, and what of it is theirs to change.
    Rota,
    /// Red-flag rules: reading, approving, switching, comparing.
    Rules,
}

/// The table.
#[must_use]
pub const fn may(role: Role, what: What) -> bool {
    match role {
        Role::Pediatrician | Role::Obstetrician | Role::Midwife => {
            matches!(
                what,
                What::Desk | What::History | What::Invitation | What::Concern | What::Rota
            )
        }
        Role::Supervisor => matches!(
            what,
            What::Tasks | What::Concern | What::Logs | What::Replay | What::Figures | What::Rota
        ),
        Role::PublicHealthNurse => matches!(what, What::Referrals),
        Role::CityViewer => matches!(what, What::Figures),
        Role::Administrator => matches!(what, What::Settings | What::Rules | What::Rota),
    }
}

/// A signed-in member of the staff on a page that is theirs.
pub(crate) struct Reader {
    /// Whose desk.
    pub(crate) city: CityRow,
    /// Who.
    pub(crate) staff: Staff,
}

impl Reader {
    /// Who reads; otherwise where they are led instead: to signing in, or to the pages that are theirs.
    pub(crate) async fn admit(app: &App, headers: &HeaderMap, what: What) -> Result<Self, Response> {
        let try_again = |error: crate::storage::StorageError| Failure::from(error).page(app, &ticket::nowhere());
        let signed_in = app.identity.staff_of(headers).await.map_err(try_again)?;
        let city = app.identity.city_of(headers).await.map_err(try_again)?;
        let (Some(signed_in), Some(city)) = (signed_in, city) else {
            // A browser that was signed in is told why it has to do it again.
            let was_signed_in = app.identity.cookie(Cookie::Staff, headers).is_some();
            return Err(ticket::to(if was_signed_in {
                "/staff/sign-in?why=expired"
            } else {
                "/staff/sign-in"
            }));
        };
        if signed_in.municipality != city.id {
            return Err(ticket::to("/staff/sign-in"));
        }
        let staff = signed_in.staff;
        if may(staff.role, what) {
            Ok(Self { city, staff })
        } else {
            Err(ticket::to(home_of(staff.role)))
        }
    }

    /// As the author of a look.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Staff(self.staff.clone())
    }

    /// A consultation of this reader's city. Another city's is not there, like one that never was.
    pub(crate) async fn case(&self, app: &App, id: &str) -> Result<ConsultationId, Failure> {
        let consultation: ConsultationId = id.parse().map_err(|_| Failure::NotFound)?;
        let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
        let here = state
            .case
            .as_deref()
            .is_some_and(|case| case.municipality == self.city.id);
        if here { Ok(consultation) } else { Err(Failure::NotFound) }
    }
}
