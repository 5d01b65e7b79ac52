//! The intake before it is sent: a draft that survives everything, four steps, and the sending.

use super::{At, Entry, check, enter, page, to};
use crate::{
    app::App,
    error::Failure,
    form::Fields,
    photo::{self, Filled, Sent},
    render::Render,
    rules,
    spine::CommandError,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use frontend::page::guardian::{GuardianView, IntakePage, IntakePhoto, TicketStep};
use serde::{Deserialize, Serialize};
use signaling::{
    actor::Actor,
    consultation::{Command, Refusal, Request},
    id::PhotoId,
    intake::{Complaint, IntakeDraft, IntakeStep, Mode, Onset, Relation, Service},
    limits,
    photo::PhotoFault,
    time::At as Time,
    triage::{Asking, Observed},
};
use tokio::sync::OwnedSemaphorePermit;

/// The stored draft: the form as typed, and the step it is at.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stored {
    at: IntakeStep,
    draft: IntakeDraft,
}

/// Where a posted form wants to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Go {
    Next,
    Back,
    /// 「ほかの危険なサインも確認する」.
    More,
    Save,
    /// 「写真を付ける」.
    Photo,
    /// 「取り消す」 beside a photo.
    Without(PhotoId),
    Send,
}

impl Go {
    fn of(fields: &Fields) -> Option<Self> {
        Some(match fields.one("go") {
            "next" => Self::Next,
            "back" => Self::Back,
            "more" => Self::More,
            "save" => Self::Save,
            "photo" => Self::Photo,
            "send" => Self::Send,
            "" => Self::Without(fields.one("without").parse().ok()?),
            _ => return None,
        })
    }
}

/// `POST /t/{ticket}/intake`.
pub async fn post(State(app): State<App>, Path(ticket): Path<String>, request: axum::extract::Request) -> Response {
    let entry = match enter(&app, &ticket, request.headers()).await {
        At::Outside(response) => return response,
        At::Inside(entry) => entry,
    };
    let (filled, hand) = match Filled::of_intake(&app, request).await {
        Ok(read) => read,
        Err(response) => return response,
    };
    match posted(&app, &entry, filled, hand).await {
        Ok(response) => response,
        Err(failure) => failure.page(&app, &entry.city),
    }
}

