//! Pictures as telephones make them, and as those make them who mean no good. Made here, so that no file of unknown origin is
//! kept.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;

/// What a photo must never give away.
pub(crate) const SECRET: &str = "GPS35.6713N139.3949E";

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("it is written");
    file.into_inner()
}

/// Red above, blue below, so that it can be told how it stands.
fn halves(width: u32, height: u32) -> DynamicImage {
    let colour = |y| {
        if y < height / 2 {
            Rgb([220, 30, 30])
        } else {
            Rgb([30, 30, 220])
        }
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, y| colour(y)))
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height), ImageFormat::Jpeg)
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height), ImageFormat::Png)
}

pub(crate) fn webp(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height), ImageFormat::WebP)
}

/// Black, and nothing of it is there.
pub(crate) fn transparent_png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(width, height, Rgba([0, 0, 0, 0]));
    written(&DynamicImage::ImageRgba8(picture), ImageFormat::Png)
}

/// A JPEG with a note of the camera (Exif 2.32): how it was held, and [`SECRET`] in a description.
pub(crate) fn held(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut note = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    let text = [SECRET.as_bytes(), b"\0"].concat();
    // ImageDescription, ASCII, behind the directory; Orientation, SHORT, in its place.
    note.extend([0x01, 0x0E, 0, 2, 0, 0, 0, text.len() as u8, 0, 0, 0, 38]);
    note.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    note.extend([0, 0, 0, 0]);
    note.extend(text);
    let length = u16::try_from(note.len() + 2).expect("it fits").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &note, &jpeg[2..]].concat()
}

/// A chunk of a PNG, with its sum (ISO/IEC 15948 §5.3).
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), body].concat();
    let sum = named.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(sum & 1))
        })
    });
    let length = u32::try_from(body.len()).expect("it fits").to_be_bytes();
    [&length, named.as_slice(), &(!sum).to_be_bytes()].concat()
}

/// A few bytes that say they are a picture of this size: a decoder that believes them asks for its memory.
pub(crate) fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    // An empty stream of zlib.
    let data = chunk(b"IDAT", &[0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]);
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &header),
        &data,
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

/// The same as a JPEG: the size in its frame header is replaced.
pub(crate) fn jpeg_that_claims(width: u16, height: u16) -> Vec<u8> {
    let mut file = jpeg(16, 16);
    let frame = file
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .expect("a frame header");
    file[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    file[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    file
}

/// A JPEG that asks for its only scan again and again.
pub(crate) fn jpeg_of_scans(times: usize) -> Vec<u8> {
    let file = jpeg(16, 16);
    let scan = file.windows(2).position(|pair| pair == [0xFF, 0xDA]).expect("a scan");
    let (head, tail) = file.split_at(scan);
    let (scan, end) = tail.split_at(tail.len() - 2);
    [head, &scan.repeat(times), end].concat()
}

/// A page, a script and an archive in one file, with a picture before them.
pub(crate) fn polyglot(picture: &[u8]) -> Vec<u8> {
    let tail = format!("<html><script>alert(1)</script><!-- PK\x03\x04 {SECRET} -->");
    [picture, tail.as_bytes()].concat()
}

/// What iPhones keep: a box that names its brand.
pub(crate) fn heic() -> Vec<u8> {
    [&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], &[0; 400]].concat()
}

pub(crate) fn gif() -> Vec<u8> {
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec()
}

/// Whether `bytes` hold what must not be in them.
pub(crate) fn gives_away(bytes: &[u8]) -> bool {
    [SECRET.as_bytes(), b"<script", b"Exif", b"PK\x03\x04"]
        .iter()
        .any(|told| bytes.windows(told.len()).any(|part| part == *told))
}

/// Red above and blue below, as [`jpeg`] drew it.
pub(crate) fn stands_upright(file: &[u8]) -> bool {
    let picture = image::load_from_memory(file).expect("a picture").into_rgb8();
    let middle = picture.width() / 2;
    let [red, _, blue] = picture.get_pixel(middle, picture.height() / 8).0;
    let [under_red, _, under_blue] = picture.get_pixel(middle, picture.height() * 7 / 8).0;
    red > blue && under_blue > under_red
}
