//! What `/admin/hours` shows: the week, single days, the holidays of three years, and who changed what.

use serde::{Deserialize, Serialize};
use signaling::{id::CommandId, time::At};

/// `/admin/hours`. Posts to itself with `command` and `go`: `week` with the fields of [`WeekForm`], `day` with those of
/// [`DayForm`], `appointments` with those of [`AppointmentsForm`], `remove` with `date`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursPage {
    /// 「受付中　18:00 – 22:00」: what families read now.
    pub now_shown: String,
    /// The first day that can be changed, `2026-11-22`.
    pub today: String,
    /// The last one.
    pub until: String,
    /// The week as typed.
    pub week: WeekForm,
    /// Which appointments are offered.
    pub appointments: AppointmentsForm,
    /// A new single day as typed.
    pub day: DayForm,
    /// Today's and coming days that are unlike their week.
    pub days: Vec<DayLine>,
    /// This year's and the next two years' holidays.
    pub holidays: Vec<HolidayYear>,
    /// The newest changes: when, what, who.
    pub changes: Vec<(At, String, String)>,
}

/// The week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekForm {
    /// For the form.
    pub command: CommandId,
    /// `mon` to `sun`: 「18:00-22:00」, empty for closed.
    pub week: [String; 7],
    /// `holidays_apart`: `apart` where holidays have hours of their own.
    pub holidays_apart: bool,
    /// `holidays`.
    pub holidays: String,
    /// `last_arrival`, in minutes.
    pub last_arrival: String,
    /// `reply_hours`.
    pub reply_hours: String,
    /// The field that is wrong, and why.
    pub fault: Option<(String, String)>,
}

/// Appointments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentsForm {
    /// For the form.
    pub command: CommandId,
    /// `offers`: `yes` where the city offers any.
    pub offers: bool,
    /// `an_hour`: how many places of an hour.
    pub an_hour: String,
    /// `families`: how many in each.
    pub families: String,
    /// How many families hold an appointment, and how many of these lie outside of the hours as they are now.
    pub held: (u32, u32),
    /// The field that is wrong, and why.
    pub fault: Option<(String, String)>,
}

/// A single day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayForm {
    /// For the form.
    pub command: CommandId,
    /// `date`.
    pub date: String,
    /// `kind`: `open` rather than `closed`.
    pub is_open: bool,
    /// `spans`, where it is open.
    pub spans: String,
    /// `words`: why, as families read it.
    pub why: String,
    /// The field that is wrong, and why.
    pub fault: Option<(String, String)>,
}

/// A day that is unlike its week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLine {
    /// `2026-12-31`.
    pub date: String,
    /// 「12月31日（木）」.
    pub label: String,
    /// 「休み」 or 「10:00 – 12:00」.
    pub spans: String,
    /// Why; may be empty.
    pub why: String,
    /// For the form that takes it away.
    pub command: CommandId,
}

/// The holidays of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayYear {
    /// 2026.
    pub year: i32,
    /// 「11月23日（月・祝）」, 「勤労感謝の日」, and how the desk is open then.
    pub days: Vec<(String, String, String)>,
}
