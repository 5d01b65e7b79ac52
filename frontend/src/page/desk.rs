//! Model of the clinician's desk.

use super::City;
use serde::{Deserialize, Serialize};
use signaling::{
    actor::Staff,
    consultation::WireEvent,
    duty::Duty,
    id::ConsultationId,
    protocol::{Cursor, QueueView},
    time::At,
};

/// `/desk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPage {
    /// Whose page.
    pub city: City,
    /// The server's clock when the page was made.
    pub now: At,
    /// Who is signed in.
    pub me: Staff,
    /// The queue.
    pub queue: QueueView,
    /// Consultations that this clinician has, longest first.
    pub open: Vec<OpenConsultation>,
    /// 「18:00 – 22:00」.
    pub hours: String,
    /// What they said last of themselves.
    pub duty: Duty,
}

/// Answer of `POST /desk/duty`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyAnswer {
    /// What stands.
    pub duty: Duty,
    /// The shift does not end before something is decided about these.
    pub undecided: Vec<ConsultationId>,
}

/// A consultation that is open on the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenConsultation {
    /// Which.
    pub consultation: ConsultationId,
    /// What staff may see of the log.
    pub events: Vec<WireEvent>,
    /// Where the page stands.
    pub cursor: Cursor,
}

/// Answer of `GET /desk/consultations/{id}`: a consultation that was just taken, with the family's earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Earlier consultations of the same family, newest first, at most five.
    pub earlier: Vec<EarlierRow>,
}

/// An earlier consultation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRow {
    /// When.
    pub at: At,
    /// 「発疹」.
    pub complaint: String,
    /// 「チャット」.
    pub mode: String,
    /// 「家庭で様子見」.
    pub disposition: String,
    /// The family's own words; none once they have been erased.
    #[serde(default)]
    pub worry: String,
    /// 助言の内容, once the record was signed.
    #[serde(default)]
    pub advice: Option<String>,
    /// 受診の目安.
    #[serde(default)]
    pub safety_net: Option<String>,
    /// Who signed it: 「佐藤 医師」.
    #[serde(default)]
    pub by: Option<String>,
}

signaling::redacted_debug!(EarlierRow { at });
