//! Every path of the site, used by routes, templates, mails and tests: no other place spells one.

pub mod accounts;
pub mod api_key;
pub mod audit;
mod forms_only;
pub mod mail;
mod parameters;
mod public;
pub mod search;
mod site;
pub mod waitlist;
pub mod webhook;

pub use forms_only::{page, page_of_form, page_or};
pub use parameters::{id_in, with_id, with_query, with_token};
pub use public::{
    AS_MEANT, FILLED_PARAMETER, LANGUAGE_PARAMETER, LISTED, TICKED_PARAMETER, UNSENT_PARAMETER, alternates,
    filled_again, filled_as_meant, in_language, is_public, unsent, with_parameter, with_source,
};
pub use site::{
    AVATAR_FOLDER, FAVICON, HEALTHZ, HOME, LANGUAGE, PRIVACY, READYZ, ROBOTS, SITEMAP, STATIC, STATIC_FOLDER,
    WELL_KNOWN_PASSWORD, is_api, takes_key,
};
