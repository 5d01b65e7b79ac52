//! Families: they register, fill the intake by forms, and wait.

use crate::{
    browser::{Answer, Browser},
    clock,
    desk::City,
    tab::{Place, Tab},
};
use futures_util::{StreamExt, stream};
use signaling::id::ConsultationId;

/// Families that come at the same time, when many are made.
const AT_ONCE: usize = 16;

/// A family with one phone.
#[derive(Clone)]
pub struct Family {
    /// The phone.
    pub browser: Browser,
    /// `/t/…`.
    pub path: String,
    /// What its ticket is for.
    pub consultation: ConsultationId,
    worry: String,
}

signaling::redacted_debug!(Family { consultation });

impl Family {
    /// Reads the poster, registers and begins a consultation.
    ///
    /// # Panics
    /// The server answers otherwise than PROTOCOL.md says.
    pub async fn registers(mut browser: Browser, passphrase: &str) -> Self {
        let command = clock::command_id().to_string();
        let fields = [
            ("command", command.as_str()),
            ("passphrase", passphrase),
            ("reach", "handbook"),
            ("about", "child"),
            ("born", "2024-08"),
            ("consent_consultation", "on"),
            ("go", "start"),
        ];
        let begun = browser.posts("/register", &fields).await;
        let path = begun.leads_to().to_owned();
        let page = browser.opens(&path).await;
        let consultation = consultation_of(&page).expect("the ticket's page names its consultation");
        Self {
            browser,
            path,
            consultation,
            worry: String::new(),
        }
    }

    /// Fills the intake up to its last step; nothing is sent to the desk yet.
    pub async fn fills_intake(&mut self, worry: &str) {
        let subject = [
            ("step", "subject"),
            ("go", "next"),
            ("about", "child"),
            ("born", "2024-08"),
            ("relation", "mother"),
        ];
        self.posts_intake(&subject).await;
        let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "fever")];
        self.posts_intake(&symptoms).await;
        let signs = [
            ("step", "signs"),
            ("go", "next"),
            ("temperature", "38.5"),
            ("no_signs", "on"),
        ];
        self.posts_intake(&signs).await;
        worry.clone_into(&mut self.worry);
    }

    /// 「相談を送る」.
    pub async fn sends_intake(&mut self) {
        let (command, worry) = (clock::command_id().to_string(), self.worry.clone());
        let mode = [
            ("step", "mode"),
            ("go", "send"),
            ("worry", worry.as_str()),
            ("onset", "today"),
            ("mode", "chat"),
            ("command", command.as_str()),
        ];
        self.posts_intake(&mode).await;
    }

    async fn posts_intake(&mut self, fields: &[(&str, &str)]) {
        let form = format!("{}/intake", self.path);
        assert_eq!(self.browser.posts(&form, fields).await.leads_to(), self.path);
    }

    /// Opens the page of its ticket.
    #[must_use]
    pub fn tab(&self) -> Tab {
        Tab::open(Place {
            browser: self.browser.clone(),
            path: "/live",
            consultation: self.consultation,
        })
    }
}

/// So many families with a filled intake that is not sent yet.
pub async fn with_filled_intakes(city: &City, count: usize) -> Vec<Family> {
    let families = (0..count).map(|n| async move {
        let mut family = Family::registers(city.browser_of(n), &city.passphrase).await;
        family.fills_intake(&format!("熱が下がりません（{n}）")).await;
        family
    });
    stream::iter(families).buffer_unordered(AT_ONCE).collect().await
}

/// So many families that wait.
pub async fn waiting(city: &City, count: usize) -> Vec<Family> {
    let filled = with_filled_intakes(city, count).await;
    let waiting = filled.into_iter().map(|mut family| async move {
        family.sends_intake().await;
        family
    });
    stream::iter(waiting).buffer_unordered(AT_ONCE).collect().await
}

fn consultation_of(page: &Answer) -> Option<ConsultationId> {
    let model: serde_json::Value = serde_json::from_str(page.model_text()?).ok()?;
    model["view"]["consultation"].as_str()?.parse().ok()
}
