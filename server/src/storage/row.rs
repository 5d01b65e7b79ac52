//! Where a consultation stands, as lists, the queue and the figures read it: one row of columns that is always what folding
//! the log gives. Facts only.

mod write;

use super::StorageError;
use serde::{Serialize, de::DeserializeOwned};
use signaling::{
    actor::{Role, Staff},
    call::cause::CallCause,
    consultation::{Case, Reasoned, Stage, State},
    hand_over::Meant,
    id::{ConsultationId, GuardianId, MunicipalityId, Seq, StaffId},
    intake::{Complaint, Mode, Relation, Service},
    note::Disposition,
    queue::{Rank, rank},
    subject::SubjectBand,
    survey::Answer,
    time::At,
    triage::{Acuity, Fired},
};
use sqlx::{Row as _, any::AnyRow};

/// Where a consultation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowStage {
    /// In the queue.
    Waiting,
    /// Its family comes at its appointment.
    Booked,
    /// A clinician has it.
    Claimed(Staff),
    /// Over.
    Closed,
    /// The family left.
    Cancelled,
}

impl RowStage {
    /// The stored word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Booked => "booked",
            Self::Claimed(_) => "claimed",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One consultation in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationRow {
    /// Which.
    pub id: ConsultationId,
    /// The number of the last event that the row reflects.
    pub seq: Seq,
    /// Tenant.
    pub municipality: MunicipalityId,
    /// Which family.
    pub guardian: GuardianId,
    /// Through which service.
    pub service: Service,
    /// How the family wants to talk.
    pub mode: Mode,
    /// Listen and type.
    pub quiet: bool,
    /// Age or gestation band.
    pub subject: SubjectBand,
    /// Who asks.
    pub relation: Relation,
    /// What it is about, main one first.
    pub complaints: Vec<Complaint>,
    /// Been here before.
    pub returning: bool,
    /// Rules that fired.
    pub flags: Vec<Fired>,
    /// Class.
    pub acuity: Acuity,
    /// Where it stands.
    pub stage: RowStage,
    /// Since when it stands there.
    pub stage_at: At,
    /// For whom it waits, where it was handed on.
    pub meant_for: Option<Meant>,
    /// Place in the queue; only while waiting.
    pub rank: Option<Rank>,
    /// When the intake was sent.
    pub requested_at: At,
    /// The first message that nobody has answered.
    pub unanswered_since: Option<At>,
    /// When its appointment begins, or began.
    pub appointment_at: Option<At>,
    /// When a clinician first took it.
    pub first_claimed_at: Option<At>,
    /// When a clinician first answered; from then on it counts.
    pub first_reply_at: Option<At>,
    /// When it ended.
    pub ended_at: Option<At>,
    /// The clinician of the running call.
    pub call_clinician: Option<StaffId>,
    /// Calls that were not answered.
    pub missed_calls: u32,
    /// Why calls failed or began late.
    pub call_causes: Vec<CallCause>,
    /// Since when it is on the supervisors' list.
    pub overlooked_at: Option<At>,
    /// Seconds of talk in all ended calls.
    pub talk_seconds: u32,
    /// 対応区分 of the signed record.
    pub disposition: Option<Disposition>,
    /// Who signed it, and when.
    pub signed: Option<(Staff, At)>,
    /// The survey's answer.
    pub survey: Option<Answer>,
    /// What was done otherwise, with a reason.
    pub reasoned: Vec<Reasoned>,
}

/// The columns that [`ConsultationRow::read`] needs.
macro_rules! columns {
    () => {
        "id, municipality, guardian, service, mode, quiet, subject, relation, complaints, returning_family, flags, \
         acuity, stage, stage_at, rank, claimed_by, claimed_name, claimed_role, requested_at, unanswered_since, \
         first_claimed_at, first_reply_at, ended_at, call_clinician, missed_calls, call_causes, talk_seconds, \
         disposition, signed_by, signed_name, signed_role, signed_at, survey, meant_for, seq, overlooked_at, \
         appointment_at, reasoned"
    };
}
pub(super) use columns;

impl ConsultationRow {
    /// The row of a folded log; nothing before the first event.
    #[must_use]
    pub fn of(id: ConsultationId, state: &State) -> Option<Self> {
        let case = state.case.as_deref()?;
        let (stage, stage_at) = match &case.stage {
            Stage::Waiting { since } => (RowStage::Waiting, *since),
            Stage::Booked { since, .. } => (RowStage::Booked, *since),
            Stage::Claimed { by, since } => (RowStage::Claimed(by.clone()), *since),
            Stage::Closed { at } => (RowStage::Closed, *at),
            Stage::Cancelled { at } => (RowStage::Cancelled, *at),
        };
        Some(Self {
            id,
            seq: state.seq,
            municipality: case.municipality.clone(),
            guardian: case.guardian,
            service: case.service,
            mode: case.mode,
            quiet: case.quiet,
            subject: case.subject,
            relation: case.relation,
            complaints: case.complaints.clone(),
            returning: case.returning,
            flags: case.flags.clone(),
            acuity: case.acuity,
            stage,
            stage_at,
            meant_for: case.meant_for(),
            rank: rank(case),
            requested_at: case.requested_at,
            unanswered_since: case.unanswered_since,
            appointment_at: case.appointment_at(),
            first_claimed_at: case.first_claimed_at,
            first_reply_at: case.first_reply_at,
            ended_at: case.ended_at(),
            call_clinician: call_clinician(case),
            missed_calls: case.missed_calls,
            call_causes: case.calls.causes(),
            overlooked_at: case.overlooked.as_ref().map(|overlooked| overlooked.since),
            talk_seconds: case.talk_seconds,
            disposition: case.note.as_ref().map(|note| note.disposition),
            signed: case.note.as_ref().map(|note| (note.by.clone(), note.at)),
            survey: case.survey,
            reasoned: case.reasoned.clone(),
        })
    }

