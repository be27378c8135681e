//! A real SMTP server that keeps what it is given and answers as it is told (RFC 5321).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

pub mod postfix;

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message_id: String,
    pub raw: String,
}

impl Mail {
    fn parse(to: String, raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw).unwrap();
        let text = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
        let html = message.body_html(0).unwrap_or_default().into_owned();
        let subject = message.subject().unwrap_or_default().to_owned();
        let message_id = message.message_id().unwrap_or_default().to_owned();
        Self { to, subject, text, html, message_id, raw: String::from_utf8_lossy(raw).into_owned() }
    }

    /// The path and query of the first link with a token.
    #[track_caller]
    pub fn link(&self) -> String {
        let url = self.text.split_whitespace().find(|word| word.contains("?token=")).expect("no link in the mail");
        let path = url.splitn(4, '/').nth(3).unwrap();
        format!("/{path}")
    }

    /// The token of that link.
    #[track_caller]
    pub fn token(&self) -> String {
        self.link().split_once("token=").unwrap().1.to_owned()
    }
}

/// What the server answers; empty texts stand for its ordinary answers.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub greeting: String,
    /// The keywords of the answer to EHLO.
    pub keywords: Vec<&'static str>,
    pub sender: String,
    pub recipient: String,
    pub data: String,
    /// Whom the answer to a recipient is for; empty stands for everybody.
    pub only_for: String,
    /// The answer to a command on a connection that has taken a mail already; the connection ends with it.
    pub on_kept: Option<(&'static str, &'static str)>,
    /// Closes the connection after taking a mail, without saying that it did.
    pub silent_after_data: bool,
    /// How long it takes to say that it took a mail.
    pub pause_after_data: Duration,
    /// Falls silent or hangs up earlier than that.
    pub fault: Option<Fault>,
}

/// How a relay breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Accepts the connection and says nothing.
    Mute,
    /// Accepts the connection and closes it.
    HangsUp,
    /// Closes the connection before the mail has come to its end.
    CutsData,
}

/// The server. It ends with the test's runtime.
#[derive(Clone)]
pub struct SmtpServer {
    pub address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    commands: Arc<Mutex<Vec<String>>>,
    script: Arc<Mutex<Script>>,
}

impl SmtpServer {
    pub async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// At this address, which somebody else may have had before.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, mails: Arc::default(), commands: Arc::default(), script: Arc::default() };
        let shared = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = shared.clone();
                tokio::spawn(async move { server.converse(stream).await });
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From now on, answers like this.
    pub fn play(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// The commands of all connections, as they came.
    pub fn commands(&self) -> Vec<String> {
        self.commands.lock().unwrap().clone()
    }

    async fn converse(&self, stream: TcpStream) -> Option<()> {
        let script = self.script.lock().unwrap().clone();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader);
        greet(&script, &mut lines, &mut writer).await?;
        let (mut recipients, mut is_kept) = (Vec::new(), false);
        loop {
            let line = read_line(&mut lines).await?;
            let script = self.script.lock().unwrap().clone();
            self.commands.lock().unwrap().push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match script.on_kept {
                Some((odd, reply)) if is_kept && odd == verb => return say(&mut writer, reply, "").await,
                _ => {}
            }
            match verb.as_str() {
                "EHLO" => say(&mut writer, &script.offers(), "").await?,
                "AUTH" => log_in(&line, &mut lines, &mut writer).await?,
                "STARTTLS" => say(&mut writer, "", "454 4.7.0 not now").await?,
                "RCPT" => {
                    let to = line.split(['<', '>']).nth(1).unwrap_or_default();
                    recipients.push(to.to_owned());
                    let scripted = script.only_for.is_empty() || script.only_for == to;
                    say(&mut writer, if scripted { &script.recipient } else { "" }, "250 OK").await?;
                }
                "DATA" => {
                    self.take_mail(std::mem::take(&mut recipients), &mut lines, &mut writer).await?;
                    is_kept = true;
                }
                "QUIT" => return say(&mut writer, "", "221 bye").await,
                "MAIL" | "RSET" => {
                    recipients.clear();
                    say(&mut writer, if verb == "MAIL" { &script.sender } else { "" }, "250 OK").await?;
                }
                "NOOP" => say(&mut writer, "", "250 OK").await?,
                _ => say(&mut writer, "", "500 what?").await?,
            }
        }
    }

    async fn take_mail(
        &self,
        recipients: Vec<String>,
        lines: &mut BufReader<OwnedReadHalf>,
        writer: &mut OwnedWriteHalf,
    ) -> Option<()> {
        let script = self.script.lock().unwrap().clone();
        say(writer, "", "354 go on").await?;
        if script.fault == Some(Fault::CutsData) {
            return None;
        }
        let raw = read_mail(lines).await?;
        if script.data.is_empty() || script.data.starts_with('2') {
            let arrived = recipients.into_iter().map(|to| Mail::parse(to, &raw));
            self.mails.lock().unwrap().extend(arrived);
        }
        if script.silent_after_data {
            return None;
        }
        tokio::time::sleep(script.pause_after_data).await;
        say(writer, &script.data, "250 OK queued").await
    }
}

impl Script {
    fn offers(&self) -> String {
        let keywords = if self.keywords.is_empty() { &["8BITMIME", "SMTPUTF8"][..] } else { &self.keywords };
        let lines: Vec<_> = keywords.iter().map(|keyword| format!("250-{keyword}\r\n")).collect();
        format!("250-test\r\n{}250 HELP", lines.concat())
    }
}

async fn greet(script: &Script, lines: &mut BufReader<OwnedReadHalf>, writer: &mut OwnedWriteHalf) -> Option<()> {
    match script.fault {
        // Until the other side has had enough.
        Some(Fault::Mute) => while read_line(lines).await.is_some() {},
        Some(Fault::HangsUp) => return None,
        _ => {}
    }
    say(writer, &script.greeting, "220 test ESMTP").await
}

/// Takes any user and password; those of LOGIN come in answers of their own.
async fn log_in(line: &str, lines: &mut BufReader<OwnedReadHalf>, writer: &mut OwnedWriteHalf) -> Option<()> {
    if line.eq_ignore_ascii_case("AUTH LOGIN") {
        for challenge in ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"] {
            say(writer, challenge, "").await?;
            read_line(lines).await?;
        }
    }
    say(writer, "", "235 welcome").await
}

async fn say(writer: &mut (impl AsyncWriteExt + Unpin), scripted: &str, ordinary: &str) -> Option<()> {
    let reply = if scripted.is_empty() { ordinary } else { scripted };
    writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()
}

async fn read_line(lines: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut line = String::new();
    (lines.read_line(&mut line).await.ok()? > 0).then(|| line.trim_end().to_owned())
}

/// Everything up to the dot, with stuffed dots taken out (RFC 5321 §4.5.2).
async fn read_mail(lines: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Vec<u8>> {
    let mut mail = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        match line.strip_prefix(b".") {
            Some(b"\r\n") => return Some(mail),
            Some(stuffed) => mail.extend_from_slice(stuffed),
            None => mail.extend_from_slice(&line),
        }
    }
}
