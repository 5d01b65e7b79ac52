//! Models of the supervisor's and the city viewer's pages. Rendered by the server only; they work without WebSocket,
//! WebAssembly and camera.

mod admin;
mod cases;
mod figures;
mod referrals;
mod rules;
mod tasks;

pub use admin::{
    Admin, ConnectionLine, Connections, InstitutionLine, Institutions, Leaflet, PhoneLine, Phones, TemplateDraft,
    Templates,
};
pub use cases::{LogFilter, LogRow, Logs, Look, Replay};
pub use figures::{Figure, InstitutionRow, Kpi, MonthRow, Satisfaction, WaitRow};
pub use referrals::{Past, ReferralFault, ReferralLine, Referrals, Stand};
pub use rules::{
    Approval, ComparedField, ComparedRule, Comparison, DecisionLine, EditionLine, RuleFault, RuleLine, RulePart,
    RulesPage,
};
pub use tasks::{ConcernPage, ConcernStanding, ConcernTyped, HandedOn, OverlookedRow, TaskLine, Tasks};

use super::{City, Notice, hours::HoursPage, rota::RotaPage};
use serde::{Deserialize, Serialize};
use signaling::{actor::Staff, time::At};

/// A page of reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportPage {
    /// Whose page.
    pub city: City,
    /// The server's clock.
    pub now: At,
    /// Who looks.
    pub me: Staff,
    /// Which page.
    pub view: ReportView,
}

/// The pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum ReportView {
    /// `/logs`.
    Logs(Logs),
    /// `/logs/{consultation}`.
    Replay(Replay),
    /// `/tasks`.
    Tasks(Tasks),
    /// `/referrals`.
    Referrals(Referrals),
    /// `/concerns/{consultation}`.
    Concern(Box<ConcernPage>),
    /// `/kpi`.
    Kpi(Kpi),
    /// `/admin`.
    Admin(Admin),
    /// `/admin/institutions`.
    Institutions(Institutions),
    /// `/admin/templates`.
    Templates(Templates),
    /// `/admin/institutions/{code}/leaflet`.
    Leaflet(Leaflet),
    /// `/admin/phones`.
    Phones(Phones),
    /// `/admin/connections`.
    Connections(Connections),
    /// `/rota`.
    Rota(Box<RotaPage>),
    /// `/admin/hours`.
    Hours(Box<HoursPage>),
    /// `/admin/rules`.
    Rules(Box<RulesPage>),
    /// `/admin/rules/compare`.
    Comparison(Comparison),
    /// Anything that cannot be shown.
    Notice(Notice),
}
