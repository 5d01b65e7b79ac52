//! What a page shows of a consultation, folded from the wire events its viewer received.
//!
//! Server and browser fold the same events with the same function, so the page that arrives and the page that comes to
//! life are the same page. Works for the family's and the staff's view alike; what a viewer may not see was never sent.

mod after;
mod appointment;
mod handing;
mod people;

pub use after::{CheckIn, Concern, ConcernEntry, Referral};
pub use handing::{Brief, Handing};
pub use people::{Callback, Invited, InvitedStanding};

use crate::{
    actor::Staff,
    call::{
        Call, CallMode, CallOutcome, Holder,
        history::{MissedCall, is_missed},
    },
    check::{Checked, Light},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    id::{PhotoId, Seq},
    intake::{Intake, Mode, Service},
    ladder::Step,
    note::{Disposition, Note},
    photo::Mark,
    survey::Answer,
    time::{At, Millis},
    triage::{Action, Acuity},
};

/// Where the consultation stands for this viewer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The family waits.
    #[default]
    Waiting,
    /// The family comes at its appointment.
    Booked,
    /// A clinician has it.
    Claimed(Staff),
    /// Over.
    Closed,
    /// The family left.
    Cancelled,
}

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number of its event.
    pub seq: Seq,
    /// When.
    pub at: At,
    /// What.
    pub kind: LineKind,
}

/// Kinds of lines.
#[derive(Clone, PartialEq, Eq)]
pub enum LineKind {
    /// Somebody wrote. No text means that its key has been erased.
    Said {
        /// Who.
        speaker: Speaker,
        /// For whom.
        lane: Lane,
        /// The words.
        text: Option<String>,
    },
    /// Somebody sent a photo.
    Photo {
        /// Who.
        speaker: Speaker,
        /// Which.
        photo: PhotoId,
        /// Its shape: pixels from left to right and from top to bottom.
        size: (u32, u32),
        /// What was written with it.
        caption: Option<String>,
    },
    /// Something happened, in a short sentence.
    Happened(String),
}

crate::redacted_debug!(LineKind: Said, Photo, Happened);

/// What the family reads afterwards.
#[derive(Clone, PartialEq, Eq)]
pub struct Summary {
    /// Who wrote it.
    pub by: Staff,
    /// When.
    pub at: At,
    /// 対応区分, where it is for this viewer.
    pub disposition: Option<Disposition>,
    /// 助言の内容.
    pub advice: Option<String>,
    /// 受診の目安.
    pub safety_net: Option<String>,
    /// The whole record; staff only.
    pub note: Option<Note>,
}

crate::redacted_debug!(Summary { by, at });

/// A consultation as its page shows it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Number of the last event folded.
    pub seq: Seq,
    /// Where it stands.
    pub standing: Standing,
    /// When the intake was sent.
    pub requested_at: Option<At>,
    /// Through which service.
    pub service: Option<Service>,
    /// By when an answer was promised to somebody who had waited live.
    pub reply_by: Option<At>,
    /// When its appointment begins, or began.
    pub appointment: Option<At>,
    /// How the family wants to talk.
    pub mode: Option<Mode>,
    /// They listen and type.
    pub quiet: bool,
    /// The intake.
    pub intake: Option<Intake>,
    /// Class; staff only.
    pub acuity: Option<Acuity>,
    /// Rules that fired, as far as they are for this viewer.
    pub flags: Vec<(String, Action)>,
    /// The conversation.
    pub lines: Vec<Line>,
    /// A clinician asked for a photo and none has come since.
    pub photo_wished: bool,
    /// What stands drawn over photos; staff only.
    pub marks: Vec<(PhotoId, Vec<Mark>)>,
    /// The running call.
    pub call: Option<Call>,
    /// Who was invited to calls, earliest first; to a guest only who came.
    pub invited: Vec<Invited>,
    /// The telephone call that is still to be made.
    pub callback: Option<Callback>,
    /// Somebody is asked to take it over; to a family only where it waits for them.
    pub handing: Option<Handing>,
    /// What was handed over last; staff only.
    pub brief: Option<Brief>,
    /// The clinician who has it is asked whether they are there: since when.
    pub idle_asked: Option<At>,
    /// Whether media stand still now.
    pub interrupted: bool,
    /// The last check of the family's device: its colour, what is kept of it (staff only), and when.
    pub device: Option<(Light, Option<Checked>, At)>,
    /// How the last call ended, and when.
    pub last_call: Option<(CallOutcome, At)>,
    /// The missed call that nobody has dealt with.
    pub missed: Option<MissedCall>,
    /// The record.
    pub summary: Option<Summary>,
    /// Additions to the record; staff only.
    pub additions: Vec<(At, Staff, Option<String>)>,
    /// When it ended.
    pub ended_at: Option<At>,
    /// The survey's answer.
    pub survey: Option<Answer>,
    /// Records of earlier stays in this thread, oldest first.
    pub earlier: Vec<Summary>,
    /// 「明日きく」.
    pub check_in: Option<CheckIn>,
    /// What was offered to be handed to the public-health nurse last.
    pub referral: Option<Referral>,
    /// Concerns, as far as they are for this viewer.
    pub concerns: Vec<Concern>,
}

