//! What `/rota` shows: who is to be there when, who is there now, who asks to be stood in for, and how long families may wait tonight.

use serde::{Deserialize, Serialize};
use signaling::{id::CommandId, time::At};

/// `/rota`. Posts to itself with `command` and `go`: `add` (`staff`, `date`, `span`), `remove`, `ask` (`to`, empty for anybody),
/// `withdraw`, `take`; all but the first with `shift`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaPage {
    /// What clinicians said of themselves: name and 「対応中（18:00から）」.
    pub present: Vec<(String, String)>,
    /// Tonight, or the next evening.
    pub forecast: Option<Forecast>,
    /// Two weeks.
    pub days: Vec<RotaDay>,
    /// Clinicians to choose from: id and name.
    pub clinicians: Vec<(String, String)>,
    /// The form for a new shift; only for those who keep the rota.
    pub form: Option<ShiftForm>,
    /// What was wrong with what was just asked.
    pub fault: Option<String>,
    /// The newest changes: when, what, who.
    pub changes: Vec<(At, String, String)>,
}

/// A new shift as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftForm {
    /// For the form.
    pub command: CommandId,
    /// `staff`.
    pub staff: String,
    /// `date`.
    pub date: String,
    /// `span`: 「18:00-22:00」.
    pub span: String,
}

/// A day of the rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaDay {
    /// 「11月24日（火）」.
    pub label: String,
    /// 「18:00 – 22:00」 or 「休み」.
    pub hours: String,
    /// The desk is open and nobody is to be there.
    pub is_empty: bool,
    /// In order.
    pub shifts: Vec<ShiftLine>,
}

/// A shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftLine {
    /// Its id.
    pub id: String,
    /// 「18:00 – 22:00」.
    pub span: String,
    /// 「佐藤 医師」.
    pub who: String,
    /// 「高橋 助産師に交代を頼んでいます」.
    pub swap: Option<String>,
    /// What the reader may do with it.
    pub may: Vec<ShiftAct>,
    /// For its forms.
    pub command: CommandId,
}

/// What can be done with a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftAct {
    /// Take it off the rota.
    Remove,
    /// Ask to be stood in for.
    Ask,
    /// Ask no more.
    Withdraw,
    /// Stand in.
    Take,
}

/// The risk of long waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// 「11月24日（火）」.
    pub day: String,
    /// Hour by hour.
    pub hours: Vec<ForecastLine>,
    /// What a consultation takes, in minutes.
    pub service_minutes: u32,
}

/// An hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastLine {
    /// 「19時台」.
    pub hour: String,
    /// 「8日で5組」.
    pub basis: String,
    /// 「約0.8組」; empty where nothing can be said.
    pub expected: String,
    /// By the rota.
    pub clinicians: u32,
    /// 「高い（34%）」.
    pub outlook: String,
    /// Something should be done.
    pub is_high: bool,
    /// 「2人いれば低くなります」.
    pub hint: Option<String>,
}
