//! Fulfilling what the clinician wishes: commands to the server, and what becomes of them.
//!
//! A refusal is shown beside the button that was pressed. A text that was refused goes back into its field.

use super::{Desk, Dialog, Open, OpenStanding, Sending, Wish, bell::Bell, presence, receive, start};
use crate::live::Live;
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    call::CallMode,
    consultation::{Command, Lane, Refusal},
    duty::Duty,
    hand_over::{ASKS_A_DOCTOR, HandOver, HandTo, doctor_for},
    id::ConsultationId,
    note::NoteDraft,
    protocol::{QueueCommand, Signal},
    triage::{Acuity, Epds, EpdsDraft},
};
use std::time::Duration;

/// A sentence about a refused 「次の方」 stays so long.
const FAULT_SHOWN: Duration = Duration::from_secs(8);
/// Signs of typing are sent so often at most; the other side shows one for five seconds.
const TYPING_EVERY_MS: i64 = 3_000;

/// What wishes are fulfilled with.
#[derive(Clone, Copy)]
pub(super) struct Fulfilment {
    pub(super) desk: Desk,
    pub(super) live: Live,
    pub(super) bell: Bell,
}

impl Fulfilment {
    pub(super) fn fulfil(self, wish: Wish) {
        let Some(wish) = presence::fulfil(self, wish) else {
            return;
        };
        match wish {
            Wish::Duty(_) | Wish::EndShift(..) => {}
            Wish::Shift => self.duty(Duty::On),
            Wish::Hush => self.bell.hush(),
            Wish::Next => self.next(),
            Wish::Claim {
                consultation,
                overtake_reason,
            } => self.claim(consultation, overtake_reason),
            Wish::Release { consultation, reason } => self.release(consultation, reason),
            Wish::MessageChanged(consultation) => self.with(consultation, |open| self.message_changed(open)),
            Wish::AskCallback(consultation) => self.with(consultation, |open| self.talk(open, Command::AskCallback)),
            Wish::CallbackDone(consultation, outcome) => {
                self.with(consultation, |open| self.talk(open, Command::CallbackDone { outcome }));
            }
            Wish::Say(consultation) => self.with(consultation, |open| self.say(open, None)),
            Wish::SayBeyondScope { consultation, reason } => {
                self.with(consultation, |open| self.say(open, Some(reason)));
            }
            Wish::ChangeClass {
                consultation,
                acuity,
                reason,
            } => self.change_class(consultation, acuity, reason),
            Wish::RecordEpds(consultation, points) => self.with(consultation, |open| self.record_epds(open, points)),
            Wish::Ring(consultation, mode) => self.with(consultation, |open| self.ring(open, mode)),
            Wish::PlanCheckIn(consultation, on) => {
                self.with(consultation, |open| self.carry_out(open, Command::PlanCheckIn { on }));
            }
            Wish::AskPhoto(consultation) => self.with(consultation, |open| self.carry_out(open, Command::AskPhoto)),
            Wish::MarkPhoto(consultation, photo, marks) => self.with(consultation, |open| {
                self.carry_out(open, Command::MarkPhoto { photo, marks });
            }),
            Wish::SettleMissed(consultation, call) => {
                self.with(consultation, |open| {
                    self.carry_out(open, Command::SettleMissed { call });
                });
            }
            Wish::NoteChanged(consultation) => self.with(consultation, |open| self.note_changed(open)),
            Wish::Sign {
                consultation,
                scope_reason,
                close,
            } => self.with(consultation, |open| self.sign(open, scope_reason, close)),
            Wish::Close(consultation) => self.with(consultation, |open| self.close(open)),
            Wish::Add(consultation) => self.with(consultation, |open| self.add(open)),
            Wish::LoadHistory(consultation) => start::load_history(self.desk, consultation),
            Wish::ToDoctor(consultation) => self.with(consultation, |open| self.to_doctor(open)),
            Wish::HandOver {
                consultation,
                to,
                hand_over,
                warm,
            } => self.with(consultation, |open| self.talk(open, handing(to, hand_over, warm))),
            Wish::AcceptHandOver(consultation) => self.accept(consultation),
            Wish::DeclineHandOver { consultation, reason } => {
                self.plain(consultation, Command::DeclineHandOver { reason });
            }
            Wish::WithdrawHandOver(consultation) => self.plain(consultation, Command::WithdrawHandOver),
            Wish::StillHere(consultation) => self.plain(consultation, Command::StillHere),
            Wish::Look(consultation) => self.look(consultation),
            Wish::LoadTemplates => start::load_templates(self.desk),
            Wish::AdditionChanged(consultation) => self.with(consultation, |open| self.keep_addition(open)),
            Wish::LoadColleagues => start::load_colleagues(self.desk),
            Wish::PutAway(consultation) => {
                self.live.unwatch(consultation);
                self.desk.remove_tab(consultation);
            }
        }
    }

