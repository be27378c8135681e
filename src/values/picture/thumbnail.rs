//! A person's picture: an upload drawn again as one small square JPEG.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, RgbaImage};

use super::bounded_decoding::decode;
use super::problem::Problem;

/// Pixels on each side of what is kept.
pub const SIDE: u32 = 256;
/// Pixels on each side of the square that a large picture is averaged to first.
const INTERMEDIATE_SIDE: u32 = 4 * SIDE;
/// JPEG quality. A higher one makes the file larger, and a face of this size no better.
const QUALITY: u8 = 85;

/// A JPEG of [`SIDE`] × [`SIDE`] pixels that this program encoded. Of the upload it holds the colours alone: no place, no
/// device, and no second file appended to the first (a polyglot).
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl Picture {
    /// Reads a PNG, JPEG or WebP, known by its content. This is work for a thread of its own: 30 ms for a usual
    /// picture, up to two seconds and 220 MB for the largest.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(upload: &[u8]) -> Result<Self, Problem> {
        let (decoded, orientation) = decode(upload)?;
        // The small picture is turned, because that is quick; the square in the middle is the same before and after.
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

/// The square in the middle, in the size that is kept.
fn shrink(decoded: DynamicImage) -> DynamicImage {
    let (width, height) = (decoded.width(), decoded.height());
    let side = width.min(height);
    let mut square = decoded.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    drop(decoded);
    if square.color().has_alpha() {
        let mut transparent = square.into_rgba8();
        flatten(&mut transparent);
        square = transparent.into();
    }
    // A fine filter over all of a large picture would take many times as long, and more memory.
    if side > INTERMEDIATE_SIDE {
        square = square.thumbnail_exact(INTERMEDIATE_SIDE, INTERMEDIATE_SIDE);
    }
    square.resize_exact(SIDE, SIDE, FilterType::CatmullRom).into_rgb8().into()
}

/// Lays the picture on white, in place. This comes before it is made smaller, or the colours of transparent pixels would
/// mix with those beside them.
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
