//! photo: what may be sent as a photo, told from its first bytes and its structure, before anything decodes it.
//!
//! Promises: a file counts as what its bytes are, never as what its name or its sender says; a JPEG that ends early, or that
//! draws the same picture over and over, is told without decoding a pixel; every refusal has a stable code, and a sentence that
//! says what to do.
//!
//! Not here: decoding, sizes that only a decoder knows (server), who may send and see a photo ([`crate::consultation`]).

mod jpeg;
pub mod mark;

pub use mark::{Mark, MarkKind};

use crate::{id::PhotoId, limits};
use serde::{Deserialize, Serialize};

/// What a photo is stored as. Whatever was sent is made anew, so there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFormat {
    /// JPEG (ITU-T T.81).
    Jpeg,
}

/// What a photo may come as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SentAs {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

/// What a file picker is asked for. Exactly these, so that iOS makes a JPEG of its HEIC by itself.
pub const ACCEPT: &str = "image/jpeg,image/png,image/webp";

/// Whether one more photo goes with an intake that has so many.
///
/// # Errors
/// [`PhotoFault::TooManyYet`].
pub fn fits_intake(photos: usize) -> Result<(), PhotoFault> {
    match photos < limits::PHOTOS_WITH_INTAKE {
        true => Ok(()),
        false => Err(PhotoFault::TooManyYet),
    }
}

/// A photo as it is stored, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Which; made by whoever sent it.
    pub id: PhotoId,
    /// What it is stored as.
    pub format: PhotoFormat,
    /// Pixels from left to right, upright.
    pub width: u32,
    /// Pixels from top to bottom, upright.
    pub height: u32,
    /// Bytes of the large view, before it is sealed.
    pub bytes: u32,
}

/// Why a photo is not taken. The code is stable; the text is safe to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFault {
    /// No file was chosen.
    #[error("写真をえらんでください。")]
    Empty,
    /// HEIC or another of its family, which most browsers cannot show.
    #[error(
        "この写真の形式（HEIC）は送れません。写真を開いて画面を撮り（スクリーンショット）、それを送ってください。iPhoneは「設定」→「カメラ」→「フォーマット」→「互換性優先」にして撮りなおすこともできます。"
    )]
    Heic,
    /// Neither JPEG, PNG nor WebP.
    #[error(
        "送れるのはJPEG・PNG・WebPの写真だけです。写真を開いて画面を撮り（スクリーンショット）、それを送ってください。"
    )]
    Kind,
    /// More bytes than [`limits::PHOTO_BYTES`].
    #[error(
        "写真が大きすぎます（15MBまで）。カメラの設定で小さくするか、画面を撮って（スクリーンショット）送ってください。"
    )]
    TooLarge,
    /// More pixels than [`limits::PHOTO_PIXELS`].
    #[error("写真の画素が多すぎます。カメラの設定で小さくするか、画面を撮って（スクリーンショット）送ってください。")]
    TooManyPixels,
    /// Cut off, broken, or none at all.
    #[error("写真を読み取れませんでした。途中で切れているか、こわれています。えらびなおすか、撮りなおしてください。")]
    Unreadable,
    /// It took longer than [`limits::PHOTO_DECODING`].
    #[error("写真の処理に時間がかかりすぎました。画面を撮って（スクリーンショット）、それを送ってください。")]
    TooSlow,
    /// Others are being taken in.
    #[error("写真の受付が混み合っています。少し待って、もう一度送ってください。文字はそのまま送れます。")]
    Busy,
    /// [`limits::PHOTOS_PER_CONSULTATION`] is reached.
    #[error("1つの相談で送れる写真は30枚までです。文字はそのまま送れます。")]
    TooMany,
    /// [`limits::PHOTOS_WITH_INTAKE`] is reached, and the intake is not sent yet.
    #[error("相談を送る前に付けられる写真は5枚までです。続きは、送ったあとに送れます。")]
    TooManyYet,
    /// What the city's desk takes in a day is taken.
    #[error("ただいま写真を受け付けられません。文字はそのまま送れます。")]
    CityFull,
    /// Another photo of this consultation has that id.
    #[error("この写真はもう送られています。")]
    Taken,
    /// A part that does not follow on what was received.
    #[error("写真の続きがちがいます。もう一度送ってください。")]
    OutOfStep,
}

