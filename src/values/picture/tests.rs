//! Real pictures, bad ones, and any bytes at all.

use std::process::Command;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

const RED: Rgb<u8> = Rgb([200, 0, 0]);
const BLUE: Rgb<u8> = Rgb([0, 0, 200]);

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE }))
}

/// An EXIF block that says how the device was held.
fn exif(orientation: u8) -> Vec<u8> {
    [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[orientation, 0, 0, 0, 0, 0, 0, 0]].concat()
}

fn encode(picture: &DynamicImage, format: ImageFormat, orientation: u8) -> Vec<u8> {
    fn write(mut encoder: impl ImageEncoder, picture: &DynamicImage, orientation: u8) {
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        picture.write_with_encoder(encoder).unwrap();
    }
    let mut file = Vec::new();
    match format {
        ImageFormat::Png => write(PngEncoder::new(&mut file), picture, orientation),
        ImageFormat::WebP => write(WebPEncoder::new_lossless(&mut file), picture, orientation),
        _ => write(JpegEncoder::new(&mut file), picture, orientation),
    }
    file
}

const FORMATS: [ImageFormat; 3] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];

fn redrawn(file: &[u8]) -> RgbImage {
    let picture = Picture::parse(file).unwrap();
    image::load_from_memory_with_format(picture.as_bytes(), ImageFormat::Jpeg).unwrap().into_rgb8()
}

#[track_caller]
fn assert_near(pixel: Rgb<u8>, expected: Rgb<u8>) {
    let near = pixel.0.iter().zip(expected.0).all(|(seen, wanted)| seen.abs_diff(wanted) < 12);
    assert!(near, "{pixel:?} instead of {expected:?}");
}

#[test]
fn every_format_becomes_a_small_square_of_its_middle() {
    for (format, (width, height)) in FORMATS.into_iter().zip([(800, 300), (40, 90), (256, 256)]) {
        let small = redrawn(&encode(&halves(width, height), format, 1));
        assert_eq!(small.dimensions(), (SIDE, SIDE));
        assert_near(*small.get_pixel(20, 128), RED);
        assert_near(*small.get_pixel(235, 128), BLUE);
    }
}

#[test]
fn a_picture_is_turned_as_its_device_was_held_and_says_no_more_about_it() {
    for format in FORMATS {
        let file = encode(&halves(300, 200), format, 6);
        let small = redrawn(&file);
        assert_near(*small.get_pixel(128, 20), RED);
        assert_near(*small.get_pixel(128, 235), BLUE);
        let kept = Picture::parse(&file).unwrap();
        let text = String::from_utf8_lossy(kept.as_bytes()).into_owned();
        assert!(!text.contains("Exif") && !text.contains("II*"), "{format:?}");
    }
}

#[test]
fn what_is_transparent_becomes_white_without_a_rim() {
    let glass =
        RgbaImage::from_fn(512, 512, |x, _| if x < 256 { Rgba([0, 0, 0, 0]) } else { Rgba([255, 255, 255, 255]) });
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let small = redrawn(&encode(&DynamicImage::ImageRgba8(glass.clone()), format, 1));
        for x in [0, 100, 126, 127, 128, 129, 255] {
            assert_near(*small.get_pixel(x, 128), Rgb([255, 255, 255]));
        }
    }
    let half = DynamicImage::ImageRgba8(RgbaImage::from_pixel(300, 300, Rgba([0, 0, 0, 128])));
    assert_near(*redrawn(&encode(&half, ImageFormat::Png, 1)).get_pixel(9, 9), Rgb([127, 127, 127]));
}

#[test]
fn gray_and_deep_pictures_are_read_too() {
    let gray = DynamicImage::ImageLuma8(GrayImage::from_pixel(64, 64, Luma([90])));
    for deep in [gray.clone(), DynamicImage::ImageLuma16(gray.to_luma16()), DynamicImage::ImageRgba16(gray.to_rgba16())]
    {
        assert_near(*redrawn(&encode(&deep, ImageFormat::Png, 1)).get_pixel(9, 9), Rgb([90, 90, 90]));
    }
    assert_near(*redrawn(&encode(&gray, ImageFormat::Jpeg, 1)).get_pixel(9, 9), Rgb([90, 90, 90]));
}