    /// The clinician who has it.
    #[must_use]
    pub fn claimed_by(&self) -> Option<&Staff> {
        match &self.stage {
            RowStage::Claimed(by) => Some(by),
            _ => None,
        }
    }

    pub(super) fn read(row: &AnyRow) -> Result<Self, StorageError> {
        let stage = match text(row, "stage")?.as_str() {
            "waiting" => RowStage::Waiting,
            "booked" => RowStage::Booked,
            "claimed" => RowStage::Claimed(
                staff(row, ["claimed_by", "claimed_name", "claimed_role"])?.ok_or_else(|| wrong("claimed_by"))?,
            ),
            "closed" => RowStage::Closed,
            "cancelled" => RowStage::Cancelled,
            _ => return Err(wrong("stage")),
        };
        let signer = staff(row, ["signed_by", "signed_name", "signed_role"])?;
        Ok(Self {
            id: parsed(row, "id")?,
            seq: number(row, "seq")?,
            municipality: parsed(row, "municipality")?,
            guardian: parsed(row, "guardian")?,
            service: coded(row, "service")?,
            mode: coded(row, "mode")?,
            quiet: number(row, "quiet")? == 1,
            subject: coded(row, "subject")?,
            relation: coded(row, "relation")?,
            complaints: json(row, "complaints")?,
            returning: number(row, "returning_family")? == 1,
            flags: json(row, "flags")?,
            acuity: coded(row, "acuity")?,
            stage,
            stage_at: At(row.try_get("stage_at")?),
            meant_for: meant_for(row)?,
            rank: row.try_get::<Option<i64>, _>("rank")?.map(Rank),
            requested_at: At(row.try_get("requested_at")?),
            unanswered_since: instant(row, "unanswered_since")?,
            appointment_at: instant(row, "appointment_at")?,
            first_claimed_at: instant(row, "first_claimed_at")?,
            first_reply_at: instant(row, "first_reply_at")?,
            ended_at: instant(row, "ended_at")?,
            call_clinician: optional(row, "call_clinician")?,
            missed_calls: count(row, "missed_calls")?,
            call_causes: listed(&text(row, "call_causes")?, CallCause::from_code)
                .ok_or_else(|| wrong("call_causes"))?,
            overlooked_at: instant(row, "overlooked_at")?,
            talk_seconds: count(row, "talk_seconds")?,
            disposition: optional_code(row, "disposition")?,
            signed: signer.zip(instant(row, "signed_at")?),
            survey: optional_code(row, "survey")?,
            reasoned: listed(&text(row, "reasoned")?, Reasoned::from_code).ok_or_else(|| wrong("reasoned"))?,
        })
    }
}

/// For whom it waits.
pub(super) fn meant_for(row: &AnyRow) -> Result<Option<Meant>, StorageError> {
    let code: Option<String> = row.try_get("meant_for")?;
    code.map(|code| Meant::from_code(&code).ok_or_else(|| wrong("meant_for")))
        .transpose()
}

/// A call belongs to the clinician who has the consultation; handed over, to the next. A colleague in it stands in
/// `call_seats`.
fn call_clinician(case: &Case) -> Option<StaffId> {
    case.call.as_ref()?;
    case.clinician().map(|staff| staff.id)
}

/// The stored word of a code: what serde writes, without its quotes.
pub(super) fn code<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => format!("{other:?}"),
    }
}

fn wrong(column: &str) -> StorageError {
    StorageError::unreadable("a consultation's row", column)
}

fn text(row: &AnyRow, column: &str) -> Result<String, StorageError> {
    Ok(row.try_get(column)?)
}

/// A column that is never negative.
pub(super) fn number(row: &AnyRow, column: &str) -> Result<u64, StorageError> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| wrong(column))
}

/// Codes separated by commas; nothing where one of them is none of this program's.
pub(super) fn listed<T>(codes: &str, from_code: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    codes
        .split(',')
        .filter(|code| !code.is_empty())
        .map(from_code)
        .collect()
}

fn count(row: &AnyRow, column: &str) -> Result<u32, StorageError> {
    u32::try_from(row.try_get::<i64, _>(column)?).map_err(|_| wrong(column))
}

fn instant(row: &AnyRow, column: &str) -> Result<Option<At>, StorageError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(At))
}

/// An id or a name in its text form.
pub(super) fn parsed<T: std::str::FromStr>(row: &AnyRow, column: &str) -> Result<T, StorageError> {
    text(row, column)?.parse().map_err(|_| wrong(column))
}

fn optional<T: std::str::FromStr>(row: &AnyRow, column: &str) -> Result<Option<T>, StorageError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| text.parse()).transpose().map_err(|_| wrong(column))
}

fn json<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, StorageError> {
    serde_json::from_str(&text(row, column)?).map_err(|_| wrong(column))
}

/// A code as serde writes it.
pub(super) fn coded<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, StorageError> {
    serde_json::from_value(serde_json::Value::String(text(row, column)?)).map_err(|_| wrong(column))
}

fn optional_code<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<Option<T>, StorageError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| serde_json::from_value(serde_json::Value::String(text)))
        .transpose()
        .map_err(|_| wrong(column))
}

fn staff(row: &AnyRow, [id, name, role]: [&str; 3]) -> Result<Option<Staff>, StorageError> {
    let Some(found) = optional::<StaffId>(row, id)? else {
        return Ok(None);
    };
    let role = Role::from_code(&text(row, role)?).ok_or_else(|| wrong(role))?;
    Ok(Some(Staff {
        id: found,
        name: text(row, name)?,
        role,
    }))
}
