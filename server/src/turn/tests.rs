//! What browsers, strangers and attackers notice of the relay. The clock is turned by hand; nothing is sent.

mod allocations;
mod hall;
mod hostile;
mod peers;
mod vectors;
