//! A client that speaks HTTP by hand, to say what no library would.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::page::Page;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connection to a site.
pub struct Wire {
    stream: TcpStream,
}

impl Wire {
    pub async fn to(base_url: &str) -> Self {
        Self { stream: TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap() }
    }

    /// Sends these bytes; a server that no longer listens is found out by reading.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = timeout(PATIENCE, self.stream.write_all(bytes.as_ref())).await;
    }

    /// The connection itself.
    pub fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// Says that nothing more comes.
    pub async fn end(&mut self) {
        let _ = self.stream.shutdown().await;
    }

    /// The next answer, or nothing when the server hangs up without one.
    pub async fn answer(&mut self) -> Option<Page> {
        let mut bytes = Vec::new();
        let head = loop {
            if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            self.read_more(&mut bytes).await?;
        };
        let (status, headers) = read_head(&String::from_utf8_lossy(&bytes[..head]));
        let length = headers.get("content-length").map_or(0, |value| value.to_str().unwrap().parse().unwrap());
        while bytes.len() < head + 4 + length && self.read_more(&mut bytes).await.is_some() {}
        let body = String::from_utf8_lossy(&bytes[head + 4..]).into_owned();
        Some(Page { status, headers, body })
    }

    /// All that comes until the server hangs up.
    pub async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        while self.read_more(&mut bytes).await.is_some() {}
        String::from_utf8(bytes).unwrap()
    }

    async fn read_more(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let read = timeout(PATIENCE, self.stream.read_buf(bytes)).await.expect("no answer in time");
        read.ok().filter(|count| *count > 0).map(|_| ())
    }
}

/// Sends one request on a connection of its own.
pub async fn exchange(base_url: &str, request: impl AsRef<[u8]>) -> Option<Page> {
    let mut wire = Wire::to(base_url).await;
    wire.send(request).await;
    wire.answer().await
}

fn read_head(head: &str) -> (StatusCode, HeaderMap) {
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value.trim()).unwrap())
    };
    (status, lines.map(pair).collect())
}
