//! The pages of the consultation desk.
//!
//! A page is a pure function of its model ([`page`]): the server loads the model, renders it to HTML ([`shell`]) and puts
//! the model itself into the document; in the browser the same function makes the same page from the same model and
//! brings it to life. There is no other channel between page and server than that model, the forms, and the live
//! protocol of `signaling`. Every form works before, and without, WebAssembly.
//!
//! Two entries: `guardian` (families; small) and `desk` (staff). Nothing of the desk is in the guardian's bytes.
//!
//! Not here: SQL, sessions, routing of requests. Those are the server's.

// Views are types; a page's is deep.
#![recursion_limit = "512"]

pub mod after;
pub mod call;
pub mod callback;
pub mod chat;
pub mod claim;
pub mod desk;
pub mod guardian;
pub mod guest;
pub mod intake;
pub mod link;
pub mod note;
pub mod page;
pub mod photo;
pub mod queue;
pub mod report;
pub mod shell;
pub mod staff;
pub mod survey;
pub mod ui;

#[cfg(feature = "hydrate")]
pub mod clock;
#[cfg(feature = "hydrate")]
pub mod live;
