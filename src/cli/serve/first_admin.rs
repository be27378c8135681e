//! The admin of a new embedded database.

use anyhow::Context;
use diesel::Connection;

use crate::accounts::directory::admin::{self, NewAdmin};
use crate::accounts::user::password::Password;
use crate::config::LogFormat;
use crate::mail::mail_context::MailContext;
use crate::server;
use crate::values::database_url::DatabaseUrl;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::App;

/// The address of the first admin. It belongs to this machine, so that no mail ever leaves for it.
pub(in crate::cli) const ADDRESS: &str = "admin@biovity.localhost";
/// Characters of the generated password: 20 letters and digits are 119 bits. A hyphen at its beginning would read as a dash.
const CHARACTERS: usize = 20;

/// Makes an admin when there is none, and prints the password: the only time that anyone can see it.
pub(in crate::cli) async fn create(app: &App, url: &DatabaseUrl) -> anyhow::Result<()> {
    let mut conn = server::connect(url)?;
    if admin::exists(&mut conn)? {
        return Ok(());
    }
    let password = new_password()?;
    let typed = Password::typed(&password);
    let hash = app.hasher.run(move |memory| typed.hash(memory)).await??;
    let new = NewAdmin { email: EmailAddress::from(ADDRESS.to_owned()), password: hash };
    let mail = MailContext::of(app, app.config.default_locale);
    let now = app.clock.now();
    conn.transaction(|conn| admin::create(conn, now, &new, &mail))?;
    match app.config.log_format {
        LogFormat::Text => {
            println!("The first admin of this new database:\naddress: {ADDRESS}\npassword: {password}");
        }
        LogFormat::Json => println!("{}", serde_json::json!({ "address": ADDRESS, "password": password })),
    }
    Ok(())
}

/// A password that nobody has had.
pub(in crate::cli) fn new_password() -> anyhow::Result<String> {
    let secret = SecretToken::generate().context("no random bytes")?;
    Ok(secret.reveal().chars().filter(char::is_ascii_alphanumeric).take(CHARACTERS).collect())
}
