//! A receiver of webhooks, which answers as it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use standardwebhooks::Webhook;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What arrived.
#[derive(Clone, Debug)]
pub struct Message {
    pub headers: HeaderMap,
    pub body: String,
}

impl Message {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }

    /// Whether the reference implementation takes it as signed with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        Webhook::new(secret).unwrap().verify(self.body.as_bytes(), &self.headers).is_ok()
    }
}

/// The receiver.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    messages: Arc<Mutex<Vec<Message>>>,
    /// The answer, with its head; nothing to close the connection without one.
    answer: Arc<Mutex<String>>,
    /// How long it takes until the answer.
    pause: Arc<Mutex<Duration>>,
    /// The same for the next answer alone.
    next_pause: Arc<Mutex<Duration>>,
    /// How long it keeps the connection after the answer.
    stay: Arc<Mutex<Duration>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (messages, answer, stay) = Default::default();
        let receiver = Self { url, messages, answer, pause: Arc::default(), next_pause: Arc::default(), stay };
        receiver.answers("200 OK", "");
        let accepting = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().serve(stream));
            }
        });
        receiver
    }

    /// Answers so from now on: the status, and lines of the head.
    pub fn answers(&self, status: &str, head: &str) {
        let answer = format!("HTTP/1.1 {status}\r\n{head}connection: close\r\n\r\nhello");
        *self.answer.lock().unwrap() = answer;
    }

    /// Answers with this and closes the connection.
    pub fn sends(&self, answer: String) {
        *self.answer.lock().unwrap() = answer;
    }

    /// Answers after this time only.
    pub fn waits(&self, pause: Duration) {
        *self.pause.lock().unwrap() = pause;
    }

    /// The next one alone is answered after this time only.
    pub fn waits_once(&self, pause: Duration) {
        *self.next_pause.lock().unwrap() = pause;
    }

    /// Does not close the connection after the answer.
    pub fn stays_open(&self) {
        self.stays(Duration::from_mins(1));
    }

    /// Closes the connection so long after the answer, and reads nothing more from it.
    pub fn stays(&self, time: Duration) {
        *self.stay.lock().unwrap() = time;
    }

    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let message = loop {
            if stream.read_buf(&mut bytes).await.unwrap_or_default() == 0 {
                return;
            }
            if let Some(message) = whole(&bytes) {
                break message;
            }
        };
        self.messages.lock().unwrap().push(message);
        let (answer, pause) = (self.answer.lock().unwrap().clone(), *self.pause.lock().unwrap());
        let next_pause = std::mem::take(&mut *self.next_pause.lock().unwrap());
        sleep(pause.max(next_pause)).await;
        let _ = stream.write_all(answer.as_bytes()).await;
        let stay = *self.stay.lock().unwrap();
        sleep(stay).await;
    }
}

/// The request, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Message> {
    let text = String::from_utf8(bytes.to_vec()).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let pairs = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers: HeaderMap = pairs
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap()))
        .collect();
    let length: usize = headers.get("content-length")?.to_str().ok()?.parse().ok()?;
    (body.len() == length).then(|| Message { headers, body: body.to_owned() })
}
