//! Why an upload gave no picture.

use image::ImageError;

/// Why an upload gave no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// More than [`MAX_BYTES`](super::MAX_BYTES).
    TooLarge,
    /// No still picture in one of the three formats, whatever its name says.
    UnknownFormat,
    /// More pixels than we decode.
    TooManyPixels,
    /// Cut short, or broken inside.
    Damaged,
}

impl From<ImageError> for Problem {
    fn from(error: ImageError) -> Self {
        if matches!(error, ImageError::Limits(_)) { Self::TooManyPixels } else { Self::Damaged }
    }
}