    fn with(self, consultation: ConsultationId, work: impl FnOnce(Open)) {
        if let Some(open) = untrack(|| self.desk.open(consultation)) {
            work(open);
        }
    }

    fn next(self) {
        let desk = self.desk;
        if desk.asking_next.get_untracked() {
            return;
        }
        desk.asking_next.set(true);
        desk.queue_fault.set(None);
        let answer = self.live.queue_command(QueueCommand::Next);
        spawn_local(async move {
            let answer = answer.await;
            desk.asking_next.set(false);
            match answer {
                Ok(acked) => self.take(acked.consultation),
                Err(refusal) => self.queue_fault(&refusal),
            }
        });
    }

    fn queue_fault(self, refusal: &Refusal) {
        let desk = self.desk;
        desk.queue_fault.set(Some(refusal.to_string()));
        set_timeout(move || desk.queue_fault.set(None), FAULT_SHOWN);
    }

    fn claim(self, consultation: ConsultationId, overtake_reason: Option<String>) {
        let desk = self.desk;
        desk.row_fault.set(None);
        let answer = self.live.command(consultation, Command::Claim { overtake_reason });
        spawn_local(async move {
            match answer.await {
                Ok(_) => self.take(consultation),
                Err(Refusal::ReasonNeeded) => desk.dialog.set(Some(Dialog::Overtake(consultation))),
                // The row is about to leave the list, and what stands beside it would leave with it.
                Err(
                    refusal @ (Refusal::AlreadyClaimed { .. }
                    | Refusal::NotWaiting
                    | Refusal::Ended
                    | Refusal::NotFound),
                ) => {
                    self.queue_fault(&refusal);
                }
                Err(refusal) => desk.row_fault.set(Some((consultation, refusal.to_string()))),
            }
        });
    }

    /// A consultation has become ours: a tab in front, its log from the beginning. The row may have told us already.
    fn take(self, consultation: ConsultationId) {
        let desk = self.desk;
        if desk.add_tab(consultation) {
            start::follow_from_beginning(desk, self.live, consultation);
        }
        desk.preview.set(None);
        desk.select(consultation);
        request_animation_frame(move || super::talk::focus(&super::talk::composer::field_id(consultation)));
    }

    fn to_doctor(self, open: Open) {
        let made = open.thread.with_untracked(|thread| {
            let subject = thread.intake.as_ref().map(|intake| intake.subject)?;
            let mut hand_over = HandOver::of(thread);
            hand_over.note = ASKS_A_DOCTOR.to_owned();
            Some((HandTo::Profession(doctor_for(&subject)), Box::new(hand_over)))
        });
        if let Some((to, hand_over)) = made {
            self.talk(open, handing(to, hand_over, true));
        }
    }

    fn accept(self, consultation: ConsultationId) {
        let desk = self.desk;
        desk.row_fault.set(None);
        let answer = self.live.command(consultation, Command::AcceptHandOver);
        spawn_local(async move {
            match (answer.await, untrack(|| desk.open(consultation))) {
                (Ok(_), _) => self.take(consultation),
                (Err(refusal), Some(open)) => open.talk_fault.set(Some(refusal.to_string())),
                (Err(refusal), None) => self.queue_fault(&refusal),
            }
        });
    }

    /// A tab of a colleague's consultation, to read and to write to them.
    fn look(self, consultation: ConsultationId) {
        if self.desk.add_tab(consultation) {
            start::follow_from_beginning(self.desk, self.live, consultation);
        }
        self.desk.select(consultation);
    }

