//! The binary itself, as an administrator runs it: started as a process on loopback, port 0, and asked over the network.

#[path = "shared/city.rs"]
mod city;

mod running {
    pub(crate) mod beside;
    pub(crate) mod client;
    pub(crate) mod code;
    pub(crate) mod demo;
    pub(crate) mod process;
    pub(crate) mod refusals;
    pub(crate) mod staff;
    pub(crate) mod tls;
}
