//! Colours as a photo's own profile says them, told in sRGB: telephones photograph in Display P3, and a rash that loses its
//! profile on the way is paler at the doctor's than it is.
//!
//! Promises: what is not understood changes nothing. A profile that is broken, cut off, too large, for grey or for inks, or under
//! which white is not white, leaves the picture as it would be without one; so does a library that panics. A profile is
//! measured in the file before it is unpacked, and read once; only the picture as it is stored is converted.
//!
//! Not here: profiles made of tables (scanners, printers), which no camera writes and whose reading would be most of the risk;
//! high dynamic range; the decoding of the picture ([`super::making`]).

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, Transform8BitExecutor, TransformOptions};
use signaling::{limits, photo::SentAs};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows that are converted between two looks at whether somebody still waits.
const ROWS: usize = 64;
/// By how much white and black may be missed: what rounding makes of good profiles, and scanners of theirs.
const NEAR: u8 = 16;

/// Whether every profile in a file, as it stands there, is small enough to be unpacked. In a JPEG none is packed.
pub(super) fn are_small(file: &[u8], sent_as: SentAs) -> bool {
    let small = |length: usize| length <= limits::PHOTO_PROFILE_BYTES;
    match sent_as {
        SentAs::Jpeg => true,
        SentAs::Png => chunks_of_png(file).all(small),
        SentAs::WebP => chunks_of_webp(file).all(small),
    }
}

/// The bytes of each `iCCP` before the pixels, behind which there may be none (ISO/IEC 15948 §11.3.3.3). Decoders pass over one
/// whose sum is wrong, so the first need not be the one that counts.
fn chunks_of_png(file: &[u8]) -> impl Iterator<Item = usize> {
    let mut rest = file.get(8..).unwrap_or_default();
    let chunks = std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let name = rest.get(4..8).filter(|name| *name != b"IDAT")?;
        // Length, name and sum are four bytes each.
        rest = rest.get(length.checked_add(12)?..).unwrap_or_default();
        Some((name, length))
    });
    chunks.filter(|(name, _)| *name == b"iCCP").map(|(_, length)| length)
}

/// The bytes of each `ICCP` (RFC 9649 §2.7).
fn chunks_of_webp(file: &[u8]) -> impl Iterator<Item = usize> {
    let mut rest = file.get(12..).unwrap_or_default();
    let chunks = std::iter::from_fn(move || {
        let name = rest.get(..4)?;
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        let padded = length.checked_next_multiple_of(2)?;
        rest = rest.get(padded.checked_add(8)?..).unwrap_or_default();
        Some((name, length))
    });
    chunks.filter(|(name, _)| *name == b"ICCP").map(|(_, length)| length)
}

/// The picture in sRGB, if its profile is one that says how; nothing where it stays as it is. `goes_on` is asked between rows.
pub(super) fn told_in_srgb(picture: &RgbImage, profile: &[u8], goes_on: impl Fn() -> bool) -> Option<RgbImage> {
    // The library is held to promise nothing: what it does to a copy is not seen.
    catch_unwind(AssertUnwindSafe(|| converted(picture, profile, goes_on))).ok()?
}

fn converted(picture: &RgbImage, profile: &[u8], goes_on: impl Fn() -> bool) -> Option<RgbImage> {
    let to_srgb = conversion(profile)?;
    let mut told = picture.clone();
    let row = usize::try_from(picture.width()).ok()?.checked_mul(3)?;
    let some = row.checked_mul(ROWS).filter(|bytes| *bytes > 0)?;
    for (from, to) in picture.as_raw().chunks(some).zip(told.chunks_mut(some)) {
        if !goes_on() {
            return None;
        }
        to_srgb.transform(from, to).ok()?;
    }
    Some(told)
}

/// From a profile to sRGB, where it is one of three colours and their curves, which all cameras and screens are.
fn conversion(profile: &[u8]) -> Option<Box<Transform8BitExecutor>> {
    if profile.len() > limits::PHOTO_PROFILE_BYTES {
        return None;
    }
    let bounds = ParsingOptions {
        max_profile_size: limits::PHOTO_PROFILE_BYTES + 1,
        // No tables of colours.
        max_allowed_clut_size: 0,
        // Points of a curve: the most that profiles have.
        max_allowed_trc_size: 4_096,
    };
    let profile = ColorProfile::new_from_slice_with_options(profile, bounds).ok()?;
    if profile.color_space != DataColorSpace::Rgb || !profile.is_matrix_shaper() {
        return None;
    }
    let options = TransformOptions {
        // Its own curves, not what it says of itself in a code.
        allow_use_cicp_transfer: false,
        ..TransformOptions::default()
    };
    let conversion = profile
        .create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, options)
        .ok()?;
    keeps_white_and_black(conversion.as_ref()).then_some(conversion)
}

/// A profile that does not is broken, or made to hide what is in the picture.
fn keeps_white_and_black(conversion: &Transform8BitExecutor) -> bool {
    let ends = [0, 0, 0, 255, 255, 255];
    let mut told = [128; 6];
    conversion.transform(&ends, &mut told).is_ok()
        && ends.iter().zip(told).all(|(end, told)| end.abs_diff(told) <= NEAR)
}

#[cfg(test)]
mod tests;
