//! Photos of a consultation: how they come, in one form or in parts, and how they are shown.
//!
//! Promises: what is refused leaves nothing behind; a photo that is sent twice, in whole or in parts, is stored once; a line that
//! drops costs one part; a view is given to those who take part and to supervisors whose look is written down before, and is
//! kept by no cache. Words in the same conversation are never held up: photos wait for each other alone.
//!
//! Answers to scripts are JSON with a stable code and a sentence. The family's doors are in `ticket/photo.rs`, for the ticket
//! decides who may; the desk's and the supervisor's in [`staff`].
//!
//! Not here: what a photo may be ([`signaling::photo`]), who may add one ([`signaling::consultation`]), its making ([`making`])
//! and what its colours mean ([`colours`]).

mod colours;
pub mod making;
mod parts;
pub mod staff;

use crate::{
    app::App,
    check::said,
    form::Fields,
    spine::{CommandError, Outcome},
    storage::{AddedEarly, PhotoView, PhotoWay, StorageError},
    ticket,
};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::Field},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::json;
use signaling::{
    actor::Actor,
    consultation::{Command, Refusal, decide},
    id::{CommandId, ConsultationId, MunicipalityId, PhotoId, Seq},
    limits,
    photo::{Photo, PhotoFault, PhotoFormat, fits_intake},
    time::At,
};
use tokio::sync::OwnedSemaphorePermit;
use tower_http::limit::RequestBodyLimitLayer;

pub(crate) use parts::part;

/// The routes of photos, each with the largest body that it reads.
pub fn routes() -> Router<App> {
    let whole = RequestBodyLimitLayer::new(limits::PHOTO_FORM_BYTES);
    let part = RequestBodyLimitLayer::new(limits::PHOTO_PART_BYTES);
    let take = post(ticket::add_photo).layer(whole);
    let view = put(ticket::photo_part).layer(part).get(ticket::photo);
    Router::new()
        .route("/t/{ticket}/intake", post(ticket::post_intake).layer(whole))
        .route("/t/{ticket}/photos", take)
        .route("/t/{ticket}/photos/{photo}", view)
        .route("/t/{ticket}/photos/{photo}/small", get(ticket::small_photo))
        .route("/desk/consultations/{id}/photos", post(staff::add).layer(whole))
        .route(
            "/desk/consultations/{id}/photos/{photo}",
            put(staff::part).layer(part).get(staff::large),
        )
        .route("/desk/consultations/{id}/photos/{photo}/small", get(staff::small))
        .route("/logs/{consultation}/photos/{photo}", get(staff::reviewed))
        .layer(DefaultBodyLimit::disable())
}

/// In the place of an event's number: the photo waits with an intake that is not sent yet.
const BEFORE: Seq = 0;

/// Where a photo goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    /// To an intake that is not sent yet.
    WithIntake,
    /// Into the consultation.
    ToLog,
}

/// Who sends a photo, and where to.
pub(crate) struct Sender {
    pub(crate) consultation: ConsultationId,
    pub(crate) municipality: MunicipalityId,
    pub(crate) actor: Actor,
}

impl Sender {
    fn way(&self, photo: PhotoId) -> PhotoWay {
        PhotoWay {
            consultation: self.consultation,
            municipality: self.municipality.clone(),
            owner: self.actor.key(),
            photo,
        }
    }

    /// Its event, if the photo is stored already; [`BEFORE`] where it waits with an intake.
    async fn stored(&self, app: &App, photo: PhotoId) -> Result<Option<Seq>, StorageError> {
        let result = app.store.command_result(&self.actor.key(), CommandId(photo.0)).await?;
        let here = result.filter(|result| result.consultation == self.consultation);
        if let Some(result) = here {
            return Ok(Some(result.seq));
        }
        let early = app.store.intake_photos(self.consultation).await?;
        Ok(early.iter().any(|one| one.id == photo).then_some(BEFORE))
    }

