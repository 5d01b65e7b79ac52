//! The administrator's pages: settings, templates, institutions with their leaflets, connections.

use serde::{Deserialize, Serialize};
use signaling::{id::CommandId, template::Template, time::At};

/// The administrator's page: today's passphrase, hours, accounts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// 合言葉 and the link that its QR code holds, with the code as SVG.
    pub passphrases: Vec<(String, String, String)>,
    /// 「月 18:00–22:00」.
    pub hours: Vec<String>,
    /// Accounts: name, role, 「有効」 or 「登録待ち」.
    pub staff: Vec<(String, String, String)>,
}

signaling::redacted_debug!(Admin { hours, staff });

/// `/admin/templates`. Posts to itself with `command` and `go`: `add` with `title` and `body`; `change` with `id`, too; `retire` with
/// `id`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Templates {
    /// For the forms.
    pub command: CommandId,
    /// Those in use, in the order in which they were added.
    pub templates: Vec<Template>,
    /// What was just posted and is not right.
    pub draft: Option<TemplateDraft>,
}

signaling::redacted_debug!(Templates { command });

/// A template as it was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDraft {
    /// Which one was to be changed; nothing for a new one.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its words.
    pub body: String,
    /// What is wrong.
    pub fault: String,
}

signaling::redacted_debug!(TemplateDraft { id });

/// `/admin/institutions`: who hands out leaflets. Posts to itself with `command` and `go`: `add` with `name` and `kind`; `end`
/// or `resume` with `code`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institutions {
    /// For the form that adds.
    pub command: CommandId,
    /// Kinds that are offered: code and words.
    pub kinds: Vec<(String, String)>,
    /// As typed.
    pub name: String,
    /// As chosen.
    pub kind: String,
    /// What was wrong with the form that was just posted.
    pub fault: Option<String>,
    /// In the order in which they were added.
    pub lines: Vec<InstitutionLine>,
}

signaling::redacted_debug!(Institutions { command, lines });

/// One institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionLine {
    /// Stands in its link.
    pub code: String,
    /// 「ひばり保育園」.
    pub name: String,
    /// 「保育園」.
    pub kind: String,
    /// No leaflet is printed for it any more.
    pub is_ended: bool,
}

/// The leaflet of an institution: one page of A4.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaflet {
    /// Who hands it out.
    pub institution: String,
    /// Today's 合言葉; nothing where the city has none now.
    pub words: Option<String>,
    /// What the code holds.
    pub link: String,
    /// The QR code.
    pub qr_svg: String,
    /// The address without anything secret, to be typed.
    pub address: String,
    /// 「月 18:00–22:00」.
    pub hours: Vec<String>,
    /// Anytime consultations are answered within so many hours.
    pub reply_hours: u32,
}

signaling::redacted_debug!(Leaflet { institution, hours });

/// `/admin/phones`: whom staff telephone when no supervisor's page answers. Posts to itself with `command`, and `name` and `number` of
/// each, counted from 1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phones {
    /// For the form.
    pub command: CommandId,
    /// Name of the function and number, as typed; as many as there may be, empty ones included.
    pub entries: Vec<(String, String)>,
    /// What was wrong with the form that was just posted: field and sentence.
    pub faults: Vec<(String, String)>,
}

signaling::redacted_debug!(Phones { command });

/// Whom staff telephone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneLine {
    /// 「当番の監督者」.
    pub name: String,
    /// 「090-1234-5678」.
    pub shown: String,
    /// For the link.
    pub digits: String,
}

signaling::redacted_debug!(PhoneLine { name });

/// What `soudan doctor` found, asked from the administrator's page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    /// When.
    pub at: At,
    /// Somebody else is asking: there are no lines.
    pub is_busy: bool,
    /// One line a thing.
    pub lines: Vec<ConnectionLine>,
}

/// What was found about one thing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionLine {
    /// 「中継（TLS）」.
    pub name: String,
    /// The address that was asked, where there is one. Never a credential.
    pub address: Option<String>,
    /// Whether it is well.
    pub is_well: bool,
    /// What is well with it, or what mends it, as `soudan doctor` prints it.
    pub text: String,
}

signaling::redacted_debug!(ConnectionLine { name, is_well });
