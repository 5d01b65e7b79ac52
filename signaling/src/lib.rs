//! What browser and server of the consultation desk say to each other, and the rules both obey.
//!
//! The journey gives the modules their names: link → [`intake`] → [`queue`] → claim → chat / [`call`] → [`note`] →
//! [`survey`] → [`report`]. The centre is [`consultation`]: an append-only log of events, with pure functions that decide
//! what a command means, fold events into a state, name the deadlines and say who may see what.
//!
//! Deliberately not here: sockets, storage, clocks, random numbers, browser APIs. The time (`now`) and every new id are
//! arguments, so a test crosses hours without waiting and any run can be replayed.

pub mod actor;
pub mod after;
pub mod appointment;
pub mod call;
pub mod check;
pub mod consultation;
pub mod duty;
pub mod forecast;
pub mod hand_over;
pub mod holiday;
pub mod hours;
pub mod id;
pub mod intake;
pub mod ladder;
pub mod limits;
pub mod negotiation;
pub mod note;
pub mod phone;
pub mod photo;
pub mod protocol;
pub mod queue;
pub mod redacted;
pub mod registration;
pub mod report;
pub mod rota;
pub mod scope;
pub mod subject;
pub mod survey;
pub mod template;
pub mod text;
pub mod time;
pub mod triage;
pub mod view;
