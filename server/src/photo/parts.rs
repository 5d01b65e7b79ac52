//! A photo in parts, each where the last one ended: `PUT …/photos/ID` with `Content-Range: bytes FROM-TO/TOTAL`.
//!
//! Whoever lost the line asks with `bytes */TOTAL` and no body how far the photo has come, or sends a part again, which
//! changes nothing. The first part is looked at, so that what cannot be taken is told after 128 kB and not after 15 MB.

use super::{CommandError, Sender, city_takes, ended_if_erased, not_taken, range_of, refused, status};
use crate::{app::App, storage::PhotoCome};
use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde_json::json;
use signaling::{
    id::PhotoId,
    limits,
    photo::{PhotoFault, sent_as},
};

/// What a `Content-Range` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// First and last byte; nothing where it is only asked.
    bytes: Option<(u64, u64)>,
    /// Bytes of the whole.
    total: u64,
}

impl Range {
    /// Reads `bytes 0-99/1234` or `bytes */1234`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let number = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| text.parse::<u64>().ok())?
        };
        let total = number(total)?;
        let bytes = match range {
            "*" => None,
            range => {
                let (first, last) = range.split_once('-')?;
                let (first, last) = (number(first)?, number(last)?);
                (first <= last && last < total).then_some(Some((first, last)))?
            }
        };
        Some(Self { bytes, total })
    }
}

/// Takes a part, or tells how far the photo has come.
pub(crate) async fn part(app: &App, sender: &Sender, photo: PhotoId, headers: &HeaderMap, body: Body) -> Response {
    match taken(app, sender, photo, headers, body).await {
        Ok(response) => response,
        Err(error) => not_taken(&error),
    }
}

async fn taken(
    app: &App,
    sender: &Sender,
    photo: PhotoId,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, CommandError> {
    let range = range_of(headers).ok_or_else(|| refused(PhotoFault::OutOfStep))?;
    if range.total > limits::PHOTO_BYTES as u64 {
        return Err(refused(PhotoFault::TooLarge));
    }
    if let Some(seq) = sender.stored(app, photo).await? {
        return Ok(Json(json!({"received": range.total, "seq": seq})).into_response());
    }
    sender.may_add(app, photo, None).await?;
    let way = sender.way(photo);
    let Some((first, last)) = range.bytes else {
        return Ok(received(app.store.photo_come(&way).await?));
    };
    let bytes = to_bytes(body, limits::PHOTO_PART_BYTES).await;
    let bytes = bytes.map_err(|_| refused(PhotoFault::TooLarge))?;
    if bytes.len() as u64 != last - first + 1 {
        return Err(refused(PhotoFault::OutOfStep));
    }
    if first == 0 {
        looked_at(app, sender, &bytes, range.total).await?;
    }
    let put = app.spine.put_photo_part(way, (first, range.total), &bytes).await;
    let come = put.map_err(ended_if_erased)?;
    match come.total == range.total && come.received > last {
        true => Ok(received(come)),
        false => Ok(elsewhere(come)),
    }
}

async fn looked_at(app: &App, sender: &Sender, bytes: &Bytes, total: u64) -> Result<(), CommandError> {
    sent_as(bytes).map_err(refused)?;
    city_takes(app, &sender.municipality, total).await
}

fn received(come: PhotoCome) -> Response {
    Json(json!({"received": come.received})).into_response()
}

/// The part does not follow: from where to go on.
fn elsewhere(come: PhotoCome) -> Response {
    let fault = PhotoFault::OutOfStep;
    let told = json!({"code": fault.code(), "text": fault.to_string(), "received": come.received});
    (status(fault), Json(told)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(bytes: Option<(u64, u64)>, total: u64) -> Option<Range> {
        Some(Range { bytes, total })
    }

    #[test]
    fn a_range_names_its_bytes_or_asks() {
        assert_eq!(Range::parse("bytes 0-99/1234"), range(Some((0, 99)), 1234));
        assert_eq!(Range::parse("bytes 1233-1233/1234"), range(Some((1233, 1233)), 1234));
        assert_eq!(Range::parse("bytes */1234"), range(None, 1234));
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in [
            "",
            "bytes",
            "bytes 0-99/*",
            "bytes 99-0/1234",
            "bytes 0-1234/1234",
            "bytes -5/10",
            "bytes +0-+9/10",
            "items 0-9/10",
            "bytes 0-99999999999999999999/99999999999999999999",
            "bytes 0-9/10, bytes 0-9/10",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
