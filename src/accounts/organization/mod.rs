//! Organizations come here to invite people, and to deactivate, reactivate or release those whose accounts they manage;
//! the people come to answer, to see who manages them, and to leave. Its nouns are the invitation, its acceptance, the
//! member, and the organization that manages. It stands on `session` and `user`.

pub mod acceptance;
pub mod answer;
pub mod invitation;
pub mod leave;
pub mod manage_members;
pub mod managing_organization;
pub mod member;