impl PhotoFault {
    /// The stable code, as programs read it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Heic => "heic",
            Self::Kind => "kind",
            Self::TooLarge => "too_large",
            Self::TooManyPixels => "too_many_pixels",
            Self::Unreadable => "unreadable",
            Self::TooSlow => "too_slow",
            Self::Busy => "busy",
            Self::TooMany => "too_many",
            Self::TooManyYet => "too_many_yet",
            Self::CityFull => "city_full",
            Self::Taken => "taken",
            Self::OutOfStep => "out_of_step",
        }
    }

    /// Whether the same photo may be taken a little later.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(self, Self::Busy)
    }
}

/// What a file is, from its first bytes. Twelve are enough; fewer are nothing.
///
/// # Errors
/// [`PhotoFault::Heic`] for what phones send of themselves, [`PhotoFault::Kind`] for anything else.
pub fn sent_as(head: &[u8]) -> Result<SentAs, PhotoFault> {
    match head {
        [] => Err(PhotoFault::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Ok(SentAs::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(SentAs::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(SentAs::WebP),
        // ISO/IEC 23008-12 §10: a file type box whose brand names the codec or the container.
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if brand.get(..4).is_some_and(is_heif) => {
            Err(PhotoFault::Heic)
        }
        _ => Err(PhotoFault::Kind),
    }
}

fn is_heif(brand: &[u8]) -> bool {
    const BRANDS: [&[u8]; 9] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif",
    ];
    BRANDS.contains(&brand)
}

/// What a whole file is.
///
/// # Errors
/// As [`sent_as`]; too many bytes; or a JPEG that ends before its end or draws too often ([`limits::PHOTO_SCANS`]).
pub fn look_at(file: &[u8]) -> Result<SentAs, PhotoFault> {
    if file.len() > limits::PHOTO_BYTES {
        return Err(PhotoFault::TooLarge);
    }
    let kind = sent_as(file)?;
    match kind {
        SentAs::Jpeg => match jpeg::scans(file) {
            Some(scans) if scans <= limits::PHOTO_SCANS => Ok(kind),
            _ => Err(PhotoFault::Unreadable),
        },
        SentAs::Png | SentAs::WebP => Ok(kind),
    }
}

/// Whether a picture of this size is decoded: pixels are memory, whatever a file weighs.
///
/// # Errors
/// [`PhotoFault::TooManyPixels`], or [`PhotoFault::Unreadable`] where there are none.
pub fn fits(width: u32, height: u32) -> Result<(), PhotoFault> {
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(PhotoFault::Unreadable),
        _ if pixels > limits::PHOTO_PIXELS || width.max(height) > limits::PHOTO_SIDE_SENT => {
            Err(PhotoFault::TooManyPixels)
        }
        _ => Ok(()),
    }
}

/// Whether a file that draws a picture of this size is done with it soon: a JPEG may draw it once more with each scan, and a
/// decoder that is in the middle of one cannot be stopped.
///
/// # Errors
/// [`PhotoFault::TooManyPixels`]: more than [`limits::PHOTO_DRAWN_PIXELS`] in all.
pub fn is_soon_drawn(file: &[u8], width: u32, height: u32) -> Result<(), PhotoFault> {
    let scans = match sent_as(file)? {
        SentAs::Jpeg => jpeg::scans(file).map_or(u64::MAX, |scans| u64::try_from(scans).unwrap_or(u64::MAX)),
        SentAs::Png | SentAs::WebP => 1,
    };
    let drawn = (u64::from(width) * u64::from(height)).saturating_mul(scans);
    match drawn > limits::PHOTO_DRAWN_PIXELS {
        true => Err(PhotoFault::TooManyPixels),
        false => Ok(()),
    }
}

/// The size of a view whose longer side is at most `side`, in the same shape; nothing grows, and nothing vanishes.
#[must_use]
pub fn shrunk(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_are() {
        assert_eq!(sent_as(b"\xFF\xD8\xFF\xE0 and more"), Ok(SentAs::Jpeg));
        assert_eq!(sent_as(b"\x89PNG\r\n\x1a\n...."), Ok(SentAs::Png));
        assert_eq!(sent_as(b"RIFF....WEBPVP8 "), Ok(SentAs::WebP));
        assert_eq!(sent_as(b"RIFF....WAVEfmt "), Err(PhotoFault::Kind));
        for other in [
            &b"GIF89a......"[..],
            b"%PDF-1.7....",
            b"<svg xmlns=\"",
            b"<html><scrip",
            b"\xFF\xD8",
            b"x",
        ] {
            assert_eq!(sent_as(other), Err(PhotoFault::Kind), "{other:?}");
        }
        assert_eq!(sent_as(b""), Err(PhotoFault::Empty));
    }

    #[test]
    fn what_iphones_keep_is_named_so_that_the_family_is_told_what_to_do() {
        for brand in ["heic", "heix", "mif1", "avif"] {
            let file = ["\0\0\0\u{18}ftyp", brand, "\0\0\0\0"].concat();
            assert_eq!(sent_as(file.as_bytes()), Err(PhotoFault::Heic), "{brand}");
        }
        assert_eq!(
            sent_as(b"\0\0\0\x18ftypmp42...."),
            Err(PhotoFault::Kind),
            "a film is no photo"
        );
        assert!(PhotoFault::Heic.to_string().contains("スクリーンショット"));
    }

    #[test]
    fn the_sentences_name_the_limits_that_hold() {
        assert_eq!(limits::PHOTO_BYTES, 15_000_000);
        assert!(PhotoFault::TooLarge.to_string().contains("15MB"));
        let photos = format!("{}枚", limits::PHOTOS_PER_CONSULTATION);
        assert!(PhotoFault::TooMany.to_string().contains(&photos));
        let yet = format!("{}枚", limits::PHOTOS_WITH_INTAKE);
        assert!(PhotoFault::TooManyYet.to_string().contains(&yet));
    }

    #[test]
    fn a_code_is_the_same_word_on_the_wire() {
        for fault in [
            PhotoFault::Heic,
            PhotoFault::TooManyPixels,
            PhotoFault::OutOfStep,
            PhotoFault::CityFull,
        ] {
            let wire = serde_json::to_string(&fault).expect("a code");
            assert_eq!(wire, format!("\"{}\"", fault.code()));
        }
    }

    #[test]
    fn a_hundred_megapixels_are_refused_whatever_their_shape_and_full_sensors_are_taken() {
        assert_eq!(fits(8160, 6120), Ok(()), "50 megapixels, as telephones have them");
        assert_eq!(fits(11_648, 8_736), Err(PhotoFault::TooManyPixels));
        assert_eq!(fits(1, 100_000), Err(PhotoFault::TooManyPixels));
        assert_eq!(fits(u32::MAX, u32::MAX), Err(PhotoFault::TooManyPixels));
        assert_eq!(fits(0, 10), Err(PhotoFault::Unreadable));
    }

    #[test]
    fn a_view_keeps_the_shape_and_nothing_vanishes() {
        assert_eq!(shrunk(4032, 3024, 2048), (2048, 1536));
        assert_eq!(shrunk(3024, 4032, 400), (300, 400));
        assert_eq!(shrunk(640, 480, 2048), (640, 480));
        assert_eq!(shrunk(16_000, 3, 400), (400, 1));
    }
}
