//! How an emulator starts and ends.

use std::{
    io::Read,
    net::{TcpListener, TcpStream},
    time::Duration,
};

use github_secrets_emulator::{Emulator, Error, Organization, Repository};

use crate::support::{SECRETS, get};

#[tokio::test]
async fn it_listens_on_the_loopback_interface_alone() {
    let emulator = Emulator::start().await.unwrap();

    assert!(emulator.address().ip().is_loopback());
    assert_eq!(emulator.url(), format!("http://{}", emulator.address()));
}

#[tokio::test]
async fn stopping_frees_the_port_and_closes_connections() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.address();
    let mut connection = TcpStream::connect(address).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    get(&emulator, SECRETS).await;

    emulator.stop().await;

    TcpListener::bind(address).unwrap();
    assert!(matches!(connection.read(&mut [0]), Ok(0) | Err(_)));
}

#[tokio::test]
async fn dropping_stops_it_too() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.address();

    drop(emulator);

    TcpListener::bind(address).unwrap();
}

#[tokio::test]
async fn it_responds_while_the_test_blocks() {
    let emulator = Emulator::start().await.unwrap();
    let mut connection = TcpStream::connect(emulator.address()).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    std::io::Write::write_all(&mut connection, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();

    let mut start = [0; 12];
    connection.read_exact(&mut start).unwrap();

    assert_eq!(&start, b"HTTP/1.1 403");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let emulator = Emulator::start().await.unwrap();

    let error = Emulator::builder()
        .address(emulator.address())
        .start()
        .await
        .unwrap_err();

    assert!(matches!(error, Error::Listen { address, .. } if address == emulator.address()));
    assert!(error.to_string().contains(&emulator.address().to_string()));
}

#[tokio::test]
async fn what_is_there_twice_is_named() {
    let twice = Emulator::builder()
        .organization(Organization::new("acme"))
        .organization(Organization::new("ACME"));
    let same_name = Organization::new("acme")
        .repository(Repository::new(1, "website"))
        .repository(Repository::new(2, "Website"));
    let same_id = Emulator::builder()
        .organization(Organization::new("acme").repository(Repository::new(1, "website")))
        .organization(Organization::new("other").repository(Repository::new(1, "docs")));

    let organization = twice.start().await.unwrap_err();
    let name = Emulator::builder()
        .organization(same_name)
        .start()
        .await
        .unwrap_err();
    let id = same_id.start().await.unwrap_err();

    assert!(matches!(organization, Error::DuplicateOrganization { login } if login == "ACME"));
    assert!(matches!(name, Error::DuplicateRepository { name } if name == "Website"));
    assert!(matches!(id, Error::DuplicateRepository { name } if name == "docs"));
}
