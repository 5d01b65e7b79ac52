//! The rules of a consultation, told as stories, tried at random, and held to what was ever stored.

mod aftermath;
mod calls;
mod golden;
mod random;
mod story;
mod waits;
mod ways;

use story::{Story, doctor, midwife, note};
