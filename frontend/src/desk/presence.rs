//! Sending what the clinician says of themselves, and carrying out the end of a shift.

use super::{Dialog, Wish, fulfil::Fulfilment, shift, shift::Fate, start};
use crate::page::desk::DutyAnswer;
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    consultation::{Command, Refusal},
    duty::Duty,
    hand_over::HandOver,
    id::ConsultationId,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response, UrlSearchParams};

impl Fulfilment {
    /// 対応中・休憩・終了. The end of a shift asks first, where something is open.
    pub(super) fn duty(self, duty: Duty) {
        let desk = self.desk;
        if duty == Duty::On {
            self.bell.shift();
        }
        if duty == Duty::Off && !untrack(|| shift::has_now(desk)).is_empty() {
            desk.duty_fault.set(None);
            start::load_colleagues(desk);
            desk.dialog.set(Some(Dialog::EndShift));
            return;
        }
        spawn_local(async move { self.say_duty(duty, &[]).await });
    }

    /// What was chosen for each consultation is done first; then the shift ends.
    pub(super) fn end_shift(self, fates: Vec<(ConsultationId, Fate)>, reason: String) {
        let desk = self.desk;
        spawn_local(async move {
            desk.duty_fault.set(None);
            for (consultation, fate) in &fates {
                let Some(command) = self.command_of(*consultation, *fate, &reason) else {
                    continue;
                };
                // It waits again, and this clinician knows.
                desk.heard.update(|heard| {
                    heard.insert(*consultation);
                });
                match self.live.command(*consultation, command).await {
                    // Gone already, from another window of theirs: as it was meant.
                    Ok(_) | Err(Refusal::NotYours | Refusal::AlreadyClaimed { .. } | Refusal::Ended) => {}
                    Err(refusal) => {
                        let title = untrack(|| desk.open(*consultation).map(|open| open.title()));
                        let title = title.unwrap_or_default();
                        desk.duty_fault.set(Some(format!("{title}：{refusal}")));
                        return;
                    }
                }
            }
            let keeps = fates.iter().filter(|(_, fate)| *fate == Fate::Keep);
            let keeps: Vec<ConsultationId> = keeps.map(|(id, _)| *id).collect();
            self.say_duty(Duty::Off, &keeps).await;
        });
    }

    /// What a fate asks of the consultation; nothing where it is gone on with.
    fn command_of(self, consultation: ConsultationId, fate: Fate, reason: &str) -> Option<Command> {
        let note = reason.to_owned();
        match fate {
            Fate::Keep => None,
            Fate::Return => Some(Command::Release { reason: note }),
            Fate::HandOn(to) => {
                let open = untrack(|| self.desk.open(consultation))?;
                let made = open.thread.with_untracked(HandOver::of);
                Some(Command::HandOn {
                    to,
                    hand_over: Box::new(HandOver { note, ..made }),
                    colleague: None,
                })
            }
        }
    }

    async fn say_duty(self, duty: Duty, keeps: &[ConsultationId]) {
        let desk = self.desk;
        let before = desk.duty.get_untracked();
        if duty != Duty::Off {
            desk.duty.set(duty);
        }
        match posted(duty, keeps).await {
            Some((200, answer)) => {
                desk.duty_fault.set(None);
                desk.duty.set(answer.duty);
                if answer.duty != Duty::On {
                    self.bell.stop();
                }
                if desk.dialog.get_untracked() == Some(Dialog::EndShift) {
                    desk.dialog.set(None);
                }
            }
            Some((409, answer)) => {
                // Taken in another window: they get their tabs, and the dialog asks about them too.
                for consultation in answer.undecided {
                    if desk.add_tab(consultation) {
                        start::follow_from_beginning(desk, self.live, consultation);
                    }
                }
                desk.duty_fault.set(Some("まだ決めていない相談があります。".to_owned()));
                desk.dialog.set(Some(Dialog::EndShift));
            }
            _ => {
                desk.duty.set(before);
                let label = duty.label();
                desk.duty_fault.set(Some(format!(
                    "「{label}」が伝わりませんでした。もう一度押してください。"
                )));
            }
        }
    }
}

/// Whether a wish is about presence; carried out here.
pub(super) fn fulfil(fulfilment: Fulfilment, wish: Wish) -> Option<Wish> {
    match wish {
        Wish::Duty(duty) => fulfilment.duty(duty),
        Wish::EndShift(fates, reason) => fulfilment.end_shift(fates, reason),
        other => return Some(other),
    }
    None
}

async fn posted(duty: Duty, keeps: &[ConsultationId]) -> Option<(u16, DutyAnswer)> {
    let fields = UrlSearchParams::new().ok()?;
    fields.append("command", &crate::clock::new_command_id().0.to_string());
    fields.append("duty", duty.code());
    for keep in keeps {
        fields.append("keep", &keep.to_string());
    }
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(JsValue::as_ref(&fields));
    let answer = JsFuture::from(window().fetch_with_str_and_init("/desk/duty", &options)).await;
    let answer: Response = answer.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer.status(), serde_json::from_str(&text).ok()?))
}
