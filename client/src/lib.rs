#![doc = include_str!("../README.md")]

mod client;
mod error;
mod generated;
mod request;

pub use self::{
    client::{Client, Response},
    error::Error,
    generated::*,
    request::{API_VERSION, MEDIA_TYPE, ReadBody, Request},
};
