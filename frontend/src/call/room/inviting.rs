//! Who may come and go: invitations, colleagues, waiting, handing over.

use super::Room;
use crate::{call::js, page::guardian::InvitationLink};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    actor::Staff,
    call::{GuestRole, Holder},
    consultation::Command,
    id::{Seq, StaffId},
};
use std::rc::Rc;

impl Room {
    /// Where what is beside the socket is asked for.
    fn address(&self) -> Option<String> {
        match &self.me {
            Holder::Staff(_) => Some(format!("/desk/consultations/{}", self.consultation)),
            Holder::Guardian => window().location().pathname().ok(),
            Holder::Guest { .. } => None,
        }
    }

    /// 「招待のリンクを作る」: the link is shown as soon as there is one.
    pub(in crate::call) fn invite(self: &Rc<Self>, role: GuestRole, name: String) {
        self.face.refused.set(None);
        let answer = self.live.command(self.consultation, Command::Invite { role, name });
        let room = Rc::clone(self);
        spawn_local(async move {
            match answer.await {
                Ok(acked) => room.fetch_link(acked.seq).await,
                Err(refusal) => room.face.refused.set(Some(refusal.to_string())),
            }
        });
    }

    /// 「リンクを見る」.
    pub(in crate::call) fn show_link(self: &Rc<Self>, invite: Seq) {
        let room = Rc::clone(self);
        spawn_local(async move { room.fetch_link(invite).await });
    }

    async fn fetch_link(&self, invite: Seq) {
        let Some(address) = self.address() else { return };
        let text = js::fetch_text(&format!("{address}/invitations/{invite}")).await;
        let link = text.and_then(|text| serde_json::from_str::<InvitationLink>(&text).ok());
        match link {
            Some(link) => self.face.link.set(Some(link)),
            None => self.face.refused.set(Some(
                "リンクを表示できませんでした。もう一度押してください。".to_owned(),
            )),
        }
    }

    /// 「送る」: by the phone's own sheet, or to be pasted. Answers whether it was copied.
    pub(in crate::call) async fn pass_on(link: &str) -> bool {
        let shared = js::object([("url", link.into())]);
        let share = js::call_async(&js::navigator(), "share", &[shared]).await;
        if share.is_ok() {
            return false;
        }
        let clipboard = js::property(&js::navigator(), "clipboard");
        js::call_async(&clipboard, "writeText", &[link.into()]).await.is_ok()
    }

    pub(in crate::call) fn withdraw(self: &Rc<Self>, invite: Seq) {
        self.face.link.set(None);
        self.send(Command::WithdrawInvitation { invite });
    }

    /// 「外す」.
    pub(in crate::call) fn remove(self: &Rc<Self>, invite: Seq) {
        self.send(Command::RemoveGuest { invite });
    }

    /// Who could be asked in: clinicians whose desk is open now.
    pub(in crate::call) fn look_for_colleagues(self: &Rc<Self>) {
        let face = self.face;
        spawn_local(async move {
            let text = js::fetch_text("/desk/colleagues").await;
            let staff = text.and_then(|text| serde_json::from_str::<Vec<Staff>>(&text).ok());
            let Some(mut staff) = staff else { return };
            staff.retain(|one| one.role.is_clinician());
            face.colleagues.set(staff);
        });
    }

    /// 「よぶ」.
    pub(in crate::call) fn ask_in(self: &Rc<Self>, to: StaffId) {
        if let Some(call) = self.call() {
            let call = call.id;
            self.send(Command::InviteColleague {
                call,
                to,
                colleague: None,
            });
        }
    }

    /// 「保留」.
    pub(in crate::call) fn toggle_hold(self: &Rc<Self>) {
        if let Some(call) = self.call() {
            self.send(Command::Hold {
                call: call.id,
                on: !call.is_held,
            });
        }
    }

    /// 「担当を代わってもらう」.
    pub(in crate::call) fn hand_over(self: &Rc<Self>, to: StaffId) {
        if let Some(call) = self.call() {
            self.send(Command::HandOver { call: call.id, to });
        }
    }

    /// 「担当を引き受ける」.
    pub(in crate::call) fn take_over(self: &Rc<Self>) {
        if let Some(call) = self.call() {
            self.send(Command::TakeOver { call: call.id });
        }
    }

    /// 「電話にかけなおす」.
    pub(in crate::call) fn ask_callback(self: &Rc<Self>) {
        self.send(Command::AskCallback);
    }
}
