//! The consultation desk's server. The rules are in `signaling`, the pages in `frontend`; here is what carries them: HTTP
//! and WebSocket, storage, TLS, clock.
//!
//! Modules are named by the step of the journey they carry: link → intake → queue → claim → chat / call → note → survey →
//! report. ARCHITECTURE.md walks through them.

pub mod access;
pub mod announced;
pub mod app;
pub mod assets;
mod bare;
pub mod board;
pub mod chain;
pub mod check;
pub mod check_log;
pub mod city;
pub mod clock;
pub mod concern;
pub mod config;
pub mod demo;
pub mod desk;
pub mod doctor;
pub mod duty;
pub mod echo;
pub mod edge;
pub mod entrance;
pub mod error;
pub mod files;
pub mod form;
pub mod guest;
#[cfg(test)]
mod hostile_input;
pub mod hub;
pub mod ice;
pub mod identity;
pub mod link;
pub mod live;
pub mod open_files;
pub mod opening;
pub mod outbox;
pub mod phones;
pub mod photo;
pub mod reach;
pub mod referrals;
pub mod render;
pub mod report;
pub mod rota;
pub mod router;
pub mod rules;
pub mod seal;
pub mod security;
pub mod serve;
pub mod spine;
pub mod staff;
pub mod storage;
pub mod tasks;
pub mod telemetry;
pub mod templates;
pub mod ticket;
pub mod timers;
pub mod tls;
pub mod turn;
