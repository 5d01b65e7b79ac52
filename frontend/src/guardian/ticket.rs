//! The ticket from waiting to the survey: one page whose parts show and hide as the consultation goes on.
//!
//! Parts that never change are still parts and stay in the document, hidden, so that no form is ever built in the browser.
//! The order is that of reading: what is urgent, who and where, the call, what to know, the conversation, the composer.

use super::{Connection, Stage, Visit};
use crate::{
    after, callback, chat, intake, note,
    page::{
        City,
        guardian::{LivePage, TicketPage},
    },
    queue, survey, ui,
};
use leptos::prelude::*;
use signaling::{call::CallOutcome, time::At, view::Thread};

/// The living ticket.
pub(super) fn ticket(city: &City, now: At, ticket: &TicketPage, page: &LivePage) -> AnyView {
    parts(Visit::new(now, ticket, page), city, ticket, page)
}

fn parts(visit: Visit, city: &City, ticket: &TicketPage, page: &LivePage) -> AnyView {
    #[cfg(feature = "hydrate")]
    let call = {
        let live = super::alive::bring_to_life(visit, &ticket.path, page);
        let me = signaling::call::Holder::Guardian;
        let forms = super::later::Forms { visit, live };
        crate::call::guardian_call(live, visit.consultation, me, visit.thread.read_only(), Some(forms)).into_any()
    };
    #[cfg(not(feature = "hydrate"))]
    let call = crate::call::guardian_call_place().into_any();
    let panels = ui::still(|| intake::panels(&page.panels));
    let notices = ui::still(|| super::notices(ticket));
    let stage = visit.stage;
    let over = ui::still(|| signed_out(ticket));
    let is_over = move || visit.connection.get() == Some(Connection::SignedOut);
    view! {
        <div class="panels still" hidden=is_over inner_html=panels></div>
        {head(city, visit)}
        <div class="page" role="alert" id="signed-out" hidden=move || !is_over() inner_html=over></div>
        <div class="contents" hidden=is_over>
            <div id="call">{call}</div>
            <main class="page ticket" data-stage=move || stage.get().code()>
                <div class="contents" inner_html=notices></div>
                {queue::clinician_bar(visit)}
                {missed(visit, ticket)}
                {chat::wished_photo(visit, ticket)}
                {queue::waiting_room(visit, ticket, page)}
                {after::check_in(visit, ticket)}
                {after::referral(visit, ticket)}
                {note::summary(visit, ticket)}
                {after::earlier(visit)}
                {survey::survey(visit, ticket, page)}
                {callback::card(visit, ticket)}
                {queue::actions(visit, ticket, page)}
                {chat::conversation(visit)}
            </main>
            {chat::composer(visit, ticket, page)}
        </div>
    }
    .into_any()
}

/// A call that the family did not hear: one press asks to be called back, in the conversation, where the clinician reads.
fn missed(visit: Visit, ticket: &TicketPage) -> AnyView {
    let of = move || {
        let outcome = |thread: &Thread| {
            thread
                .missed
                .as_ref()
                .filter(|one| !one.answered)
                .map(|one| one.outcome)
        };
        visit.thread.with(outcome)
    };
    let words = move || match of() {
        Some(CallOutcome::Failed) => "通話がつながりませんでした",
        _ => "お電話に出られませんでした",
    };
    let is_open = visit.stage.get_untracked().is_open();
    let way = ui::still(|| {
        // What is over when the page is made cannot be taken up again from here.
        let form = is_open.then(|| call_back(ticket));
        view! {
            <p class="sub">"担当者からもう一度お電話できます。チャットでもこのまま話せます。"</p>
            {form}
        }
        .into_any()
    });
    let is_missed = move || matches!(of(), Some(CallOutcome::Unanswered | CallOutcome::Failed));
    let hidden = move || !visit.stage.get().is_open() || !is_missed();
    view! {
        <section class="card stack tight" role="status" id="missed" hidden=hidden>
            <b>{words}</b>
            <div class="stack tight" inner_html=way></div>
        </section>
    }
    .into_any()
}

fn call_back(ticket: &TicketPage) -> AnyView {
    view! {
        <form id="call-back" method="post" action=[&ticket.path, "/say"].concat()>
            {ui::command_field(ticket.command)}
            <input type="hidden" name="text" value=chat::CALL_BACK />
            <button class="btn block">"折り返しをたのむ"</button>
        </form>
    }
    .into_any()
}

/// What stands there once this browser's credential is over. The ticket's address shows the door then.
fn signed_out(ticket: &TicketPage) -> AnyView {
    view! {
        {ui::notice_bar(
            ui::Tone::Amber,
            "この端末では、この相談を見られなくなりました".to_owned(),
            "別の端末で「使えなくする」が押されたか、この端末の記録が消えています。はじめの端末の番号などで、もう一度開けます。"
                .to_owned(),
        )}
        <a class="btn big block" href=ticket.path.clone()>"もう一度開く"</a>
        <p class="fine">"急を要するときは、待たずに "<a href="tel:119">"119"</a>" に電話してください。"</p>
    }
    .into_any()
}

