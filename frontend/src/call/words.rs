//! What the call's screen says, decided apart from how it is drawn.

use signaling::{
    call::{Call, CallMode, Holder, MutedWhy, Path},
    id::Seq,
    queue::Presence,
};

/// What of the call this page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No call.
    Nothing,
    /// The phone rings here.
    Incoming,
    /// A call runs, and this guest or colleague may take a seat in it.
    Invited,
    /// This page rang, nobody has answered yet.
    Calling,
    /// This page has its seat, or is about to take it.
    Talking,
    /// The same person is seated, but not by this page: it was reloaded, or it is another screen.
    Away,
}

/// What this page shows. `own` is the incarnation of this very page, `taking` that it is on its way to a seat, `mine` that the
/// consultation is this clinician's, who may have taken it over without a seat.
#[must_use]
pub fn stage(call: Option<&Call>, me: &Holder, own: Option<Seq>, taking: bool, mine: bool) -> Stage {
    let Some(call) = call else { return Stage::Nothing };
    let seated = call.incarnation_of(me);
    let here = taking || (seated.is_some() && seated == own);
    match (here, me) {
        (true, Holder::Staff(_)) if !call.is_answered() => Stage::Calling,
        (true, _) => Stage::Talking,
        (false, Holder::Guardian) if seated.is_none() => Stage::Incoming,
        (false, _) if seated.is_some() => Stage::Away,
        (false, Holder::Guest { .. }) if call.is_answered() => Stage::Invited,
        (false, Holder::Staff(staff)) if call.colleague.as_ref().is_some_and(|one| one.staff.id == staff.id) => {
            Stage::Invited
        }
        (false, Holder::Staff(_)) if mine && call.is_answered() => Stage::Invited,
        // A colleague's call that this page only watches.
        (false, _) => Stage::Nothing,
    }
}

/// What a page says of a call that goes on without it, and the words on the button that takes the call over.
#[must_use]
pub fn away_words(is_desk: bool, elsewhere: bool) -> (&'static str, &'static str) {
    match (is_desk, elsewhere) {
        (true, _) => ("この相談の通話は、別の画面で続いています。", "この画面で話す"),
        (false, true) => (
            "通話は別の端末で続いています。この端末のカメラとマイクは止まっています。",
            "この端末で続ける",
        ),
        (false, false) => ("通話が続いています。", "通話にもどる"),
    }
}

/// What is said where the network holds this side's own pictures back.
pub const HELD_BACK: &str = "通信が弱いため、こちらの映像を止めています。音声で話せます";

/// How the connection of this page stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contact {
    /// Being made.
    #[default]
    Connecting,
    /// Media flow.
    Connected,
    /// They do not any more.
    Interrupted,
    /// It has been tried for long.
    Failing,
}

impl Contact {
    /// The words; nothing while all is well.
    #[must_use]
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Connecting => Some("接続しています…"),
            Self::Connected => None,
            Self::Interrupted => Some("通信が途切れました。つなぎ直しています"),
            Self::Failing => Some("なかなかつながりません。このまま試しています。チャットでも話せます"),
        }
    }
}

/// What is off at the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Muted {
    /// The microphone.
    pub audio: bool,
    /// The camera.
    pub video: bool,
    /// Why, where they did not choose it.
    pub why: Option<MutedWhy>,
}

impl Muted {
    /// The words; nothing where nothing is off.
    #[must_use]
    pub fn words(self, mode: CallMode) -> Option<&'static str> {
        match (self.why, self.audio, self.video && mode == CallMode::Video) {
            (_, false, false) => None,
            (Some(MutedWhy::Hidden), ..) => Some("相手の画面が閉じています"),
            (Some(MutedWhy::Interrupted), ..) => Some("相手の電話に着信があったようです"),
            (Some(MutedWhy::Network), false, true) => Some("相手の通信が弱いため、映像を止めています"),
            (Some(MutedWhy::Network), true, true) => {
                Some("相手の通信が弱いため、映像を止めています。相手のマイクは切れています")
            }
            (None, true, true) => Some("相手のカメラとマイクは切れています"),
            (_, true, false) => Some("相手のマイクは切れています"),
            (None, false, true) => Some("相手のカメラは切れています"),
        }
    }
}

