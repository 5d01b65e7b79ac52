//! Pages that can have no socket and ask for themselves now and then: each counts as there until it should have asked again,
//! so that its family is called in its turn. Not here: the clock ([`crate::ticket`] looks when the time is over).

use super::{Hub, Line, SocketId};
use signaling::{
    call::Holder,
    id::ConsultationId,
    protocol::{Presented, Side},
    time::At,
};

impl Hub {
    /// A family's page that can have no socket has asked for itself; it counts as there until `until`. Whether somebody must
    /// look then whether it has asked again ([`Hub::forget_poll`]): the first time in a row.
    pub fn polled(&self, consultation: ConsultationId, presented: Presented, until: At) -> bool {
        let (socket, is_first) = {
            let mut inner = self.lock();
            let known = inner.polling.get(&consultation).map(|(socket, _)| *socket);
            let socket = known.unwrap_or_else(|| {
                inner.next_socket += 1;
                SocketId(inner.next_socket)
            });
            inner.polling.insert(consultation, (socket, until));
            (socket, known.is_none())
        };
        if is_first {
            // Nobody reads at the other end: what is new is on the page that it asks for.
            let (line, _) = Line::new();
            self.watch(socket, consultation, Side::Guardian, Holder::Guardian, &line);
        }
        self.present(socket, consultation, presented);
        is_first
    }

    /// Takes away a page that has not asked again by `now`; when to look again where it has.
    #[must_use]
    pub fn forget_poll(&self, consultation: ConsultationId, now: At) -> Option<At> {
        let socket = {
            let mut inner = self.lock();
            let (socket, until) = *inner.polling.get(&consultation)?;
            if until > now {
                return Some(until);
            }
            inner.polling.remove(&consultation);
            socket
        };
        self.unwatch(socket, consultation);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::queue::Presence;
    use uuid::Uuid;

    #[test]
    fn a_page_that_asks_now_and_then_is_there_until_it_has_not_asked_for_a_while() {
        let (hub, consultation) = (Hub::new(), ConsultationId(Uuid::nil()));
        let there = || hub.presence(consultation, Side::Guardian);
        assert!(hub.polled(consultation, Presented::Visible, At(40)));
        assert_eq!(there(), Presence::Here);
        assert!(
            !hub.polled(consultation, Presented::Hidden, At(70)),
            "one looks already"
        );
        assert_eq!(there(), Presence::Hidden);
        assert_eq!(hub.forget_poll(consultation, At(40)), Some(At(70)));
        assert_eq!(hub.forget_poll(consultation, At(70)), None);
        assert_eq!((there(), hub.watchers()), (Presence::Away, 0));
    }
}
