//! What this page saw of a call: why it failed or came late ([`signaling::call::cause`]), and how well it went.

use super::Room;
use crate::call::{fault::MediaFault, js, words::Quality};
use signaling::{
    call::{
        Call, Holder, Path,
        agent::{BrowserFamily, DeviceKind},
        cause::{Devices, Gathering, Sight, Trouble},
        summary::Measured,
    },
    consultation::Command,
    id::Seq,
    time::{At, Millis},
};
use std::cell::{Cell, RefCell};

/// Looks at the quality that are kept: two hours of one every two seconds.
const LOOKS: usize = 3_600;

/// What was seen of one call, since it was answered.
#[derive(Default)]
pub(super) struct Seeing {
    call: Cell<Option<Seq>>,
    answered_ms: Cell<f64>,
    /// When it was answered, by the server's clock.
    answered_at: Cell<At>,
    devices: Cell<Devices>,
    interrupted: Cell<bool>,
    restarted: Cell<bool>,
    gathering: Cell<Gathering>,
    connected: Cell<bool>,
    /// The log says that media have flowed, on whichever page.
    in_log: Cell<bool>,
    looks: RefCell<Vec<Quality>>,
}

impl Seeing {
    /// Something kept this side from the call.
    pub(super) fn interrupted(&self) {
        self.interrupted.set(true);
    }

    /// A server that started after the call was answered has cut it off.
    pub(super) fn server_runs_since(&self, started_at: Option<At>) {
        let restarted = started_at.is_some_and(|at| self.call.get().is_some() && at > self.answered_at.get());
        self.restarted.set(self.restarted.get() || restarted);
    }

    /// Camera and microphone are there, or are done without.
    pub(super) fn devices_are_there(&self) {
        if self.devices.get() == Devices::Asked || matches!(self.devices.get(), Devices::Failed(_)) {
            self.devices.set(Devices::There { after: self.waited() });
        }
    }

    /// They are not.
    pub(super) fn devices_failed(&self, fault: MediaFault) {
        self.devices.set(Devices::Failed(fault.cause()));
    }

    /// A connection is made ready while it rings: what it finds belongs to the call.
    pub(super) fn gathers_anew(&self) {
        self.gathering.set(Gathering::default());
    }

    /// A candidate of this kind was found.
    pub(super) fn found(&self, kind: &str) {
        let mut gathering = self.gathering.get();
        gathering.candidate(kind);
        self.gathering.set(gathering);
    }

    /// An ICE server did not answer, or refused.
    pub(super) fn ice_error(&self, code: u32) {
        let mut gathering = self.gathering.get();
        gathering.error(code);
        self.gathering.set(gathering);
    }

    pub(super) fn look(&self, quality: Quality) {
        let mut looks = self.looks.borrow_mut();
        if looks.len() < LOOKS {
            looks.push(quality);
        }
    }

    fn waited(&self) -> Millis {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a call")]
        let waited = (crate::clock::now_ms() - self.answered_ms.get()) as i64;
        Millis(waited.max(0))
    }

    fn sight(&self, relays: (bool, bool)) -> Sight {
        Sight {
            devices: self.devices.get(),
            interrupted: self.interrupted.get(),
            server_restarted: self.restarted.get(),
            gathering: Gathering {
                relay_offered: relays.0,
                relay_only: relays.1,
                ..self.gathering.get()
            },
            waited: self.waited(),
            connected: self.connected.get(),
        }
    }

    /// The mean loss, the median round trip and the last path of all looks.
    fn measured(&self) -> Option<Measured> {
        let looks = self.looks.borrow();
        let path = looks
            .iter()
            .rev()
            .map(|look| look.path)
            .find(|path| *path != Path::Unknown);
        #[expect(clippy::cast_precision_loss, reason = "thousands")]
        let mean_loss = looks.iter().map(|look| look.loss_percent).sum::<f64>() / looks.len().max(1) as f64;
        let mut trips: Vec<f64> = looks.iter().filter_map(|look| look.round_trip_ms).collect();
        trips.sort_by(f64::total_cmp);
        let median = trips.get(trips.len() / 2).copied();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of packets, and milliseconds"
        )]
        let measured = Measured {
            path: path.unwrap_or(Path::Unknown),
            loss_permille: (mean_loss * 10.0).round().clamp(0.0, 1000.0) as u16,
            round_trip_ms: median.map(|ms| ms.round().max(0.0) as u32),
        };
        (!looks.is_empty()).then_some(measured)
    }
}

impl Room {
    /// 「出る」 was pressed here, or the family has answered.
    pub(super) fn begin_to_see(&self, call: &Call) {
        if self.sight.call.get() == Some(call.id) {
            return;
        }
        self.sight.call.set(Some(call.id));
        self.sight.answered_ms.set(crate::clock::now_ms());
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch")]
        let answered_at = At((crate::clock::now_ms() + self.clock_ahead_ms.get()) as i64);
        self.sight.answered_at.set(answered_at);
        let there = Devices::There { after: Millis(0) };
        let has_devices = self.capture.borrow().is_some();
        self.sight.devices.set(if has_devices { there } else { Devices::Asked });
        self.sight.interrupted.set(self.phone.why().is_some());
        self.sight.restarted.set(false);
        self.sight.connected.set(call.connected_at.is_some());
        self.sight.in_log.set(call.connected_at.is_some());
        if self.ahead.borrow().is_none() {
            self.sight.gathers_anew();
        }
        self.sight.looks.borrow_mut().clear();
    }

    /// Follows what the log says of the call.
    pub(super) fn see(&self, call: Option<&Call>) {
        if self.sight.call.get().is_some() && call.map(|call| call.id) != self.sight.call.get() {
            self.see_the_end();
        }
        let Some(call) = call else { return };
        let asks = matches!(self.me, Holder::Staff(_)) && self.own.get().is_some();
        if asks && call.is_answered() {
            self.begin_to_see(call);
        }
        if call.connected_at.is_some() {
            self.sight.in_log.set(true);
        }
    }

    /// Media flow: late, if so.
    pub(super) fn see_connected(&self) {
        if !self.sight.connected.replace(true) {
            self.tell_trouble(true);
        }
    }

    /// The call that was seen is over: it failed, if media never flowed.
    fn see_the_end(&self) {
        let Some(call) = self.sight.call.get() else { return };
        if !self.sight.connected.get() && !self.sight.in_log.get() {
            self.tell_trouble(false);
        } else if let (Holder::Staff(_), Some(measured)) = (&self.me, self.sight.measured()) {
            self.tell_log(Command::CallMeasured { call, measured });
        }
        self.sight.call.set(None);
    }

    fn tell_trouble(&self, late: bool) {
        let Some(call) = self.sight.call.get() else { return };
        let (servers, policy) = self.live.ice().unwrap_or_default();
        let relays = servers
            .iter()
            .flat_map(|server| &server.urls)
            .any(|url| url.starts_with("turn"));
        let Some(cause) = self.sight.sight((relays, policy == "relay")).cause() else {
            return;
        };
        let user_agent = js::user_agent();
        let trouble = Trouble {
            cause,
            late,
            device: Some(DeviceKind::of(&user_agent)),
            browser: Some(BrowserFamily::of(&user_agent)),
        };
        self.tell_log(Command::CallTroubled { call, trouble });
    }
}
