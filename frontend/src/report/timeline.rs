//! What happened in a consultation, line by line: for each event its words, its mark, and what each side saw of it.

mod after;
mod epds;

use signaling::{
    appointment,
    call::{CallOutcome, Holder},
    check::{Checked, Light},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    hand_over::HandOver,
    id::PhotoId,
    intake::{Intake, Service},
    time::At,
};

/// Kinds of happenings, for the filter above the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// Waiting, taking, giving back, ending.
    Order,
    /// What was said.
    Talk,
    /// Calls.
    Call,
    /// The record and the survey.
    Record,
}

impl Topic {
    /// The class of its lines.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Order => "t-order",
            Self::Talk => "t-talk",
            Self::Call => "t-call",
            Self::Record => "t-record",
        }
    }
}

/// The colour of a mark. The words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Something went on.
    Plain,
    /// Something urgent, or something that failed.
    Red,
    /// A step that was reached.
    Green,
}

impl Mark {
    /// The class of the dot.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "mark",
            Self::Red => "mark red",
            Self::Green => "mark green",
        }
    }
}

/// One line.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at: At,
    pub(super) topic: Topic,
    pub(super) mark: Mark,
    /// In bold.
    pub(super) title: String,
    /// After it, plain.
    pub(super) what: String,
    /// Longer words below, as they were written.
    pub(super) words: Option<String>,
    /// The photo that it is about.
    pub(super) photo: Option<PhotoId>,
    /// Which sides saw it.
    pub(super) seen_by: &'static str,
}

signaling::redacted_debug!(Entry {
    at,
    topic,
    mark,
    seen_by
});

const EVERYONE: &str = "相談者と担当者に表示";
const STAFF: &str = "職員だけに表示";
const SUPERVISOR: &str = "相談者と監督者だけに表示";
const ERASED: &str = "（保存期間が過ぎたため消去されました）";

/// The lines of a log.
pub(super) fn entries(events: &[WireEvent]) -> Vec<Entry> {
    let mut asked = None;
    events
        .iter()
        .map(|event| {
            if let WireKind::Requested { service, .. } = event.kind {
                asked = Some((event.at, service));
            }
            entry(event, asked)
        })
        .collect()
}

/// A line with nothing but its title; what is special about it is added by whoever asks.
fn line(at: At, topic: Topic, mark: Mark, title: &str, what: String) -> Entry {
    Entry {
        at,
        topic,
        mark,
        title: title.to_owned(),
        what,
        words: None,
        photo: None,
        seen_by: EVERYONE,
    }
}

/// 「2席」; nothing for the supervisors' list.
fn reached(desks: u32) -> String {
    if desks == 0 {
        String::new()
    } else {
        format!("{desks}席")
    }
}

