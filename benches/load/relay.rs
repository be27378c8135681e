//! A mail relay that takes every mail at once and counts them (RFC 5321).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

pub struct Relay {
    pub port: u16,
    mails: Arc<AtomicU64>,
}

impl Relay {
    /// Listens, on a thread of its own.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, mails) = (listener.local_addr().unwrap().port(), Arc::new(AtomicU64::new(0)));
        let count = Arc::clone(&mails);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                listener.set_nonblocking(true).unwrap();
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(converse(stream, Arc::clone(&count)));
                }
            });
        });
        Self { port, mails }
    }

    /// Mails taken so far.
    pub fn mails(&self) -> u64 {
        self.mails.load(Ordering::Relaxed)
    }
}

async fn converse(stream: TcpStream, mails: Arc<AtomicU64>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let (mut reader, mut line) = (BufReader::with_capacity(64 * 1024, reader), Vec::new());
    writer.write_all(b"220 relay ESMTP\r\n").await?;
    let mut in_mail = false;
    while reader.read_until(b'\n', &mut line).await? > 0 {
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            _ if in_mail && line != b".\r\n" => b"",
            _ if in_mail => {
                in_mail = false;
                mails.fetch_add(1, Ordering::Relaxed);
                b"250 2.0.0 taken\r\n"
            }
            b"EHLO" => b"250-relay\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
            b"DATA" => {
                in_mail = true;
                b"354 go on\r\n"
            }
            b"QUIT" => b"221 2.0.0 bye\r\n",
            _ => b"250 2.0.0 ok\r\n",
        };
        // A client that pipelines reads the answers together.
        writer.write_all(answer).await?;
        line.clear();
    }
    Ok(())
}
