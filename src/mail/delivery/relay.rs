//! The mail relay over SMTP, stage by stage: connecting, then one letter after the other.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error as SmtpError, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Host, Url};

use self::ehlo_keywords::EhloKeywords;
use self::log_in::log_in;
pub use self::progress::Progress;
use self::verdict::{Refusal, Stage, reply};
use super::send_result::SendResult;
use crate::mail::reply::Reply;
use crate::values::clock::Stopwatch;

mod ehlo_keywords;
mod log_in;
mod progress;
mod verdict;

/// Longest time to connect, greet, encrypt and log in; lettre's own limit covers connecting alone.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest time to send one letter over one connection.
const SEND_TIMEOUT: Duration = Duration::from_secs(70);
/// Longest time to show that a kept connection is still alive, and to quit.
const QUIT_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections that are being quit at most while letters go on; more are closed without that.
const MOST_QUITTING: usize = 8;
/// A kept connection is tried out before its next letter when it was idle for longer.
const FRESH: Duration = Duration::from_secs(1);

/// A relay. lettre's own pool is not used: it gives a connection that was abandoned in the middle of a letter to the next
/// letter, and takes the late reply to the first for the reply to the second.
pub struct Relay {
    server: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// Connections that ended their letter cleanly, for the next one.
    kept: Mutex<Vec<Connection>>,
    /// Bounds the connections that are being quit.
    quitting: Arc<Semaphore>,
}

/// A connection on which letters can be sent.
struct Connection {
    smtp: AsyncSmtpConnection,
    /// Whether the relay takes the commands of a letter at once (RFC 2920); not known before it is asked.
    takes_groups: Option<bool>,
    /// Since its last letter.
    idle: Stopwatch,
}

/// Why a letter was not taken over.
enum Failure {
    /// The relay said why.
    Refused(Refusal),
    /// It fell silent or hung up, before or after it had the whole text.
    Silent(Stage, Reply),
}

impl Relay {
    /// Reads `SMTP_URL` without connecting: `smtps://user:password@host:465/hello-name`, or `smtp://` with
    /// `?tls=required`, `?tls=opportunistic` or no encryption. Without a name in it, `host` is what EHLO says: the bare name
    /// of a machine is refused by many relays.
    ///
    /// # Errors
    /// Says what is wrong with the URL, without its secrets.
    pub fn parse(url: &str, host: &str) -> Result<Self, Reply> {
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
        let hello = client_id(hello.unwrap_or(host));
        let port = url.port().unwrap_or(port);
        let quitting = Arc::new(Semaphore::new(MOST_QUITTING));
        Ok(Self { credentials: credentials(&url), server, port, tls, hello, kept: Mutex::default(), quitting })
    }