    /// Whether the rules would take a photo, before anything is read or decoded: into the log, or to an intake.
    async fn may_add(&self, app: &App, photo: PhotoId, caption: Option<String>) -> Result<Goes, CommandError> {
        match (app.spine.load(self.consultation).await?, &self.actor) {
            (Some(state), _) => {
                let photo = unmade(photo);
                let command = Command::AddPhoto { photo, caption };
                decide(&state, &command, &self.actor, app.world.now())?;
                Ok(Goes::ToLog)
            }
            (None, Actor::Guardian { .. }) => {
                let early = app.store.intake_photos(self.consultation).await?;
                fits_intake(early.len()).map_err(refused)?;
                Ok(Goes::WithIntake)
            }
            (None, _) => Err(Refusal::NotFound.into()),
        }
    }
}

/// Whether the city's desk takes so many more bytes now.
async fn city_takes(app: &App, city: &MunicipalityId, bytes: u64) -> Result<(), CommandError> {
    let since = At(app.world.now().0.saturating_sub(limits::PHOTO_CITY_WINDOW.0));
    let taken = app.store.photo_bytes(city, since).await?;
    match taken.saturating_add(bytes) > limits::PHOTO_CITY_BYTES {
        true => {
            tracing::warn!(%city, taken, "a city's desk takes no more photos today");
            Err(refused(PhotoFault::CityFull))
        }
        false => Ok(()),
    }
}

fn refused(fault: PhotoFault) -> CommandError {
    CommandError::Refused(fault.into())
}

/// What a form or a script says of a photo.
pub(crate) struct Sent {
    photo: PhotoId,
    caption: Option<String>,
    /// The file itself; nothing where it came in parts.
    file: Option<Vec<u8>>,
    /// Room in memory.
    _hand: OwnedSemaphorePermit,
}

impl Sent {
    /// A photo that came in the intake's form.
    pub(crate) fn with_intake(photo: PhotoId, file: Vec<u8>, hand: OwnedSemaphorePermit) -> Self {
        Self {
            photo,
            caption: None,
            file: Some(file),
            _hand: hand,
        }
    }
}

/// Stores a photo and tells the number of its event, [`BEFORE`] where there is none yet. The same photo of the same sender again
/// answers as the first time.
pub(crate) async fn take_in(app: &App, sender: &Sender, sent: Sent) -> Result<Seq, CommandError> {
    let Sent {
        photo: id,
        caption,
        file,
        _hand,
    } = sent;
    let way = sender.way(id);
    match sender.stored(app, id).await? {
        Some(BEFORE) => return Ok(BEFORE),
        Some(_) => return Ok(again(app, sender, id).await?.seq),
        None => {}
    }
    let goes = sender.may_add(app, id, caption.clone()).await?;
    let file = match file {
        Some(file) => {
            city_takes(app, &sender.municipality, file.len() as u64).await?;
            file
        }
        None => {
            let arrived = app.spine.arrived_photo(&way).await.map_err(ended_if_erased)?;
            arrived.ok_or_else(|| refused(PhotoFault::OutOfStep))?
        }
    };
    let (photo, views) = match app.photos.make(id, file).await {
        Ok(made) => made,
        Err(fault) => {
            if !fault.passes() {
                app.store.drop_photo_parts(way).await?;
            }
            tracing::info!(code = fault.code(), "a photo was not taken");
            return Err(refused(fault));
        }
    };
    let consultation = sender.consultation;
    if goes == Goes::WithIntake {
        let place = (consultation, &sender.municipality);
        let added = app.spine.add_intake_photo(place, &sender.actor, photo.clone(), &views);
        match added.await.map_err(ended_if_erased)? {
            AddedEarly::Stored => return Ok(BEFORE),
            AddedEarly::Refused(fault) => return Err(refused(fault)),
            // Sent meanwhile, from another tab: a photo like any other.
            AddedEarly::SentAlready => {}
        }
    }
    let added = app.spine.add_photo(consultation, &sender.actor, photo, caption, &views);
    Ok(added.await?.seq)
}