fn entry(event: &WireEvent, asked: Option<(At, Service)>) -> Entry {
    let order = |mark, title: &str, what: String| line(event.at, Topic::Order, mark, title, what);
    match &event.kind {
        WireKind::Requested {
            service,
            mode,
            quiet,
            intake,
        } => {
            let quiet = if *quiet { "（声を出さない）" } else { "" };
            let words = intake
                .as_deref()
                .map_or_else(|| ERASED.to_owned(), |intake| intake_words(intake, event.at));
            let what = format!("{}・{}希望{quiet}", service.label(), mode.label());
            Entry {
                words: Some(words),
                ..order(Mark::Plain, "受付", what)
            }
        }
        WireKind::Flagged { epds: Some(_), .. } | WireKind::EpdsRecorded { .. } => epds::entry(event),
        WireKind::Flagged { rule, action, .. } if action.is_shown_to_family() => order(
            Mark::Red,
            "危険サイン",
            format!("{rule}　「{}」を相談者に案内", action.label()),
        ),
        WireKind::Flagged { rule, action, .. } => {
            let what = format!("{rule}　{}", action.label());
            Entry {
                seen_by: STAFF,
                ..order(Mark::Plain, "危険サイン", what)
            }
        }
        WireKind::Queued { acuity } => {
            let why = |acuity| {
                format!(
                    "順番の理由：{}（緊急度は相談者には出ません）",
                    signaling::queue::reason(asked.map_or(Service::Night, |(_, service)| service), acuity)
                )
            };
            let class = acuity.map_or("", |acuity| acuity.label());
            Entry {
                words: acuity.map(why),
                ..order(Mark::Plain, "待ちに入る", class.to_owned())
            }
        }
        WireKind::ClassChanged {
            by,
            before: from,
            after: to,
            reason,
            epds,
        } => {
            let (mark, title) = if epds.is_some() {
                (Mark::Red, "緊急度を上げる（EPDSの点数により）")
            } else if to < from {
                (Mark::Red, "緊急度を上げる")
            } else {
                (Mark::Plain, "緊急度を下げる")
            };
            Entry {
                words: reason
                    .as_ref()
                    .map(|reason| format!("理由：{reason}（相談者には見えません）")),
                seen_by: STAFF,
                ..order(
                    mark,
                    title,
                    format!("{} → {}　{}", from.label(), to.label(), by.addressed()),
                )
            }
        }
        WireKind::TurnMissed { by } => order(
            Mark::Red,
            "順番のとき不在",
            format!(
                "{}が次の方を呼んだとき、相談者の画面がつながっていませんでした",
                by.addressed()
            ),
        ),
        WireKind::BecameAnytime {
            reply_hours,
            wished_for,
        } => order(
            Mark::Plain,
            if wished_for.is_some() {
                "あとで返事をもらう（相談者の希望）"
            } else {
                "夜間の受付が終了"
            },
            format!("いつでも相談に変わり、{reply_hours}時間以内の返信を案内"),
        ),
        WireKind::AppointmentBooked { slot } => order(
            Mark::Plain,
            "時間を予約",
            format!("{}。それまで順番待ちからはずれます", appointment::words(*slot)),
        ),
        WireKind::AppointmentGivenUp { reply_hours, .. } => order(
            Mark::Plain,
            "予約をやめる",
            reply_hours.map_or_else(
                || "この時点から順番を待っています".to_owned(),
                |hours| format!("いつでも相談として、{hours}時間以内の返信を案内"),
            ),
        ),
        WireKind::AppointmentBegun => order(
            Mark::Plain,
            "予約の時間",
            "予約の30分前に着いたものとして、順番に入りました".to_owned(),
        ),
        WireKind::AppointmentReminded => Entry {
            seen_by: STAFF,
            ..order(
                Mark::Plain,
                "予約のお知らせ",
                "予約の30分前に、ご家族に知らせました".to_owned(),
            )
        },
        WireKind::AppointmentMissed => order(
            Mark::Red,
            "予約の時間に不在",
            "10分過ぎても相談者の画面がつながらず、予約の時刻に着いた方の順番になりました".to_owned(),
        ),
        WireKind::Alerted {
            step,
            desks,
            supervisor,
        } => Entry {
            words: supervisor.map(|one| format!("{}。{}までに対応", one.why.label(), one.due_at.clock())),
            seen_by: STAFF,
            ..order(Mark::Red, &format!("知らせる：{}", step.label()), reached(*desks))
        },
        WireKind::AlertHeard { step, by } => Entry {
            seen_by: STAFF,
            ..order(Mark::Plain, &format!("届いた：{}", step.label()), by.addressed())
        },
        WireKind::OverlookedClosed { by, done } => Entry {
            words: Some(done.clone().unwrap_or_else(|| ERASED.to_owned())),
            seen_by: STAFF,
            ..order(Mark::Green, "未対応を確認", by.addressed())
        },
        WireKind::Claimed { by, overtake_reason } => Entry {
            words: overtake_reason
                .as_ref()
                .map(|reason| format!("順番を変えた理由：{reason}（相談者には見えません）")),
            ..order(
                Mark::Green,
                &format!("{}が担当", by.addressed()),
                waited(asked.map(|(at, _)| at), event.at),
            )
        },
        WireKind::Released { by, reason } => Entry {
            words: reason
                .as_ref()
                .map(|reason| format!("理由：{reason}（相談者には見えません）")),
            ..order(Mark::Plain, "待ちに戻す", by.addressed())
        },
        WireKind::Cancelled => order(Mark::Red, "相談者がとりやめ", String::new()),
        WireKind::Closed { by } => order(Mark::Green, "相談を終える", by.addressed()),
        _ => written(event),
    }
}

