//! Another address for an account: asked for, confirmed, undone.

mod ask;
mod confirm;
mod undo;
