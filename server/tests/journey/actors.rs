//! The people of the journey, by what they do.

use super::{
    browser::{Answer, Browser, Pages},
    socket::{Live, Log, Logs},
    town::{Town, WORDS},
};
use signaling::{
    actor::Staff,
    call::CallMode,
    consultation::{Command, Refusal},
    duty::Duty,
    id::{ConsultationId, Seq},
    note::{Disposition, Note},
    protocol::{ClientFrame, QueueCommand, ServerFrame, Watch},
    queue::Presence,
    view::Standing,
};
use std::sync::Arc;

/// A family with one phone.
pub(crate) struct Guardian {
    town: Arc<Town>,
    pub(crate) browser: Browser,
    /// `/t/…` once there is one.
    pub(crate) path: String,
    consultation: Option<ConsultationId>,
    live: Option<Live>,
    logs: Logs,
}

impl Guardian {
    pub(crate) fn new(town: &Arc<Town>, host: &str) -> Self {
        Self {
            town: Arc::clone(town),
            browser: town.browser(host),
            path: String::new(),
            consultation: None,
            live: None,
            logs: Logs::new(),
        }
    }

    pub(crate) fn consultation(&self) -> ConsultationId {
        self.consultation.expect("a ticket")
    }

    pub(crate) fn live(&mut self) -> &mut Live {
        self.live.as_mut().expect("an open page")
    }

    pub(crate) fn log(&self) -> &Log {
        let logs = self.live.as_ref().map_or(&self.logs, |live| &live.logs);
        &logs[&self.consultation()]
    }

    /// Reads the poster, registers, and begins.
    pub(crate) async fn registers(&mut self) {
        let command = self.town.command().to_string();
        let fields = [
            ("command", command.as_str()),
            ("passphrase", WORDS),
            ("reach", "handbook"),
            ("about", "child"),
            ("born", "2024-08"),
            ("consent_consultation", "on"),
            ("consent_statistics", "on"),
        ];
        assert_eq!(self.browser.posts("/register", &fields).await.leads_to(), "/");
        self.begins().await;
    }

    /// 「相談をはじめる」.
    pub(crate) async fn begins(&mut self) {
        let command = self.town.command().to_string();
        let answer = self.browser.posts("/start", &[("command", &command)]).await;
        self.path = answer.leads_to().to_owned();
        assert!(self.path.starts_with("/t/"), "{}", self.path);
        let ticket = self.opens_ticket().await.ticket();
        self.consultation = Some(ticket.consultation);
    }

    pub(crate) async fn opens_ticket(&mut self) -> Answer {
        let path = self.path.clone();
        self.browser.opens(&path).await
    }

    /// Posts a form of the ticket.
    pub(crate) async fn posts(&mut self, form: &str, fields: &[(&str, &str)]) -> Answer {
        let path = format!("{}/{form}", self.path);
        self.browser.posts(&path, fields).await
    }

    /// Fills the four steps and sends them.
    pub(crate) async fn sends_intake(&mut self, worry: &str) {
        self.sends_intake_with(worry, &[("no_signs", "on")]).await;
    }

