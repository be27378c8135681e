//! A person's picture: whatever was uploaded, decoded within bounds and drawn again as one small JPEG.

mod bounded_decoding;
mod file_structure;
mod problem;
mod thumbnail;

pub use bounded_decoding::MAX_BYTES;
pub use problem::Problem;
pub use thumbnail::{Picture, SIDE};

#[cfg(test)]
mod tests;