fn head(city: &City, visit: Visit) -> AnyView {
    let demo = ui::still(|| ui::demo_chip(city));
    let connection = visit.connection;
    let chip = move || match connection.get() {
        Some(Connection::Connected) => "chip green",
        Some(Connection::Lost | Connection::ByForms) => "chip amber",
        _ => "chip grey",
    };
    let words = move || match connection.get() {
        Some(Connection::Connected) => "つながっています",
        Some(Connection::Lost) => "つなぎ直しています",
        Some(Connection::ByForms) => "ときどき確かめています",
        Some(Connection::Connecting) => "接続しています",
        None | Some(Connection::SignedOut) => "",
    };
    let stage = visit.stage;
    let title = move || match connection.get() {
        Some(Connection::SignedOut) => "開きなおしてください",
        _ => stage.get().title(),
    };
    view! {
        <header class="top">
            <div class="row">
                <span class="crest" aria-hidden="true"></span>
                <h1 class="title" aria-live="polite">{title}</h1>
            </div>
            <div class="row">
                <span class="contents" inner_html=demo></span>
                <span
                    id="connection" class=chip role="status"
                    hidden=move || words().is_empty() || !stage.get().is_open()
                >
                    <span class="dot" aria-hidden="true"></span>
                    <span>{words}</span>
                </span>
            </div>
        </header>
    }
    .into_any()
}

/// Whether a part is for another stage.
pub(crate) fn hidden_unless(visit: Visit, fits: fn(Stage) -> bool) -> impl Fn() -> bool + Copy + Send + Sync {
    move || !fits(visit.stage.get())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::page::{Opening, guardian::TicketStep};
    use signaling::{
        id::{CommandId, ConsultationId},
        protocol::Cursor,
    };
    use uuid::Uuid;

    fn rendered(connection: Connection) -> String {
        let page = LivePage {
            events: Vec::new(),
            cursor: Cursor(0),
            position: None,
            reply_by: None,
            later_by: None,
            books: false,
            panels: Vec::new(),
            on_duty: Vec::new(),
            message_draft: String::new(),
            draft_revision: 0,
            survey_open: false,
            survey_draft: Box::default(),
            opening: Opening {
                is_open: true,
                hours: String::new(),
                why: None,
                reply_hours: 24,
            },
        };
        let city = City {
            name: "日野市".into(),
            service_name: "ひの子育て相談".into(),
            demo: false,
        };
        let ticket = TicketPage {
            path: "/t/abc".into(),
            consultation: ConsultationId(Uuid::from_u128(7)),
            command: CommandId(Uuid::from_u128(8)),
            new_devices: Vec::new(),
            in_app: None,
            refused: None,
            other_open: None,
            step: TicketStep::Live(page.clone()),
        };
        Owner::new_root(None).with(|| {
            let visit = Visit::new(At(1_795_344_000_000), &ticket, &page);
            visit.connection.set(Some(connection));
            parts(visit, &city, &ticket, &page).to_html()
        })
    }

    /// The opening tag that holds `mark`.
    fn tag<'a>(html: &'a str, mark: &str) -> &'a str {
        let at = html.find(mark).expect("it stands there");
        let (from, to) = (html[..at].rfind('<'), html[at..].find('>'));
        &html[from.expect("a tag")..at + to.expect("its end")]
    }

    #[test]
    fn a_browser_whose_credential_is_over_sees_words_and_the_way_to_the_door_and_nothing_else() {
        let over = rendered(Connection::SignedOut);
        assert!(!tag(&over, "id=\"signed-out\"").contains(" hidden"));
        assert!(over.contains("もう一度開く") && over.contains("href=\"/t/abc\""));
        let shown_until = over.find("id=\"call\"").expect("the living part");
        let living = &over[..shown_until];
        let call = living.rfind("<div").expect("the call's place");
        let around = &living[living[..call].rfind("<div").expect("around it")..call];
        assert!(around.contains("contents") && around.contains(" hidden"), "{around}");
        assert!(!over.contains("つなぎ直しています</span>"));
    }

    #[test]
    fn where_no_socket_can_be_had_the_page_says_how_it_goes_on() {
        let by_forms = rendered(Connection::ByForms);
        assert!(by_forms.contains("ときどき確かめています") && by_forms.contains("この回線では通話ができません"));
        assert!(!tag(&by_forms, "class=\"lost\"").contains(" hidden"));
        assert!(!by_forms.contains("通信が途切れました"));
    }

    #[test]
    fn while_the_connection_is_being_mended_the_consultation_stays_in_sight() {
        let lost = rendered(Connection::Lost);
        assert!(tag(&lost, "id=\"signed-out\"").contains(" hidden"));
        assert!(lost.contains("つなぎ直しています"));
    }
}