crate::redacted_debug!(Thread {
    seq,
    standing,
    call,
    ended_at
});

impl Thread {
    /// Folds events from the beginning.
    #[must_use]
    pub fn of(events: &[WireEvent]) -> Self {
        let mut thread = Self::default();
        for event in events {
            thread.fold(event);
        }
        thread
    }

    /// Folds one more event. One that is already folded changes nothing.
    pub fn fold(&mut self, event: &WireEvent) {
        if event.seq <= self.seq {
            return;
        }
        self.seq = event.seq;
        if handing::is_work(&event.kind) {
            self.idle_asked = None;
        }
        match &event.kind {
            WireKind::Requested {
                service,
                mode,
                quiet,
                intake,
            } => {
                self.requested_at = Some(event.at);
                self.service = Some(*service);
                self.mode = Some(*mode);
                self.quiet = *quiet;
                self.intake = intake.as_deref().cloned();
                self.happened(event, "受付しました".to_owned());
            }
            WireKind::Flagged { rule, action, .. } => self.flags.push((rule.clone(), *action)),
            WireKind::Queued { acuity } => {
                self.acuity = *acuity;
                self.standing = Standing::Waiting;
            }
            WireKind::ClassChanged {
                by,
                before: from,
                after: to,
                ..
            } => {
                self.acuity = Some(*to);
                let way = if to < from {
                    "上げました"
                } else {
                    "下げました"
                };
                self.happened(
                    event,
                    format!(
                        "{}が緊急度を「{}」に{way}（職員だけに表示）",
                        by.addressed(),
                        to.label()
                    ),
                );
            }
            WireKind::TurnMissed { .. } => self.happened(
                event,
                "順番が来ましたが、画面がつながっていませんでした。順番はそのままで、もどるとつぎに案内します"
                    .to_owned(),
            ),
            WireKind::BecameAnytime {
                reply_hours,
                wished_for,
            } => {
                let within = Millis::hours(i64::from(*reply_hours));
                self.service = Some(Service::Anytime);
                self.reply_by = wished_for.or_else(|| self.requested_at.map(|at| at + within));
                let why = match wished_for {
                    Some(_) => "あとで返事をもらうことにしました",
                    None => "今夜の受付が終わりました",
                };
                let words = format!("{why}。相談はそのまま受け付け、{reply_hours}時間以内に返信します");
                self.happened(event, words);
            }
            WireKind::AppointmentBooked { .. }
            | WireKind::AppointmentGivenUp { .. }
            | WireKind::AppointmentBegun
            | WireKind::AppointmentMissed => self.fold_appointment(event),
            WireKind::Alerted { step, desks, .. } => self.happened(event, told(*step, *desks)),
            WireKind::AlertHeard { step, by } => self.happened(event, heard(*step, by)),
            WireKind::OverlookedClosed { by, .. } => {
                self.happened(event, format!("{}が未対応を確認しました", by.addressed()));
            }
            WireKind::Claimed { by, .. } => {
                self.nobody_is_asked();
                self.standing = Standing::Claimed(by.clone());
                self.happened(event, format!("{}が担当します", by.addressed()));
            }
            WireKind::Released { reason, .. } => {
                self.nobody_is_asked();
                self.standing = Standing::Waiting;
                self.ask_number_again();
                // Families are told no reason.
                let why = reason.as_ref().map(|reason| format!("（職員のメモ：{reason}）"));
                let words = "待合室にもどりました。順番はそのままです";
                self.happened(event, format!("{words}{}", why.unwrap_or_default()));
            }
            WireKind::Said { speaker, lane, text } => {
                self.answer_missed(speaker, *lane);
                self.lines.push(Line {
                    seq: event.seq,
                    at: event.at,
                    kind: LineKind::Said {
                        speaker: speaker.clone(),
                        lane: *lane,
                        text: text.clone(),
                    },
                });
            }
            WireKind::Photo { .. } | WireKind::PhotoWished { .. } | WireKind::PhotoMarked { .. } => {
                self.fold_photo(event);
            }
            WireKind::ModeWished { mode } => {
                self.mode = Some(*mode);
                self.happened(event, format!("話し方の希望を{}にしました", mode.label()));
            }
            WireKind::NoteSigned {
                by,
                disposition,
                advice,
                safety_net,
                note,
            } => {
                self.summary = Some(Summary {
                    by: by.clone(),
                    at: event.at,
                    disposition: *disposition,
                    advice: advice.clone(),
                    safety_net: safety_net.clone(),
                    note: note.as_deref().cloned(),
                });
            }
            WireKind::NoteAdded { by, text } => self.additions.push((event.at, by.clone(), text.clone())),
            WireKind::DeviceChecked { light, checked } => {
                self.device = Some((*light, checked.as_deref().cloned(), event.at));
                let cause = checked.as_ref().filter(|_| *light != Light::Green);
                let cause = cause.map_or(String::new(), |checked| format!("（{}）", checked.cause.label()));
                self.happened(event, format!("カメラと音の確認：{}{cause}", light.label()));
            }
            WireKind::Cancelled => {
                self.nobody_is_asked();
                self.standing = Standing::Cancelled;
                self.missed = None;
                self.ended_at = Some(event.at);
                self.happened(event, "相談をとりやめました".to_owned());
            }
            WireKind::Closed { .. } => {
                self.nobody_is_asked();
                self.standing = Standing::Closed;
                self.missed = None;
                self.ended_at = Some(event.at);
                self.happened(event, "相談を終わりました".to_owned());
            }
            WireKind::Surveyed { answer, .. } => self.survey = Some(*answer),
            _ => self.fold_call(event),
        }
    }