/// What was written: messages, the record, the survey.
fn written(event: &WireEvent) -> Entry {
    let record = |mark, title: &str, what: String| line(event.at, Topic::Record, mark, title, what);
    match &event.kind {
        WireKind::Said { speaker, lane, text } => said(event.at, speaker, *lane, text.as_ref()),
        WireKind::ScopePassed { by, rules, reason } => Entry {
            words: Some(
                reason
                    .clone()
                    .map_or_else(|| ERASED.to_owned(), |reason| format!("理由：{reason}")),
            ),
            seen_by: STAFF,
            ..line(
                event.at,
                Topic::Talk,
                Mark::Red,
                "個人の病気にふれる表現を使用",
                format!("{}　{}", rules.join("・"), by.addressed()),
            )
        },
        WireKind::Photo { .. } | WireKind::PhotoWished { .. } | WireKind::PhotoMarked { .. } => pictured(event),
        WireKind::ModeWished { mode } => line(
            event.at,
            Topic::Talk,
            Mark::Plain,
            "話し方の希望を変更",
            mode.label().to_owned(),
        ),
        WireKind::DeviceChecked { light, checked } => checked_device(event.at, *light, checked.as_deref()),
        WireKind::NoteSigned { by, disposition, .. } => {
            let what = format!("{}　{}", disposition.map_or("", |one| one.label()), by.addressed());
            record(Mark::Green, "記録を確定", what)
        }
        WireKind::NoteAdded { by, text } => Entry {
            words: Some(text.clone().unwrap_or_else(|| ERASED.to_owned())),
            seen_by: STAFF,
            ..record(Mark::Plain, "記録に追記", by.addressed())
        },
        WireKind::Surveyed { answer, words } => Entry {
            words: words.clone(),
            seen_by: SUPERVISOR,
            ..record(Mark::Green, "アンケート", answer.label().to_owned())
        },
        _ => call(event),
    }
}

/// 「カメラと音の確認　注意・カメラ不許可　直接接続・往復 良い…」.
fn checked_device(at: At, light: Light, checked: Option<&Checked>) -> Entry {
    let mark = match light {
        Light::Green => Mark::Green,
        Light::Amber => Mark::Plain,
        Light::Red => Mark::Red,
    };
    let mut what = light.label().to_owned();
    let mut words = None;
    if let Some(checked) = checked {
        what = format!("{what}（{}）", checked.cause.label());
        let devices = format!(
            "カメラ：{}・マイク：{}・音：{}・{}の{}",
            checked.picture.label(),
            checked.sound.label(),
            checked.heard.label(),
            checked.kind.label(),
            checked.browser.label()
        );
        let network = checked.path.zip(checked.grades.as_ref()).map(|(path, grades)| {
            format!(
                "\n{}・接続 {}・往復 {}・ゆらぎ {}・届き方 {}（行き）{}（帰り）",
                path.label(),
                grades.connect.label(),
                grades.round_trip.label(),
                grades.jitter.label(),
                grades.loss_up.label(),
                grades.loss_down.label()
            )
        });
        words = Some(devices + &network.unwrap_or_default());
    }
    Entry {
        words,
        ..line(at, Topic::Call, mark, "カメラと音の確認", what)
    }
}

fn call(event: &WireEvent) -> Entry {
    let line = |mark, title: &str, what: String| line(event.at, Topic::Call, mark, title, what);
    match &event.kind {
        WireKind::CallOffered { by, mode } => {
            line(Mark::Plain, "呼び出し", format!("{}　{}", mode.label(), by.addressed()))
        }
        WireKind::CallJoined { holder, .. } => line(Mark::Plain, "通話に入る", holder_name(holder)),
        WireKind::CallConnected { path, .. } => line(Mark::Green, "通話がつながる", path.label().to_owned()),
        WireKind::CallInterrupted { .. } => line(Mark::Red, "通話が途切れる", String::new()),
        WireKind::CallResumed { path, .. } => line(Mark::Green, "通話が再開", path.label().to_owned()),
        WireKind::CallModeChanged { mode, holder, .. } => line(
            Mark::Plain,
            "通話の切りかえ",
            format!("{}　{}", mode.label(), holder_name(holder)),
        ),
        WireKind::CallEnded {
            outcome,
            talk_seconds,
            by,
            ..
        } => {
            let mark = if *outcome == CallOutcome::HungUp {
                Mark::Plain
            } else {
                Mark::Red
            };
            let talked = if *talk_seconds > 0 {
                format!("　話した時間 {}", duration(i64::from(*talk_seconds)))
            } else {
                String::new()
            };
            let by = by
                .as_ref()
                .map(|by| format!("　{}から", holder_name(by)))
                .unwrap_or_default();
            line(mark, "通話を終える", format!("{}{talked}{by}", outcome.label()))
        }
        _ => told(event),
    }
}

