//! Under which names a request is found in the log: its own id, and that of the trace it belongs to.

use actix_web::http::header::HeaderName;
use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The id of a request, made when somebody first asks for it.
#[derive(Clone, Copy, Debug)]
struct RequestId(Uuid);

/// The id of this request: the same in every line of the log, and the reference on its error page.
#[must_use]
pub fn request_id(request: &HttpRequest) -> Uuid {
    let mut extensions = request.extensions_mut();
    if let Some(RequestId(id)) = extensions.get() {
        return *id;
    }
    let id = Uuid::now_v7();
    extensions.insert(RequestId(id));
    id
}

/// The trace id of a `traceparent` header (W3C Trace Context), in which a proxy or a caller names its trace.
#[must_use]
pub fn trace_id(request: &HttpRequest) -> Option<&str> {
    read(request.headers().get(&TRACEPARENT)?.to_str().ok()?)
}

/// `00-<32 hex>-<16 hex>-<2 hex>` in lower case; a later version may have more behind. Anything else never gets into the log.
fn read(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let mut next = |length: usize| {
        let part = parts.next()?;
        let is_hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (part.len() == length && is_hex).then_some(part)
    };
    let (version, trace, parent) = (next(2)?, next(32)?, next(16)?);
    next(2)?;
    let is_zero = |part: &str| part.bytes().all(|byte| byte == b'0');
    (version != "ff" && !is_zero(trace) && !is_zero(parent)).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_taken_over_and_nothing_else() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(read(&format!("00-{trace}-00f067aa0b1902b7-01")), Some(trace));
        assert_eq!(read(&format!("cc-{trace}-00f067aa0b1902b7-01-what-comes-later")), Some(trace));
        for wrong in [
            "",
            "00",
            "00-ana@example.cl-00f067aa0b1902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0b1902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0b1902b7-01",
            "00-00000000000000000000000000000000-00f067aa0b1902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0b1902b7",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