    fn fold_photo(&mut self, event: &WireEvent) {
        match &event.kind {
            WireKind::Photo {
                speaker,
                photo,
                width,
                height,
                caption,
                ..
            } => {
                self.answer_missed(speaker, Lane::Everyone);
                self.photo_wished &= *speaker != Speaker::Guardian;
                self.lines.push(Line {
                    seq: event.seq,
                    at: event.at,
                    kind: LineKind::Photo {
                        speaker: speaker.clone(),
                        photo: *photo,
                        size: (*width, *height),
                        caption: caption.clone(),
                    },
                });
            }
            WireKind::PhotoWished { by } => {
                self.photo_wished = true;
                self.happened(event, format!("{}が写真をお願いしました", by.addressed()));
            }
            WireKind::PhotoMarked { photo, marks, .. } => {
                self.marks.retain(|(of, _)| of != photo);
                self.marks.push((*photo, marks.clone().unwrap_or_default()));
            }
            _ => {}
        }
    }

    fn fold_call(&mut self, event: &WireEvent) {
        match &event.kind {
            WireKind::CallOffered { by, mode } => {
                self.interrupted = false;
                self.missed = None;
                self.call = Some(Call::ringing(event.seq, *mode, event.at));
                self.happened(event, format!("{}が{}で呼び出しました", by.addressed(), mode.label()));
            }
            WireKind::CallJoined { holder, .. } => {
                let Some(call) = &mut self.call else { return };
                let is_new = call.incarnation_of(holder).is_none();
                call.sit(event.seq, holder);
                if is_new && !self.is_principal(holder) {
                    self.happened(event, format!("{}が通話に入りました", self.named(holder)));
                }
            }
            WireKind::CallConnected { .. } | WireKind::CallResumed { .. } => {
                self.interrupted = false;
                let Some(call) = &mut self.call else { return };
                if call.connected_at.is_none() {
                    call.connected_at = Some(event.at);
                    let mode = call.mode.label();
                    self.happened(event, format!("{mode}で話しています"));
                }
            }
            WireKind::CallInterrupted { .. } => self.interrupted = true,
            WireKind::CallModeChanged { mode, .. } => {
                if let Some(call) = &mut self.call {
                    call.mode = *mode;
                }
                let now = if *mode == CallMode::Video {
                    "ビデオにしました"
                } else {
                    "音声だけにしました"
                };
                self.happened(event, now.to_owned());
            }
            WireKind::CallEnded {
                outcome, talk_seconds, ..
            } => {
                self.missed = self.missed_by(event, *outcome);
                self.call = None;
                self.interrupted = false;
                self.last_call = Some((*outcome, event.at));
                let words = match outcome {
                    CallOutcome::HungUp => {
                        format!("通話を終わりました（{}分{}秒）", talk_seconds / 60, talk_seconds % 60)
                    }
                    CallOutcome::Declined => "通話に出られませんでした".to_owned(),
                    CallOutcome::Unanswered => "呼び出しに応答がありませんでした".to_owned(),
                    CallOutcome::Cancelled => "呼び出しを取り消しました".to_owned(),
                    CallOutcome::Failed => "通話がつながりませんでした".to_owned(),
                };
                self.happened(event, words);
            }
            WireKind::MissedSettled { .. } => self.missed = None,
            _ => self.fold_people(event),
        }
    }

