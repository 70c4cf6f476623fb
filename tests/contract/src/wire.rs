//! A server that records the bytes it receives and responds with the bytes that a test gives it.

use std::{
    collections::VecDeque,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::request::Request;

/// A server on a loopback port that the system picks, with a thread for each connection.
pub struct Wire {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// Longer than any test takes. A connection that is silent for this long is closed.
const PATIENCE: Duration = Duration::from_secs(10);

/// No request of the library is larger.
const MAX_REQUEST_BYTES: usize = 256 * 1024;

/// The part of an endless response that is sent at once.
const PIECE_BYTES: usize = 16 * 1024;

/// The end of an endless response, far beyond what a client should read.
const ENDLESS_BYTES: usize = 64 * 1024 * 1024;

struct Shared {
    respond: Box<dyn Fn(&Request) -> Reply + Send + Sync>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    bytes: Vec<u8>,
    requests: Vec<Request>,
    closed: bool,
}

impl Wire {
    /// Starts a server that calls `respond` for each request.
    pub fn serve(respond: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            respond: Box::new(respond),
            seen: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    /// Starts a server that sends these replies one after the other. After the last one it closes
    /// every connection without a response.
    pub fn script(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect::<VecDeque<_>>());
        Self::serve(move |_| lock(&replies).pop_front().unwrap_or_else(Reply::closed))
    }

    /// Returns the address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests so far, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.seen().requests.clone()
    }

    /// Returns the methods and targets of the requests so far.
    pub fn lines(&self) -> Vec<String> {
        self.shared
            .seen()
            .requests
            .iter()
            .map(Request::line)
            .collect()
    }

    /// Returns every byte that came, on all connections.
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.seen().bytes.clone()
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.seen().connections
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.seen().closed = true;
        // Wakes the thread that accepts, which then ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let mut seen = shared.seen();
        if seen.closed {
            return;
        }
        seen.connections += 1;
        drop(seen);
        let shared = Arc::clone(shared);
        // A connection that breaks is the client's doing, and what a test may be about.
        thread::spawn(move || stream.and_then(|stream| converse(stream, &shared)));
    }
}

fn converse(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = receive(&mut stream, &mut buffer, shared)? {
        let reply = (shared.respond)(&request);
        shared.seen().requests.push(request);
        if !reply.send(&mut stream)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads the next request; returns `None` if the client closed the connection.
fn receive(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    shared: &Shared,
) -> io::Result<Option<Request>> {
    loop {
        if let Some((request, size)) = parse(buffer) {
            buffer.drain(..size);
            return Ok(Some(request));
        }
        let mut chunk = [0; 8 * 1024];
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(None);
        }
        shared.seen().bytes.extend(&chunk[..read]);
        buffer.extend(&chunk[..read]);
        assert!(
            buffer.len() <= MAX_REQUEST_BYTES,
            "a request without an end"
        );
    }
}

/// Returns the request that the bytes begin with, and its size, once it is complete.
fn parse(bytes: &[u8]) -> Option<(Request, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let head_bytes = match head.parse(bytes).expect("HTTP/1.1") {
        httparse::Status::Complete(size) => size,
        httparse::Status::Partial => return None,
    };
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let mut request = Request {
        method: head.method?.to_owned(),
        target: head.path?.to_owned(),
        headers: head
            .headers
            .iter()
            .map(|header| (header.name.to_ascii_lowercase(), text(header.value)))
            .collect(),
        body: Vec::new(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().expect("a length"));
    let end = head_bytes + length;
    request.body = bytes.get(head_bytes..end)?.to_vec();
    Some((request, end))
}

/// A response of a [`Wire`], byte for byte.
#[derive(Clone)]
pub struct Reply {
    bytes: Vec<u8>,
    dripping: bool,
    then: Then,
}

#[derive(Clone)]
enum Then {
    KeepOpen,
    Close,
    Silence,
    Repeat(Vec<u8>),
}

impl Reply {
    /// Creates a response without a body.
    pub fn status(status: u16) -> Self {
        let length = match status {
            204 | 304 => "",
            _ => "content-length: 0\r\n",
        };
        Self::raw(format!("HTTP/1.1 {status} Status\r\n{length}\r\n"))
    }

    /// Creates a response with a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    /// Creates a response with a body of this type.
    pub fn text(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut bytes = format!(
            "HTTP/1.1 {status} Status\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend(body);
        Self::raw(bytes)
    }

    /// Sends these bytes; the connection stays open.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            dripping: false,
            then: Then::KeepOpen,
        }
    }

    /// Closes the connection without a response.
    pub fn closed() -> Self {
        Self::raw([]).then(Then::Close)
    }

    /// Sends nothing, and keeps the connection open.
    pub fn silence() -> Self {
        Self::raw([]).then(Then::Silence)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let first_line = self.bytes.iter().position(|byte| *byte == b'\n');
        let at = first_line.expect("a status line") + 1;
        let header = format!("{name}: {value}\r\n").into_bytes();
        self.bytes.splice(at..at, header);
        self
    }

    /// Returns the bytes that are sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Leaves out the last `count` bytes and closes the connection.
    pub fn cut(self, count: usize) -> Self {
        self.cut_then(count, Then::Close)
    }

    /// Leaves out the last `count` bytes and keeps the connection open.
    pub fn stalled(self, count: usize) -> Self {
        self.cut_then(count, Then::Silence)
    }

    /// Sends each byte on its own.
    pub fn dripping(self) -> Self {
        Self {
            dripping: true,
            ..self
        }
    }

    /// Repeats these bytes until the client closes the connection.
    pub fn endless(self, bytes: &str) -> Self {
        let times = PIECE_BYTES.div_ceil(bytes.len());
        self.then(Then::Repeat(bytes.repeat(times).into_bytes()))
    }

    fn cut_then(mut self, count: usize, then: Then) -> Self {
        self.bytes.truncate(self.bytes.len() - count);
        self.then(then)
    }

    fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    /// Sends the reply; returns whether the connection can be used again.
    fn send(&self, stream: &mut TcpStream) -> io::Result<bool> {
        let size = if self.dripping {
            1
        } else {
            self.bytes.len().max(1)
        };
        for piece in self.bytes.chunks(size) {
            stream.write_all(piece)?;
        }
        match &self.then {
            Then::KeepOpen => return Ok(true),
            Then::Close => {}
            Then::Silence => drop(stream.read(&mut [0])?),
            Then::Repeat(bytes) => {
                for _ in 0..ENDLESS_BYTES / bytes.len() {
                    stream.write_all(bytes)?;
                }
            }
        }
        Ok(false)
    }
}