/// What sides told of a call, for staff alone.
fn told(event: &WireEvent) -> Entry {
    let line = |mark, title: &str, what: String| Entry {
        seen_by: STAFF,
        ..line(event.at, Topic::Call, mark, title, what)
    };
    match &event.kind {
        WireKind::CallTroubled { holder, trouble, .. } => {
            let title = if trouble.late {
                "通話が遅れて始まる"
            } else {
                "通話がつながらない"
            };
            let told_by = holder.as_ref().map(holder_name);
            let place = Some(trouble.where_words()).filter(|words| !words.is_empty());
            let what: Vec<String> = [Some(trouble.cause.label().to_owned()), told_by, place]
                .into_iter()
                .flatten()
                .collect();
            Entry {
                words: Some(trouble.cause.sentence().to_owned()),
                ..line(Mark::Red, title, what.join("　"))
            }
        }
        WireKind::SeatInterrupted { holder, why, .. } => line(Mark::Red, why.sentence(), holder_name(holder)),
        WireKind::SeatReturned { holder, .. } => line(Mark::Green, "通話にもどる", holder_name(holder)),
        WireKind::MissedSettled { by, .. } => line(Mark::Plain, "不在の通話を対応ずみに", by.addressed()),
        WireKind::CallMeasured { measured, .. } => {
            let round_trip = measured
                .round_trip_ms
                .map_or(String::new(), |ms| format!("・往復 {ms}ms"));
            let loss = f64::from(measured.loss_permille) / 10.0;
            line(
                Mark::Plain,
                "通話の品質",
                format!("{}・損失 {loss:.1}%{round_trip}", measured.path.label()),
            )
        }
        _ => people(event),
    }
}

/// Who came into calls and left them, who had the consultation, and the telephone.
fn people(event: &WireEvent) -> Entry {
    let line = |title: &str, what: String| line(event.at, Topic::Call, Mark::Plain, title, what);
    let name = |name: Option<&String>| name.cloned().unwrap_or_else(|| ERASED.to_owned());
    match &event.kind {
        WireKind::CallLeft { holder, .. } => line("通話から出る", holder_name(holder)),
        WireKind::CallHeld { on, by, .. } => line(if *on { "保留" } else { "保留を終える" }, by.addressed()),
        WireKind::GuestInvited {
            role, by, name: one, ..
        } => Entry {
            words: Some(name(one.as_ref())),
            ..line("招待", format!("{}　{}から", role.label(), holder_name(by)))
        },
        WireKind::GuestAdmitted { role, name: one, .. } => Entry {
            words: Some(name(one.as_ref())),
            ..line("招待を受ける", role.label().to_owned())
        },
        WireKind::GuestRemoved { by, .. } => line("通話から外す", by.addressed()),
        WireKind::InvitationWithdrawn { by, .. } => line("招待を取り消す", holder_name(by)),
        WireKind::ColleagueInvited { by, colleague, .. } => line(
            "同僚をよぶ",
            format!("{}　{}から", colleague.addressed(), by.addressed()),
        ),
        WireKind::HandOverOffered { by, to, .. } => Entry {
            seen_by: STAFF,
            ..line("交代を頼む", format!("{}から{}へ", by.addressed(), to.addressed()))
        },
        WireKind::HandedOver { by, to, .. } => Entry {
            mark: Mark::Green,
            ..line("担当の交代", format!("{}から{}へ", by.addressed(), to.addressed()))
        },
        WireKind::CallbackAsked { by } => line("電話にかけなおす", format!("{}から", holder_name(by))),
        WireKind::CallbackNumber { .. } => line("電話番号を預かる", "担当者だけに表示".to_owned()),
        WireKind::CallbackDone { by, outcome } => line("電話", format!("{}　{}", outcome.label(), by.addressed())),
        _ => handing(event),
    }
}

