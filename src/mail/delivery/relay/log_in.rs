//! Logging in to a relay, whichever way it writes what it offers.

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Auth, Ehlo};
use lettre::transport::smtp::extension::ClientId;

use super::verdict::reply;
use crate::mail::reply::Reply;

/// Logs in.
///
/// # Errors
/// When the relay refuses, or offers nothing that we know.
pub(super) async fn log_in(
    conn: &mut AsyncSmtpConnection,
    credentials: &Credentials,
    hello: &ClientId,
) -> Result<(), Reply> {
    let known = conn.server_info().get_auth_mechanism(DEFAULT_MECHANISMS);
    let mechanism = match known {
        Some(mechanism) => Some(mechanism),
        // lettre knows capitals and a space only, and old relays write `AUTH=LOGIN`: asks again and reads by itself.
        None => {
            conn.command(Ehlo::new(hello.clone())).await.map_err(|error| reply(&error))?.message().find_map(offered)
        }
    };
    let mechanism = mechanism.ok_or_else(|| Reply::new("the mail server offers no way to log in that we know"))?;
    authenticate(conn, credentials, mechanism).await.map_err(|error| reply(&error))
}

/// The mechanism that we prefer among those that a line of the answer offers.
fn offered(line: &str) -> Option<Mechanism> {
    let line = line.to_ascii_uppercase();
    let offers: Vec<_> = line.strip_prefix("AUTH")?.strip_prefix([' ', '='])?.split_whitespace().collect();
    let known = [("PLAIN", Mechanism::Plain), ("LOGIN", Mechanism::Login)];
    known.into_iter().find(|(name, _)| offers.contains(name)).map(|(_, mechanism)| mechanism)
}

async fn authenticate(
    conn: &mut AsyncSmtpConnection,
    credentials: &Credentials,
    mechanism: Mechanism,
) -> Result<(), SmtpError> {
    let mut answer = conn.command(Auth::new(mechanism, credentials.clone(), None)?).await?;
    // A relay that asks on for ever is ended by the time that connecting may take.
    while answer.has_code(334) {
        answer = conn.command(Auth::new_from_response(mechanism, credentials.clone(), &answer)?).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_read_in_any_case_with_a_space_or_an_equals_sign() {
        for (line, mechanism) in [
            ("AUTH=LOGIN", Some(Mechanism::Login)),
            ("auth login plain", Some(Mechanism::Plain)),
            ("Auth=Login NTLM", Some(Mechanism::Login)),
            ("AUTH NTLM", None),
            ("AUTHENTIC PLAIN", None),
            ("8BITMIME", None),
        ] {
            assert_eq!(offered(line), mechanism, "{line}");
        }
    }
}
