//! A proxy that delays what passes it, as a long line would.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep_until},
};
use tokio_rustls::TlsAcceptor;

/// A proxy on loopback. It ends when it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    tls: bool,
    connections: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy to a server over plain HTTP; with an acceptor, the far end of the line speaks
    /// TLS.
    pub(crate) async fn start(
        server: SocketAddr,
        delay: Duration,
        tls: Option<TlsAcceptor>,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let connections = Arc::new(AtomicUsize::new(0));
        let (counted, speaks_tls) = (Arc::clone(&connections), tls.is_some());
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(carry(stream, server, delay, tls.clone()));
            }
        });
        Ok(Self {
            address,
            tls: speaks_tls,
            connections,
            accepting,
        })
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Returns how many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries one connection until either end closes it.
async fn carry(
    client: TcpStream,
    server: SocketAddr,
    delay: Duration,
    tls: Option<TlsAcceptor>,
) -> std::io::Result<()> {
    // On loopback a client is connected at once. On a long line that takes a round trip, so what it
    // sends first is that much later.
    let connected = Instant::now() + delay;
    client.set_nodelay(true)?;
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move {
        let server = TcpStream::connect(server).await?;
        server.set_nodelay(true)?;
        match tls {
            None => join(far, server, Instant::now(), Duration::ZERO).await,
            Some(tls) => {
                join(
                    tls.accept(far).await?,
                    server,
                    Instant::now(),
                    Duration::ZERO,
                )
                .await
            }
        }
        std::io::Result::Ok(())
    });
    join(client, near, connected, delay / 2).await;
    Ok(())
}

/// Carries bytes both ways. What comes before `open` leaves as if it had come then.
async fn join(
    one: impl AsyncRead + AsyncWrite + Send + 'static,
    other: impl AsyncRead + AsyncWrite + Send + 'static,
    open: Instant,
    delay: Duration,
) {
    let ((from_one, to_one), (from_other, to_other)) = (split(one), split(other));
    tokio::join!(
        forward(from_one, to_other, open, delay),
        forward(from_other, to_one, open, delay)
    );
}

async fn forward(
    mut from: impl AsyncRead + Unpin + Send + 'static,
    mut to: impl AsyncWrite + Unpin,
    open: Instant,
    delay: Duration,
) {
    let (line, mut arriving) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(size @ 1..) = from.read(&mut buffer).await {
            let due = Instant::now().max(open) + delay;
            if line.send((due, buffer[..size].to_vec())).is_err() {
                return;
            }
        }
    });
    while let Some((due, bytes)) = arriving.recv().await {
        sleep_until(due).await;
        if to.write_all(&bytes).await.is_err() || to.flush().await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
