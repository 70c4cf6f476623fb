//! A server that says when a request has arrived, and responds when it is told to.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, mpsc},
    thread,
    time::Duration,
};

use crate::program::program;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// What GitHub would respond.
    Success,
    /// The same, once it is released.
    Held,
    /// This body, with status 200.
    Body(&'static str),
    /// A status and a header, without a body.
    Status(u16, &'static str),
}

pub(crate) struct Server {
    url: String,
    arrived: mpsc::Receiver<String>,
    shared: Arc<Shared>,
}

struct Shared {
    reply: Box<dyn Fn(&str) -> Reply + Send + Sync>,
    requests: Mutex<Vec<String>>,
    released: Mutex<bool>,
    release: Condvar,
}

impl Server {
    /// Starts a server that replies to each line such as `PUT /orgs/acme/actions/secrets/A`.
    pub(crate) fn start(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (arrives, arrived) = mpsc::channel();
        let shared = Arc::new(Shared {
            reply: Box::new(reply),
            requests: Mutex::default(),
            released: Mutex::new(false),
            release: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (shared, arrives) = (Arc::clone(&serving), arrives.clone());
                thread::spawn(move || shared.serve(stream.unwrap(), &arrives));
            }
        });
        Self {
            url,
            arrived,
            shared,
        }
    }

    /// Returns the program on this server, with a token.
    pub(crate) fn program(&self, arguments: &str) -> std::process::Command {
        let mut command = program(arguments);
        command.args(["--api-url", &self.url]);
        command.env("GH_TOKEN", "ghp_any");
        command
    }

    /// Waits until a request arrives whose line contains this.
    pub(crate) fn wait_for(&self, part: &str) {
        loop {
            let line = self.arrived.recv_timeout(Duration::from_secs(60)).unwrap();
            if line.contains(part) {
                return;
            }
        }
    }

    /// Responds to what is held.
    pub(crate) fn release(&self) {
        *self.shared.released.lock().unwrap() = true;
        self.shared.release.notify_all();
    }

    /// The lines of all requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The lines of the requests that change something.
    pub(crate) fn writes(&self) -> Vec<String> {
        let requests = self.shared.requests.lock().unwrap();
        let writes = requests.iter().filter(|line| !line.starts_with("GET"));
        writes.cloned().collect()
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream, arrives: &mpsc::Sender<String>) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(line) = request(&mut reader) {
            self.requests.lock().unwrap().push(line.clone());
            let _ = arrives.send(line.clone());
            let reply = (self.reply)(&line);
            if matches!(reply, Reply::Held) {
                let released = self.released.lock().unwrap();
                drop(self.release.wait_while(released, |released| !*released));
            }
            let response = match reply {
                Reply::Success | Reply::Held => success(&line),
                Reply::Body(body) => (200, "", body.to_owned()),
                Reply::Status(status, header) => (status, header, String::new()),
            };
            if respond(&stream, response).is_err() {
                return;
            }
        }
    }
}

/// Reads a request, and returns its line without the version.
fn request(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let line = line.trim_end().strip_suffix(" HTTP/1.1")?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(line)
}

fn respond(mut stream: &TcpStream, response: (u16, &str, String)) -> std::io::Result<()> {
    let (status, header, body) = response;
    let header = if header.is_empty() {
        String::new()
    } else {
        format!("{header}\r\n")
    };
    let length = match status {
        204 => String::new(),
        _ => format!("content-length: {}\r\n", body.len()),
    };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{length}{header}\r\n{body}"
    )
}

fn success(line: &str) -> (u16, &'static str, String) {
    const KEY: &str = r#"{"key_id": "1", "key": "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs="}"#;
    const TIMES: &str =
        r#""created_at": "2019-08-10T14:59:22Z", "updated_at": "2020-01-10T14:59:22Z""#;
    let (method, path) = line.split_once(' ').unwrap();
    let path = path.split('?').next().unwrap();
    let last = path.rsplit('/').next().unwrap();
    let repository = r#"{"id": 1, "name": "website", "full_name": "acme/website"}"#;
    let registry = format!(
        r#"{{"name": "NPM_REGISTRY_SECRET", "registry_type": "npm_registry",
            "url": "https://npm.acme.example", "auth_type": "token", "username": null,
            "replaces_base": false, "visibility": "all", {TIMES}}}"#
    );
    let body = match (method, last) {
        ("PUT" | "PATCH" | "DELETE", _) => return (204, "", String::new()),
        ("POST", _) => return (201, "", registry),
        (_, "public-key") => KEY.to_owned(),
        (_, "repositories") => format!(r#"{{"total_count": 1, "repositories": [{repository}]}}"#),
        (_, "secrets") => r#"{"total_count": 0, "secrets": []}"#.to_owned(),
        (_, "private-registries") => r#"{"total_count": 0, "configurations": []}"#.to_owned(),
        _ if path.contains("private-registries") => registry,
        _ if path.starts_with("/repos/acme/website") && !path.contains("secrets") => {
            repository.to_owned()
        }
        _ => format!(r#"{{"name": "A", "visibility": "selected", {TIMES}}}"#),
    };
    (200, "", body)
}
