//! Every page of the desk and of the reports in its states, as the server sends it: what it says, and that it says it in
//! words. With `DESK_PICTURES=directory` the pages are also written there with their styles, for looking at.

#![cfg(feature = "ssr")]

mod desk_pages;
mod epds;
mod handing;
mod pictures;
mod referrals;
mod report_pages;
mod reports;
mod samples;
