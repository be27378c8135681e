//! The page kit: what every page needs and no page is. It knows no feature.

pub mod app;
pub mod assets;
pub mod health;
pub mod page;
pub mod paths;
pub mod protection;
pub mod request;
pub mod site;
pub mod visitor;
pub mod words;

pub use app::App;
pub use page::error::Error;
pub use page::form::{FieldErrors, Form};
pub use page::layout::Layout;
pub use page::multipart::Upload;
pub use request::Request;
pub use visitor::viewer::{Admin, Organization, Recent, SignedIn, Viewer};

/// What a handler answers.
pub type Result = std::result::Result<actix_web::HttpResponse, Error>;