/// What changes hands outside of a call's seats, and clinicians who were asked whether they are there.
fn handing(event: &WireEvent) -> Entry {
    let line = |title: &str, what: String| line(event.at, Topic::Order, Mark::Plain, title, what);
    let staff = |entry: Entry| Entry {
        seen_by: STAFF,
        ..entry
    };
    let summary = |hand_over: &Option<Box<HandOver>>| {
        let words = hand_over.as_deref().map(|one| {
            format!(
                "{}\n主な心配：{}\n危険サイン：{}\nこれまで：{}\nメモ：{}（相談者には見えません）",
                one.about, one.worry, one.flags, one.so_far, one.note
            )
        });
        Some(words.unwrap_or_else(|| ERASED.to_owned()))
    };
    match &event.kind {
        WireKind::HandedOn {
            by,
            recipient,
            hand_over,
        } => Entry {
            words: summary(hand_over),
            ..line(
                "引き継いで待ちに戻す",
                format!("{}から{}へ", by.addressed(), recipient.addressed()),
            )
        },
        WireKind::HandOverAsked {
            by,
            recipient,
            hand_over,
        } => Entry {
            words: summary(hand_over),
            ..staff(line(
                "引き継ぎを頼む",
                format!("{}から{}へ", by.addressed(), recipient.addressed()),
            ))
        },
        WireKind::HandOverDeclined { by, reason } => Entry {
            words: reason
                .as_ref()
                .map(|reason| format!("理由：{reason}（相談者には見えません）")),
            ..staff(line("引き継ぎを断る", by.addressed()))
        },
        WireKind::HandOverWithdrawn { by } => staff(line("引き継ぎの依頼を取り消す", by.addressed())),
        WireKind::HandOverLapsed => staff(line("引き継ぎを受けた人がいない", String::new())),
        WireKind::IdleAsked { of } => staff(line("対応中か尋ねる", of.addressed())),
        WireKind::IdleAnswered { by } => staff(line("対応を続けると答える", by.addressed())),
        WireKind::IdleReturned { of } => Entry {
            mark: Mark::Red,
            ..line(
                "応答がなく待ちに戻る",
                of.as_ref().map_or(String::new(), signaling::actor::Staff::addressed),
            )
        },
        _ => after::entry(event),
    }
}

/// Photos: who sent one, asked for one, drew over one.
fn pictured(event: &WireEvent) -> Entry {
    let line = |title: &str, what: String| line(event.at, Topic::Talk, Mark::Plain, title, what);
    match &event.kind {
        WireKind::Photo {
            speaker,
            photo,
            width,
            height,
            bytes,
            caption,
            ..
        } => {
            let who = match speaker {
                Speaker::Guardian => "相談者".to_owned(),
                Speaker::Staff(by) => by.addressed(),
            };
            Entry {
                photo: Some(*photo),
                words: caption.clone(),
                ..line(&who, format!("写真（{width}×{height}、{}kB）", bytes / 1000))
            }
        }
        WireKind::PhotoWished { by } => line("写真をお願い", by.addressed()),
        WireKind::PhotoMarked { by, photo, marks } => Entry {
            photo: Some(*photo),
            seen_by: STAFF,
            ..line(
                "写真に印",
                format!("{}　{}か所", by.addressed(), marks.as_ref().map_or(0, Vec::len)),
            )
        },
        // Every other kind has its line elsewhere.
        _ => line("", String::new()),
    }
}

fn said(at: At, speaker: &Speaker, lane: Lane, text: Option<&String>) -> Entry {
    let (title, seen_by) = match (speaker, lane) {
        (Speaker::Guardian, _) => ("相談者".to_owned(), EVERYONE),
        (Speaker::Staff(by), Lane::Everyone) => (by.addressed(), EVERYONE),
        (Speaker::Staff(by), Lane::Staff) => (format!("{}（内部メモ）", by.addressed()), STAFF),
    };
    let words = Some(text.cloned().unwrap_or_else(|| ERASED.to_owned()));
    Entry {
        at,
        topic: Topic::Talk,
        mark: Mark::Plain,
        title,
        what: String::new(),
        words,
        photo: None,
        seen_by,
    }
}

fn intake_words(intake: &Intake, at: At) -> String {
    let mut parts = vec![
        intake.about(at.date()),
        crate::claim::complaints_text(&intake.complaints),
    ];
    parts.extend(intake.onset.map(|onset| onset.label().to_owned()));
    parts.extend(
        intake
            .temperature_tenths
            .map(|tenths| format!("{}.{}℃", tenths / 10, tenths % 10)),
    );
    format!("{}\n{}", parts.join("・"), intake.worry)
}

fn holder_name(holder: &Holder) -> String {
    match holder {
        Holder::Guardian => "相談者".to_owned(),
        Holder::Staff(staff) => staff.addressed(),
        Holder::Guest { role, .. } => format!("招待された方（{}）", role.label()),
    }
}

fn waited(requested_at: Option<At>, at: At) -> String {
    requested_at.map_or(String::new(), |since| {
        format!("受付から {}", duration(at.seconds_since(since)))
    })
}

/// 「2分10秒」.
pub(super) fn duration(seconds: i64) -> String {
    match (seconds / 3600, seconds % 3600 / 60, seconds % 60) {
        (0, 0, s) => format!("{s}秒"),
        (0, m, s) => format!("{m}分{s:02}秒"),
        (h, m, _) => format!("{h}時間{m:02}分"),
    }
}