/// What keeps the other side from the call, where it is known: said before anything about the connection, of which it is the
/// reason. `presence` only where the other side's page must be seen to be there (the desk's does not).
#[must_use]
pub fn gone(theirs: Muted, presence: Option<Presence>, connected: bool) -> Option<&'static str> {
    match (theirs.why, presence) {
        (Some(MutedWhy::Interrupted), _) => Some("相手の電話に着信があったようです"),
        (Some(MutedWhy::Hidden), _) | (_, Some(Presence::Hidden)) => Some("相手の画面が閉じています"),
        (_, Some(Presence::Away)) if !connected => Some("相手の接続が切れています。もどるのを待っています"),
        _ => None,
    }
}

/// How well media arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// How they travel.
    pub path: Path,
    /// Packets lost on the way here in the last seconds, in hundredths.
    pub loss_percent: f64,
    /// There and back in milliseconds, once known.
    pub round_trip_ms: Option<f64>,
}

impl Quality {
    /// From 4, nothing to notice, to 1, hard to talk. By loss: Opus conceals 5 % well and 10 % with its own correction; by
    /// the time there and back: 300 ms is good, beyond 400 people begin to talk at once (ITU-T G.114), beyond 800 they wait.
    #[must_use]
    pub fn bars(self) -> u8 {
        let round_trip_ms = self.round_trip_ms.unwrap_or(0.0);
        let within = |loss, late| self.loss_percent <= loss && round_trip_ms <= late;
        if within(2.0, 300.0) {
            4
        } else if within(5.0, 400.0) {
            3
        } else if within(10.0, 800.0) {
            2
        } else {
            1
        }
    }

    /// Whether one hears it.
    #[must_use]
    pub fn is_weak(self) -> bool {
        self.bars() <= 2
    }

    /// For families.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self.bars() {
            3.. => "通信は安定しています",
            2 => "通信が弱くなっています",
            _ => "通信がとても弱くなっています",
        }
    }

    /// For the desk: 「直接接続・損失 0.4 %・往復 38 ms」.
    #[must_use]
    pub fn figures(self) -> String {
        let round_trip = self
            .round_trip_ms
            .map_or_else(|| "往復 –".to_owned(), |ms| format!("往復 {ms:.0} ms"));
        format!("{}・損失 {:.1} %・{round_trip}", self.path.label(), self.loss_percent)
    }
}

