//! People come here to join the waitlist and to look after their place; admins come to review the list, import others
//! and invite in waves. Each room stands on those to its left: `joining` ← `place` · `review` · `importing` · `waves` ←
//! `overview` · `api`. Nothing here knows accounts. The code says entry for what people read as their place.

pub mod api;
pub mod importing;
pub mod joining;
pub mod overview;
pub mod place;
pub mod review;
pub mod waves;