    pub(crate) async fn sends_intake_with(&mut self, worry: &str, more: &[(&str, &str)]) {
        let subject = [
            ("step", "subject"),
            ("go", "next"),
            ("about", "child"),
            ("born", "2024-08"),
            ("relation", "mother"),
        ];
        assert_eq!(self.posts("intake", &subject).await.leads_to(), self.path);
        let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "fever")];
        assert_eq!(self.posts("intake", &symptoms).await.leads_to(), self.path);
        let mut signs = vec![("step", "signs"), ("go", "next"), ("temperature", "38.5")];
        signs.extend(more);
        assert_eq!(self.posts("intake", &signs).await.leads_to(), self.path);
        let command = self.town.command().to_string();
        let mode = [
            ("step", "mode"),
            ("go", "send"),
            ("worry", worry),
            ("onset", "today"),
            ("mode", "chat"),
            ("command", command.as_str()),
        ];
        assert_eq!(self.posts("intake", &mode).await.leads_to(), self.path);
    }

    /// The page comes to life, or comes back.
    pub(crate) async fn opens_live(&mut self) {
        let mut logs = std::mem::take(&mut self.logs);
        logs.entry(self.consultation()).or_default();
        self.live = Some(Live::open(&self.browser, "/live", logs, false).await);
        let consultation = self.consultation();
        self.live()
            .until("what is there", |frame| {
                matches!(frame, ServerFrame::Events { consultation: of, end: true, .. } if *of == consultation)
                    .then_some(())
            })
            .await;
    }

    /// The browser connects again while the phone is in a pocket: nobody said that the page can be seen.
    pub(crate) async fn comes_back_hidden(&mut self) {
        let mut live = Live::open(&self.browser, "/live", Logs::new(), false).await;
        let (consultation, cursor) = (self.consultation(), None);
        live.sends(&ClientFrame::Watch(Watch { consultation, cursor })).await;
        self.live = Some(live);
    }

    /// The tunnel.
    pub(crate) fn loses_connection(&mut self) {
        if let Some(live) = self.live.take() {
            self.logs = live.cut();
        }
    }

    pub(crate) async fn does(&mut self, command: Command) -> Result<Seq, Refusal> {
        let (id, consultation) = (self.town.command(), self.consultation());
        self.live().does(id, consultation, command).await
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.does(Command::Say { text: text.to_owned() }).await.expect("said");
    }

    /// Says it through the form of the page.
    pub(crate) async fn says_by_form(&mut self, text: &str) -> Answer {
        let command = self.town.command().to_string();
        self.posts("say", &[("command", &command), ("text", text)]).await
    }

    pub(crate) async fn hears(&mut self, text: &str) {
        let consultation = self.consultation();
        self.live()
            .sees(consultation, text, |log| log.texts().contains(&text))
            .await;
    }

    pub(crate) async fn sees_standing(&mut self, what: &str, wanted: impl Fn(&Standing) -> bool) {
        let consultation = self.consultation();
        self.live()
            .sees(consultation, what, |log| wanted(&log.thread().standing))
            .await;
    }

    pub(crate) async fn sees_staff(&mut self, wanted: Presence) {
        let consultation = self.consultation();
        self.live().sees_presence(consultation, wanted).await;
    }

    pub(crate) async fn answers_survey(&mut self, answer: &str, words: &str) -> Answer {
        let command = self.town.command().to_string();
        self.posts("survey", &[("command", &command), ("answer", answer), ("words", words)])
            .await
    }
}

/// A doctor or midwife with one desk.
pub(crate) struct Clinician {
    town: Arc<Town>,
    pub(crate) staff: Staff,
    pub(crate) browser: Browser,
    live: Option<Live>,
    logs: Logs,
}

impl Clinician {
    pub(crate) fn new(town: &Arc<Town>, staff: Staff, browser: Browser) -> Self {
        Self {
            town: Arc::clone(town),
            staff,
            browser,
            live: None,
            logs: Logs::new(),
        }
    }

    pub(crate) fn live(&mut self) -> &mut Live {
        self.live.as_mut().expect("an open desk")
    }

    pub(crate) fn log(&self, consultation: ConsultationId) -> &Log {
        let logs = self.live.as_ref().map_or(&self.logs, |live| &live.logs);
        &logs[&consultation]
    }

    /// Opens the desk and presses 「対応中」.
    pub(crate) async fn opens_desk(&mut self) {
        assert_eq!(self.says_duty(Duty::On, &[]).await.status, 200);
        self.comes_to_desk().await;
    }

    /// 対応中・休憩・終了; at the end of a shift with what is gone on with.
    pub(crate) async fn says_duty(&mut self, duty: Duty, keeps: &[ConsultationId]) -> Answer {
        let command = self.town.command().to_string();
        self.says_duty_with(&command, duty.code(), keeps).await
    }

    pub(crate) async fn says_duty_with(&mut self, command: &str, duty: &str, keeps: &[ConsultationId]) -> Answer {
        let keeps: Vec<String> = keeps.iter().map(ToString::to_string).collect();
        let mut fields = vec![("command", command), ("duty", duty)];
        fields.extend(keeps.iter().map(|id| ("keep", id.as_str())));
        self.browser.posts("/desk/duty", &fields).await
    }

