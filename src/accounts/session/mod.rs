//! People come here to log in, to log out, to give the password again, and to see and end their sessions. Its nouns are
//! the session and the log-in that starts one, the activation of an account, an account that is opened by an invitation,
//! and the notices that an owner gets of all this. It owns the table `session`, and stands on `user` alone.

pub mod activation;
pub mod invited_fields;
pub mod letters;
pub mod load_viewer;
pub mod log_in;
pub mod new_session;
pub mod pending_deletion;
pub mod reauth;
pub mod reauthenticated;
pub mod repeat;
pub mod security_notice;
pub mod session;
pub mod session_list;
pub mod sign_up_by_link;
pub mod start_session;
pub mod words;
