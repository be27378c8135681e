//! The page kit: what every page needs and no page is. It knows no feature.

pub mod action;
pub mod app;
pub mod assets;
pub mod audit;
pub mod audit_log;
pub mod client;
pub mod cookie;
pub mod csv;
pub mod device;
pub mod error;
pub mod even_out;
pub mod event;
pub mod flash;
pub mod form;
pub mod gates;
pub mod headers;
pub mod health;
pub mod language;
pub mod layout;
pub mod limits;
pub mod multipart;
pub mod page;
pub mod paged;
pub mod paths;
pub mod query;
pub mod search;
pub mod site;
pub mod tally;
pub mod viewer;
pub mod words;

pub use app::App;
pub use error::Error;
pub use form::{FieldErrors, Form};
pub use layout::Layout;
pub use multipart::Upload;
pub use viewer::{Admin, Organization, Recent, SignedIn, Viewer};

/// What a handler answers.
pub type Result = std::result::Result<actix_web::HttpResponse, Error>;
