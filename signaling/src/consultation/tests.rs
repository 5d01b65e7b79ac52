//! The rules of a consultation, told as stories, tried at random, and held to what was ever stored.

mod after;
mod aftermath;
mod appointments;
mod calls;
mod epds;
mod golden;
mod handing;
mod judged;
mod owed;
mod people;
mod photos;
mod random;
mod referral;
mod scope;
mod story;
mod telephone;
mod waits;
mod ways;

use story::{Story, doctor, midwife, note};