    /// A command about a consultation that may have no tab here.
    fn plain(self, consultation: ConsultationId, command: Command) {
        let desk = self.desk;
        let answer = self.live.command(consultation, command);
        spawn_local(async move {
            let Err(refusal) = answer.await else { return };
            match untrack(|| desk.open(consultation)) {
                Some(open) => open.talk_fault.set(Some(refusal.to_string())),
                None => self.queue_fault(&refusal),
            }
        });
    }

    fn release(self, consultation: ConsultationId, reason: String) {
        let desk = self.desk;
        // It waits again, and this clinician knows.
        desk.heard.update(|heard| {
            heard.insert(consultation);
        });
        let answer = self.live.command(consultation, Command::Release { reason });
        spawn_local(async move {
            if let Err(refusal) = answer.await {
                self.with(consultation, |open| open.talk_fault.set(Some(refusal.to_string())));
            }
        });
    }

    fn message_changed(self, open: Open) {
        let text = open.message.get_untracked();
        let typing = !text.trim().is_empty() && !open.remark.get_untracked();
        self.keep_message(open);
        let now_ms = start::browser_now_ms();
        if typing && now_ms - self.bell.typing_sent_ms.get_value() > TYPING_EVERY_MS {
            self.bell.typing_sent_ms.set_value(now_ms);
            self.live.signal(open.consultation, 0, 0, Signal::Typing);
        }
    }

    fn change_class(self, consultation: ConsultationId, acuity: Acuity, reason: Option<String>) {
        let desk = self.desk;
        desk.row_fault.set(None);
        let answer = self.live.command(consultation, Command::ChangeClass { acuity, reason });
        spawn_local(async move {
            let Err(refusal) = answer.await else { return };
            match untrack(|| desk.open(consultation)) {
                // Somebody lowered it in between: what was meant to raise it would lower it.
                _ if refusal == Refusal::ReasonNeeded => desk.dialog.set(Some(Dialog::Lower(consultation, acuity))),
                Some(open) => open.talk_fault.set(Some(refusal.to_string())),
                None => desk.row_fault.set(Some((consultation, refusal.to_string()))),
            }
        });
    }

    fn say(self, open: Open, beyond_scope: Option<String>) {
        let text = open.message.get_untracked();
        let standing = untrack(|| self.desk.me.with_value(|me| open.standing(me)));
        let over = matches!(standing, OpenStanding::Ended | OpenStanding::Left | OpenStanding::Asked);
        let lane = if over || open.remark.get_untracked() {
            Lane::Staff
        } else {
            Lane::Everyone
        };
        let command = match lane {
            Lane::Staff => Command::Remark { text: text.clone() },
            Lane::Everyone => match beyond_scope {
                Some(reason) => Command::SayBeyondScope {
                    text: text.clone(),
                    reason,
                },
                None => Command::Say { text: text.clone() },
            },
        };
        let number = open
            .sending
            .with_untracked(|sending| sending.iter().map(|one| one.number).max())
            .unwrap_or(0)
            + 1;
        open.talk_fault.set(None);
        open.sending.update(|sending| {
            sending.push(Sending {
                number,
                text: text.clone(),
                lane,
                acked: None,
            });
        });
        open.message.set(String::new());
        open.remark.set(false);
        // Stored first, and kept until the answer: a page that ends in between loses nothing.
        self.keep_message(open);
        self.live.store_drafts_now();
        let answer = self.live.command(open.consultation, command);
        spawn_local(async move {
            match answer.await {
                Ok(acked) => {
                    let seen = open.thread.with_untracked(|thread| thread.seq);
                    open.sending.update(|sending| {
                        sending
                            .iter_mut()
                            .filter(|one| one.number == number)
                            .for_each(|one| one.acked = Some(acked.seq));
                        sending.retain(|one| one.acked.is_none_or(|acked| acked > seen));
                    });
                }
                Err(refusal) => {
                    open.sending
                        .update(|sending| sending.retain(|one| one.number != number));
                    open.talk_fault.set(Some(refusal.to_string()));
                    // Words for colleagues must not come back as words for the family.
                    let remark = lane == Lane::Staff || open.remark.get_untracked();
                    let text = match open.message.get_untracked() {
                        since if since.is_empty() => text,
                        since => format!("{text}\n{since}"),
                    };
                    open.message.set(text);
                    open.remark.set(remark);
                }
            }
            self.keep_message(open);
        });
    }