/// What the photo came to when it was first sent: the rules refuse its id now, and the spine remembers the command.
async fn again(app: &App, sender: &Sender, id: PhotoId) -> Result<Outcome, CommandError> {
    let command = Command::AddPhoto {
        photo: unmade(id),
        caption: None,
    };
    let command_id = CommandId(id.0);
    app.spine
        .execute(sender.consultation, &sender.actor, command_id, &command)
        .await
}

/// A photo that nobody has looked at yet.
fn unmade(id: PhotoId) -> Photo {
    Photo {
        id,
        format: PhotoFormat::Jpeg,
        width: 0,
        height: 0,
        bytes: 0,
    }
}

fn ended_if_erased(error: StorageError) -> CommandError {
    match error {
        StorageError::Erased => Refusal::Ended.into(),
        other => other.into(),
    }
}

/// How a photo was sent.
pub(crate) enum Form {
    /// By a page without script: it is answered with a page.
    Page(Result<Sent, PhotoFault>),
    /// By a script, in parts, of which this is the last word.
    Script(Result<Sent, PhotoFault>),
}

impl Form {
    /// Reads either form. Room is asked for before a byte is read.
    pub(crate) async fn read(app: &App, request: Request) -> Self {
        match (is_multipart(&request), app.photos.hand()) {
            (true, Ok(hand)) => Self::Page(whole(request, hand).await),
            (true, Err(fault)) => Self::Page(Err(fault)),
            (false, Ok(hand)) => Self::Script(last_word(request.into_body(), hand).await),
            (false, Err(fault)) => Self::Script(Err(fault)),
        }
    }
}

async fn last_word(body: Body, hand: OwnedSemaphorePermit) -> Result<Sent, PhotoFault> {
    let bytes = to_bytes(body, limits::FORM_BYTES).await;
    let fields = Fields::parse(&bytes.map_err(|_| PhotoFault::TooLarge)?);
    Ok(Sent {
        photo: fields.one("photo").parse().map_err(|_| PhotoFault::OutOfStep)?,
        caption: Some(fields.one("caption").to_owned()).filter(|caption| !caption.is_empty()),
        file: None,
        _hand: hand,
    })
}

/// The form of a page (RFC 7578): `command`, `caption`, and the file in `photo`.
async fn whole(request: Request, hand: OwnedSemaphorePermit) -> Result<Sent, PhotoFault> {
    let Filled { fields, file } = Filled::read(request, Ok(())).await?;
    Ok(Sent {
        photo: fields.one("command").parse().map_err(|_| PhotoFault::Unreadable)?,
        caption: Some(fields.one("caption").to_owned()).filter(|caption| !caption.is_empty()),
        file: Some(file?.ok_or(PhotoFault::Empty)?),
        _hand: hand,
    })
}

/// A form with a file in it, as a page sends it.
pub(crate) struct Filled {
    /// Everything but the file.
    pub(crate) fields: Fields,
    /// The file in `photo`, where one was chosen; why it was not read.
    pub(crate) file: Result<Option<Vec<u8>>, PhotoFault>,
}

