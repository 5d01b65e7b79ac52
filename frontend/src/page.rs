//! The models of all pages: what the server must know to render one, and all that a page knows when it comes to life.
//!
//! Models are values. They hold what this viewer may see and nothing else, because they are sent to the browser.

pub mod check;
pub mod desk;
pub mod guardian;
pub mod hours;
pub mod report;
pub mod rota;
pub mod staff;

use serde::{Deserialize, Serialize};
use signaling::time::At;

/// What every page knows of its municipality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct City {
    /// 「日野市」.
    pub name: String,
    /// 「ひの子育て相談」.
    pub service_name: String,
    /// Shows 「デモ」 on every page.
    pub demo: bool,
}

/// Opening of the night service now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Whether the desk takes somebody who comes now.
    pub is_open: bool,
    /// 「18:00 – 22:00」 today, or when it opens next: 「次は11月24日（火）18:00から」.
    pub hours: String,
    /// Why nobody is taken now, where the week does not say it: 「今日は祝日（文化の日）でお休みです」.
    pub why: Option<String>,
    /// Expected time of reply to anytime consultations, in hours.
    pub reply_hours: u32,
}

impl Opening {
    /// What is promised to whoever sends now, as the intake's form carries it: `now`, or the hours until the answer.
    #[must_use]
    pub fn promise(&self) -> String {
        if self.is_open {
            "now".to_owned()
        } else {
            self.reply_hours.to_string()
        }
    }

    /// Whether somebody who was shown this promise may be taken with what is promised now: it is no worse. Where none was
    /// shown (a page of before), nothing was promised.
    #[must_use]
    pub fn keeps(&self, promised: &str) -> bool {
        let hours: Option<u32> = promised.parse().ok();
        match (promised, hours) {
            ("", _) => true,
            (_, Some(hours)) => self.is_open || self.reply_hours <= hours,
            _ => self.is_open,
        }
    }
}

/// A clinician as families see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// 「佐藤」.
    pub name: String,
    /// 「佐藤 医師」.
    pub addressed: String,
    /// 「小児科医」.
    pub profession: String,
}

/// A message of a page to its reader: what happened and what to do, never a code alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// HTTP status that the page is sent with.
    pub status: u16,
    /// Stable code, shown small for telephone support.
    pub code: String,
    /// Short.
    pub title: String,
    /// What to do.
    pub text: String,
    /// Where to go on, with the words of the link.
    pub link: Option<(String, String)>,
    /// When this happened.
    pub at: At,
}

signaling::redacted_debug!(Notice { code, title });
