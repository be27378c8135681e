//! Organizations come here to invite people, and to deactivate, reactivate or release those whose accounts they manage;
//! the people come to answer, to see who manages them, and to leave. Its nouns are the employer, the invitation, its
//! acceptance, the member and the change that is made to one, and the organization that manages. It may touch `session`
//! and `user`, and owns no table: an invitation is a link, and a member's row names the organization.

pub mod acceptance;
pub mod answer;
pub mod employer;
pub mod invitation;
pub mod invite_form;
pub mod leave;
pub mod letters;
pub mod manage_members;
pub mod managing_organization;
pub mod member;
pub mod member_change;
pub mod words;
