//! Admins start here: totals, joins by day, and what needs their attention. It reads the totals of `joining` and owns no
//! table.

pub mod chart;
pub mod overview;
pub mod seed;
