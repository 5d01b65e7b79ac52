//! An evening at the desk, made up.

use frontend::page::{
    City,
    desk::{DeskPage, OpenConsultation},
};
use signaling::{
    actor::{Role, Staff},
    call::{
        CallMode, CallOutcome, Holder, Path,
        agent::{BrowserFamily, DeviceKind},
        cause::{CallCause, Trouble},
        interruption::Interruption,
        summary::Measured,
    },
    consultation::{Lane, Speaker, WireEvent, WireKind},
    id::{ConsultationId, StaffId},
    intake::{Complaint, Intake, Mode, Onset, Relation, Service},
    note::{Disposition, Note},
    protocol::{Cursor, QueueView},
    queue::{Presence, QueueRow, Rank, head_start},
    subject::{Born, Subject, due_from_weeks},
    survey::Answer,
    time::{At, Millis, parse_date},
    triage::{Action, Acuity},
};
use uuid::Uuid;

/// 2026-11-22, 20:00 in the city.
pub(crate) fn now() -> At {
    At::start_of(parse_date("2026-11-22").expect("a date")) + Millis::hours(20)
}

pub(crate) fn ago(minutes: i64, seconds: i64) -> At {
    At(now().0 - (minutes * 60 + seconds) * 1000)
}

pub(crate) fn city() -> City {
    City {
        name: "日野市".into(),
        service_name: "ひの子育て相談".into(),
        demo: true,
    }
}

pub(crate) fn staff(number: u128, name: &str, role: Role) -> Staff {
    Staff {
        id: StaffId(Uuid::from_u128(number)),
        name: name.into(),
        role,
    }
}

pub(crate) fn sato() -> Staff {
    staff(1, "佐藤", Role::Pediatrician)
}

pub(crate) fn takahashi() -> Staff {
    staff(2, "高橋", Role::Midwife)
}

pub(crate) fn consultation(number: u128) -> ConsultationId {
    ConsultationId(Uuid::from_u128(number))
}

pub(crate) fn child(born: &str) -> Subject {
    Subject::Child {
        born: Born::try_from(born.to_owned()).expect("a birth date"),
    }
}

pub(crate) fn pregnant(weeks: u32) -> Subject {
    Subject::Pregnant {
        due: due_from_weeks(weeks, 0, now().date()).expect("a due date"),
    }
}

pub(crate) fn waiting(number: u128, acuity: Acuity, subject: &str, complaint: Complaint, requested_at: At) -> QueueRow {
    QueueRow {
        consultation: consultation(number),
        seq: 3,
        rank: Some(Rank(requested_at.0 - head_start(acuity).0)),
        acuity,
        service: Service::Night,
        mode: Mode::Chat,
        quiet: false,
        subject: subject.into(),
        complaints: vec![complaint],
        worry: String::new(),
        flags: Vec::new(),
        requested_at,
        unanswered_since: Some(requested_at),
        reply_by: None,
        appointment: None,
        returning: false,
        had: None,
        presence: Presence::Here,
        device: None,
        turn_missed_at: None,
        alert: None,
        alert_heard: false,
        claimed_by: None,
        colleague: None,
        handing: None,
    }
}

pub(crate) fn queue() -> QueueView {
    let red = QueueRow {
        mode: Mode::Video,
        flags: vec!["C02".into()],
        complaints: vec![Complaint::Fever, Complaint::Breathing],
        worry: "昨日の夜から39度で、ぐったりしています。くちびるの色が".into(),
        ..waiting(11, Acuity::Red, "2歳3か月", Complaint::Fever, ago(2, 10))
    };
    let yellow = QueueRow {
        mode: Mode::Audio,
        presence: Presence::Hidden,
        returning: true,
        worry: "規則的に10分おきに張ります。".into(),
        ..waiting(12, Acuity::Yellow, "妊娠28週", Complaint::Pregnancy, ago(24, 24))
    };
    let green = QueueRow {
        quiet: true,
        unanswered_since: Some(ago(3, 0)),
        worry: "ほっぺの湿疹が広がってきました。写真も送れます。".into(),
        ..waiting(13, Acuity::Green, "生後5か月", Complaint::Rash, ago(33, 3))
    };
    let white = waiting(14, Acuity::White, "1歳0か月", Complaint::Feeding, ago(6, 40));
    let anytime = QueueRow {
        service: Service::Anytime,
        presence: Presence::Away,
        rank: Some(Rank(ago(190, 0).0 + Millis::hours(22).0)),
        reply_by: Some(ago(190, 0) + Millis::hours(24)),
        worry: "3日出ていません。機嫌はよいです。".into(),
        ..waiting(15, Acuity::White, "3歳1か月", Complaint::Diarrhoea, ago(190, 0))
    };
    let taken = |number, subject: &str, complaint, by: Staff| QueueRow {
        rank: None,
        turn_missed_at: None,
        alert: None,
        alert_heard: false,
        claimed_by: Some(by),
        ..waiting(number, Acuity::Green, subject, complaint, ago(40, 0))
    };
    QueueView {
        rows: vec![
            white,
            red,
            green,
            yellow,
            anytime,
            taken(1, "2歳3か月", Complaint::Fever, sato()),
            taken(2, "生後2か月", Complaint::Feeding, sato()),
            taken(3, "妊娠12週", Complaint::Pregnancy, sato()),
            taken(16, "4歳0か月", Complaint::Head, takahashi()),
        ],
        waiting: vec![
            (Acuity::Red, 1),
            (Acuity::Yellow, 1),
            (Acuity::Green, 1),
            (Acuity::White, 2),
        ],
        number: 1,
    }
}

