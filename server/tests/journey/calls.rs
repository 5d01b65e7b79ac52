//! Signals and calls between the two sides: passed on while they are of now, and never stored.

use super::{
    openings::in_consultation,
    socket::{Live, Log},
    town::Town,
};
use signaling::{
    call::{CallMode, CallOutcome, Path},
    consultation::{Command, Refusal, WireKind},
    id::Seq,
    protocol::{ClientFrame, DescriptionKind, ServerFrame, Signal},
    time::Millis,
};

/// The number of the last event that seated somebody on this side.
pub(crate) fn incarnation(log: &Log, family: bool) -> Seq {
    let mut seats = log.events.iter().filter_map(|event| match &event.kind {
        WireKind::CallJoined { holder, .. } if matches!(holder, signaling::call::Holder::Guardian) == family => {
            Some(event.seq)
        }
        _ => None,
    });
    seats.next_back().unwrap_or(0)
}

async fn next_signal(live: &mut Live) -> (Seq, Seq, Signal) {
    live.until("a signal", |frame| match frame {
        ServerFrame::Signal { from, to, signal, .. } => Some((*from, *to, signal.clone())),
        _ => None,
    })
    .await
}

fn offer(sdp: &str) -> Signal {
    Signal::Description {
        description: DescriptionKind::Offer,
        offer: 1,
        sdp: sdp.to_owned(),
        build: 0,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_passes_between_the_two_and_is_never_stored() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let mut colleague = town.clinician("鈴木").await;
    colleague.live().watches(consultation).await;
    let typing = ClientFrame::Signal {
        consultation,
        from: 0,
        to: 0,
        signal: Signal::Typing,
    };
    guardian.live().sends(&typing).await;
    assert_eq!(next_signal(doctor.live()).await.2, Signal::Typing);
    // A colleague who looks on does not appear as writing.
    colleague.live().sends(&typing).await;
    colleague.live().settles().await;
    doctor.says(consultation, "どうぞ").await;
    guardian.hears("どうぞ").await;
    assert!(!guardian.live().raw.contains("typing"));
    let muted = Signal::Muted {
        audio: true,
        video: true,
        why: None,
    };
    guardian
        .live()
        .sends(&ClientFrame::Signal {
            consultation,
            from: 0,
            to: 0,
            signal: muted,
        })
        .await;
    guardian.live().settles().await;
    doctor.live().settles().await;
    assert!(
        !doctor.live().raw.contains("muted"),
        "outside of a call there is nothing to mute"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_descriptions_pass_between_the_seats_of_now_and_stale_ones_are_dropped() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let call = doctor.rings(consultation, CallMode::Video).await;
    guardian
        .live()
        .sees(consultation, "ringing", |log| {
            log.thread().call.is_some_and(|running| running.id == call)
        })
        .await;
    guardian.does(Command::Join { call }).await.expect("answered");
    doctor
        .live()
        .sees(consultation, "an answer", |log| incarnation(log, true) > 0)
        .await;
    let (staff, old) = (
        incarnation(doctor.log(consultation), false),
        incarnation(doctor.log(consultation), true),
    );

    doctor
        .live()
        .sends(&ClientFrame::Signal {
            consultation,
            from: staff,
            to: old,
            signal: offer("v=0 one"),
        })
        .await;
    assert_eq!(next_signal(guardian.live()).await, (staff, old, offer("v=0 one")));

    // The page was reloaded: a new seat, and what is meant for the old one is nobody's.
    guardian.loses_connection();
    guardian.opens_live().await;
    let new = guardian.does(Command::Join { call }).await.expect("seated again");
    assert!(new > old);
    for (from, to) in [(staff, old), (old, staff), (new, staff), (staff, staff + 1000)] {
        doctor
            .live()
            .sends(&ClientFrame::Signal {
                consultation,
                from,
                to,
                signal: offer("v=0 stale"),
            })
            .await;
    }
    doctor.live().settles().await;
    doctor
        .live()
        .sends(&ClientFrame::Signal {
            consultation,
            from: staff,
            to: new,
            signal: offer("v=0 two"),
        })
        .await;
    assert_eq!(next_signal(guardian.live()).await, (staff, new, offer("v=0 two")));
    let answer = Signal::Description {
        description: DescriptionKind::Answer,
        offer: 1,
        sdp: "v=0 back".to_owned(),
        build: 0,
    };
    guardian
        .live()
        .sends(&ClientFrame::Signal {
            consultation,
            from: new,
            to: staff,
            signal: answer.clone(),
        })
        .await;
    assert_eq!(next_signal(doctor.live()).await, (new, staff, answer));

    let connected = Command::CallConnected {
        call,
        path: Path::Direct,
    };
    guardian.does(connected).await.expect("connected");
    town.passes(Millis::seconds(90), &mut [guardian.live(), doctor.live()])
        .await;
    doctor
        .does(consultation, Command::HangUp { call, failed: false })
        .await
        .expect("ended");
    guardian
        .live()
        .sees(consultation, "the end of the call", |log| {
            log.thread().last_call.is_some()
        })
        .await;
    let last = guardian.log().events.last().expect("an end").kind.clone();
    assert!(
        matches!(
            last,
            WireKind::CallEnded {
                outcome: CallOutcome::HungUp,
                talk_seconds: 90,
                ..
            }
        ),
        "{last:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_rings_offers_ahead_to_the_phone_that_rings_and_to_nobody_else() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let mut colleague = town.clinician("鈴木").await;
    colleague.live().watches(consultation).await;
    let call = doctor.rings(consultation, CallMode::Video).await;
    doctor
        .live()
        .sees(consultation, "the own seat", |log| incarnation(log, false) > 0)
        .await;
    let staff = incarnation(doctor.log(consultation), false);
    let ahead = |from, sdp: &str| ClientFrame::Signal {
        consultation,
        from,
        to: call,
        signal: offer(sdp),
    };
    // Neither a colleague who looks on, nor the family, nor the doctor from a seat that is none.
    colleague.live().sends(&ahead(staff, "v=0 foreign")).await;
    colleague.live().settles().await;
    guardian.live().sends(&ahead(staff, "v=0 family's")).await;
    guardian.live().settles().await;
    doctor.live().sends(&ahead(call, "v=0 of no seat")).await;
    doctor.live().sends(&ahead(staff, "v=0 ahead")).await;
    assert_eq!(next_signal(guardian.live()).await, (staff, call, offer("v=0 ahead")));
    colleague.live().settles().await;
    assert!(!colleague.live().raw.contains("v=0"), "it is for the family alone");

    guardian.does(Command::Decline { call }).await.expect("declined");
    doctor.live().sends(&ahead(staff, "v=0 too late")).await;
    doctor.live().settles().await;
    doctor.says(consultation, "またあとで").await;
    guardian.hears("またあとで").await;
    assert!(!guardian.live().raw.contains("too late"), "nobody rings any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_nobody_answers_rings_for_a_minute_and_counts_as_missed() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let call = doctor.rings(consultation, CallMode::Audio).await;
    assert_eq!(
        doctor.does(consultation, Command::Ring { mode: CallMode::Audio }).await,
        Err(Refusal::CallRunning)
    );
    town.passes(Millis::seconds(56), &mut [guardian.live(), doctor.live()])
        .await;
    assert!(guardian.log().thread().call.is_some(), "still ringing");
    town.passes(Millis::seconds(4), &mut [guardian.live(), doctor.live()])
        .await;
    let missed = |log: &Log| {
        log.thread()
            .last_call
            .is_some_and(|(outcome, _)| outcome == CallOutcome::Unanswered)
    };
    guardian.live().sees(consultation, "missed", missed).await;
    doctor.live().sees(consultation, "missed", missed).await;
    assert_eq!(guardian.does(Command::Join { call }).await, Err(Refusal::NoSuchCall));
}
