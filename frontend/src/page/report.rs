//! Models of the supervisor's and the city viewer's pages. Rendered by the server only; they work without WebSocket,
//! WebAssembly and camera.

use super::{City, Notice, hours::HoursPage, rota::RotaPage};
use serde::{Deserialize, Serialize};
use signaling::{
    actor::Staff,
    after::TaskKind,
    consultation::WireEvent,
    id::{CommandId, ConsultationId, Seq},
    report::{Share, Shown},
    template::Template,
    time::At,
    triage::Action,
};

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

/// A consultation that nobody took in time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlookedRow {
    /// Which.
    pub consultation: ConsultationId,
    /// Since when it is here.
    pub since: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// Why it came here.
    pub why: String,
    /// 「黄・2時間以内」.
    pub class: String,
    /// 「2歳」 band.
    pub subject: String,
    /// Where the consultation stands by now.
    pub standing: String,
    /// Whether the family's page is connected.
    pub presence: String,
    /// Who deals with it.
    pub owner: Option<Staff>,
    /// Id of the command by which this reader takes it.
    pub take: CommandId,
    /// Id of the command by which this reader closes it.
    pub close: CommandId,
}

signaling::redacted_debug!(OverlookedRow {
    consultation,
    since,
    due_at
});

/// The list of consultations. The filter is a GET form with the fields' names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Logs {
    /// The filter as typed.
    pub filter: LogFilter,
    /// Clinicians to choose from: id and name.
    pub clinicians: Vec<(String, String)>,
    /// Rows, newest first.
    pub rows: Vec<LogRow>,
    /// How many there are in all.
    pub total: u32,
    /// Which figure is being opened, where the list was opened from one (「満足度：そう思う」).
    pub opened_from: Option<String>,
}

/// The filter of the list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// First day, `2026-11-01`.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Staff id.
    pub clinician: String,
    /// Code of mode.
    pub mode: String,
    /// Code of service; set by the figures' links only.
    pub service: String,
    /// Code of disposition, or `open`.
    pub outcome: String,
    /// Code of acuity.
    pub acuity: String,
    /// `1`: only where a red-flag rule fired.
    pub flag: String,
    /// Code of the survey's answer; `none`, `any`, or `asked` for those who could answer.
    pub answer: String,
    /// Code of [`signaling::report::Counted`]: only what this figure counts.
    pub counted: String,
    /// Code of [`signaling::call::cause::CallCause`]: only where a call failed or began late for this reason.
    pub cause: String,
    /// `1`: only where a call was not answered.
    pub missed: String,
    /// Code of an institution: only families that registered through its leaflet; set by the figures' links only.
    pub institution: String,
    /// Only waits of at least so many minutes.
    pub waited_minutes: String,
    /// Page, from 1.
    pub page_number: u32,
}

signaling::redacted_debug!(LogFilter {
    from,
    until,
    page_number
});

/// One row.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// Which.
    pub consultation: ConsultationId,
    /// When it was sent.
    pub requested_at: At,
    /// 「1歳」 band.
    pub subject: String,
    /// 「発熱」.
    pub complaint: String,
    /// 「ビデオ」.
    pub mode: String,
    /// 「赤・今すぐ」.
    pub acuity: String,
    /// 「佐藤 医師」.
    pub clinician: Option<String>,
    /// Until first taken.
    pub waited_seconds: Option<i64>,
    /// 「今すぐ受診」, or where it stands.
    pub outcome: String,
    /// 「そう思う」.
    pub answer: Option<String>,
    /// Calls that were not answered.
    pub missed_calls: u64,
    /// 「カメラ・マイクの許可」: why calls failed or began late.
    pub causes: Vec<String>,
}

signaling::redacted_debug!(LogRow { consultation });

/// What supervisors have to look after. Forms post to `/tasks/{consultation}/{seq}`, or `…/overlooked`, with `command` and `go`:
/// `take`, or `close` and `words`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tasks {
    /// What came here because nobody took it in time, longest first.
    pub overlooked: Vec<OverlookedRow>,
    /// All else, most pressing first.
    pub lines: Vec<TaskLine>,
    /// What was wrong with the form that was just posted, and of which task; without one, of what nobody took.
    pub fault: Option<(ConsultationId, Option<Seq>, String)>,
}

signaling::redacted_debug!(Tasks { overlooked, lines });

impl Tasks {
    /// The page's title: how many nobody looks after yet, and what for.
    #[must_use]
    pub fn title(&self) -> String {
        let overlooked = self.overlooked.iter().filter(|row| row.owner.is_none()).count();
        match overlooked + self.lines.iter().filter(|line| line.owner.is_none()).count() {
            0 => "対応すること".to_owned(),
            waiting => format!("({waiting}) 対応すること"),
        }
    }
}