async fn posted(
    app: &App,
    entry: &Entry,
    filled: Filled,
    hand: Option<OwnedSemaphorePermit>,
) -> Result<Response, Failure> {
    let came_at = app.world.now();
    let Filled { fields, file } = filled;
    let fields = &fields;
    let (mut stored, revision) = load(app, entry).await?;
    // Sent already, from this form or another tab: its draft is gone, and the family wants to see where it stands.
    if app.spine.load(entry.consultation).await?.is_some() {
        return Ok(to(&entry.path));
    }
    let step = step_from(fields.one("step")).ok_or(Failure::BadRequest)?;
    let go = Go::of(fields).ok_or(Failure::BadRequest)?;
    if !holds_known_words(step, fields) {
        return Err(Failure::BadRequest);
    }
    // What is saved while typing may arrive after 「つぎへ」: it neither leads back nor overwrites what was sent on.
    if go == Go::Save && step < stored.at {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    take(&mut stored.draft, step, fields);
    if go == Go::More {
        // 「どれもない」 was said of fewer signs than stand there now.
        stored.draft.all_signs = true;
        stored.draft.no_signs = false;
    }
    let today = app.world.now().date();
    let until = if go == Go::Send { IntakeStep::Mode } else { step };
    let faults = match go {
        Go::Next | Go::Send => stored.draft.faults_until(until, today),
        Go::Back | Go::More | Go::Save | Go::Photo | Go::Without(_) => Vec::new(),
    };
    // A fault of an earlier step is mended there.
    stored.at = match faults.first() {
        Some(fault) => fault.step,
        None => match go {
            Go::Next => after(step),
            Go::Back => before(step),
            Go::Save => stored.at,
            Go::More | Go::Send | Go::Photo | Go::Without(_) => step,
        },
    };
    let now = if go == Go::Save { came_at } else { app.world.now() };
    store(app, entry, &stored, revision, now).await?;
    // What was typed is safe. A photo that is not taken is said before anything is sent without it.
    if let Err(fault) = attached(app, entry, fields, (file, hand), go).await? {
        let model = IntakePage {
            photo_fault: Some(fault),
            ..shown(app, entry, stored, revision).await?
        };
        return respond(app, entry, model, None).await;
    }
    match go {
        Go::Save => Ok(StatusCode::NO_CONTENT.into_response()),
        _ if !faults.is_empty() => {
            let model = IntakePage {
                faults,
                ..shown(app, entry, stored, revision).await?
            };
            respond(app, entry, model, None).await
        }
        Go::Send => send(app, entry, fields, stored, revision).await,
        Go::Next | Go::Back => Ok(to(&entry.path)),
        Go::Photo | Go::Without(_) => Ok(to(&format!("{}#{}", entry.path, frontend::intake::PHOTOS))),
        Go::More => Ok(to(&format!("{}#{}", entry.path, frontend::intake::MORE_SIGNS))),
    }
}

/// Takes in the photo that came with the form, whatever button was pressed, or takes one away. Tells why it is not taken.
async fn attached(
    app: &App,
    entry: &Entry,
    fields: &Fields,
    (file, hand): (Result<Option<Vec<u8>>, PhotoFault>, Option<OwnedSemaphorePermit>),
    go: Go,
) -> Result<Result<(), PhotoFault>, Failure> {
    if let Go::Without(photo) = go {
        app.store.drop_intake_photo(entry.consultation, photo).await?;
    }
    let (file, hand) = match (file, hand) {
        (Err(fault), _) => return Ok(Err(fault)),
        (Ok(Some(file)), Some(hand)) => (file, hand),
        _ if go == Go::Photo => return Ok(Err(PhotoFault::Empty)),
        _ => return Ok(Ok(())),
    };
    let command = fields.command().ok_or(Failure::BadRequest)?;
    let photo = PhotoId(frontend::photo::of_page(command).0);
    match photo::take_in(app, &entry.sender(), Sent::with_intake(photo, file, hand)).await {
        Ok(_) => Ok(Ok(())),
        Err(CommandError::Refused(Refusal::Photo { fault })) => Ok(Err(fault)),
        Err(CommandError::Refused(refusal)) => {
            tracing::warn!(code = refusal.code(), "a photo of an intake was refused");
            Err(Failure::BadRequest)
        }
        Err(CommandError::Storage(error)) => Err(error.into()),
    }
}

async fn send(app: &App, entry: &Entry, fields: &Fields, stored: Stored, revision: u64) -> Result<Response, Failure> {
    let now = app.world.now();
    let today = now.date();
    let id = fields.command().ok_or(Failure::BadRequest)?;
    let intake = stored.draft.complete(today).map_err(|_| Failure::BadRequest)?;
    let opening = app.opening(&entry.municipality).await?;
    // The desk has closed, or promises less, while the family was writing: it reads that first, and sends again.
    if !opening.keeps(fields.one("promise")) {
        let model = IntakePage {
            promise_changed: true,
            ..shown(app, entry, stored, revision).await?
        };
        return respond(app, entry, model, None).await;
    }
    let rules = rules::running(app, &entry.municipality).await?;
    let request = Request {
        municipality: entry.municipality.clone(),
        service: if opening.is_open {
            Service::Night
        } else {
            Service::Anytime
        },
        closes_at: app.closes_at(&entry.municipality).await?,
        reply_hours: opening.reply_hours,
        fired: rules.evaluate(&intake, today),
        rules: rules.edition,
        returning: app
            .spine
            .of_guardian(entry.guardian)
            .await?
            .iter()
            .any(|id| *id != entry.consultation),
        today,
        intake,
        // The spine knows them.
        photos: Vec::new(),
    };
    let actor = Actor::Guardian { id: entry.guardian };
    match app
        .spine
        .execute(entry.consultation, &actor, id, &Command::Request(Box::new(request)))
        .await
    {
        // Sent twice from two tabs: the family wants to see it, not to hear that it is there.
        Ok(_) | Err(CommandError::Refused(Refusal::AlreadyRequested)) => {
            check::keep_earlier(app, entry).await;
            Ok(to(&entry.path))
        }
        Err(CommandError::Refused(refusal)) => {
            let model = shown(app, entry, stored, revision).await?;
            respond(app, entry, model, Some(&refusal)).await
        }
        Err(CommandError::Storage(error)) => Err(error.into()),
    }
}

async fn respond(app: &App, entry: &Entry, model: IntakePage, refused: Option<&Refusal>) -> Result<Response, Failure> {
    let page = page::ticket(app, entry, TicketStep::Intake(Box::new(model)), refused).await?;
    Ok(app.pages.guardian(
        StatusCode::UNPROCESSABLE_ENTITY,
        GuardianView::Ticket(page),
        &entry.city,
    ))
}

/// The intake's page as it stands.
pub(super) async fn model(app: &App, entry: &Entry) -> Result<IntakePage, Failure> {
    let (stored, revision) = load(app, entry).await?;
    shown(app, entry, stored, revision).await
}

async fn shown(app: &App, entry: &Entry, stored: Stored, revision: u64) -> Result<IntakePage, Failure> {
    let today = app.world.now().date();
    let rules = rules::running(app, &entry.municipality).await?;
    let subject = stored.draft.subject(today).ok();
    let fired = subject.map(|subject| {
        let observed = Observed {
            subject,
            signs: &stored.draft.signs,
            temperature_tenths: stored.draft.temperature_tenths().ok().flatten(),
            epds: None,
        };
        rules.evaluate_observed(&observed, today)
    });
    let panels = fired
        .unwrap_or_default()
        .into_iter()
        .filter(|fired| fired.action.is_shown_to_family())
        .map(|fired| page::panel(app, fired.rule, fired.action))
        .collect();
    let Asking { shown, first, folded } = subject
        .map(|subject| {
            let draft = &stored.draft;
            let complaints: Vec<_> = draft
                .complaints
                .iter()
                .filter_map(|c| Complaint::from_code(c))
                .collect();
            rules.asking(subject, &complaints, &draft.signs, draft.all_signs, today)
        })
        .unwrap_or_default();
    Ok(IntakePage {
        at: stored.at,
        revision,
        faults: Vec::new(),
        subject: subject.map(|subject| subject.label(today)),
        questions: shown,
        first,
        folded,
        panels,
        opening: app.opening(&entry.municipality).await?,
        promise_changed: false,
        photos: app
            .store
            .intake_photos(entry.consultation)
            .await?
            .into_iter()
            .map(|photo| IntakePhoto {
                photo: photo.id,
                width: photo.width,
                height: photo.height,
            })
            .collect(),
        photo_fault: None,
        draft: stored.draft,
    })
}

async fn load(app: &App, entry: &Entry) -> Result<(Stored, u64), Failure> {
    let owner = Actor::Guardian { id: entry.guardian }.key();
    let draft = app.spine.draft(entry.consultation, &owner, "intake").await?;
    let stored = draft.and_then(|(revision, body)| Some((serde_json::from_value::<Stored>(body).ok()?, revision)));
    if let Some(stored) = stored {
        return Ok(stored);
    }
    // Whom it is about was said on registering: a tired parent is not asked again.
    let draft = app.identity.subject_draft(entry.guardian).await?;
    let known = draft.subject(app.world.now().date()).is_ok();
    let at = if known {
        IntakeStep::Symptoms
    } else {
        IntakeStep::Subject
    };
    Ok((Stored { at, draft }, 0))
}

/// Stores the draft, unless one of a later time is there: `now` is when a press was decided, or when a save came in, so that of two
/// that are on their way together the press counts.
async fn store(app: &App, entry: &Entry, stored: &Stored, revision: u64, now: Time) -> Result<(), Failure> {
    let body = serde_json::to_value(stored).map_err(|_| Failure::BadRequest)?;
    if body.to_string().len() > limits::DRAFT_BYTES {
        return Err(Failure::BadRequest);
    }
    let owner = Actor::Guardian { id: entry.guardian }.key();
    let now = u64::try_from(now.0).unwrap_or(0);
    app.spine
        .put_draft(entry.consultation, &owner, "intake", now.max(revision + 1), &body)
        .await?;
    Ok(())
}

/// Takes the fields of one step; the other steps' fields stay as they were.
fn take(draft: &mut IntakeDraft, step: IntakeStep, fields: &Fields) {
    let text = |name: &str| fields.one(name).to_owned();
    let before = draft.clone();
    match step {
        IntakeStep::Subject => {
            draft.about = text("about");
            draft.born = fields.born();
            draft.due = text("due");
            draft.weeks = text("weeks");
            draft.gave_birth = text("gave_birth");
            draft.relation = text("relation");
        }
        IntakeStep::Symptoms => {
            draft.complaints = fields.all("complaints");
        }
        IntakeStep::Signs => {
            draft.signs = fields.all("signs");
            draft.no_signs = fields.ticked("no_signs") && draft.signs.is_empty();
            draft.asked = fields.all("asked");
            draft.temperature = text("temperature");
        }
        IntakeStep::Mode => {
            draft.worry = text("worry");
            draft.onset = text("onset");
            draft.mode = text("mode");
            draft.quiet = fields.ticked("quiet");
        }
    }
    if *draft != before && matches!(step, IntakeStep::Subject | IntakeStep::Symptoms) {
        // Other signs will be asked, and 「どれもない」 was not said of them.
        draft.no_signs = false;
    }
}

/// Whether every word that a form's buttons could have sent is one of theirs; no browser with our page sends another.
fn holds_known_words(step: IntakeStep, fields: &Fields) -> bool {
    let known = |name: &str, is: fn(&str) -> bool| fields.one(name).is_empty() || is(fields.one(name));
    match step {
        IntakeStep::Subject => known("relation", |code| Relation::from_code(code).is_some()),
        IntakeStep::Symptoms | IntakeStep::Signs => true,
        IntakeStep::Mode => {
            known("mode", |code| Mode::from_code(code).is_some())
                && known("onset", |code| Onset::from_code(code).is_some())
        }
    }
}

fn step_from(code: &str) -> Option<IntakeStep> {
    match code {
        "subject" => Some(IntakeStep::Subject),
        "symptoms" => Some(IntakeStep::Symptoms),
        "signs" => Some(IntakeStep::Signs),
        "mode" => Some(IntakeStep::Mode),
        _ => None,
    }
}

fn after(step: IntakeStep) -> IntakeStep {
    match step {
        IntakeStep::Subject => IntakeStep::Symptoms,
        IntakeStep::Symptoms => IntakeStep::Signs,
        IntakeStep::Signs | IntakeStep::Mode => IntakeStep::Mode,
    }
}

fn before(step: IntakeStep) -> IntakeStep {
    match step {
        IntakeStep::Subject | IntakeStep::Symptoms => IntakeStep::Subject,
        IntakeStep::Signs => IntakeStep::Symptoms,
        IntakeStep::Mode => IntakeStep::Signs,
    }
}