/// `4:12`, `1:04:12`.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::{
        actor::{Role, Staff},
        call::{Colleague, GuestRole, Seat},
        id::StaffId,
        time::At,
    };

    fn doctor() -> Holder {
        let id = StaffId("00000000-0000-7000-8000-000000000001".parse().unwrap());
        Holder::Staff(Staff {
            id,
            name: "佐藤".to_owned(),
            role: Role::Pediatrician,
        })
    }

    fn call(seats: &[(Seq, Holder)]) -> Call {
        let seats = seats
            .iter()
            .map(|(incarnation, holder)| Seat {
                incarnation: *incarnation,
                holder: holder.clone(),
            })
            .collect();
        Call {
            seats,
            ..Call::ringing(5, CallMode::Video, At(0))
        }
    }

    #[test]
    fn the_phone_rings_for_the_family_until_it_answers() {
        let ringing = call(&[(6, doctor())]);
        assert_eq!(
            stage(Some(&ringing), &Holder::Guardian, None, false, false),
            Stage::Incoming
        );
        assert_eq!(
            stage(Some(&ringing), &Holder::Guardian, None, true, false),
            Stage::Talking,
            "「出る」 was pressed"
        );
        assert_eq!(stage(Some(&ringing), &doctor(), Some(6), false, false), Stage::Calling);
    }

    #[test]
    fn a_reloaded_page_does_not_take_the_seat_of_the_one_before_for_its_own() {
        let answered = call(&[(6, doctor()), (7, Holder::Guardian)]);
        assert_eq!(
            stage(Some(&answered), &Holder::Guardian, Some(7), false, false),
            Stage::Talking
        );
        assert_eq!(
            stage(Some(&answered), &Holder::Guardian, None, false, false),
            Stage::Away
        );
        assert_eq!(
            stage(Some(&answered), &doctor(), Some(4), false, false),
            Stage::Away,
            "another screen took over"
        );
    }

    #[test]
    fn who_was_invited_is_asked_in_once_the_family_is_there() {
        let guest = Holder::Guest {
            invite: 4,
            role: GuestRole::Family,
        };
        let ringing = call(&[(6, doctor())]);
        assert_eq!(stage(Some(&ringing), &guest, None, false, false), Stage::Nothing);
        let answered = call(&[(6, doctor()), (7, Holder::Guardian)]);
        assert_eq!(stage(Some(&answered), &guest, None, false, false), Stage::Invited);
        let Holder::Staff(staff) = doctor() else { unreachable!() };
        let midwife = Staff {
            id: StaffId("00000000-0000-7000-8000-000000000002".parse().unwrap()),
            ..staff
        };
        let me = Holder::Staff(midwife.clone());
        assert_eq!(
            stage(Some(&answered), &me, None, false, false),
            Stage::Nothing,
            "a colleague's call"
        );
        let answered_again = answered.clone();
        let asked = Call {
            colleague: Some(Colleague {
                invite: 8,
                staff: midwife,
                offered: false,
            }),
            ..answered
        };
        assert_eq!(stage(Some(&asked), &me, None, false, false), Stage::Invited);
        assert_eq!(
            stage(Some(&answered_again), &me, None, false, true),
            Stage::Invited,
            "she took the consultation over and has no seat yet"
        );
    }

    #[test]
    fn what_the_other_side_switched_off_is_said_as_far_as_it_matters() {
        let both = Muted {
            audio: true,
            video: true,
            why: None,
        };
        assert_eq!(both.words(CallMode::Audio), Some("相手のマイクは切れています"));
        assert_eq!(both.words(CallMode::Video), Some("相手のカメラとマイクは切れています"));
        assert_eq!(Muted::default().words(CallMode::Video), None);
        let weak = Muted {
            audio: false,
            why: Some(MutedWhy::Network),
            ..both
        };
        assert_eq!(
            weak.words(CallMode::Video),
            Some("相手の通信が弱いため、映像を止めています")
        );
        assert_eq!(weak.words(CallMode::Audio), None, "no picture was expected");
    }

    #[test]
    fn what_keeps_the_other_side_away_is_said_before_what_it_does_to_the_connection() {
        let because = |why| Muted {
            why: Some(why),
            ..Muted::default()
        };
        let rings = Some("相手の電話に着信があったようです");
        let closed = Some("相手の画面が閉じています");
        let here = Some(Presence::Here);
        assert_eq!(gone(because(MutedWhy::Interrupted), here, true), rings);
        assert_eq!(
            gone(because(MutedWhy::Interrupted), Some(Presence::Hidden), false),
            rings
        );
        assert_eq!(gone(because(MutedWhy::Hidden), None, true), closed);
        assert_eq!(gone(Muted::default(), Some(Presence::Hidden), false), closed);
        assert_eq!(
            gone(Muted::default(), Some(Presence::Away), true),
            None,
            "only its socket is lost, and one talks on"
        );
        assert!(
            gone(Muted::default(), Some(Presence::Away), false).is_some(),
            "it froze without a word"
        );
        assert_eq!(
            gone(because(MutedWhy::Network), here, false),
            None,
            "that is said elsewhere"
        );
    }

    #[test]
    fn the_desk_reads_figures_and_the_family_words() {
        let good = Quality {
            path: Path::RelayTls,
            loss_percent: 0.44,
            round_trip_ms: Some(38.2),
        };
        assert_eq!(good.figures(), "中継（TLS）・損失 0.4 %・往復 38 ms");
        assert_eq!(good.words(), "通信は安定しています");
        let bars = |loss_percent, round_trip_ms| {
            let quality = Quality {
                loss_percent,
                round_trip_ms: Some(round_trip_ms),
                ..good
            };
            (quality.bars(), quality.words())
        };
        assert_eq!(bars(0.0, 40.0).0, 4);
        assert_eq!(bars(4.0, 350.0), (3, "通信は安定しています"));
        assert_eq!(bars(9.0, 40.0), (2, "通信が弱くなっています"));
        assert_eq!(bars(0.0, 900.0), (1, "通信がとても弱くなっています"));
        let unknown = Quality {
            round_trip_ms: None,
            ..good
        };
        assert_eq!(unknown.bars(), 4);
    }

    #[test]
    fn a_page_without_the_call_says_where_it_is_and_how_to_take_it_over() {
        assert_eq!(away_words(false, false), ("通話が続いています。", "通話にもどる"));
        let (says, button) = away_words(false, true);
        assert!(says.contains("別の端末") && says.contains("止まっています"));
        assert_eq!(button, "この端末で続ける");
    }

    #[test]
    fn the_length_of_a_call_reads_like_a_clock() {
        assert_eq!(duration(252), "04:12");
        assert_eq!(duration(3852), "1:04:12");
    }
}
