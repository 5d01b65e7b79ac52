//! The edge as browsers, coturn's tools and strangers meet it: a real desk behind it, real sockets, all on loopback.

#[path = "edge/doctor.rs"]
mod doctor;
#[path = "edge/pages.rs"]
mod pages;
#[path = "edge/place.rs"]
mod place;
#[path = "edge/strangers.rs"]
mod strangers;
#[path = "edge/tools.rs"]
mod tools;