/// One task.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// The event that opened it.
    pub seq: Seq,
    /// Why.
    pub kind: TaskKind,
    /// When.
    pub opened_at: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// The supervisor who has it.
    pub owner: Option<String>,
    /// What the family consented to have handed over.
    pub shared: Option<String>,
    /// For the form that takes it.
    pub take: CommandId,
    /// For the form that closes it.
    pub close: CommandId,
}

signaling::redacted_debug!(TaskLine {
    consultation,
    seq,
    kind,
    due_at
});

/// 「気になる」 and 「保健師への紹介」 of one consultation. Posts to itself; see the server's `concern`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernPage {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Whether this reader may offer a referral.
    pub may_offer: bool,
    /// How far each concern has come to the supervisors.
    pub standing: Vec<ConcernStanding>,
    /// What this reader may see of the log.
    pub events: Vec<WireEvent>,
    /// `2026-11-22`.
    pub today: String,
    /// For whichever form is sent.
    pub command: CommandId,
    /// What was just posted and not accepted.
    pub typed: ConcernTyped,
}

signaling::redacted_debug!(ConcernPage { consultation });

/// How far a concern has come to the supervisors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernStanding {
    /// Its event.
    pub concern: Seq,
    /// When a supervisor's page first showed it.
    pub shown_at: Option<At>,
    /// The supervisor who has it.
    pub owner: Option<String>,
    /// Until when one is to be there; nothing once it is dealt with.
    pub due_at: Option<At>,
}

/// A form of the page of concerns that was not accepted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernTyped {
    /// Why.
    pub fault: Option<String>,
    /// Which form.
    pub go: String,
    /// About which concern.
    pub concern: String,
    /// What was written.
    pub text: String,
}

signaling::redacted_debug!(ConcernTyped { go });

/// The replay of one consultation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// Which.
    pub consultation: ConsultationId,
    /// Edition of the red-flag rules that were asked.
    pub rules: String,
    /// Rules that fired, with their versions.
    pub fired: Vec<(String, u32)>,
    /// Everything a supervisor may see, in order.
    pub events: Vec<WireEvent>,
    /// The chain was checked just now: whole, or the first event that does not fit.
    pub chain: Result<u64, String>,
    /// Who looked, newest first.
    pub looks: Vec<Look>,
}

/// Somebody looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When.
    pub at: At,
    /// 「田中（監督者）」.
    pub who: String,
    /// 「開いた」「書き出した」.
    pub what: String,
}

/// The figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// Fiscal year shown, by its first calendar year.
    pub fiscal_year: i32,
    /// Other years that can be opened.
    pub years: Vec<i32>,
    /// 「2026年4月1日 – 11月22日」.
    pub period: String,
    /// Version of the definitions.
    pub definition: u32,
    /// Cells are masked and nothing can be opened (city viewer).
    pub masked: bool,
    /// 満足度.
    pub satisfaction: Satisfaction,
    /// 登録者数.
    pub registered: Figure,
    /// Of these, new in the period.
    pub registered_new: Shown,
    /// Registered in the period, by how they heard of it: words and count.
    pub reaches: Vec<(String, Shown)>,
    /// Registered in the period and consulted in it, by whose leaflet the family came through.
    pub institutions: Vec<InstitutionRow>,
    /// Devices that may be a second one of the same family.
    pub unlinked_devices: Shown,
    /// 相談件数.
    pub consultations: Figure,
    /// Of these through the night service, and at any time.
    pub by_service: Vec<(String, Shown)>,
    /// Reported apart: left before the end, technical failure, no reply.
    pub apart: Vec<(String, Shown)>,
    /// Consultations with a call that failed or began late, by reason.
    pub causes: Vec<(String, Shown)>,
    /// Month by month.
    pub months: Vec<MonthRow>,
    /// Waits by class, in seconds: words, count, median, 90th percentile, longest.
    pub waits: Vec<WaitRow>,
}

/// Through whose leaflet families came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionRow {
    /// For the link that opens the cases.
    pub code: String,
    /// 「ひばり保育園」.
    pub name: String,
    /// 「保育園」.
    pub kind: String,
    /// Families that registered in the period.
    pub registered: Shown,
    /// Consultations of the period, of families that registered through it at any time.
    pub consultations: Shown,
}

/// 満足度.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// そう思う out of valid answers; nothing where masked.
    pub share: Option<Share>,
    /// In percent; where the counts are masked, in whole percent rounded down.
    pub percent: Option<f64>,
    /// The 95 % Wilson interval.
    pub interval: Option<(f64, f64)>,
    /// Second box, shown apart, never added.
    pub rather_yes: Shown,
    /// Answers out of consultations that could be answered.
    pub answered: Option<Share>,
    /// Target in percent.
    pub target: f64,
    /// Baseline in percent.
    pub baseline: f64,
}

/// A count with its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The count.
    pub count: Shown,
    /// New in the current month; nothing for a year that is over.
    pub this_month: Option<Shown>,
    /// Target.
    pub target: u32,
    /// Baseline.
    pub baseline: u32,
}

