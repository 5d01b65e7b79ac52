//! Photos: sent by either side, asked for, and drawn over by the desk.

use super::{Decision, within_scope};
use crate::{
    actor::Staff,
    consultation::{
        command::Refusal,
        event::{Fact, NewEvent, Sealed, Speaker},
        state::Case,
    },
    id::PhotoId,
    limits,
    photo::{Mark, Photo, PhotoFault, mark},
    text,
};

/// A photo whose views are made. An id belongs to whoever used it first.
pub(super) fn added(case: &Case, speaker: Speaker, photo: &Photo, caption: Option<&str>) -> Decision {
    may_add(case, photo.id)?;
    let caption = text::optional(caption.unwrap_or_default(), limits::CAPTION_CHARS)?;
    if let Speaker::Staff(by) = &speaker {
        within_scope(by, caption.as_deref(), None)?;
    }
    Ok(vec![NewEvent {
        fact: told(speaker, photo),
        sealed: caption.map(|text| Sealed::Text { text }),
    }])
}

/// What the log tells of a photo.
pub(super) fn told(speaker: Speaker, photo: &Photo) -> Fact {
    Fact::Photo {
        speaker,
        photo: photo.id,
        format: photo.format,
        width: photo.width,
        height: photo.height,
        bytes: photo.bytes,
    }
}

fn may_add(case: &Case, photo: PhotoId) -> Result<(), PhotoFault> {
    if case.photos.contains(&photo) {
        return Err(PhotoFault::Taken);
    }
    if case.photos.len() >= limits::PHOTOS_PER_CONSULTATION {
        return Err(PhotoFault::TooMany);
    }
    Ok(())
}

/// Asking again before a photo came is asking once.
pub(super) fn wished(case: &Case, staff: &Staff) -> Vec<NewEvent> {
    let wished = (!case.photo_wished).then(|| Fact::PhotoWished { by: staff.clone() }.into());
    wished.into_iter().collect()
}

pub(super) fn marked(case: &Case, staff: &Staff, photo: PhotoId, marks: &[Mark]) -> Decision {
    if !case.photos.contains(&photo) {
        return Err(Refusal::NoSuchPhoto);
    }
    if !mark::fit(marks) {
        return Err(Refusal::MarksUnfit);
    }
    let by = staff.clone();
    let marks = marks.to_vec();
    Ok(vec![NewEvent::sealed(
        Fact::PhotoMarked { by, photo },
        Sealed::Marks { marks },
    )])
}
