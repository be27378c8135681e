//! The page kit: what every page needs, such as the layout, forms, limits, and who is asking. It knows no feature, and
//! may touch `values`, `config` and `db`. Of the tables it has four: `failing_job`, `form_submission`, `gate_total`
//! and `kept_upload`. Inside, no file imports this one: the names below are for the rooms above.

pub mod app;
pub mod assets;
pub mod error;
pub mod health;
pub mod lifecycle;
pub mod metrics;
pub mod page;
pub mod paths;
pub mod problem;
pub mod protection;
pub mod request;
pub mod request_id;
pub mod retention;
pub mod site;
pub mod submission;
pub mod visitor;
pub mod waitlist_place;
pub mod words;

pub use app::App;
pub use error::{Error, Result};
pub use page::field_errors::FieldErrors;
pub use page::form::Form;
pub use page::layout::Layout;
pub use page::multipart::Upload;
pub use page::path_id::PathId;
pub use problem::Problem;
pub use request::Request;
pub use submission::answer::Answer;
pub use submission::subject::Subject;
pub use submission::submission::Submission;
pub use visitor::guards::{Admin, Organization, Recent, SignedIn};
pub use visitor::list_reader::ListReader;
pub use visitor::viewer::Viewer;