pub(crate) fn intake(subject: Subject, complaints: Vec<Complaint>, worry: &str) -> Intake {
    Intake {
        subject,
        relation: Relation::Mother,
        complaints,
        onset: Some(Onset::Yesterday),
        temperature_tenths: Some(389),
        signs: vec!["lips_blue".into()],
        no_signs: false,
        asked: Vec::new(),
        worry: worry.into(),
        mode: Mode::Video,
        quiet: false,
    }
}

/// Numbers and times for a list of happenings, one every forty seconds up to now.
pub(crate) fn log(kinds: Vec<WireKind>) -> Vec<WireEvent> {
    let count = i64::try_from(kinds.len()).expect("few");
    kinds
        .into_iter()
        .zip(1_i64..)
        .map(|(kind, seq)| WireEvent {
            seq: seq.unsigned_abs(),
            at: ago(0, (count - seq) * 40),
            kind,
        })
        .collect()
}

pub(crate) fn family(text: &str) -> WireKind {
    WireKind::Said {
        speaker: Speaker::Guardian,
        lane: Lane::Everyone,
        text: Some(text.into()),
    }
}

pub(crate) fn desk(text: &str) -> WireKind {
    WireKind::Said {
        speaker: Speaker::Staff(sato()),
        lane: Lane::Everyone,
        text: Some(text.into()),
    }
}

pub(crate) fn remark(text: &str) -> WireKind {
    WireKind::Said {
        speaker: Speaker::Staff(takahashi()),
        lane: Lane::Staff,
        text: Some(text.into()),
    }
}

pub(crate) fn begun(subject: Subject, complaints: Vec<Complaint>, worry: &str, acuity: Acuity) -> Vec<WireKind> {
    let intake = Some(Box::new(intake(subject, complaints, worry)));
    let mut kinds = vec![WireKind::Requested {
        service: Service::Night,
        mode: Mode::Video,
        quiet: false,
        intake,
    }];
    if acuity == Acuity::Red {
        kinds.push(WireKind::Flagged {
            rule: "C02".into(),
            action: Action::Call119,
            epds: None,
        });
        kinds.push(WireKind::Flagged {
            rule: "C07".into(),
            action: Action::SecondClass,
            epds: None,
        });
    }
    kinds.push(WireKind::Queued { acuity: Some(acuity) });
    kinds.push(WireKind::Claimed {
        by: sato(),
        overtake_reason: None,
    });
    kinds
}

/// Fever, in a running call.
pub(crate) fn fever() -> Vec<WireKind> {
    let worry = "昨日の夜から38.9℃です。水分をあまりとりません。\nくちびるの色が少し悪いように見えました。";
    let mut kinds = begun(
        child("2024-08-20"),
        vec![Complaint::Fever, Complaint::Breathing],
        worry,
        Acuity::Red,
    );
    kinds.push(family("いまは呼吸は落ち着いています"));
    kinds.push(desk("おしっこは今日何回くらい出ていますか？"));
    kinds.push(remark("先週も発熱で相談あり。経口補水液の飲ませ方は説明済みです。"));
    kinds.push(family("朝から2回です。写真を送りますね"));
    let call = u64::try_from(kinds.len()).expect("few") + 1;
    kinds.push(WireKind::CallOffered {
        by: sato(),
        mode: CallMode::Video,
    });
    kinds.push(WireKind::CallJoined {
        call,
        holder: Holder::Staff(sato()),
    });
    kinds.push(WireKind::CallJoined {
        call,
        holder: Holder::Guardian,
    });
    kinds.push(WireKind::CallConnected {
        call,
        path: Path::Direct,
    });
    kinds
}

