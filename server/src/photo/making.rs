//! What is stored of a photo: two views, drawn anew from the pixels alone.
//!
//! Promises: nothing of the sent file but its pixels goes on, so neither place, time, device, thumbnail nor what hides behind the
//! picture; it stands upright, in the colours that its profile says ([`super::colours`]); it is judged by its header before
//! memory is asked for. Work is bounded: so many at once, each on a thread of its own, and so many in memory. A decoder that
//! panics has refused its photo.
//!
//! Whoever sent it is answered by the deadline. The thread goes on until it next asks for bytes, which a PNG's does all along; a
//! JPEG and a lossy WebP are taken into memory whole before they are decoded, and then bounded by their pixels and a JPEG's scans
//! alone, since nothing in their decoders can be asked to stop. Then nothing more is made of it, and its place is given back.
//!
//! Not here: what a photo may be ([`signaling::photo`]).

use super::colours;
use crate::spine::Views;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage, RgbaImage,
    codecs::jpeg::JpegEncoder, metadata::Orientation,
};
use signaling::{
    id::PhotoId,
    limits,
    photo::{self, Photo, PhotoFault, PhotoFormat, SentAs},
};
use std::{
    io::{BufRead, Cursor, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// JPEG's quality of the large view: no blocks in skin, a third of the bytes of a camera's.
const LARGE_QUALITY: u8 = 85;
/// Of the small one.
const SMALL_QUALITY: u8 = 75;
/// What is seen through where a picture is transparent: a page.
const PAPER: u8 = 255;

/// A photo as it is stored: what the log says of it, and its pixels.
pub type Made = (Photo, Views);

/// Makes views. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Maker {
    hands: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Maker {
    fn default() -> Self {
        Self {
            hands: Arc::new(Semaphore::new(limits::PHOTOS_IN_HAND)),
            places: Arc::new(Semaphore::new(limits::PHOTOS_DECODED_AT_ONCE)),
        }
    }
}

impl Maker {
    /// Room for one photo in memory, for as long as the answer is held.
    ///
    /// # Errors
    /// [`PhotoFault::Busy`] where there is none.
    pub fn hand(&self) -> Result<OwnedSemaphorePermit, PhotoFault> {
        Arc::clone(&self.hands)
            .try_acquire_owned()
            .map_err(|_| PhotoFault::Busy)
    }

    /// Makes the views of a file.
    ///
    /// # Errors
    /// Why it is no photo that can be taken; [`PhotoFault::TooSlow`] past the deadline.
    pub async fn make(&self, id: PhotoId, file: Vec<u8>) -> Result<Made, PhotoFault> {
        // By the machine's clock: it is the work that is slow, whatever time it is at the desk.
        let longest = Duration::from_millis(limits::PHOTO_DECODING.0.unsigned_abs());
        let stop = Stop::default();
        let made = self.made(id, file, stop.clone());
        match tokio::time::timeout(longest, made).await {
            Ok(made) => made,
            Err(_) => {
                stop.now();
                Err(PhotoFault::TooSlow)
            }
        }
    }

    async fn made(&self, id: PhotoId, file: Vec<u8>, stop: Stop) -> Result<Made, PhotoFault> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| PhotoFault::Busy)?;
        let (tell, told) = oneshot::channel();
        let work = move || {
            // Given back when the thread is done, which may be after the deadline: never more than so many decode.
            let _place = place;
            // Whoever asked may be gone.
            let _ = tell.send(make(id, &file, &stop));
        };
        let thread = std::thread::Builder::new().name("photo".to_owned()).spawn(work);
        thread.map_err(|_| PhotoFault::Busy)?;
        told.await.unwrap_or(Err(PhotoFault::Unreadable))
    }
}

/// Ends work that nobody waits for any more, where it next asks for bytes.
#[derive(Clone, Debug, Default)]
struct Stop(Arc<AtomicBool>);

impl Stop {
    fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A file that ends when it is told to.
struct Stoppable<'a> {
    file: Cursor<&'a [u8]>,
    stop: Stop,
}

impl Stoppable<'_> {
    fn goes_on(&self) -> std::io::Result<()> {
        match self.stop.came() {
            true => Err(std::io::ErrorKind::TimedOut.into()),
            false => Ok(()),
        }
    }
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.goes_on()?;
        self.file.read(buffer)
    }
}

impl BufRead for Stoppable<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.goes_on()?;
        self.file.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.file.consume(amount);
    }
}

impl Seek for Stoppable<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

