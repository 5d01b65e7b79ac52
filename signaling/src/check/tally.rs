//! The packets of a check, and what can be read from those that came back.
//!
//! A packet is as large as one of Opus in a call. The echo puts in front how many have arrived so far, so that what was
//! lost on the way there is told from what was lost on the way back.

use super::Figures;
use crate::call::Path;

/// Bytes of a packet: 20 ms of Opus at 48 kbit/s.
pub const PACKET_BYTES: usize = 120;
/// Bytes of an echo: a count in front.
pub const ECHOED_BYTES: usize = 4 + PACKET_BYTES;

/// The packet with this number.
#[must_use]
pub fn packet(number: u32) -> [u8; PACKET_BYTES] {
    let mut bytes = [0; PACKET_BYTES];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// The echo of a packet, the `arrived`th that came. Nothing for what is no packet.
#[must_use]
pub fn echoed(arrived: u32, packet: &[u8]) -> Option<[u8; ECHOED_BYTES]> {
    let packet: &[u8; PACKET_BYTES] = packet.try_into().ok()?;
    let mut bytes = [0; ECHOED_BYTES];
    bytes[..4].copy_from_slice(&arrived.to_be_bytes());
    bytes[4..].copy_from_slice(packet);
    Some(bytes)
}

/// What was sent and what came back, with times of one clock in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    sent: Vec<Sent>,
    arrived: u32,
    back: u32,
    last_trip: Option<f64>,
    jitter: f64,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    at_ms: f64,
    trip_ms: Option<f64>,
}

impl Tally {
    /// A packet is about to be sent: its bytes.
    pub fn send(&mut self, at_ms: f64) -> [u8; PACKET_BYTES] {
        let number = u32::try_from(self.sent.len()).unwrap_or(u32::MAX);
        self.sent.push(Sent { at_ms, trip_ms: None });
        packet(number)
    }

    /// How many were sent.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.sent.len()
    }

    /// Something came back. What is no echo of ours, or one that was here already, changes nothing.
    pub fn take(&mut self, echo: &[u8], at_ms: f64) {
        let number = |from: usize| {
            let bytes = echo.get(from..from + 4)?.try_into().ok()?;
            Some(u32::from_be_bytes(bytes))
        };
        let (Some(arrived), Some(packet), ECHOED_BYTES) = (number(0), number(4), echo.len()) else {
            return;
        };
        let place = usize::try_from(packet).unwrap_or(usize::MAX);
        let Some(sent) = self.sent.get_mut(place).filter(|sent| sent.trip_ms.is_none()) else {
            return;
        };
        let trip = (at_ms - sent.at_ms).max(0.0);
        sent.trip_ms = Some(trip);
        self.back += 1;
        self.arrived = self.arrived.max(arrived);
        if let Some(last) = self.last_trip.replace(trip) {
            // RFC 3550 §6.4.1.
            self.jitter += ((trip - last).abs() - self.jitter) / 16.0;
        }
    }

    /// What it amounts to; nothing where nothing came back. Packets that are still on their way count as lost, so the last
    /// of them should have had time.
    #[must_use]
    pub fn figures(&self, connect_ms: f64, path: Path) -> Option<Figures> {
        let mut trips: Vec<f64> = self.sent.iter().filter_map(|sent| sent.trip_ms).collect();
        trips.sort_by(f64::total_cmp);
        let median = *trips.get(trips.len() / 2)?;
        let sent = u32::try_from(self.sent.len()).unwrap_or(u32::MAX);
        // An echo that says more than was sent counts for what was sent.
        let arrived = self.arrived.clamp(self.back, sent);
        Some(Figures {
            connect_ms: whole(connect_ms),
            round_trip_ms: whole(median),
            jitter_ms: whole(self.jitter),
            loss_up_permille: permille(sent - arrived, sent),
            loss_down_permille: permille(arrived - self.back, arrived),
            path,
        })
    }
}

fn permille(part: u32, of: u32) -> u32 {
    let permille = u64::from(part) * 1_000 / u64::from(of.max(1));
    u32::try_from(permille).unwrap_or(1_000)
}

/// A float that is cast keeps within the bounds of the integer.
fn whole(ms: f64) -> u32 {
    ms.round() as u32
}