pub(crate) fn feeding() -> Vec<WireKind> {
    let mut kinds = begun(
        child("2026-09-10"),
        vec![Complaint::Feeding],
        "母乳が足りているか心配です",
        Acuity::White,
    );
    kinds.push(desk("体重の増え方はわかりますか？"));
    kinds.push(family("1か月健診から900g増えました"));
    kinds.push(family("夜は3時間おきです"));
    kinds
}

pub(crate) fn nausea() -> Vec<WireKind> {
    begun(
        pregnant(12),
        vec![Complaint::Pregnancy],
        "つわりで水も飲めません",
        Acuity::Green,
    )
}

pub(crate) fn opened(number: u128, kinds: Vec<WireKind>) -> OpenConsultation {
    let events = log(kinds);
    OpenConsultation {
        consultation: consultation(number),
        cursor: Cursor(events.last().map_or(0, |last| last.seq)),
        events,
    }
}

pub(crate) fn evening() -> DeskPage {
    DeskPage {
        city: city(),
        now: now(),
        me: sato(),
        queue: queue(),
        open: vec![opened(1, fever()), opened(2, feeding()), opened(3, nausea())],
        hours: "18:00 – 22:00".into(),
        duty: signaling::duty::Duty::On,
    }
}

pub(crate) fn note() -> Note {
    Note {
        complaints: vec![Complaint::Fever],
        advice: "今夜のうちに小児救急へ。受診まで経口補水液を5分おきにスプーン1杯から。".into(),
        disposition: Disposition::VisitNow,
        safety_net: Some("くちびるの色が悪い、呼びかけに反応が弱い → 119番".into()),
        internal: Some("母は落ち着いて話せている。".into()),
    }
}

/// Fever, from the first line to the survey.
pub(crate) fn whole() -> Vec<WireKind> {
    let mut kinds = fever();
    let call = kinds
        .iter()
        .position(|kind| matches!(kind, WireKind::CallOffered { .. }))
        .and_then(|at| u64::try_from(at).ok())
        .expect("a call")
        + 1;
    let note = note();
    kinds.extend([
        WireKind::CallTroubled {
            call,
            holder: Some(Holder::Guardian),
            trouble: Trouble {
                cause: CallCause::Permission,
                late: true,
                device: Some(DeviceKind::Phone),
                browser: Some(BrowserFamily::Safari),
            },
        },
        WireKind::SeatInterrupted {
            call,
            holder: Holder::Guardian,
            why: Interruption::Interrupted,
        },
        WireKind::SeatReturned {
            call,
            holder: Holder::Guardian,
        },
        WireKind::CallInterrupted { call },
        WireKind::CallResumed {
            call,
            path: Path::Relay,
        },
        WireKind::CallEnded {
            call,
            outcome: CallOutcome::HungUp,
            talk_seconds: 488,
            by: Some(Holder::Guardian),
        },
        WireKind::CallMeasured {
            call,
            measured: Measured {
                path: Path::Relay,
                loss_permille: 4,
                round_trip_ms: Some(48),
            },
        },
        WireKind::NoteSigned {
            by: sato(),
            disposition: Some(note.disposition),
            advice: Some(note.advice.clone()),
            safety_net: note.safety_net.clone(),
            note: Some(Box::new(note)),
        },
        WireKind::NoteAdded {
            by: sato(),
            text: Some("夜間救急に電話で引き継ぎ済み。".into()),
        },
        WireKind::Closed { by: sato() },
        WireKind::Surveyed {
            answer: Answer::Yes,
            words: Some("すぐ話せて安心しました".into()),
        },
    ]);
    kinds
}

/// The same long afterwards: what was written is erased, what happened is still there.
pub(crate) fn erased() -> Vec<WireKind> {
    let mut kinds = whole();
    for kind in &mut kinds {
        match kind {
            WireKind::Requested { intake, .. } => *intake = None,
            WireKind::Said { text, .. } | WireKind::NoteAdded { text, .. } => *text = None,
            WireKind::NoteSigned {
                advice,
                safety_net,
                note,
                ..
            } => (*advice, *safety_net, *note) = (None, None, None),
            _ => {}
        }
    }
    kinds
}
