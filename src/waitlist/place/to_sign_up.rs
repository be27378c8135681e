//! Going on to the sign-up from one's own page: its form comes with the address of the place, for the kind of account that its
//! owner would open. It is a sign-up like any other: the address is verified by a mail.

use actix_web::HttpRequest;

use crate::values::secret_token::SecretToken;
use crate::waitlist::joining::confirm::TokenField;
use crate::waitlist::joining::entry::Entry;
use crate::waitlist::joining::link_gone;
use crate::waitlist::joining::links::{PLACE, PresentedLink};
use crate::waitlist::joining::role::Role;
use crate::web::protection::limits;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, Answer, Form, Request, paths};

/// Leads to the form. The address travels there as that of a form that is to be corrected.
///
/// # Errors
/// Too many, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client, .. }: Request,
    http: HttpRequest,
    form: Form<TokenField>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::show_place(layout, &form.token) };
    let (now, link) = (app.clock.now(), PresentedLink { purpose: PLACE, token, keys: app.keys.clone() });
    let found = app.db.read(move |conn| Entry::find_by_link(conn, now, &link)).await?;
    let Some(entry) = found else { return link_gone::show_place(layout, &form.token) };
    let sign_up = match entry.role {
        Role::Employee => paths::accounts::SIGN_UP_EMPLOYEE,
        Role::Organization => paths::accounts::SIGN_UP_ORGANIZATION,
    };
    let sign_up = paths::filled_again(sign_up);
    let given = GivenAddress::new(&entry.email, sign_up.clone(), now);
    Answer::see_other(sign_up).with_given_address(given).send(&http)
}