    /// Opens the desk and says nothing of themselves.
    pub(crate) async fn comes_to_desk(&mut self) {
        assert_eq!(self.browser.opens("/desk").await.status, 200);
        let logs = std::mem::take(&mut self.logs);
        self.live = Some(Live::open(&self.browser, "/desk/live", logs, true).await);
        self.live()
            .until("the queue", |frame| {
                matches!(frame, ServerFrame::Queue(_)).then_some(())
            })
            .await;
    }

    pub(crate) fn loses_connection(&mut self) {
        if let Some(live) = self.live.take() {
            self.logs = live.cut();
        }
    }

    /// 「次の方」.
    pub(crate) async fn takes_next(&mut self) -> Result<ConsultationId, Refusal> {
        let id = self.town.command();
        self.live()
            .sends(&ClientFrame::QueueCommand {
                id,
                command: QueueCommand::Next,
            })
            .await;
        let (consultation, _) = self.live().answer(id).await?;
        self.live().watches(consultation).await;
        Ok(consultation)
    }

    pub(crate) async fn does(&mut self, consultation: ConsultationId, command: Command) -> Result<Seq, Refusal> {
        let id = self.town.command();
        self.live().does(id, consultation, command).await
    }

    pub(crate) async fn says(&mut self, consultation: ConsultationId, text: &str) {
        self.does(consultation, Command::Say { text: text.to_owned() })
            .await
            .expect("said");
    }

    pub(crate) async fn hears(&mut self, consultation: ConsultationId, text: &str) {
        self.live()
            .sees(consultation, text, |log| log.texts().contains(&text))
            .await;
    }

    pub(crate) async fn sees_family(&mut self, consultation: ConsultationId, wanted: Presence) {
        self.live().sees_presence(consultation, wanted).await;
    }

    /// Rings; gives the call's number.
    pub(crate) async fn rings(&mut self, consultation: ConsultationId, mode: CallMode) -> Seq {
        // The last event of ringing is the clinician's own seat.
        self.does(consultation, Command::Ring { mode }).await.expect("it rings") - 1
    }

    pub(crate) async fn signs_note(&mut self, consultation: ConsultationId, note: Note) {
        self.does(
            consultation,
            Command::SignNote {
                note: Box::new(note),
                scope_reason: None,
            },
        )
        .await
        .expect("signed");
    }

    /// 「確定」 and 「相談を終わる」.
    pub(crate) async fn signs_note_and_closes(&mut self, consultation: ConsultationId) {
        self.signs_note(consultation, note()).await;
        self.does(consultation, Command::Close).await.expect("closed");
    }
}

/// A supervisor, or whoever else reads reports.
pub(crate) struct Supervisor {
    pub(crate) browser: Browser,
}

impl Supervisor {
    /// The figures as the CSV tells them: name → value.
    pub(crate) async fn sees_figures(&mut self) -> Figures {
        let page = self.browser.opens("/kpi").await;
        assert_eq!(page.status, 200, "{page:?}");
        let csv = self.browser.opens("/kpi.csv").await;
        assert_eq!(csv.status, 200, "{csv:?}");
        Figures {
            page: page.body,
            csv: csv.body,
        }
    }

    pub(crate) async fn opens_logs(&mut self, query: &str) -> Answer {
        self.browser.opens(&format!("/logs{query}")).await
    }

    pub(crate) async fn replays(&mut self, consultation: ConsultationId) -> Answer {
        self.browser.opens(&format!("/logs/{consultation}")).await
    }
}

/// What the figures page and its table say.
pub(crate) struct Figures {
    pub(crate) page: String,
    pub(crate) csv: String,
}

impl Figures {
    /// The value beside a name.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.row(name).1
    }

    /// The remark at the end of a row.
    pub(crate) fn remark(&self, name: &str) -> &str {
        self.row(name).0.rsplit_once(',').map_or("", |(_, remark)| remark)
    }

    fn row(&self, name: &str) -> (&str, &str) {
        let row = self.csv.lines().find(|line| line.split(',').next() == Some(name));
        let row = row.unwrap_or_else(|| panic!("no {name} in {}", self.csv));
        (row, row.split(',').nth(1).unwrap_or_default())
    }
}

/// A record with everything in it.
pub(crate) fn note() -> Note {
    Note {
        complaints: Vec::new(),
        advice: "水分を少しずつとってください。".to_owned(),
        disposition: Disposition::HomeCare,
        safety_net: Some("反応が弱いときは119番へ。".to_owned()),
        internal: None,
    }
}
