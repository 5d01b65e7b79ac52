//! What is made of photos, good and bad.

#[path = "../../../tests/shared/pictures.rs"]
mod pictures;

use super::*;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, Luma, codecs::png::PngEncoder};
use pictures::{gives_away, held, jpeg, polyglot, stands_upright};
use uuid::Uuid;

fn made(file: &[u8]) -> Result<Made, PhotoFault> {
    make(PhotoId(Uuid::from_u128(1)), file, &Stop::default())
}

fn size(file: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(file).expect("a picture");
    (picture.width(), picture.height())
}

#[test]
fn a_photo_of_each_format_becomes_a_large_and_a_small_jpeg() {
    for (file, large) in [
        (jpeg(4000, 3000), (2048, 1536)),
        (pictures::png(900, 1200), (900, 1200)),
        (pictures::webp(1600, 1200), (1600, 1200)),
    ] {
        let (photo, views) = made(&file).expect("taken");
        assert_eq!((photo.width, photo.height), large);
        assert_eq!(photo.bytes as usize, views.large.len());
        assert_eq!(size(&views.large), large);
        assert_eq!(size(&views.small).0.max(size(&views.small).1), 480);
        for view in [&views.large, &views.small] {
            assert_eq!(photo::sent_as(view), Ok(SentAs::Jpeg));
            assert!(stands_upright(view));
        }
    }
}

#[test]
fn a_photo_stands_upright_and_does_not_tell_where_it_was_taken() {
    // Held sideways: the camera stored blue to the left, and said so.
    let sideways = image::load_from_memory(&jpeg(300, 400)).expect("a picture").rotate270();
    let mut file = Cursor::new(Vec::new());
    sideways.write_to(&mut file, ImageFormat::Jpeg).expect("written");
    let file = held(&file.into_inner(), 6);
    assert!(gives_away(&file), "the camera told");
    let (photo, views) = made(&file).expect("taken");
    assert_eq!((photo.width, photo.height), (300, 400));
    for view in [views.large, views.small] {
        assert!(stands_upright(&view) && !gives_away(&view));
    }
}

#[test]
fn what_hides_behind_a_picture_is_not_kept() {
    for picture in [jpeg(64, 64), pictures::png(64, 64), pictures::webp(64, 64)] {
        let file = polyglot(&picture);
        assert!(gives_away(&file));
        let Ok((_, views)) = made(&file) else { continue };
        assert!(!gives_away(&views.large) && !gives_away(&views.small));
    }
    assert!(
        made(&polyglot(&jpeg(64, 64))).is_ok(),
        "cameras write behind the end too"
    );
}

#[test]
fn a_file_that_claims_a_hundred_megapixels_is_judged_by_its_header() {
    for file in [
        pictures::png_that_claims(12_000, 9_000),
        pictures::png_that_claims(u32::MAX >> 1, u32::MAX >> 1),
        pictures::png_that_claims(1, 60_000),
        pictures::jpeg_that_claims(12_000, 9_000),
        pictures::jpeg_that_claims(65_000, 65_000),
    ] {
        assert!(file.len() < 2_000);
        assert_eq!(made(&file), Err(PhotoFault::TooManyPixels));
    }
}

/// A WebP without loss with another size in its header (14 bits each, less one).
fn webp_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut file = pictures::webp(16, 16);
    let name = file.windows(4).position(|four| four == b"VP8L").expect("without loss");
    let size = (width - 1) | ((height - 1) << 14);
    file[name + 9..name + 13].copy_from_slice(&size.to_le_bytes());
    file
}

/// A small JPEG of so many scans that says it is a square of this side.
fn jpeg_of(scans: usize, side: u16) -> Vec<u8> {
    let mut file = pictures::jpeg_of_scans(scans);
    let frame = file.windows(2).position(|pair| pair == [0xFF, 0xC0]);
    let frame = frame.expect("a frame header");
    for at in [frame + 5, frame + 7] {
        file[at..at + 2].copy_from_slice(&side.to_be_bytes());
    }
    file
}

#[test]
fn a_large_jpeg_may_draw_less_often_than_a_small_one() {
    let is_soon_drawn = |scans, side: u16| photo::is_soon_drawn(&jpeg_of(scans, side), side.into(), side.into());
    assert_eq!(is_soon_drawn(64, 1_000), Ok(()));
    assert_eq!(is_soon_drawn(12, 7_200), Ok(()));
    assert_eq!(is_soon_drawn(13, 7_000), Err(PhotoFault::TooManyPixels));
    assert_eq!(
        made(&jpeg_of(13, 7_000)),
        Err(PhotoFault::TooManyPixels),
        "before a pixel of it is drawn"
    );
}

