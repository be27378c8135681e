//! A person's picture: whatever was uploaded, decoded within bounds and drawn again as one small JPEG.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage};

mod whole;

/// Largest file that is looked at, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Pixels on each side of what is kept.
pub const SIDE: u32 = 256;
/// Pixels on each side of what is drawn on the way there.
const BETWEEN: u32 = 4 * SIDE;
/// Longest side and most pixels of an upload: a phone's ordinary pictures, which have up to 24.5 megapixels. A few
/// kilobytes can claim, and fill, far more.
const LONGEST_SIDE: u32 = 10_000;
const MOST_PIXELS: u64 = 24_500_000;
/// Bytes that the decoded picture may take: so many pixels in colour, with transparency.
const MOST_MEMORY: u64 = 4 * MOST_PIXELS;
/// JPEG quality; beyond it faces of this size only become larger.
const QUALITY: u8 = 85;

/// A JPEG of [`SIDE`] × [`SIDE`] pixels that we encoded ourselves: nothing of the upload but its colours is in it, no
/// place, no device, no second file that follows the first.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

/// Why an upload gave no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// More than [`MAX_BYTES`].
    TooLarge,
    /// No still picture in one of the three formats, whatever its name says.
    UnknownFormat,
    /// More pixels than we decode.
    TooManyPixels,
    /// Cut short, or broken inside.
    Damaged,
}

impl Picture {
    /// Reads a PNG, JPEG or WebP, known by its content. This is work for a thread of its own: 30 ms for a usual
    /// picture, up to two seconds and 220 MB for the largest.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(upload: &[u8]) -> Result<Self, Problem> {
        if upload.len() > MAX_BYTES {
            return Err(Problem::TooLarge);
        }
        let (decoded, orientation) = decode(upload)?;
        // The middle of a picture is the middle however it is turned, and the small one is turned in no time.
        let mut small = shrink(decoded);
        small.apply_orientation(orientation);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&small).map_err(|_| Problem::Damaged)?;
        Ok(Self(jpeg))
    }

    /// The JPEG.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} bytes)", self.0.len())
    }
}

impl From<ImageError> for Problem {
    fn from(error: ImageError) -> Self {
        if matches!(error, ImageError::Limits(_)) { Self::TooManyPixels } else { Self::Damaged }
    }
}

/// The picture as it is in the file, and how its device was held.
fn decode(upload: &[u8]) -> Result<(DynamicImage, Orientation), Problem> {
    let format = image::guess_format(upload).map_err(|_| Problem::UnknownFormat)?;
    let file = match format {
        ImageFormat::Png => upload,
        ImageFormat::Jpeg => whole::jpeg(upload)?,
        ImageFormat::WebP => whole::webp(upload)?,
        _ => return Err(Problem::UnknownFormat),
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE || pixels > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Problem::TooManyPixels);
    }
    // A later header in the file must not claim more than the one that was checked.
    (limits.max_image_width, limits.max_image_height) = (Some(width), Some(height));
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// The square in the middle, in the size that is kept.
fn shrink(decoded: DynamicImage) -> DynamicImage {
    let (width, height) = (decoded.width(), decoded.height());
    let side = width.min(height);
    let mut square = decoded.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    drop(decoded);
    if square.color().has_alpha() {
        let mut glass = square.into_rgba8();
        flatten(&mut glass);
        square = glass.into();
    }
    // Averaging first: a fine filter over all of a large picture would take many times as long, and more memory.
    if side > BETWEEN {
        square = square.thumbnail_exact(BETWEEN, BETWEEN);
    }
    square.resize_exact(SIDE, SIDE, FilterType::CatmullRom).into_rgb8().into()
}

/// Lays the picture on white, in place. Before it is made smaller: the colours of pixels that nobody sees must not run
/// into those beside them.
fn flatten(picture: &mut RgbaImage) {
    for pixel in picture.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let over_white = |colour: u8| {
            let mixed = (u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        pixel.0 = [over_white(red), over_white(green), over_white(blue), u8::MAX];
    }
}

#[cfg(test)]
mod tests;
