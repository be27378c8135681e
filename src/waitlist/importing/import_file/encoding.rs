//! The text of a file as a spreadsheet saves it: in UTF-8, in UTF-16 of either order, or in Windows-1252.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::problem::Problem;

/// A text with a zero character among its first bytes, so many, is none.
const BEGINNING: usize = 1_024;
/// How every workbook begins, since it is a ZIP file.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// The text of a file.
///
/// # Errors
/// When it is none.
pub(super) fn decode(file: &[u8]) -> Result<Cow<'_, str>, Problem> {
    let (marked, rest) = match Encoding::for_bom(file) {
        Some((encoding, mark)) => (encoding, file.get(mark..).unwrap_or_default()),
        None => (unmarked_utf16(file).unwrap_or(UTF_8), file),
    };
    let text = if marked == UTF_8 { unmarked(rest) } else { marked.decode_without_bom_handling(rest).0 };
    let is_text = !file.starts_with(WORKBOOK) && !text.bytes().take(BEGINNING).any(|byte| byte == 0);
    if is_text { Ok(text) } else { Err(Problem::NoText) }
}

/// UTF-16 without a mark, and its order. Of most characters of a list one byte is zero, in one order always the second and
/// in the other always the first.
fn unmarked_utf16(file: &[u8]) -> Option<&'static Encoding> {
    let pairs: Vec<_> = file.chunks_exact(2).take(BEGINNING).collect();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair.get(at) == Some(&0)).count();
    match (zeros(0), zeros(1)) {
        (0, second) if second > pairs.len() / 2 => Some(UTF_16LE),
        (first, 0) if first > pairs.len() / 2 => Some(UTF_16BE),
        _ => None,
    }
}

/// A line that is no UTF-8 was written by an older spreadsheet in Windows-1252. Each line is read on its own, since lists
/// are put together from several files.
fn unmarked(file: &[u8]) -> Cow<'_, str> {
    let line = |line| {
        std::str::from_utf8(line).map_or_else(|_| WINDOWS_1252.decode_without_bom_handling(line).0, Cow::Borrowed)
    };
    std::str::from_utf8(file).map_or_else(
        |_| file.split_inclusive(|byte| *byte == b'\n').map(line).collect::<String>().into(),
        Cow::Borrowed,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_whatever_encoding_a_spreadsheet_wrote_it() {
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        let files = [
            "año€".as_bytes().to_vec(),
            "\u{feff}año€".as_bytes().to_vec(),
            b"a\xf1o\x80".to_vec(),
            utf16("\u{feff}año€", u16::to_le_bytes),
            utf16("\u{feff}año€", u16::to_be_bytes),
            utf16("año€", u16::to_le_bytes),
            utf16("año€", u16::to_be_bytes),
        ];
        for file in files {
            assert_eq!(decode(&file).as_deref(), Ok("año€"), "{file:?}");
        }
        assert_eq!(
            decode("ñ\n".as_bytes().iter().chain(b"\xf1\n").copied().collect::<Vec<_>>().as_slice()).as_deref(),
            Ok("ñ\nñ\n")
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for file in [&b"PK\x03\x04 a workbook"[..], b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfea\0\0\0"] {
            assert_eq!(decode(file), Err(Problem::NoText), "{file:?}");
        }
    }
}
