//! The mail relay over SMTP, stage by stage. The stage decides whether a reply is about the relay or about one letter.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error as SmtpError, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::send_result::SendResult;
use crate::mail::reply::Reply;

/// Longest time to connect, greet, encrypt and log in; lettre's own limit covers connecting alone.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest time to send one letter. With connecting before it and once more after it, an attempt ends well within its
/// lease.
const SEND_TIMEOUT: Duration = Duration::from_secs(70);
/// Longest time to show that a kept connection is still alive, and to quit.
const QUIT_TIMEOUT: Duration = Duration::from_secs(5);
/// Replies that concern every letter, at whatever stage they come: closing down (421), and authentication (RFC 4954 §6).
/// 454 is none of them: relays also refuse single recipients with it, and one letter would stop everybody's mail.
const RELAY_WIDE: [u16; 5] = [421, 530, 534, 535, 538];

/// A relay. lettre's own pool is not used: it gives a connection that was abandoned in the middle of a letter to the next
/// letter, and takes the late reply to the first for the reply to the second.
pub struct Relay {
    server: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// Connections that ended their letter cleanly, for the next one.
    kept: Mutex<Vec<AsyncSmtpConnection>>,
}

/// Why a letter was not taken: the relay's reply, or nothing when it fell silent or hung up.
enum Failure {
    WithRelay(Reply),
    WithLetter(Option<u16>, Reply),
}

impl Relay {
    /// Reads `SMTP_URL` without connecting: `smtps://user:password@host:465/hello-name`, or `smtp://` with
    /// `?tls=required`, `?tls=opportunistic` or no encryption.
    ///
    /// # Errors
    /// Says what is wrong with the URL, without its secrets.
    pub fn parse(url: &str) -> Result<Self, Reply> {
        let url = Url::parse(url).map_err(|error| Reply::new(&error.to_string()))?;
        let server = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let encryption = || TlsParameters::new(server.clone()).map_err(|error| reply(&error));
        let mode = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, mode)| mode.into_owned());
        let (tls, port) = match (url.scheme(), mode.as_deref()) {
            ("smtps", _) => (Tls::Wrapper(encryption()?), SUBMISSIONS_PORT),
            ("smtp", Some("required")) => (Tls::Required(encryption()?), SUBMISSION_PORT),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic(encryption()?), SUBMISSION_PORT),
            ("smtp", None | Some("none")) => (Tls::None, SMTP_PORT),
            _ => return Err(Reply::new("SMTP_URL has an unknown scheme or `tls`")),
        };
        let hello = Some(url.path().trim_matches('/')).filter(|name| !name.is_empty());
        let hello = hello.map_or_else(ClientId::default, |name| ClientId::Domain(name.to_owned()));
        let port = url.port().unwrap_or(port);
        Ok(Self { credentials: credentials(&url), server, port, tls, hello, kept: Mutex::default() })
    }

    /// Sends a letter.
    pub async fn send(&self, message: &Message) -> SendResult {
        let mut conn = match self.connection().await {
            Ok(conn) => conn,
            Err(reply) => return SendResult::RelayDown(reply),
        };
        match timeout(SEND_TIMEOUT, transmit(&mut conn, message)).await {
            Ok(Ok(())) => {
                self.kept().push(conn);
                SendResult::Sent
            }
            Ok(Err(failure)) => {
                quit(conn).await;
                self.result_of_failure(failure).await
            }
            Err(_) => {
                drop(conn);
                self.result_of_failure(Failure::WithLetter(None, Reply::new("no answer in time"))).await
            }
        }
    }

    /// Connects and logs in, for `biovity check`.
    ///
    /// # Errors
    /// Says why the relay takes no letters.
    pub async fn check(&self) -> Result<(), Reply> {
        quit(self.open().await?).await;
        Ok(())
    }

    /// Closes the connections that were kept, when there is nothing to send for now.
    pub async fn close_idle(&self) {
        let kept = std::mem::take(&mut *self.kept());
        for conn in kept {
            quit(conn).await;
        }
    }

    async fn result_of_failure(&self, failure: Failure) -> SendResult {
        match failure {
            Failure::WithRelay(reply) => SendResult::RelayDown(reply),
            Failure::WithLetter(Some(code), reply) => result_of(code, reply),
            // The relay fell silent or hung up. If it takes another connection, only this letter failed.
            Failure::WithLetter(None, reply) => match self.check().await {
                Ok(()) => SendResult::Deferred(reply),
                Err(reply) => SendResult::RelayDown(reply),
            },
        }
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, Reply> {
        let kept = self.kept().pop();
        if let Some(mut conn) = kept
            && timeout(QUIT_TIMEOUT, conn.test_connected()).await == Ok(true)
        {
            return Ok(conn);
        }
        self.open().await
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Reply> {
        let opened = timeout(CONNECT_TIMEOUT, self.log_in()).await;
        opened.map_err(|_| Reply::new("no answer in time"))?.map_err(|error| reply(&error))
    }

    async fn log_in(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let address = (self.server.as_str(), self.port);
        let wrapped = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let mut conn =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT_TIMEOUT), &self.hello, wrapped, None).await?;
        match &self.tls {
            Tls::Required(tls) => conn.starttls(tls.clone(), &self.hello).await?,
            Tls::Opportunistic(tls) if conn.can_starttls() => conn.starttls(tls.clone(), &self.hello).await?,
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            conn.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(conn)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("server", &self.server).field("port", &self.port).finish_non_exhaustive()
    }
}

fn credentials(url: &Url) -> Option<Credentials> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    url.password().map(|password| Credentials::new(decoded(url.username()), decoded(password)))
}

/// Sends one letter. When the relay refuses its sender, our configuration is at fault and never the letter.
async fn transmit(conn: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Failure> {
    let envelope = message.envelope();
    conn.command(Mail::new(envelope.from().cloned(), vec![])).await.map_err(|error| match failure(&error) {
        Failure::WithLetter(Some(_), reply) => Failure::WithRelay(reply),
        silence => silence,
    })?;
    for recipient in envelope.to() {
        conn.command(Rcpt::new(recipient.clone(), vec![])).await.map_err(|error| failure(&error))?;
    }
    conn.command(Data).await.map_err(|error| failure(&error))?;
    conn.message(&message.formatted()).await.map_err(|error| failure(&error))?;
    Ok(())
}

fn failure(error: &SmtpError) -> Failure {
    Failure::WithLetter(error.status().map(u16::from), reply(error))
}

/// What a reply to a letter means.
fn result_of(code: u16, reply: Reply) -> SendResult {
    match code {
        code if RELAY_WIDE.contains(&code) => SendResult::RelayDown(reply),
        500.. => SendResult::Refused(reply),
        _ => SendResult::Deferred(reply),
    }
}

/// `550 5.1.1 no such user`, or why there was no reply.
fn reply(error: &SmtpError) -> Reply {
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    Reply::new(&error.status().map_or_else(|| error.to_string(), |code| format!("{code} {text}")))
}

async fn quit(mut conn: AsyncSmtpConnection) {
    // The letter has its result already, whether the relay answers this or not.
    let _ = timeout(QUIT_TIMEOUT, conn.quit()).await;
}

#[cfg(test)]
mod tests;