/// One month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthRow {
    /// 「4月」.
    pub label: String,
    /// First day `2026-04-01`, for opening the cases.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Night service.
    pub night: Shown,
    /// Anytime.
    pub anytime: Shown,
    /// Both.
    pub total: Shown,
}

/// Waits of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitRow {
    /// Code of the class.
    pub acuity: String,
    /// 「赤・今すぐ」.
    pub label: String,
    /// How many.
    pub count: Shown,
    /// Median.
    pub median_seconds: Option<i64>,
    /// 90th percentile.
    pub p90_seconds: Option<i64>,
    /// Longest.
    pub longest_seconds: Option<i64>,
}

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

/// `/admin/rules`: the red-flag rules and how they stand. Posts to itself with `command`, `rule`, `fingerprint` and `go`
/// (`approve`, `withdraw`, `enable`, `disable`); to approve also `physician` and `approved_on`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPage {
    /// Name of the edition that runs.
    pub edition: String,
    /// It is the city's own file, not the release's.
    pub own_file: bool,
    /// A demo runs rules that nobody approved.
    pub demo: bool,
    /// `2026-11-22`: no approval is of a later day.
    pub today: String,
    /// In the file's order.
    pub rules: Vec<RuleLine>,
    /// Newest first.
    pub decisions: Vec<DecisionLine>,
    /// Newest first.
    pub editions: Vec<EditionLine>,
    /// Digest of the edition that runs.
    pub running: String,
    /// What was wrong with the form that was just posted.
    pub fault: Option<RuleFault>,
}

signaling::redacted_debug!(RulesPage { edition, demo, today });

/// One rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLine {
    /// "C05".
    pub id: String,
    /// Its version.
    pub version: u32,
    /// What tells this content from others.
    pub fingerprint: String,
    /// 「子ども、0か月から15歳未満」.
    pub whom: String,
    /// What fires it, and what then happens.
    pub parts: Vec<RulePart>,
    /// Rules beside which it is silent.
    pub unless: Vec<String>,
    /// Name of the publication.
    pub source_title: String,
    /// Where it was read.
    pub source_url: String,
    /// Its edition.
    pub source_edition: String,
    /// The day it was read.
    pub source_read_on: String,
    /// What the approving physician has to decide.
    pub remark: Option<String>,
    /// Nobody has switched it off.
    pub is_enabled: bool,
    /// It runs here, now.
    pub runs: bool,
    /// Who approved it as it stands.
    pub approval: Option<Approval>,
    /// It is not approved, and another version of it was.
    pub earlier_was_approved: bool,
    /// For the rule's form.
    pub command: CommandId,
}

signaling::redacted_debug!(RuleLine { id, version, runs });

/// A part of a rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePart {
    /// What happens.
    pub action: Action,
    /// Each of which fires it.
    pub any_of: Vec<String>,
    /// What the family reads; empty for silent ones.
    pub text: String,
}

signaling::redacted_debug!(RulePart { action });

/// Who approved a rule, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The physician.
    pub physician: String,
    /// The day, `2026-11-20`.
    pub on: String,
    /// The administrator who wrote it down, and when; nothing for an approval that stands in the file.
    pub written: Option<(String, At)>,
}

/// A decision that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionLine {
    /// When.
    pub at: At,
    /// "C05".
    pub rule: String,
    /// The version that it was about.
    pub version: u32,
    /// 「承認（佐藤 花子 医師、2026-11-20）」.
    pub what: String,
    /// The administrator.
    pub by: String,
}

/// An edition that this desk has run with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionLine {
    /// SHA-256 of its file.
    pub digest: String,
    /// Its name.
    pub edition: String,
    /// Since when.
    pub first_at: At,
}

/// What was wrong with a form, and what was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFault {
    /// In whose form.
    pub rule: String,
    /// The sentence.
    pub text: String,
    /// As typed.
    pub physician: String,
    /// As typed.
    pub approved_on: String,
}

signaling::redacted_debug!(RuleFault { rule });

/// `/admin/rules/compare`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The older.
    pub from: EditionLine,
    /// The newer.
    pub to: EditionLine,
    /// All that can be chosen.
    pub editions: Vec<EditionLine>,
    /// Rules that differ; nothing where one of the files keeps to another format.
    pub rules: Option<Vec<ComparedRule>>,
}

/// How a rule differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRule {
    /// "C05".
    pub rule: String,
    /// Version before; nothing where it is new.
    pub before: Option<u32>,
    /// Version after; nothing where it is gone.
    pub after: Option<u32>,
    /// It says something else under the same version.
    pub is_uncounted: bool,
    /// Field by field.
    pub fields: Vec<ComparedField>,
}

/// How a field differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedField {
    /// `any_of.c05_abdomen.ask.ja`.
    pub field: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}
