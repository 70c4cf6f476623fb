//! Enforced rate limits.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use github_secrets_emulator::{Emulator, Fault, Limits, Matcher};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{SECRETS, get, get_as, put, request, until};

async fn enforcing(limits: Limits) -> Emulator {
    Emulator::builder().limits(limits).start().await.unwrap()
}

/// A write, which is refused for its missing value when no limit is in the way.
async fn write(emulator: &Emulator) -> Response {
    put(
        emulator,
        &format!("{SECRETS}/TOKEN"),
        &json!({ "visibility": "all" }),
    )
    .await
}

async fn statuses(emulator: &Emulator, writes: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..writes {
        statuses.push(write(emulator).await.status().as_u16());
    }
    statuses
}

fn secondary(body: &Value) -> bool {
    body["documentation_url"]
        .as_str()
        .unwrap()
        .ends_with("secondary-rate-limits")
}

#[tokio::test]
async fn the_eighty_first_write_within_a_minute_is_refused_and_a_read_is_not() {
    let emulator = enforcing(Limits::github().in_sliding_windows()).await;
    assert_eq!(statuses(&emulator, 80).await, [422; 80]);

    let refused = write(&emulator).await;

    assert_eq!(refused.status(), 403);
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    assert!(secondary(&refused.json().await.unwrap()));
    assert_eq!(get(&emulator, SECRETS).await.status(), 200);
    assert_eq!(emulator.limit_responses(), 1);
}

#[tokio::test]
async fn an_allowance_comes_back_at_the_rate_of_the_limit() {
    // A write comes back every 30 seconds.
    let emulator = enforcing(Limits::github().writes_per_minute(2)).await;

    assert_eq!(statuses(&emulator, 2).await, [422; 2]);
    let refused = write(&emulator).await;

    assert_eq!(refused.status(), 403);
    let wait = refused.headers()["retry-after"].to_str().unwrap();
    assert!((1..=30).contains(&wait.parse().unwrap()), "{wait}");
}

#[tokio::test]
async fn a_write_costs_five_points_and_a_read_one() {
    let emulator = enforcing(Limits::github().points_per_minute(12)).await;

    assert_eq!(statuses(&emulator, 3).await, [422, 422, 403]);
    for status in [200, 200, 403] {
        assert_eq!(get(&emulator, SECRETS).await.status(), status);
    }
}

#[tokio::test]
async fn the_writes_of_an_hour_are_limited_too() {
    let limits = Limits::github()
        .writes_per_minute(100)
        .writes_per_hour(3)
        .status(429);
    let emulator = enforcing(limits).await;

    assert_eq!(statuses(&emulator, 4).await, [422, 422, 422, 429]);
}

#[tokio::test]
async fn the_primary_limit_runs_down_to_nothing() {
    let emulator = enforcing(Limits::github().requests_per_hour(2)).await;
    let remaining = |response: &Response| response.headers()["x-ratelimit-remaining"].clone();

    assert_eq!(remaining(&get(&emulator, SECRETS).await), "1");
    assert_eq!(remaining(&get(&emulator, SECRETS).await), "0");
    let refused = get(&emulator, SECRETS).await;

    assert_eq!(refused.status(), 403);
    assert_eq!(remaining(&refused), "0");
    assert!(!secondary(&refused.json().await.unwrap()));
}

#[tokio::test]
async fn a_limit_concerns_one_token() {
    let emulator = enforcing(Limits::github().requests_per_hour(1)).await;

    assert_eq!(get_as(&emulator, "ghp_one", SECRETS).await.status(), 200);
    assert_eq!(get_as(&emulator, "ghp_one", SECRETS).await.status(), 403);
    assert_eq!(get_as(&emulator, "ghp_two", SECRETS).await.status(), 200);
}

#[tokio::test]
async fn scaled_time_passes_faster() {
    // A minute is a tenth of a second, an hour six seconds.
    let emulator = enforcing(Limits::github().writes_per_minute(1).scaled(600)).await;
    write(&emulator).await;

    let accepted = async { while write(&emulator).await.status() != 422 {} };

    timeout(Duration::from_secs(30), accepted).await.unwrap();
}

#[tokio::test]
async fn more_requests_at_once_than_allowed_are_refused() {
    let emulator = enforcing(Limits::github().concurrent(2)).await;
    emulator.fault(
        Fault::delay(Duration::from_secs(3_600))
            .on(Matcher::path("SLOW"))
            .always(),
    );
    for _ in 0..2 {
        tokio::spawn(request(&emulator, Method::GET, &format!("{SECRETS}/SLOW")).send());
    }
    until(|| emulator.requests().len() == 2).await;

    let refused = get(&emulator, SECRETS).await;

    assert_eq!(refused.status(), 403);
    assert!(secondary(&refused.json().await.unwrap()));
    assert_eq!(emulator.most_concurrent(), 3);
    assert_eq!(emulator.connections(), 3);
}

#[tokio::test]
async fn nothing_is_enforced_unless_asked() {
    let emulator = Emulator::start().await.unwrap();
    let mut connection = TcpStream::connect(emulator.address()).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut sending = connection.try_clone().unwrap();
    let head = "GET /nothing HTTP/1.1\r\nhost: x\r\nuser-agent: x\r\nauthorization: token x\r\n";
    let requests = format!("{head}\r\n").repeat(5_099) + head + "connection: close\r\n\r\n";
    let sender = thread::spawn(move || sending.write_all(requests.as_bytes()));

    let mut responses = String::new();
    connection.read_to_string(&mut responses).unwrap();

    sender.join().unwrap().unwrap();
    assert_eq!(responses.matches("HTTP/1.1 404").count(), 5_100);
    assert_eq!(responses.matches("x-ratelimit-remaining: 1\r\n").count(), 1);
    assert!(!responses.contains("x-ratelimit-remaining: 0\r\n"));
    assert_eq!(emulator.limit_responses(), 0);
}
