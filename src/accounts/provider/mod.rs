//! People come here who log in with Google, LinkedIn or the operator's own provider, by OpenID Connect. Its nouns are the
//! provider with what is known of it, the attempt of a browser, what became of it, and the connection of an account. It
//! stands on `session` and `recovery`; who signs up goes on in `sign_up`. Of the tables it has `provider_attempt`, and it
//! changes `account`.

pub mod asked_provider;
pub mod attempt;
pub mod callback;
pub mod confirm;
pub mod connection;
pub mod connection_list;
pub mod discovery;
pub mod fault;
pub mod http_client;
pub mod identified;
mod letters;
pub mod log_in_with;
pub mod problem;
pub mod protocol;
pub mod provider;
pub mod words;
