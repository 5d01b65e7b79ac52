//! Profiles as telephones write them, and as those write them who mean no good. Both are made here.

use super::*;
use crate::photo::making::{Made, Maker};
use image::{
    DynamicImage, ImageEncoder, Rgb,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use moxcms::ToneReprCurve;
use signaling::{id::PhotoId, photo::PhotoFault};
use std::io::Cursor;
use uuid::Uuid;

/// Skin that is red, in Display P3.
const IN_P3: [u8; 3] = [200, 100, 90];
/// The same in sRGB: by the matrices of both (SMPTE EG 432-1, IEC 61966-2-1), reckoned by hand.
const IN_SRGB: [u8; 3] = [215, 93, 85];

fn p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().expect("a profile")
}

fn picture() -> RgbImage {
    RgbImage::from_pixel(96, 130, Rgb(IN_P3))
}

fn written(picture: &DynamicImage, mut encoder: impl ImageEncoder, profile: Option<&[u8]>) {
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).expect("it takes profiles");
    }
    picture.write_with_encoder(encoder).expect("it is written");
}

fn file(sent_as: SentAs, picture: &DynamicImage, profile: Option<&[u8]>) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    match sent_as {
        SentAs::Jpeg => written(picture, JpegEncoder::new_with_quality(&mut file, 95), profile),
        SentAs::Png => written(picture, PngEncoder::new(&mut file), profile),
        SentAs::WebP => written(picture, WebPEncoder::new_lossless(&mut file), profile),
    }
    file.into_inner()
}

async fn made(file: Vec<u8>) -> Result<Made, PhotoFault> {
    Maker::default().make(PhotoId(Uuid::from_u128(1)), file).await
}

/// The colour of both views; they have to be one.
async fn colour(file: Vec<u8>) -> [u8; 3] {
    let (_, views) = made(file).await.expect("taken");
    let [large, small] = [views.large, views.small].map(|view| {
        let picture = image::load_from_memory(&view).expect("a picture").into_rgb8();
        picture.get_pixel(20, 20).0
    });
    assert!(is_near(large, small), "{large:?} and {small:?}");
    large
}

fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= 3)
}

const ALL: [SentAs; 3] = [SentAs::Jpeg, SentAs::Png, SentAs::WebP];

#[tokio::test]
async fn a_rash_in_display_p3_is_as_red_at_the_doctors() {
    for sent_as in ALL {
        let file = file(sent_as, &picture().into(), Some(&p3()));
        let told = colour(file).await;
        assert!(is_near(told, IN_SRGB), "{sent_as:?}: {told:?}");
    }
}

#[tokio::test]
async fn a_photo_without_a_profile_or_in_srgb_stays_as_it_is() {
    let srgb = ColorProfile::new_srgb().encode().expect("a profile");
    for sent_as in ALL {
        for profile in [None, Some(srgb.as_slice())] {
            let told = colour(file(sent_as, &picture().into(), profile)).await;
            assert!(is_near(told, IN_P3), "{sent_as:?}: {told:?}");
        }
    }
}

#[tokio::test]
async fn the_stored_views_carry_no_profile() {
    let (_, views) = made(file(SentAs::Jpeg, &picture().into(), Some(&p3())))
        .await
        .expect("taken");
    for view in [views.large, views.small] {
        assert!(!view.windows(11).any(|part| part == b"ICC_PROFILE"));
    }
}

/// The offset of a tag's entry in the table (ICC.1:2022 §7.3).
fn tag(profile: &[u8], name: &[u8; 4]) -> usize {
    let entries = profile[132..].chunks_exact(12);
    let place = entries.into_iter().position(|entry| entry[..4] == *name);
    132 + 12 * place.expect("the tag")
}

fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut profile = p3();
    change(&mut profile);
    profile
}

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let red_curve = tag(&p3(), b"rTRC");
    let red = tag(&p3(), b"rXYZ");
    let mut dark = ColorProfile::new_display_p3();
    dark.red_trc = Some(ToneReprCurve::Lut(vec![0; 256]));
    dark.green_trc = Some(ToneReprCurve::Lut(vec![0; 256]));
    dark.blue_trc = Some(ToneReprCurve::Lut(vec![0; 256]));
    vec![
        ("nothing", Vec::new()),
        ("noise", (0..2_000_u32).map(|n| (n * 37 % 251) as u8).collect()),
        ("a header alone", p3()[..128].to_vec()),
        ("cut off", p3()[..p3().len() / 2].to_vec()),
        ("four inks", changed(|bytes| bytes[16..20].copy_from_slice(b"CMYK"))),
        ("grey", changed(|bytes| bytes[16..20].copy_from_slice(b"GRAY"))),
        (
            "a grey one",
            ColorProfile::new_gray_with_gamma(2.2).encode().expect("a profile"),
        ),
        ("Lab", changed(|bytes| bytes[16..20].copy_from_slice(b"Lab "))),
        (
            "four thousand million tags",
            changed(|bytes| bytes[128..132].fill(0xFF)),
        ),
        (
            "a curve beyond the end",
            changed(|bytes| bytes[red_curve + 4..red_curve + 12].fill(0xFF)),
        ),
        (
            "a curve in the header",
            changed(|bytes| bytes[red_curve + 4..red_curve + 8].fill(0)),
        ),
        (
            "red that is nothing",
            changed(|bytes| bytes[red..red + 4].copy_from_slice(b"none")),
        ),
        (
            "red beyond the end",
            changed(|bytes| bytes[red + 4..red + 8].fill(0x7F)),
        ),
        ("everything black", dark.encode().expect("a profile")),
        (
            "too large",
            changed(|bytes| bytes.resize(limits::PHOTO_PROFILE_BYTES + 1, 0)),
        ),
        ("as large as a picture", changed(|bytes| bytes.resize(4_000_000, 0))),
    ]
}

#[tokio::test]
async fn a_profile_that_is_not_understood_is_as_none() {
    for (what, profile) in hostile() {
        for sent_as in ALL {
            let told = colour(file(sent_as, &picture().into(), Some(&profile))).await;
            assert!(is_near(told, IN_P3), "{what}, {sent_as:?}: {told:?}");
        }
    }
}

#[test]
fn no_byte_of_a_profile_makes_the_conversion_panic_or_white_dark() {
    let picture = RgbImage::from_pixel(4, 4, Rgb([255; 3]));
    let whole = p3();
    for place in 0..whole.len() {
        for value in [0x00, 0x7F, 0x80, 0xFF] {
            let profile = changed(|bytes| bytes[place] = value);
            // Without the net that holds a panicking library.
            let told = converted(&picture, &profile, || true).unwrap_or_else(|| picture.clone());
            let white = told.get_pixel(0, 0).0;
            assert!(
                white.iter().all(|part| *part >= 255 - NEAR),
                "byte {place} as {value}: {white:?}"
            );
        }
        let cut = &whole[..place];
        assert!(converted(&picture, cut, || true).is_none_or(|told| told.dimensions() == (4, 4)));
    }
}

#[tokio::test]
async fn a_grey_picture_with_a_profile_for_colours_stays_grey() {
    let grey = DynamicImage::ImageLuma8(image::GrayImage::from_pixel(96, 130, image::Luma([90])));
    for sent_as in [SentAs::Jpeg, SentAs::Png] {
        let told = colour(file(sent_as, &grey, Some(&p3()))).await;
        assert!(is_near(told, [90; 3]), "{told:?}");
    }
}

#[test]
fn work_that_nobody_waits_for_is_not_converted() {
    assert!(told_in_srgb(&picture(), &p3(), || false).is_none());
    assert!(told_in_srgb(&picture(), &p3(), || true).is_some());
}

#[test]
fn a_profile_is_measured_before_it_is_unpacked() {
    // Zeros, which a PNG packs a thousandfold; its own sum says how large it is there.
    let large = vec![0; 100_000_000];
    let packed = file(SentAs::Png, &picture().into(), Some(&large));
    assert!(packed.len() < 1_000_000, "{}", packed.len());
    assert!(!are_small(&packed, SentAs::Png));
    assert!(are_small(
        &file(SentAs::Png, &picture().into(), Some(&p3())),
        SentAs::Png
    ));
    assert!(!are_small(
        &file(SentAs::WebP, &picture().into(), Some(&large[..70_000])),
        SentAs::WebP
    ));
    assert!(are_small(
        &file(SentAs::WebP, &picture().into(), Some(&p3())),
        SentAs::WebP
    ));
    for cut in 0..200 {
        assert!(are_small(&packed[..cut.min(40)], SentAs::Png));
    }
}

#[test]
fn a_second_profile_behind_a_small_one_counts_too() {
    let small = file(SentAs::Png, &picture().into(), Some(&p3()));
    let at = small.windows(4).position(|name| name == b"iCCP").expect("a profile") - 4;
    let claims = [&0x0100_0000_u32.to_be_bytes()[..], b"iCCP"].concat();
    let length = usize::try_from(u32::from_be_bytes(*small[at..].first_chunk().expect("a length"))).expect("small");
    let behind = at + 12 + length;
    let two = [&small[..behind], &claims, &small[behind..]].concat();
    assert!(!are_small(&two, SentAs::Png));
}
