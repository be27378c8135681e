//! Pressing twice is pressing once: the key that a form is given out with, the submission that comes back with it, and
//! the answer that is stored with its effect, so that an equal submission gets the same answer and has no effect.

pub mod answer;
pub mod form_key;
pub mod sent_form;
pub mod subject;
#[expect(clippy::module_inception, reason = "the noun after which the room is named")]
pub mod submission;
pub mod turns;
