//! Rows that figures and lists are made of: coded facts only, no content.

use super::{
    StorageError, Store,
    row::{listed, number},
};
use signaling::{
    actor::Role,
    call::cause::CallCause,
    consultation::Reasoned,
    id::{ConsultationId, MunicipalityId, StaffId},
    intake::{Complaint, Mode, Service},
    note::Disposition,
    report::Counted,
    subject::SubjectBand,
    survey::Answer,
    time::At,
    triage::Acuity,
};
use sqlx::{Row, any::AnyRow};

macro_rules! columns {
    () => {
        "SELECT c.id, c.service, c.mode, c.subject, c.complaint, c.acuity, c.flags, c.stage, c.requested_at, c.appointment_at, \
         c.first_claimed_at, \
         c.first_reply_at, c.ended_at, c.disposition, c.survey, c.missed_calls, c.call_causes, c.reasoned, COALESCE(c.claimed_by, c.signed_by) AS clinician, \
         COALESCE(c.claimed_name, c.signed_name) AS clinician_name, \
         COALESCE(c.claimed_role, c.signed_role) AS clinician_role, g.institution "
    };
}

/// Where a consultation stands, as the figures see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Which.
    pub consultation: ConsultationId,
    /// Through which service.
    pub service: Service,
    /// How the family wanted to talk.
    pub mode: Mode,
    /// Band.
    pub subject: SubjectBand,
    /// The main complaint.
    pub complaint: Complaint,
    /// Class.
    pub acuity: Acuity,
    /// A red-flag rule fired.
    pub flagged: bool,
    /// `waiting`, `booked`, `claimed`, `closed`, `cancelled`.
    pub stage: String,
    /// When the intake was sent.
    pub requested_at: At,
    /// When its appointment began, or begins.
    pub appointment_at: Option<At>,
    /// When first taken.
    pub first_claimed_at: Option<At>,
    /// When first answered.
    pub first_reply_at: Option<At>,
    /// When it ended.
    pub ended_at: Option<At>,
    /// Who has it, or who signed its record.
    pub clinician: Option<(StaffId, String, Role)>,
    /// 対応区分.
    pub disposition: Option<Disposition>,
    /// The survey's answer.
    pub survey: Option<Answer>,
    /// Calls that were not answered.
    pub missed_calls: u64,
    /// Why calls failed or began late.
    pub call_causes: Vec<CallCause>,
    /// What was done otherwise, with a reason.
    pub reasoned: Vec<Reasoned>,
    /// Code of the institution through whose leaflet the family registered.
    pub institution: Option<String>,
}

impl ReportRow {
    /// Which figure counts it.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted::of(
            self.first_reply_at.is_some(),
            self.stage == "cancelled",
            self.disposition,
        )
    }
}

impl Store {
    /// All consultations of a municipality that were sent in `from..until`, newest first. Families marked as tests are out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn report_rows(
        &self,
        municipality: &MunicipalityId,
        from: At,
        until: At,
    ) -> Result<Vec<ReportRow>, StorageError> {
        let mut connection = self.read().await?;
        let sql = concat!(
            columns!(),
            "FROM consultations c JOIN guardians g ON g.id = c.guardian \
                   WHERE c.municipality = $1 AND c.requested_at >= $2 AND c.requested_at < $3 AND g.test_at IS NULL \
                   ORDER BY c.requested_at DESC, c.id DESC"
        );
        let rows = sqlx::query(sql)
            .bind(municipality.to_string())
            .bind(from.0)
            .bind(until.0)
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(report_row).collect()
    }

    /// Earlier consultations of the same family, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn earlier_of_family(
        &self,
        consultation: ConsultationId,
        limit: u32,
    ) -> Result<Vec<ReportRow>, StorageError> {
        let mut connection = self.read().await?;
        let sql = concat!(
            columns!(),
            "FROM consultations c JOIN consultations mine ON mine.guardian = c.guardian \
                   LEFT JOIN guardians g ON g.id = c.guardian \
                   WHERE mine.id = $1 AND c.id <> $1 ORDER BY c.requested_at DESC LIMIT $2"
        );
        let rows = sqlx::query(sql)
            .bind(consultation.to_string())
            .bind(i64::from(limit))
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(report_row).collect()
    }
}

fn report_row(row: &AnyRow) -> Result<ReportRow, StorageError> {
    let text = |column: &'static str| row.try_get::<String, _>(column);
    let at = |column: &'static str| row.try_get::<Option<i64>, _>(column).map(|at| at.map(At));
    let unreadable = |column: &'static str| StorageError::unreadable("a row of the report", NotACode(column));
    let clinician = match row.try_get::<Option<String>, _>("clinician")? {
        Some(id) => Some((
            id.parse().map_err(|_| unreadable("clinician"))?,
            row.try_get::<Option<String>, _>("clinician_name")?.unwrap_or_default(),
            row.try_get::<Option<String>, _>("clinician_role")?
                .and_then(|code| Role::from_code(&code))
                .ok_or_else(|| unreadable("clinician_role"))?,
        )),
        None => None,
    };
    Ok(ReportRow {
        consultation: text("id")?.parse().map_err(|_| unreadable("id"))?,
        service: Service::from_code(&text("service")?).ok_or_else(|| unreadable("service"))?,
        mode: Mode::from_code(&text("mode")?).ok_or_else(|| unreadable("mode"))?,
        subject: serde_json::from_value(text("subject")?.into()).map_err(|_| unreadable("subject"))?,
        complaint: Complaint::from_code(&text("complaint")?).ok_or_else(|| unreadable("complaint"))?,
        acuity: Acuity::from_code(&text("acuity")?).ok_or_else(|| unreadable("acuity"))?,
        flagged: text("flags")? != "[]",
        stage: text("stage")?,
        requested_at: At(row.try_get("requested_at")?),
        appointment_at: at("appointment_at")?,
        first_claimed_at: at("first_claimed_at")?,
        first_reply_at: at("first_reply_at")?,
        ended_at: at("ended_at")?,
        clinician,
        disposition: row
            .try_get::<Option<String>, _>("disposition")?
            .and_then(|code| Disposition::from_code(&code)),
        survey: row
            .try_get::<Option<String>, _>("survey")?
            .and_then(|code| Answer::from_code(&code)),
        missed_calls: number(row, "missed_calls")?,
        call_causes: listed(&text("call_causes")?, CallCause::from_code).ok_or_else(|| unreadable("call_causes"))?,
        reasoned: listed(&text("reasoned")?, Reasoned::from_code).ok_or_else(|| unreadable("reasoned"))?,
        institution: row.try_get("institution")?,
    })
}

#[derive(Debug, thiserror::Error)]
#[error("column {0} holds no code of this program")]
struct NotACode(&'static str);