    /// Stores what would be lost with the page.
    fn keep_message(self, open: Open) {
        let remark = open.remark.get_untracked();
        let kept = open.sending.with_untracked(|sending| {
            open.message
                .with_untracked(|text| receive::kept_message(sending, text, remark))
        });
        self.live.draft(open.consultation, "message", kept);
    }

    fn keep_addition(self, open: Open) {
        let text = open.addition.get_untracked();
        self.live
            .draft(open.consultation, "addition", serde_json::Value::String(text));
    }

    fn ring(self, open: Open, mode: CallMode) {
        open.talk_fault.set(None);
        if crate::call::ring(open.consultation, mode) {
            return;
        }
        self.talk(open, Command::Ring { mode });
    }

    /// Something of the conversation; what becomes of it is said above it.
    fn talk(self, open: Open, command: Command) {
        open.talk_fault.set(None);
        let answer = self.live.command(open.consultation, command);
        spawn_local(async move {
            if let Err(refusal) = answer.await {
                open.talk_fault.set(Some(refusal.to_string()));
            }
        });
    }

    /// A command of the conversation whose refusal stands at its head.
    fn carry_out(self, open: Open, command: Command) {
        open.talk_fault.set(None);
        let answer = self.live.command(open.consultation, command);
        spawn_local(async move {
            if let Err(refusal) = answer.await {
                open.talk_fault.set(Some(refusal.to_string()));
            }
        });
    }

    /// What was chosen stays until it is recorded, so that a refusal costs nothing.
    fn record_epds(self, open: Open, points: Epds) {
        open.talk_fault.set(None);
        let command = Command::RecordEpds { points, fired: None };
        let answer = self.live.command(open.consultation, command);
        spawn_local(async move {
            match answer.await {
                Ok(_) => open.epds_draft.set(EpdsDraft::default()),
                Err(refusal) => open.talk_fault.set(Some(refusal.to_string())),
            }
        });
    }

    fn note_changed(self, open: Open) {
        if let Ok(body) = open.note.with_untracked(|note| serde_json::to_value(note)) {
            self.live.draft(open.consultation, "note", body);
        }
    }

    fn sign(self, open: Open, scope_reason: Option<String>, close: bool) {
        if open.signing.get_untracked() {
            return;
        }
        let note = match open.note.with_untracked(NoteDraft::complete) {
            Ok(note) => Box::new(note),
            Err(fault) => return open.note_fault.set(Some(fault.to_string())),
        };
        open.signing.set(true);
        let (live, desk) = (self.live, self.desk);
        let signed = live.command(open.consultation, Command::SignNote { note, scope_reason });
        spawn_local(async move {
            let mut answer = signed.await;
            // Signed already, in another window of theirs: ending it is still what was asked for.
            if close && matches!(answer, Ok(_) | Err(Refusal::NoteSigned)) {
                answer = live.command(open.consultation, Command::Close).await;
            }
            // The server's rules mark more than this page's.
            if matches!(answer, Err(Refusal::BeyondScope { .. })) {
                desk.dialog.set(Some(Dialog::SignBeyondScope(open.consultation, close)));
            }
            finish(open, answer.err());
        });
    }

    fn close(self, open: Open) {
        open.signing.set(true);
        let answer = self.live.command(open.consultation, Command::Close);
        spawn_local(async move { finish(open, answer.await.err()) });
    }

    fn add(self, open: Open) {
        open.signing.set(true);
        let text = open.addition.get_untracked();
        let answer = self.live.command(open.consultation, Command::AddToNote { text });
        spawn_local(async move {
            let refusal = answer.await.err();
            if refusal.is_none() {
                open.addition.set(String::new());
                self.keep_addition(open);
            }
            finish(open, refusal);
        });
    }
}

fn handing(to: HandTo, hand_over: Box<HandOver>, warm: bool) -> Command {
    let colleague = None;
    match warm {
        true => Command::OfferHandOver {
            to,
            hand_over,
            colleague,
        },
        false => Command::HandOn {
            to,
            hand_over,
            colleague,
        },
    }
}

fn finish(open: Open, refusal: Option<Refusal>) {
    open.signing.set(false);
    open.note_fault.set(refusal.map(|refusal| refusal.to_string()));
}
