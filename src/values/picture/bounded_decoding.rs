//! Decoding an upload within bounds: its size, its format, its pixels and the memory it may take.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::file_structure;
use super::problem::Problem;

/// Largest file that is decoded, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Longest side of an upload, in pixels.
const LONGEST_SIDE: u32 = 10_000;
/// Most pixels of an upload: phones make ordinary pictures of up to 24.5 megapixels. A file of a few kilobytes can hold far
/// more (a decompression bomb).
const MOST_PIXELS: u64 = 24_500_000;
/// Most bytes of a decoded picture: four for each pixel, one of them for transparency.
const MOST_MEMORY: u64 = 4 * MOST_PIXELS;

/// Decodes the picture; returns it with the orientation in which its device was held.
///
/// # Errors
/// Says what is wrong with the file.
pub(super) fn decode(upload: &[u8]) -> Result<(DynamicImage, Orientation), Problem> {
    if upload.len() > MAX_BYTES {
        return Err(Problem::TooLarge);
    }
    let format = image::guess_format(upload).map_err(|_| Problem::UnknownFormat)?;
    let file = match format {
        ImageFormat::Png => upload,
        ImageFormat::Jpeg => file_structure::jpeg(upload)?,
        ImageFormat::WebP => file_structure::webp(upload)?,
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
    // A second header in the file must not claim a larger picture than the one that was checked.
    (limits.max_image_width, limits.max_image_height) = (Some(width), Some(height));
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}