#[test]
fn a_webp_that_claims_more_than_it_holds_is_refused_whatever_it_claims() {
    assert!(
        made(&webp_that_claims(16, 16)).is_ok(),
        "the header is where it is thought to be"
    );
    for (width, height) in [(12_000, 9_000), (16_384, 16_384), (1_000, 1_000)] {
        let fault = made(&webp_that_claims(width, height));
        assert!(
            matches!(fault, Err(PhotoFault::TooManyPixels | PhotoFault::Unreadable)),
            "{fault:?}"
        );
    }
}

/// A small picture whose colour profile is so many zeros: a thousandth of that in the file.
fn png_whose_profile_inflates(bytes: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(vec![0; bytes]).expect("it takes one");
    let picture = image::load_from_memory(&jpeg(64, 64)).expect("a picture").to_rgb8();
    let written = encoder.write_image(&picture, 64, 64, ExtendedColorType::Rgb8);
    written.expect("it is written");
    file
}

#[test]
fn what_inflates_a_thousandfold_is_bounded_by_its_pixels_and_its_profile_is_left_out() {
    let bomb = png_whose_profile_inflates(50_000_000);
    assert!(bomb.len() < 200_000, "{} bytes", bomb.len());
    let (photo, views) = made(&bomb).expect("the picture in it is one");
    assert_eq!((photo.width, photo.height), (64, 64));
    assert!(stands_upright(&views.large) && views.large.len() < 4_000);

    // As many pixels as a camera's, in a hundredth of the bytes.
    let mut flat = Cursor::new(Vec::new());
    let picture = GrayImage::from_pixel(5_000, 5_000, Luma([200]));
    picture.write_to(&mut flat, ImageFormat::Png).expect("written");
    let flat = flat.into_inner();
    assert!(flat.len() < 250_000, "{} bytes", flat.len());
    let (photo, _) = made(&flat).expect("a picture like any other");
    assert_eq!((photo.width, photo.height), (2048, 2048));
}

#[test]
fn what_is_cut_off_broken_or_drawn_without_end_is_refused() {
    let whole = jpeg(640, 480);
    for file in [
        whole[..whole.len() / 2].to_vec(),
        whole[..whole.len() - 2].to_vec(),
        pictures::jpeg_of_scans(1_000),
        pictures::png_that_claims(100, 100),
        pictures::png(64, 64)[..90].to_vec(),
        pictures::webp(64, 64)[..40].to_vec(),
        b"\xFF\xD8\xFF\xD9".to_vec(),
    ] {
        assert_eq!(made(&file), Err(PhotoFault::Unreadable), "{} bytes", file.len());
    }
    assert_eq!(made(&pictures::heic()), Err(PhotoFault::Heic));
    assert_eq!(made(&pictures::gif()), Err(PhotoFault::Kind));
    assert_eq!(made(&vec![0xFF; limits::PHOTO_BYTES + 1]), Err(PhotoFault::TooLarge));
}

#[test]
fn what_is_transparent_lies_on_paper() {
    let (_, views) = made(&pictures::transparent_png(20, 20)).expect("taken");
    let picture = image::load_from_memory(&views.large).expect("a picture").into_rgb8();
    assert!(picture.pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
}

#[test]
fn work_that_nobody_waits_for_ends_where_it_next_reads() {
    let stop = Stop::default();
    stop.now();
    let file = pictures::png(64, 64);
    let made = make(PhotoId(Uuid::from_u128(1)), &file, &stop);
    assert_eq!(made, Err(PhotoFault::Unreadable));
}

#[tokio::test]
async fn so_many_are_in_memory_and_one_more_is_told_to_come_later() {
    let maker = Maker::default();
    let mut held: Vec<_> = (0..limits::PHOTOS_IN_HAND)
        .map(|_| maker.hand().expect("room"))
        .collect();
    assert_eq!(maker.hand().map(drop), Err(PhotoFault::Busy));
    held.pop();
    assert!(maker.hand().is_ok());
    let id = PhotoId(Uuid::from_u128(1));
    let many = (0..8).map(|_| maker.make(id, jpeg(64, 64)));
    let made = futures_util::future::join_all(many).await;
    assert!(made.iter().all(Result::is_ok), "they take turns");
}