impl Filled {
    /// Reads it to its end. `room`: why a file is not to be read into memory now; the fields are all the same.
    async fn read(request: Request, room: Result<(), PhotoFault>) -> Result<Self, PhotoFault> {
        let unreadable = |_| PhotoFault::Unreadable;
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| PhotoFault::Unreadable)?;
        let (mut fields, mut bytes, mut file) = (Vec::new(), 0, None);
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "photo" && file.is_none() {
                let limit = if room.is_ok() { limits::PHOTO_BYTES } else { 0 };
                file = Some(read(field, limit).await);
                continue;
            }
            let left = limits::FORM_BYTES.saturating_sub(bytes);
            let value = read(field, left).await?;
            // A name alone takes room too.
            bytes += name.len() + value.len() + 1;
            fields.push((name, String::from_utf8(value).map_err(|_| PhotoFault::Unreadable)?));
        }
        let file = match (file, room) {
            (None, _) => Ok(None),
            (Some(Ok(file)), _) if file.is_empty() => Ok(None),
            (Some(_), Err(fault)) => Err(fault),
            (Some(file), Ok(())) => file.map(Some),
        };
        Ok(Self {
            fields: Fields::of(fields),
            file,
        })
    }

    /// The intake's form: with a file from a page, without one from a script that saves what is typed.
    pub(crate) async fn of_intake(
        app: &App,
        request: Request,
    ) -> Result<(Self, Option<OwnedSemaphorePermit>), Response> {
        if !is_multipart(&request) {
            let fields = Fields::from_request(request, &()).await?;
            let file = Ok(None);
            return Ok((Self { fields, file }, None));
        }
        let hand = app.photos.hand();
        let room = hand.as_ref().map(|_| ()).map_err(|fault| *fault);
        let unreadable = |_| (StatusCode::BAD_REQUEST, "送られた内容を読み取れませんでした。").into_response();
        let filled = Self::read(request, room).await.map_err(unreadable)?;
        Ok((filled, hand.ok()))
    }
}

/// Whether a page sent it with its file.
fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// A field to its end, also past its limit: a browser reads no answer while it still sends.
async fn read(mut field: Field<'_>, limit: usize) -> Result<Vec<u8>, PhotoFault> {
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(piece) = field.chunk().await.map_err(|_| PhotoFault::Unreadable)? {
        fits &= bytes.len() + piece.len() <= limit;
        if fits {
            bytes.extend_from_slice(&piece);
        }
    }
    fits.then_some(bytes).ok_or(PhotoFault::TooLarge)
}

/// What a script is told of a stored photo.
pub(crate) fn told(outcome: Result<Seq, CommandError>) -> Response {
    match outcome {
        Ok(seq) => (StatusCode::CREATED, Json(json!({"seq": seq}))).into_response(),
        Err(error) => not_taken(&error),
    }
}

/// Why not, with a code and a sentence.
pub(crate) fn not_taken(error: &CommandError) -> Response {
    match error {
        CommandError::Refused(Refusal::Photo { fault }) => said(status(*fault), fault.code(), &fault.to_string()),
        CommandError::Refused(refusal) => said(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), &refusal.to_string()),
        CommandError::Storage(error) => {
            tracing::error!(%error, "a photo could not be stored");
            let text = "いま写真を受け取れませんでした。もう一度送ってください。";
            said(StatusCode::SERVICE_UNAVAILABLE, "unavailable", text)
        }
    }
}

fn status(fault: PhotoFault) -> StatusCode {
    match fault {
        PhotoFault::Busy | PhotoFault::CityFull => StatusCode::SERVICE_UNAVAILABLE,
        PhotoFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        PhotoFault::Taken | PhotoFault::OutOfStep => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A view, for somebody who may see it. No cache keeps it, and no browser takes it for anything else (`security.rs`).
pub(crate) async fn shown(app: &App, consultation: ConsultationId, photo: &str, view: PhotoView) -> Option<Response> {
    let photo = photo.parse().ok()?;
    match app.spine.photo(consultation, photo, view).await {
        Ok(bytes) => Some(([(header::CONTENT_TYPE, "image/jpeg")], bytes?).into_response()),
        Err(error) => {
            tracing::error!(%error, "a photo could not be read");
            Some(StatusCode::SERVICE_UNAVAILABLE.into_response())
        }
    }
}

/// No such photo for whoever asks; why not is not told.
pub(crate) fn nowhere() -> Response {
    said(
        StatusCode::NOT_FOUND,
        "no_such_photo",
        &Refusal::NoSuchPhoto.to_string(),
    )
}

/// The id in an address.
pub(crate) fn id_of(photo: &str) -> Option<PhotoId> {
    photo.parse().ok()
}

/// Which part a request brings: `Content-Range` (RFC 9110 §14.4).
pub(crate) fn range_of(headers: &HeaderMap) -> Option<parts::Range> {
    parts::Range::parse(headers.get(header::CONTENT_RANGE)?.to_str().ok()?)
}
