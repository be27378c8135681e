//! People come here to take along what is held about them, and to delete their account or keep it after all. Its nouns
//! are the export, the days of grace, and the purge that ends them. It stands on `recovery` and the rooms below; what
//! the waitlist holds it asks for and erases through the hooks of `web::App`.

pub mod cancel;
pub mod delete;
pub mod export;
pub mod grace_period;
pub mod held_data;
pub mod purge;
