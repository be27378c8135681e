//! Picture files as devices and programs make them.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

pub const RED: Rgb<u8> = Rgb([200, 0, 0]);
pub const BLUE: Rgb<u8> = Rgb([0, 0, 200]);
pub const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

/// Where a device writes the place and how it was held: here, on its side.
fn exif() -> Vec<u8> {
    let head = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    [head.as_slice(), b"Canon 33.45S 70.66W"].concat()
}

fn with_exif(mut encoder: impl ImageEncoder, picture: &DynamicImage) {
    encoder.set_exif_metadata(exif()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
}

/// Red above blue when it is looked at, but taken with the device on its side.
pub fn photo() -> Vec<u8> {
    let picture = RgbImage::from_fn(300, 200, |x, _| if x < 150 { RED } else { BLUE });
    let mut file = Vec::new();
    with_exif(JpegEncoder::new(&mut file), &picture.into());
    file
}

/// Red all over.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, RED));
    picture.write_with_encoder(PngEncoder::new(&mut file)).unwrap();
    file
}

/// Red in the middle of glass, once as PNG and once as WebP.
pub fn glass() -> [Vec<u8>; 2] {
    let is_middle = |side: u32| (100..200).contains(&side);
    let colour = |x, y| if is_middle(x) && is_middle(y) { Rgba([200, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) };
    let picture = DynamicImage::ImageRgba8(RgbaImage::from_fn(300, 300, colour));
    let (mut png, mut webp) = (Vec::new(), Vec::new());
    with_exif(PngEncoder::new(&mut png), &picture);
    with_exif(WebPEncoder::new_lossless(&mut webp), &picture);
    [png, webp]
}

/// A PNG of a few hundred bytes that claims to be of 50 megapixels.
pub fn bomb() -> Vec<u8> {
    let mut file = png(64, 64);
    file[16..24].copy_from_slice(&[0, 0, 0x1b, 0xbc, 0, 0, 0x1b, 0xbc]);
    let sum = !file[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    file[29..33].copy_from_slice(&sum.to_be_bytes());
    file
}

#[track_caller]
pub fn assert_near(picture: &RgbImage, (x, y): (u32, u32), expected: Rgb<u8>) {
    let seen = picture.get_pixel(x, y);
    let near = seen.0.iter().zip(expected.0).all(|(seen, wanted)| seen.abs_diff(wanted) < 16);
    assert!(near, "{seen:?} instead of {expected:?} at {x}, {y}");
}