    /// The call that just ended, if the clinician who rang is to come back to it.
    fn missed_by(&self, event: &WireEvent, outcome: CallOutcome) -> Option<MissedCall> {
        let call = self.call.as_ref().filter(|_| is_missed(outcome))?;
        let seated = || {
            call.seats.iter().find_map(|seat| match &seat.holder {
                Holder::Staff(staff) => Some(staff.clone()),
                Holder::Guardian | Holder::Guest { .. } => None,
            })
        };
        let by = match &self.standing {
            Standing::Claimed(by) => by.clone(),
            _ => seated()?,
        };
        Some(MissedCall {
            call: call.id,
            by,
            outcome,
            at: event.at,
            answered: false,
        })
    }

    /// What the desk writes deals with a missed call; what the family writes is its answer to it.
    fn answer_missed(&mut self, speaker: &Speaker, lane: Lane) {
        match (speaker, lane) {
            (Speaker::Staff(_), Lane::Everyone) => self.missed = None,
            (Speaker::Guardian, _) => {
                if let Some(missed) = &mut self.missed {
                    missed.answered = true;
                }
            }
            (Speaker::Staff(_), Lane::Staff) => {}
        }
    }

    fn happened(&mut self, event: &WireEvent, words: String) {
        self.lines.push(Line {
            seq: event.seq,
            at: event.at,
            kind: LineKind::Happened(words),
        });
    }

    /// The photos that the family sent with its intake, each with its shape. They are of one command, so of one instant.
    #[must_use]
    pub fn photos_with_intake(&self) -> Vec<(PhotoId, (u32, u32))> {
        let lines = self.lines.iter();
        let at_first = lines.take_while(|line| Some(line.at) == self.requested_at);
        at_first
            .filter_map(|line| match &line.kind {
                LineKind::Photo { photo, size, .. } => Some((*photo, *size)),
                _ => None,
            })
            .collect()
    }

    /// The incarnation of a holder in the running call.
    #[must_use]
    pub fn incarnation_of(&self, holder: &Holder) -> Option<Seq> {
        self.call.as_ref()?.incarnation_of(holder)
    }

    /// Whether the family is still to be heard: open, and not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(
            self.standing,
            Standing::Waiting | Standing::Booked | Standing::Claimed(_)
        )
    }
}

/// Who was told that a family waits.
fn told(step: Step, desks: u32) -> String {
    match step {
        Step::Supervisor => "監督者に知らせました".to_owned(),
        step => format!("{}で知らせました（{desks}席）", step.label()),
    }
}

/// Who heard it.
fn heard(step: Step, by: &Staff) -> String {
    match step {
        Step::Supervisor => format!("{}が確認にあたります", by.addressed()),
        step => format!("{}：{}の席に届きました", step.label(), by.addressed()),
    }
}