fn make(id: PhotoId, file: &[u8], stop: &Stop) -> Result<Made, PhotoFault> {
    let Decoded {
        picture,
        orientation,
        profile,
    } = decoded(file, stop.clone())?;
    if stop.came() {
        return Err(PhotoFault::TooSlow);
    }
    let large = drawn(&picture, orientation, limits::PHOTO_SIDE);
    // Of the large one: what is stored is converted, whatever came.
    let told = profile.and_then(|profile| colours::told_in_srgb(&large, &profile, || !stop.came()));
    let large = told.unwrap_or(large);
    // From the large one: a tenth of the work.
    let small = drawn(
        &DynamicImage::ImageRgb8(large.clone()),
        Orientation::NoTransforms,
        limits::PHOTO_SMALL_SIDE,
    );
    let views = Views {
        large: encoded(&large, LARGE_QUALITY)?,
        small: encoded(&small, SMALL_QUALITY)?,
    };
    let photo = Photo {
        id,
        format: PhotoFormat::Jpeg,
        width: large.width(),
        height: large.height(),
        bytes: u32::try_from(views.large.len()).unwrap_or(u32::MAX),
    };
    Ok((photo, views))
}

/// What is read of a file.
struct Decoded {
    picture: DynamicImage,
    /// How the camera was held.
    orientation: Orientation,
    /// What its colours mean, as far as that is said of three of them.
    profile: Option<Vec<u8>>,
}

fn decoded(whole: &[u8], stop: Stop) -> Result<Decoded, PhotoFault> {
    let sent_as = photo::look_at(whole)?;
    let format = match sent_as {
        SentAs::Jpeg => ImageFormat::Jpeg,
        SentAs::Png => ImageFormat::Png,
        SentAs::WebP => ImageFormat::WebP,
    };
    let are_small = colours::are_small(whole, sent_as);
    let file = Stoppable {
        file: Cursor::new(whole),
        stop,
    };
    let mut reader = ImageReader::with_format(file, format);
    let mut bounds = Limits::no_limits();
    bounds.max_image_width = Some(limits::PHOTO_SIDE_SENT);
    bounds.max_image_height = Some(limits::PHOTO_SIDE_SENT);
    bounds.max_alloc = Some(limits::PHOTO_DECODER_BYTES);
    reader.limits(bounds);
    // Reads the header alone.
    let mut decoder = reader.into_decoder().map_err(|error| fault(&error))?;
    let (width, height) = decoder.dimensions();
    photo::fits(width, height)?;
    photo::is_soon_drawn(whole, width, height)?;
    if decoder.total_bytes() > limits::PHOTO_DECODER_BYTES {
        return Err(PhotoFault::TooManyPixels);
    }
    // A broken note about the camera is no reason against its picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let is_coloured = are_small && decoder.color_type().has_color();
    // Nor is a broken profile.
    let profile = is_coloured.then(|| decoder.icc_profile().ok().flatten()).flatten();
    let profile = profile.filter(|profile| profile.len() <= limits::PHOTO_PROFILE_BYTES);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
    Ok(Decoded {
        picture,
        orientation,
        profile,
    })
}

fn fault(error: &ImageError) -> PhotoFault {
    match error {
        ImageError::Limits(_) => PhotoFault::TooManyPixels,
        _ => PhotoFault::Unreadable,
    }
}

/// A view: shrunk, on paper, upright.
fn drawn(picture: &DynamicImage, orientation: Orientation, side: u32) -> RgbImage {
    let (width, height) = photo::shrunk(picture.width(), picture.height(), side);
    let shrunk = match (width, height) == (picture.width(), picture.height()) {
        true => picture.clone(),
        false => picture.thumbnail_exact(width, height),
    };
    let flat = match shrunk.color().has_alpha() {
        true => on_paper(&shrunk.into_rgba8()),
        false => shrunk.into_rgb8(),
    };
    let mut upright = DynamicImage::ImageRgb8(flat);
    upright.apply_orientation(orientation);
    upright.into_rgb8()
}

fn on_paper(picture: &RgbaImage) -> RgbImage {
    let over = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u16::from(colour), u16::from(alpha));
        let mixed = (colour * alpha + u16::from(PAPER) * (255 - alpha) + 127) / 255;
        // A mean of two bytes is one.
        u8::try_from(mixed).unwrap_or(PAPER)
    };
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|colour| over(colour, alpha)))
    })
}

fn encoded(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFault> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture
        .write_with_encoder(encoder)
        .map_err(|_| PhotoFault::Unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
