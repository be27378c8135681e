//! Who is asking: the viewer with the guards that let only some of them in, the client's network, the cookies, the
//! device. No table is touched here; `accounts/session` reads the rows and stores the viewer in the request.

pub mod client;
pub mod cookie;
pub mod cookie_header;
pub mod device;
pub mod given_address;
pub mod guards;
pub mod language_cookie;
pub mod list_reader;
pub mod sealed_cookie;
pub mod source;
pub mod viewer;
pub mod viewer_cache;