#[test]
fn nothing_else_is_a_picture() {
    let other: [&[u8]; 8] = [
        b"",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"BM\x1a\0\0\0\0\0\0\0\x1a\0\0\0",
        b"%PDF-1.7",
        b"\0\0\0\x20ftypavif",
        b"RIFF\x04\0\0\0WAVE",
    ];
    for bytes in other {
        assert_eq!(Picture::parse(bytes), Err(Problem::UnknownFormat), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_second_file_behind_or_within_a_picture_is_gone() {
    for format in FORMATS {
        let script = b"<script>alert(document.domain)</script>PK\x03\x04";
        let both = [encode(&halves(60, 60), format, 1), script.to_vec()].concat();
        let kept = Picture::parse(&both).unwrap();
        assert!(!String::from_utf8_lossy(kept.as_bytes()).contains("<script"), "{format:?}");
    }
}

#[test]
fn a_file_that_was_cut_is_damaged() {
    for format in FORMATS {
        let file = encode(&halves(120, 90), format, 1);
        for left in [16, file.len() / 3, file.len() / 2, file.len() * 9 / 10] {
            assert_eq!(Picture::parse(&file[..left]), Err(Problem::Damaged), "{format:?} {left} of {}", file.len());
        }
    }
    let file = encode(&halves(120, 90), ImageFormat::Jpeg, 1);
    assert_eq!(Picture::parse(&file[..file.len() - 2]), Err(Problem::Damaged), "only its end is missing");
}

#[test]
fn a_file_of_more_than_two_mebibytes_is_not_looked_at() {
    let mut file = encode(&halves(60, 60), ImageFormat::Jpeg, 1);
    file.resize(MAX_BYTES, 0);
    assert!(Picture::parse(&file).is_ok());
    file.push(0);
    assert_eq!(Picture::parse(&file), Err(Problem::TooLarge));
}

/// The size of a picture of one colour, written over that of a small one.
fn claims(format: ImageFormat, width: u16, height: u16) -> Vec<u8> {
    let mut file = encode(&halves(64, 64), format, 1);
    let (wide, high) = (width.to_be_bytes(), height.to_be_bytes());
    match format {
        ImageFormat::Png => {
            file[18..20].copy_from_slice(&wide);
            file[22..24].copy_from_slice(&high);
            let sum = crc(&file[12..29]);
            file[29..33].copy_from_slice(&sum.to_be_bytes());
        }
        ImageFormat::WebP => {
            file[24..26].copy_from_slice(&(width - 1).to_le_bytes());
            file[27..29].copy_from_slice(&(height - 1).to_le_bytes());
        }
        _ => {
            let frame = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
            file[frame + 5..frame + 7].copy_from_slice(&high);
            file[frame + 7..frame + 9].copy_from_slice(&wide);
        }
    }
    file
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn what_claims_too_many_pixels_is_refused_before_it_is_decoded() {
    for format in FORMATS {
        for (width, height) in [(10_001, 100), (100, 10_001), (5_000, 5_000), (7_100, 7_100), (16_000, 16_000)] {
            let file = claims(format, width, height);
            assert_eq!(Picture::parse(&file), Err(Problem::TooManyPixels), "{format:?} {width} × {height}");
        }
    }
}

/// A frame of 16,383 × 16,383 pixels on a canvas of 16 × 16.
fn lying_webp() -> Vec<u8> {
    let frame = b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f\0\0\0\0\0\0";
    let chunks = [b"WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0VP8 \x10\0\0\0".as_slice(), frame].concat();
    [b"RIFF".as_slice(), &u32::try_from(chunks.len()).unwrap().to_le_bytes(), &chunks].concat()
}

#[test]
fn a_webp_that_contradicts_itself_or_moves_is_refused() {
    assert_eq!(Picture::parse(&lying_webp()), Err(Problem::Damaged));
    let mut file = encode(&halves(60, 60), ImageFormat::WebP, 1);
    let exif = file.windows(4).position(|name| name == b"EXIF").unwrap();
    file[exif + 4..exif + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(Picture::parse(&file), Err(Problem::Damaged), "it claims 4 GiB");
    let mut moving = lying_webp();
    moving[30..34].copy_from_slice(b"ANIM");
    assert_eq!(Picture::parse(&moving), Err(Problem::UnknownFormat));
}

/// In MiB: what this process has, or the most that it had since [`start_over`].
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|known| known.strip_prefix(line)).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
}

/// Runs it and tells by how much the memory of the process grew meanwhile.
fn growth(work: impl FnOnce()) -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS:");
    work();
    memory("VmHWM:").saturating_sub(before)
}

/// Larger pictures than are taken, and some of a quarter of the most pixels that are. Run by the next test in a process of its own.
#[test]
#[ignore = "measures its process"]
fn memory_of_one_process() {
    let refused = growth(|| {
        for file in FORMATS.map(|format| claims(format, 9_900, 9_900)) {
            assert_eq!(Picture::parse(&file), Err(Problem::TooManyPixels));
        }
        assert_eq!(Picture::parse(&lying_webp()), Err(Problem::Damaged));
    });
    println!("\nrefused={refused}");
    for format in FORMATS {
        let glass = DynamicImage::ImageRgba8(RgbaImage::from_pixel(2_500, 2_500, Rgba([9, 9, 9, 128])));
        let picture = if format == ImageFormat::Jpeg { glass.into_rgb8().into() } else { glass };
        let file = encode(&picture, format, 6);
        drop(picture);
        println!("{format:?}={}", growth(|| assert!(Picture::parse(&file).is_ok())));
    }
}

#[test]
fn a_bomb_costs_no_memory_and_a_picture_little_more_than_its_pixels() {
    let run = ["--ignored", "--exact", "--nocapture", "values::picture::tests::memory_of_one_process"];
    let output = Command::new(std::env::current_exe().unwrap()).args(run).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    for (name, most) in [("refused=", 20), ("Png=", 60), ("Jpeg=", 60), ("WebP=", 60)] {
        let grown = told.lines().find_map(|line| line.strip_prefix(name)?.parse::<u64>().ok());
        assert!(grown.is_some_and(|grown| grown <= most), "{name} {most} MiB at most, but: {told}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_drawn(bytes in proptest::collection::vec(any::<u8>(), 0..600), magic in 0..4_usize) {
        let magic: &[u8] = [b"".as_slice(), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\xff\0\0\0WEBPVP8X"][magic];
        let _ = Picture::parse(&[magic, &bytes].concat());
    }

    #[test]
    fn a_broken_picture_is_refused_or_drawn(
        format in 0..3_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut file = encode(&halves(48, 40), FORMATS[format], 6);
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(picture) = Picture::parse(&file) {
            let drawn = image::load_from_memory_with_format(picture.as_bytes(), ImageFormat::Jpeg).unwrap();
            prop_assert_eq!((drawn.width(), drawn.height()), (SIDE, SIDE));
        }
    }
}
