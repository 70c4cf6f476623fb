//! A process that was suspended while a response came: the HTTP client is the real one here, and
//! so is the time.

use std::{
    io::{Read, Write},
    net::TcpListener,
    pin::pin,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

use futures_util::future::{Either, select};
use tokio::{runtime::Builder, task::yield_now};

use crate::http::RoundTrip;

const LIMIT: Duration = Duration::from_millis(500);

/// Serves one request when it is told to, and says when it came and when it was responded to.
fn serve(listener: &TcpListener, progress: &Sender<()>, resume: &Receiver<()>) {
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("a request");
        head.extend(byte);
    }
    progress.send(()).expect("the test goes on");
    resume.recv().expect("the test goes on");
    let response = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    stream.write_all(response).expect("a response");
    progress.send(()).expect("the test goes on");
    // The connection stays open until the test is over.
    let _ = resume.recv();
}

#[test]
fn a_response_that_came_while_the_process_was_suspended_wins_over_the_time_out() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    let url = format!("http://{}/", listener.local_addr().expect("its address"));
    let (progress, reached) = mpsc::channel();
    let (go_on, resume) = mpsc::channel();
    thread::spawn(move || serve(&listener, &progress, &resume));
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let client = reqwest::Client::builder().no_proxy().build();
    let client = client.expect("a client");
    let request = client.get(url).build().expect("a request");
    let mut response = client.round_trip(request, true, LIMIT);
    runtime.block_on(async {
        let came = async {
            while reached.try_recv().is_err() {
                yield_now().await;
            }
        };
        match select(response.as_mut(), pin!(came)).await {
            Either::Left((early, _)) => panic!("not sent in time: {early:?}"),
            Either::Right(((), _)) => {}
        }
    });
    go_on.send(()).expect("the server goes on");
    reached.recv().expect("responded");
    // Nothing of the process moves until its time is over.
    thread::sleep(LIMIT);
    let received = runtime.block_on(response).expect("the response");
    assert_eq!(
        (received.status.as_u16(), &received.body[..]),
        (200, &b"{}"[..])
    );
}
