//! Photos beside the log: sealed with the consultation's key, stored with the event that tells of them, erased with the key.

use super::{CommandError, Outcome, Spine, attempt::Entry};
use crate::{
    seal::{ContentKey, Place},
    storage::{AddedEarly, PhotoCome, PhotoPart, PhotoRow, PhotoView, PhotoWay, StorageError},
};
use signaling::{
    actor::Actor,
    consultation::{Command, Fact, NewEvent},
    id::{CommandId, ConsultationId, MunicipalityId, PhotoId},
    limits,
    photo::Photo,
};

/// The views of a photo as the maker made them.
#[derive(Clone, PartialEq, Eq)]
pub struct Views {
    /// For looking at.
    pub large: Vec<u8>,
    /// For the conversation.
    pub small: Vec<u8>,
}

signaling::redacted_debug!(Views {});

impl Spine {
    /// Stores a photo with its event. Its id is the command's, so that it takes effect once.
    ///
    /// # Errors
    /// The refusal that the sender is told, or a failure of storage.
    pub async fn add_photo(
        &self,
        consultation: ConsultationId,
        actor: &Actor,
        photo: Photo,
        caption: Option<String>,
        views: &Views,
    ) -> Result<Outcome, CommandError> {
        let id = CommandId(photo.id.0);
        let command = Command::AddPhoto { photo, caption };
        self.attempt(consultation, actor, id, &command, Entry::Anyone, Some(views))
            .await
    }

    /// Adds a photo to an intake that is not sent yet; it goes with the request.
    ///
    /// # Errors
    /// [`StorageError::Erased`], or the database cannot be written.
    pub async fn add_intake_photo(
        &self,
        (consultation, municipality): (ConsultationId, &MunicipalityId),
        actor: &Actor,
        photo: Photo,
        views: &Views,
    ) -> Result<AddedEarly, StorageError> {
        let key = self.key_for_drafts(consultation).await?;
        let row = self.sealed(consultation, municipality, photo.id, views, &key);
        self.inner
            .store
            .add_intake_photo(consultation, actor.key(), (photo, row), self.now())
            .await
    }

    /// Stores a part of a photo that follows on what is here, and tells how far it has come.
    ///
    /// # Errors
    /// [`StorageError::Erased`], or the database cannot be written.
    pub async fn put_photo_part(
        &self,
        way: PhotoWay,
        (from, total): (u64, u64),
        body: &[u8],
    ) -> Result<PhotoCome, StorageError> {
        let key = self.key_for_drafts(way.consultation).await?;
        let place = part_place(&way, from, total);
        let part = PhotoPart {
            from,
            until: from + body.len() as u64,
            total,
            body: key.seal(&self.inner.world, &place, body),
        };
        let unfinished = limits::PHOTOS_UNFINISHED as u64;
        self.inner.store.put_photo_part(way, part, unfinished, self.now()).await
    }

    /// The whole photo; nothing while parts of it are missing.
    ///
    /// # Errors
    /// The database cannot be read, or the stored bytes were changed.
    pub async fn arrived_photo(&self, way: &PhotoWay) -> Result<Option<Vec<u8>>, StorageError> {
        let parts = self.inner.store.photo_parts(way).await?;
        let Some(last) = parts.last().filter(|last| last.until == last.total) else {
            return Ok(None);
        };
        let key = self.content_key(way.consultation).await?.ok_or(StorageError::Erased)?;
        let mut whole = Vec::with_capacity(usize::try_from(last.total).unwrap_or(0).min(limits::PHOTO_BYTES));
        for part in &parts {
            let place = part_place(way, part.from, part.total);
            let plain = key.open(&place, &part.body);
            whole.extend(plain.map_err(|error| StorageError::unreadable("a part of a photo", error))?);
        }
        Ok(Some(whole))
    }

    /// A view of a photo; nothing where there is none, or where its key has been erased. Who may see it is for the caller.
    ///
    /// # Errors
    /// The database cannot be read, or the stored bytes were changed.
    pub async fn photo(
        &self,
        consultation: ConsultationId,
        photo: PhotoId,
        view: PhotoView,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let Some(sealed) = self.inner.store.photo(consultation, photo, view).await? else {
            return Ok(None);
        };
        // Read anew each time, so that erasing it takes effect at once on every server.
        let Some(key) = self.content_key(consultation).await? else {
            return Ok(None);
        };
        let plain = key.open(&view_place(consultation, photo, view), &sealed);
        plain
            .map(Some)
            .map_err(|error| StorageError::unreadable("a photo", error))
    }

    /// The row of the photo that the decided events tell of.
    pub(super) fn photo_row(
        &self,
        consultation: ConsultationId,
        municipality: Option<&MunicipalityId>,
        decided: &[NewEvent],
        views: Option<&Views>,
        key: Option<&ContentKey>,
    ) -> Option<PhotoRow> {
        let photo = decided.iter().find_map(|event| match event.fact {
            Fact::Photo { photo, .. } => Some(photo),
            _ => None,
        })?;
        Some(self.sealed(consultation, municipality?, photo, views?, key?))
    }

    fn sealed(
        &self,
        consultation: ConsultationId,
        municipality: &MunicipalityId,
        photo: PhotoId,
        views: &Views,
        key: &ContentKey,
    ) -> PhotoRow {
        let seal = |view, plain: &[u8]| {
            let place = view_place(consultation, photo, view);
            key.seal(&self.inner.world, &place, plain)
        };
        PhotoRow {
            photo,
            municipality: municipality.clone(),
            large: seal(PhotoView::Large, &views.large),
            small: seal(PhotoView::Small, &views.small),
        }
    }
}

fn view_place(consultation: ConsultationId, photo: PhotoId, view: PhotoView) -> Place<'static> {
    Place::Photo {
        consultation,
        photo,
        view: match view {
            PhotoView::Large => "large",
            PhotoView::Small => "small",
        },
    }
}

fn part_place(way: &PhotoWay, from: u64, total: u64) -> Place<'_> {
    Place::PhotoPart {
        consultation: way.consultation,
        owner: &way.owner,
        photo: way.photo,
        from,
        total,
    }
}
