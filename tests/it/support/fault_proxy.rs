//! A TCP proxy between the program and what it depends on, which breaks connections as networks and servers do.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How soon what is cut after it was passed on is answered, if it is.
const ANSWERED_WITHIN: Duration = Duration::from_millis(200);

/// What the proxy does to every connection.
#[derive(Clone, Debug, Default)]
pub enum Fault {
    /// Passes everything on.
    #[default]
    None,
    /// Ends every connection with a reset, new ones too.
    Reset,
    /// Passes nothing on and tells nobody; goes on where it stopped.
    BlackHole,
    /// Passes each piece on so much later.
    Delay(Duration),
    /// Ends each connection when its client has sent so many bytes.
    CutAfter(usize),
    /// Ends one connection at one place, and nothing from then on.
    CutOnce(Cut),
}

/// Where a connection is cut: when a client that has sent `mark` sends `at`.
#[derive(Clone, Debug)]
pub struct Cut {
    pub mark: Vec<u8>,
    pub at: &'static [u8],
    pub moment: Moment,
}

/// Whether what is sent at the cut arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It does not.
    Before,
    /// It does and is answered; the answer does not arrive.
    After,
}

/// The proxy. It ends with the test's runtime.
#[derive(Debug)]
pub struct FaultProxy {
    pub address: SocketAddr,
    fault: watch::Sender<Fault>,
    cuts: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

/// Where connections lead.
#[derive(Clone, Debug)]
enum Upstream {
    Unix(PathBuf),
    Tcp(SocketAddr),
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// How a connection ends: as one of its sides ends it, or by the proxy.
enum End {
    Closed,
    Broken,
}

impl FaultProxy {
    /// In front of a server at a Unix socket.
    pub async fn to_socket(path: PathBuf) -> Self {
        Self::start(Upstream::Unix(path)).await
    }

    /// In front of a server at an address.
    pub async fn to_address(address: SocketAddr) -> Self {
        Self::start(Upstream::Tcp(address)).await
    }

    /// From now on, breaks connections like this, those that are open too.
    pub fn play(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// How many connections were cut at one place.
    pub fn cuts(&self) -> usize {
        self.cuts.load(Ordering::Relaxed)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    async fn start(upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (fault, cuts) = (watch::Sender::new(Fault::None), Arc::default());
        let address = listener.local_addr().unwrap();
        let proxy = Self { address, fault, cuts, connections: Arc::default() };
        let (fault, cuts, connections) = (proxy.fault.clone(), Arc::clone(&proxy.cuts), Arc::clone(&proxy.connections));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::Relaxed);
                let link = Link { faults: fault.subscribe(), fault: fault.clone(), cuts: Arc::clone(&cuts), sent: 0 };
                tokio::spawn(link.serve(client, upstream.clone()));
            }
        });
        proxy
    }
}

/// One connection.
struct Link {
    faults: watch::Receiver<Fault>,
    fault: watch::Sender<Fault>,
    cuts: Arc<AtomicUsize>,
    sent: usize,
}

impl Link {
    async fn serve(mut self, mut client: TcpStream, upstream: Upstream) {
        let _ = client.set_nodelay(true);
        let server: std::io::Result<Box<dyn Stream>> = match upstream {
            Upstream::Unix(path) => UnixStream::connect(path).await.map(|stream| Box::new(stream) as _),
            Upstream::Tcp(address) => TcpStream::connect(address).await.map(|stream| Box::new(stream) as _),
        };
        let end = match server {
            Ok(mut server) => self.pass_on(&mut client, &mut *server).await,
            Err(_) => Some(End::Broken),
        };
        if matches!(end, Some(End::Broken)) {
            let _ = client.set_zero_linger();
        }
    }

    /// Passes on what each side says, one piece at a time.
    async fn pass_on(&mut self, client: &mut TcpStream, server: &mut dyn Stream) -> Option<End> {
        let (mut said, mut answered, mut since) = (vec![0; 65_536], vec![0; 65_536], Vec::new());
        loop {
            let fault = self.faults.borrow_and_update().clone();
            match &fault {
                Fault::Reset => return Some(End::Broken),
                Fault::BlackHole => {
                    self.faults.changed().await.ok()?;
                    continue;
                }
                _ => {}
            }
            tokio::select! {
                changed = self.faults.changed() => changed.ok()?,
                read = client.read(&mut said) => {
                    let piece = &said[..read.ok().filter(|count| *count > 0)?];
                    if let Some(end) = self.send(piece, &mut since, server).await? {
                        return Some(end);
                    }
                }
                read = server.read(&mut answered) => {
                    let piece = &answered[..read.ok().filter(|count| *count > 0)?];
                    wait(&fault).await;
                    client.write_all(piece).await.ok()?;
                }
            }
        }
    }

    /// Passes on what a client says, or cuts there; `since` is what it said since the last place where it might be cut.
    async fn send(&mut self, piece: &[u8], since: &mut Vec<u8>, server: &mut dyn Stream) -> Option<Option<End>> {
        let fault = self.faults.borrow().clone();
        wait(&fault).await;
        self.sent += piece.len();
        match fault {
            Fault::CutAfter(most) if self.sent > most => return Some(Some(End::Broken)),
            Fault::CutOnce(cut) => {
                since.extend_from_slice(piece);
                if let Some(end) = end_of(since, cut.at) {
                    if holds(since, &cut.mark) {
                        self.fault.send_replace(Fault::None);
                        self.cuts.fetch_add(1, Ordering::Relaxed);
                        if cut.moment == Moment::After {
                            // Not what stands behind it: the end of a mail may come with its lines.
                            let behind = since.len() - end;
                            server.write_all(&piece[..piece.len() - behind]).await.ok()?;
                            // In the middle of a mail there is no answer.
                            let _ = timeout(ANSWERED_WITHIN, server.read(&mut [0; 1_024])).await;
                        }
                        return Some(Some(End::Broken));
                    }
                    since.clear();
                }
            }
            _ => {}
        }
        server.write_all(piece).await.ok()?;
        Some(None)
    }
}

async fn wait(fault: &Fault) {
    if let Fault::Delay(delay) = fault {
        sleep(*delay).await;
    }
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || end_of(text, part).is_some()
}

/// Where the first of these parts of a text ends.
fn end_of(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part).map(|start| start + part.len())
}
