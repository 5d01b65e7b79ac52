//! How many may run at once, on which ports, and one a person.

use super::EchoRefusal;
use signaling::limits;
use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, UdpSocket},
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// The places of all checks.
pub(super) struct Places {
    ports: Option<RangeInclusive<u16>>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    ports: HashSet<u16>,
    /// By whom, and how they are told to go.
    owners: HashMap<String, Arc<Notify>>,
}

/// One place; dropping it gives it back.
pub(super) struct Place {
    pub(super) port: u16,
    owner: String,
    given_up: Arc<Notify>,
    taken: Arc<Mutex<Taken>>,
}

fn locked(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    // What a panicking thread left behind is whole: sets and maps change in single steps.
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Places {
    pub(super) fn new(ports: Option<RangeInclusive<u16>>) -> Self {
        Self {
            ports,
            taken: Arc::default(),
        }
    }

    pub(super) fn taken(&self) -> usize {
        locked(&self.taken).owners.len()
    }

    /// A place for `owner`; their earlier one is over. Ports are tried from one that `draw` chooses.
    pub(super) fn take(&self, owner: &str, bound: &[IpAddr], draw: u32) -> Result<Place, EchoRefusal> {
        let mut taken = locked(&self.taken);
        if let Some(earlier) = taken.owners.remove(owner) {
            earlier.notify_one();
        }
        if taken.owners.len() >= limits::CHECKS_AT_ONCE {
            return Err(EchoRefusal::Busy);
        }
        let port = self.free_port(&taken, bound, draw).ok_or(EchoRefusal::Unavailable)?;
        let given_up = Arc::new(Notify::new());
        taken.ports.insert(port);
        taken.owners.insert(owner.to_owned(), Arc::clone(&given_up));
        Ok(Place {
            port,
            owner: owner.to_owned(),
            given_up,
            taken: Arc::clone(&self.taken),
        })
    }

    /// A port that is free on every address.
    fn free_port(&self, taken: &Taken, bound: &[IpAddr], draw: u32) -> Option<u16> {
        let is_free = |port: &u16| {
            let opens = |ip: &IpAddr| UdpSocket::bind((*ip, *port)).is_ok();
            !taken.ports.contains(port) && bound.iter().all(opens)
        };
        match &self.ports {
            Some(ports) => {
                let skip = draw as usize % ports.len().max(1);
                let (first, last) = ports
                    .clone()
                    .partition::<Vec<u16>, _>(|port| usize::from(port - ports.start()) >= skip);
                first.into_iter().chain(last).find(is_free)
            }
            None => {
                let first = *bound.first()?;
                // The system gives one that is free on one address; it nearly always is on the others.
                let given = || {
                    UdpSocket::bind((first, 0))
                        .and_then(|socket| Ok(socket.local_addr()?.port()))
                        .ok()
                };
                (0..16).filter_map(|_| given()).find(is_free)
            }
        }
    }
}

impl Place {
    /// Ends when the same person has begun another check.
    pub(super) async fn given_up(&self) {
        self.given_up.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = locked(&self.taken);
        taken.ports.remove(&self.port);
        let still_mine = |there: &Arc<Notify>| Arc::ptr_eq(there, &self.given_up);
        if taken.owners.get(&self.owner).is_some_and(still_mine) {
            taken.owners.remove(&self.owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: [IpAddr; 1] = [IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)];

    #[test]
    fn one_more_than_the_limit_is_refused_at_once_and_let_in_when_one_has_gone() {
        let places = Places::new(None);
        let take = |who: usize| places.take(&who.to_string(), &LOOPBACK, 0);
        let mut inside: Vec<Place> = (0..limits::CHECKS_AT_ONCE)
            .map(|who| take(who).expect("a place"))
            .collect();
        assert_eq!(take(99).err(), Some(EchoRefusal::Busy));
        inside.pop();
        assert!(take(99).is_ok());
    }

    #[test]
    fn who_checks_again_gives_up_the_earlier_place_and_takes_nobody_elses() {
        let places = Places::new(None);
        let mut inside: Vec<Place> = (0..limits::CHECKS_AT_ONCE)
            .map(|who| places.take(&who.to_string(), &LOOPBACK, 0).expect("a place"))
            .collect();
        let again = places.take("0", &LOOPBACK, 0).expect("their own place");
        assert_ne!(again.port, inside[0].port, "the old one may not have gone yet");
        drop(inside.remove(0));
        assert_eq!(places.taken(), limits::CHECKS_AT_ONCE, "the newer one stays");
    }

    #[test]
    fn ports_are_those_that_the_relay_knows_and_a_taken_one_is_passed_over() {
        let held = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = held.local_addr().unwrap().port();
        let places = Places::new(Some(port..=port));
        assert_eq!(places.take("a", &LOOPBACK, 7).err(), Some(EchoRefusal::Unavailable));
        drop(held);
        assert_eq!(places.take("a", &LOOPBACK, 7).unwrap().port, port);
    }
}
