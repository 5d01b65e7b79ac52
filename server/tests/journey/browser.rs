//! The browser without scripts, and the models in the pages that come to life.

use frontend::page::guardian::{GuardianPage, GuardianView, LivePage, TicketPage, TicketStep};
pub(crate) use load::browser::{Answer, Browser, form};

/// What a page holds for the browser.
pub(crate) trait Pages {
    /// The model in the page, for pages that come to life.
    fn model(&self) -> Option<GuardianPage>;

    /// The ticket's page.
    fn ticket(&self) -> TicketPage;

    /// The ticket's page once the intake was sent.
    fn live(&self) -> LivePage;
}

impl Pages for Answer {
    fn model(&self) -> Option<GuardianPage> {
        serde_json::from_str(self.model_text()?).ok()
    }

    fn ticket(&self) -> TicketPage {
        match self.model().map(|page| page.view) {
            Some(GuardianView::Ticket(ticket)) => ticket,
            other => panic!("no ticket: {} {other:?} {}", self.status, self.body),
        }
    }

    fn live(&self) -> LivePage {
        match self.ticket().step {
            TicketStep::Live(live) => live,
            TicketStep::Intake(intake) => panic!("still the intake: {intake:?}"),
        }
    }
}