    /// Sends a letter, and tells in `progress` once its text is on its way.
    pub async fn send(&self, message: &Message, progress: &Progress) -> SendResult {
        if let Some(conn) = self.kept_connection().await {
            match self.hand_over(conn, message, progress).await {
                // The relay closes connections when it likes: the next one is for the same letter.
                Err(failure) if failure.is_of_old_connection() => {}
                result => return self.judge(result).await,
            }
        }
        match self.open().await {
            Ok(smtp) => {
                let conn = Connection { smtp, takes_groups: None, idle: Stopwatch::start() };
                let result = self.hand_over(conn, message, progress).await;
                self.judge(result).await
            }
            Err(reply) => SendResult::RelayDown(reply),
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
        kept.into_iter().map(|conn| quit(conn.smtp)).collect::<JoinSet<_>>().join_all().await;
    }

    /// Closes a connection while letters go on: none waits for the relay's answer to that.
    fn quit_beside(&self, conn: AsyncSmtpConnection) {
        if let Ok(place) = Arc::clone(&self.quitting).try_acquire_owned() {
            tokio::spawn(async move {
                quit(conn).await;
                drop(place);
            });
        }
    }

    /// Sends a letter over this connection, and keeps the connection for the next one.
    async fn hand_over(&self, mut conn: Connection, message: &Message, progress: &Progress) -> Result<(), Failure> {
        let mut stage = Stage::Sender;
        match timeout(SEND_TIMEOUT, transmit(&mut conn, message, &mut stage, progress)).await {
            Ok(Ok(())) => {
                conn.idle = Stopwatch::start();
                self.kept().push(conn);
                Ok(())
            }
            Ok(Err(error)) => {
                self.quit_beside(conn.smtp);
                Err(Refusal::of(stage, &error).map_or_else(|| Failure::Silent(stage, reply(&error)), Failure::Refused))
            }
            Err(_) => Err(Failure::Silent(Stage::Content, Reply::new("no answer in time"))),
        }
    }

    async fn judge(&self, result: Result<(), Failure>) -> SendResult {
        match result {
            Ok(()) => SendResult::Sent,
            Err(Failure::Refused(refusal)) => refusal.verdict(),
            // If it takes another connection, only this letter failed.
            Err(Failure::Silent(_, reply)) => match self.open().await {
                Ok(conn) => {
                    self.quit_beside(conn);
                    SendResult::Later(reply)
                }
                Err(reply) => SendResult::RelayDown(reply),
            },
        }
    }

    /// A connection that was kept, if it is still alive. Most letters come alone: only on a connection that serves a second
    /// one the relay is asked what it offers.
    async fn kept_connection(&self) -> Option<Connection> {
        let mut conn = self.kept().pop()?;
        if conn.takes_groups.is_none() {
            let offers = timeout(QUIT_TIMEOUT, conn.smtp.command(Ehlo::new(self.hello.clone()))).await.ok()?.ok()?;
            conn.takes_groups = Some(offers.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING")));
        } else if conn.idle.elapsed() > FRESH {
            let is_alive = timeout(QUIT_TIMEOUT, conn.smtp.test_connected()).await == Ok(true);
            return is_alive.then_some(conn);
        }
        Some(conn)
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Reply> {
        timeout(CONNECT_TIMEOUT, self.connect()).await.map_err(|_| Reply::new("no answer in time"))?
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Reply> {
        let mut conn = self.greet().await?;
        let encrypted = match &self.tls {
            Tls::Required(tls) => conn.starttls(tls.clone(), &self.hello).await,
            Tls::Opportunistic(tls) if conn.can_starttls() => conn.starttls(tls.clone(), &self.hello).await,
            _ => Ok(()),
        };
        encrypted.map_err(|error| reply(&error))?;
        if let Some(credentials) = &self.credentials {
            log_in(&mut conn, credentials, &self.hello).await?;
        }
        Ok(conn)
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, Reply> {
        let address = (self.server.as_str(), self.port);
        let greeted = if let Tls::Wrapper(tls) = &self.tls {
            let (limit, tls) = (Some(CONNECT_TIMEOUT), Some(tls.clone()));
            AsyncSmtpConnection::connect_tokio1(address, limit, &self.hello, tls, None).await
        } else {
            let stream = TcpStream::connect(address).await.map_err(|error| Reply::new(&error.to_string()))?;
            // A letter and the dot that ends it are two writes. Without this, the second waits until the relay has confirmed
            // the first, which most systems put off for 40 ms (RFC 896, RFC 1122 §4.2.3.2).
            stream.set_nodelay(true).map_err(|error| Reply::new(&error.to_string()))?;
            AsyncSmtpConnection::connect_with_transport(Box::new(EhloKeywords::new(stream)), &self.hello).await
        };
        greeted.map_err(|error| reply(&error))
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
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

impl Failure {
    /// Whether it says only that a connection kept for long is at its end. Nothing of the letter was taken then.
    fn is_of_old_connection(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_closing(),
            Self::Silent(stage, _) => *stage != Stage::Content,
        }
    }
}

/// How EHLO names us: an address goes in brackets (RFC 5321 §4.1.3).
fn client_id(host: &str) -> ClientId {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => ClientId::Ipv4(address),
        Ok(Host::Ipv6(address)) => ClientId::Ipv6(address),
        _ => ClientId::Domain(host.to_owned()),
    }
}

/// Sends one letter; `stage` is where it failed.
async fn transmit(
    conn: &mut Connection,
    message: &Message,
    stage: &mut Stage,
    progress: &Progress,
) -> Result<(), SmtpError> {
    let (envelope, smtp) = (message.envelope(), &mut conn.smtp);
    let sender = Mail::new(envelope.from().cloned(), vec![]);
    let recipients: Vec<_> = envelope.to().iter().map(|to| Rcpt::new(to.clone(), vec![])).collect();
    if conn.takes_groups == Some(true) {
        // lettre knows no groups; it writes what it is given, and reads one reply at a time.
        let group = recipients.iter().fold(sender.to_string(), |group, recipient| format!("{group}{recipient}"));
        let mut reply = smtp.command(format!("{group}{Data}")).await;
        for next in recipients.iter().map(|_| Stage::Recipient).chain([Stage::Data]) {
            reply?;
            *stage = next;
            reply = smtp.read_response().await;
        }
        reply?;
    } else {
        smtp.command(sender).await?;
        *stage = Stage::Recipient;
        for recipient in recipients {
            smtp.command(recipient).await?;
        }
        *stage = Stage::Data;
        smtp.command(Data).await?;
    }
    *stage = Stage::Content;
    progress.begin_text();
    smtp.message(&message.formatted()).await?;
    Ok(())
}

async fn quit(mut conn: AsyncSmtpConnection) {
    // Whether the relay answers this or not.
    let _ = timeout(QUIT_TIMEOUT, conn.quit()).await;
}

#[cfg(test)]
mod tests;
