//! The entries of an address, whatever its case. Addresses are written in lower case; rows of the old application may hold
//! capitals. An index by `lower` holds those alone, so that no join writes it.

use diesel::prelude::*;

use crate::db::lower;
use crate::schema::waitlist;

/// Whether an entry is this address's, which is in lower case.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::waitlist) fn is_of<'a>(address: &'a str) -> _ {
    let with_capitals = waitlist::email.ne(lower(waitlist::email)).and(lower(waitlist::email).eq(address));
    waitlist::email.eq(address).or(with_capitals)
}

/// Whether an entry is one of these addresses', which are in lower case.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::waitlist) fn is_of_any<'a>(addresses: &'a [String]) -> _ {
    let with_capitals = waitlist::email.ne(lower(waitlist::email)).and(lower(waitlist::email).eq_any(addresses));
    waitlist::email.eq_any(addresses).or(with_capitals)
}
