//! What the decoders do not check themselves: that a file is complete, and claims one size only.

use super::problem::Problem;

/// A complete JPEG; the decoder would fill a missing part with gray. No marker can occur inside of picture data, so the
/// last end marker comes after the last start of such data, unless the file was cut.
///
/// # Errors
/// When it was cut.
pub(super) fn jpeg(file: &[u8]) -> Result<&[u8], Problem> {
    let last = |marker: u8| file.windows(2).rposition(|pair| pair == [0xff, marker]);
    let (scan, end) = (last(0xda), last(0xd9));
    if scan.is_some() && end > scan { Ok(file) } else { Err(Problem::Damaged) }
}

/// A still WebP, without what may follow it. The decoder would trust the length that a chunk claims, and decode a frame of
/// any size before comparing it with the canvas: 300 bytes could take 800 MB.
///
/// # Errors
/// When it is cut, moves, or contradicts itself.
pub(super) fn webp(file: &[u8]) -> Result<&[u8], Problem> {
    let length = size(file, 4).and_then(|length| length.checked_add(8)).ok_or(Problem::Damaged)?;
    let file = file.get(..length).ok_or(Problem::Damaged)?;
    let mut canvas = None;
    let mut at = 12;
    // A writer may leave a byte of padding behind.
    while at + 1 < file.len() {
        let length = size(file, at + 4).ok_or(Problem::Damaged)?;
        let end = (at + 8).checked_add(length).ok_or(Problem::Damaged)?;
        let (name, chunk) = (file.get(at..at + 4), file.get(at + 8..end).ok_or(Problem::Damaged)?);
        match name {
            Some(b"VP8X") => canvas = canvas.or(Some(canvas_of(chunk)?)),
            Some(b"VP8 ") if canvas.is_some_and(|canvas| frame_of(chunk) != Some(canvas)) => {
                return Err(Problem::Damaged);
            }
            Some(b"ANIM" | b"ANMF") => return Err(Problem::UnknownFormat),
            _ => {}
        }
        at = end + length % 2;
    }
    Ok(file)
}

/// Width and height that the whole file claims.
fn canvas_of(chunk: &[u8]) -> Result<(usize, usize), Problem> {
    let [_, _, _, _, w0, w1, w2, h0, h1, h2, ..] = *chunk else { return Err(Problem::Damaged) };
    let side = |low, middle, high| usize::from(low) + usize::from(middle) * 0x100 + usize::from(high) * 0x1_0000 + 1;
    Ok((side(w0, w1, w2), side(h0, h1, h2)))
}

/// Width and height of a frame (RFC 6386 §9.1).
fn frame_of(chunk: &[u8]) -> Option<(usize, usize)> {
    let [_, _, _, _, _, _, w0, w1, h0, h1, ..] = *chunk else { return None };
    let side = |low, high| usize::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Some((side(w0, w1), side(h0, h1)))
}

/// The four bytes at `at` as a number.
fn size(file: &[u8], at: usize) -> Option<usize> {
    let bytes = file.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}
