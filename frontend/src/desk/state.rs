//! What the desk knows, and what a clinician can want of it.

use super::{open::Open, shift::Fate};
use crate::{claim::order::Queue, page::desk::DeskPage};
use leptos::prelude::*;
use signaling::{
    actor::Staff,
    call::{CallMode, CallbackOutcome},
    duty::Duty,
    hand_over::{HandOver, HandTo},
    id::{ConsultationId, PhotoId, Seq},
    photo::Mark,
    template::Template,
    time::At,
    triage::{Acuity, Epds},
};
use std::{collections::BTreeSet, rc::Rc};

/// Something that the clinician asks for. Fulfilled by the browser only.
#[derive(Clone, PartialEq, Eq)]
pub enum Wish {
    /// The shift begins, with sound.
    Shift,
    /// 対応中・休憩・終了.
    Duty(Duty),
    /// The shift ends: what becomes of each open consultation, and why some go back.
    EndShift(Vec<(ConsultationId, Fate)>, String),
    /// Stop ringing for those for whom it rings now.
    Hush,
    /// 「次の方をよぶ」.
    Next,
    /// 「この方を担当する」.
    Claim {
        /// Which.
        consultation: ConsultationId,
        /// Why somebody is passed.
        overtake_reason: Option<String>,
    },
    /// 「戻す」.
    Release {
        /// Which.
        consultation: ConsultationId,
        /// Why.
        reason: String,
    },
    /// The message changed under the clinician's hands.
    MessageChanged(ConsultationId),
    /// 「送る」.
    Say(ConsultationId),
    /// 「それでも送る」: what the scope guard marks.
    SayBeyondScope {
        /// Which.
        consultation: ConsultationId,
        /// Why.
        reason: String,
    },
    /// The class, judged anew.
    ChangeClass {
        /// Which.
        consultation: ConsultationId,
        /// The class.
        acuity: Acuity,
        /// Why, where it is lowered.
        reason: Option<String>,
    },
    /// 「EPDSの点数を記録」.
    RecordEpds(ConsultationId, Epds),
    /// 「音声で話す」「ビデオで話す」.
    Ring(ConsultationId, CallMode),
    /// 「明日きく」, or not after all.
    PlanCheckIn(ConsultationId, bool),
    /// 「写真をお願い」.
    AskPhoto(ConsultationId),
    /// 「印を残す」: all marks that stand on a photo.
    MarkPhoto(ConsultationId, PhotoId, Vec<Mark>),
    /// 「対応ずみにする」: the missed call.
    SettleMissed(ConsultationId, Seq),
    /// 「電話にかけなおす」.
    AskCallback(ConsultationId),
    /// 「話せた」「つながらなかった」.
    CallbackDone(ConsultationId, CallbackOutcome),
    /// The record changed under the clinician's hands.
    NoteChanged(ConsultationId),
    /// 「確定だけする」, 「確定して終える」.
    Sign {
        /// Which.
        consultation: ConsultationId,
        /// Why the family is to read what the scope guard marks.
        scope_reason: Option<String>,
        /// And end the consultation.
        close: bool,
    },
    /// 「相談を終える」.
    Close(ConsultationId),
    /// 「追記する」.
    Add(ConsultationId),
    /// 「もう一度」: load the family's earlier consultations.
    LoadHistory(ConsultationId),
    /// The tab of an ended consultation is put away.
    PutAway(ConsultationId),
    /// 「医師へ引き継ぐ」: asks whichever doctor is right, with the summary as the program makes it.
    ToDoctor(ConsultationId),
    /// 「引き継ぐ」.
    HandOver {
        /// Which.
        consultation: ConsultationId,
        /// To whom.
        to: HandTo,
        /// What they read first.
        hand_over: Box<HandOver>,
        /// It stays here until it is taken.
        warm: bool,
    },
    /// 「引き受ける」.
    AcceptHandOver(ConsultationId),
    /// 「断る」.
    DeclineHandOver {
        /// Which.
        consultation: ConsultationId,
        /// Why.
        reason: String,
    },
    /// 「依頼を取り消す」.
    WithdrawHandOver(ConsultationId),
    /// 「対応を続ける」.
    StillHere(ConsultationId),
    /// 「会話を見る」: of a consultation that a colleague wants to hand over.
    Look(ConsultationId),
    /// Who could be handed to: clinicians whose desk is open now.
    LoadColleagues,
    /// The city's templates, as they are now.
    LoadTemplates,
    /// The addition to a signed record changed under the clinician's hands.
    AdditionChanged(ConsultationId),
}

signaling::redacted_debug!(
    Wish:
    Shift, Duty, EndShift, Hush, Next, Claim, Release, MessageChanged, Say, SayBeyondScope, ChangeClass, RecordEpds, Ring, AskPhoto, MarkPhoto, SettleMissed, AskCallback, CallbackDone, NoteChanged,
    Sign, Close, Add, LoadHistory, PutAway, PlanCheckIn, ToDoctor, HandOver, AcceptHandOver, DeclineHandOver, WithdrawHandOver,
    StillHere, Look, LoadColleagues, LoadTemplates, AdditionChanged
);

/// A dialog that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Why is somebody passed?
    Overtake(ConsultationId),
    /// Why does it go back?
    Release(ConsultationId),
    /// Why is its class lowered?
    Lower(ConsultationId, Acuity),
    /// To whom is it handed over, and with what words?
    HandOver(ConsultationId),
    /// How many points has each item of the EPDS?
    Epds(ConsultationId),
    /// Which template is written into the message?
    Templates(ConsultationId),
    /// Why is it not taken over?
    Decline(ConsultationId),
    /// Why are words sent that the scope guard marks?
    BeyondScope(ConsultationId),
    /// Why is a record signed that the scope guard marks, and does that end the consultation?
    SignBeyondScope(ConsultationId, bool),
    /// What becomes of each open consultation at the end of the shift?
    EndShift,
    /// The keys.
    Keys,
}

/// How the page is connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Linked {
    /// Not yet.
    #[default]
    Connecting,
    /// Yes.
    Connected,
    /// No longer.
    Lost,
    /// The session is over, and nothing is tried any more.
    SignedOut,
}

impl Linked {
    /// The words people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Connecting => "接続しています",
            Self::Connected => "つながっています",
            Self::Lost => "つなぎ直しています",
            Self::SignedOut => "サインインの期限切れ",
        }
    }
}

type Fulfil = Rc<dyn Fn(Wish)>;

/// The desk's state: signals, cheap to copy, alive as long as the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who is signed in.
    pub me: StoredValue<Staff>,
    /// The server's clock, ticking once the page is alive.
    pub now: RwSignal<At>,
    /// The queue.
    pub queue: RwSignal<Queue>,
    /// Consultations with a tab, in the order of the tabs.
    pub opened: RwSignal<Vec<Open>>,
    /// The tab in front.
    pub selected: RwSignal<Option<ConsultationId>>,
    /// The row of the queue that is unfolded.
    pub preview: RwSignal<Option<ConsultationId>>,
    /// How the page is connected.
    pub link: RwSignal<Linked>,
    /// 対応中・休憩・終了, as the server has it.
    pub duty: RwSignal<Duty>,
    /// What was said of themselves and did not arrive, or why the shift goes on.
    pub duty_fault: RwSignal<Option<String>>,
    /// It rings for whoever waits: 「対応中」, on this page.
    pub on_shift: RwSignal<bool>,
    /// The browser keeps the page silent.
    pub sound_blocked: RwSignal<bool>,
    /// This desk is not on duty, and those that are have not taken somebody in time.
    pub wanted: RwSignal<bool>,
    /// The browser is known to let the page sound: what is not known is not told to the server.
    pub sounds: RwSignal<bool>,
    /// It rings for somebody who waits.
    pub ringing: RwSignal<bool>,
    /// Waiting consultations that the clinician knows of: hushed, or given back by themselves.
    pub heard: RwSignal<BTreeSet<ConsultationId>>,
    /// Waiting consultations for which this page has really rung.
    pub rung: RwSignal<BTreeSet<ConsultationId>>,
    /// 「次の方」 is on its way.
    pub asking_next: RwSignal<bool>,
    /// What became of 「次の方」, where it was refused.
    pub queue_fault: RwSignal<Option<String>>,
    /// What became of 「担当する」, beside its row.
    pub row_fault: RwSignal<Option<(ConsultationId, String)>>,
    /// The dialog that is open.
    pub dialog: RwSignal<Option<Dialog>>,
    /// Clinicians whose desk is open, when last asked.
    pub colleagues: RwSignal<Vec<Staff>>,
    /// The city's templates, when last asked; nothing before.
    pub templates: RwSignal<Option<Vec<Template>>>,
    /// Single keys do something (WCAG 2.1.4: they can be switched off).
    pub keys_on: RwSignal<bool>,
    /// Said to screen readers.
    pub announced: RwSignal<String>,
    owner: StoredValue<Owner>,
    fulfil: StoredValue<Option<Fulfil>, LocalStorage>,
    /// The connection, once the page is alive.
    #[cfg(feature = "hydrate")]
    pub live: RwSignal<Option<crate::live::Live>, LocalStorage>,
}

impl Desk {
    /// The desk as its model describes it.
    #[must_use]
    pub fn new(page: DeskPage) -> Self {
        let opened: Vec<Open> = page
            .open
            .iter()
            .map(|one| Open::from_log(one.consultation, &one.events))
            .collect();
        Self {
            me: StoredValue::new(page.me),
            now: RwSignal::new(page.now),
            queue: RwSignal::new(page.queue.into()),
            selected: RwSignal::new(opened.first().map(|open| open.consultation)),
            opened: RwSignal::new(opened),
            preview: RwSignal::new(None),
            link: RwSignal::new(Linked::default()),
            duty: RwSignal::new(page.duty),
            duty_fault: RwSignal::new(None),
            on_shift: RwSignal::new(false),
            sound_blocked: RwSignal::new(false),
            wanted: RwSignal::new(false),
            sounds: RwSignal::new(false),
            ringing: RwSignal::new(false),
            heard: RwSignal::new(BTreeSet::new()),
            rung: RwSignal::new(BTreeSet::new()),
            asking_next: RwSignal::new(false),
            queue_fault: RwSignal::new(None),
            row_fault: RwSignal::new(None),
            dialog: RwSignal::new(None),
            colleagues: RwSignal::new(Vec::new()),
            templates: RwSignal::new(None),
            keys_on: RwSignal::new(true),
            announced: RwSignal::new(String::new()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            fulfil: StoredValue::new_local(None),
            #[cfg(feature = "hydrate")]
            live: RwSignal::new_local(None),
        }
    }

    /// Sends a wish to whoever fulfils it; on the server nobody does.
    pub fn ask(&self, wish: Wish) {
        let fulfil = self.fulfil.with_value(Clone::clone);
        if let Some(fulfil) = fulfil {
            fulfil(wish);
        }
    }

    /// Says who fulfils wishes.
    pub fn fulfilled_by(&self, fulfil: impl Fn(Wish) + 'static) {
        self.fulfil.set_value(Some(Rc::new(fulfil)));
    }

    /// Runs `work` so that the signals it makes live as long as the page, whatever handler runs now.
    pub fn owned<T>(&self, work: impl FnOnce() -> T) -> T {
        self.owner.with_value(Clone::clone).with(work)
    }

    /// Whether this is the clinician at this desk.
    #[must_use]
    pub fn is_me(&self, staff: &Staff) -> bool {
        self.me.with_value(|me| me.id == staff.id)
    }

    /// The open consultation, if it has a tab. Follows the tabs.
    #[must_use]
    pub fn open(&self, consultation: ConsultationId) -> Option<Open> {
        self.opened
            .with(|opened| opened.iter().find(|open| open.consultation == consultation).copied())
    }

    /// Gives a consultation a tab, if it has none yet. Whether it is new.
    pub fn add_tab(&self, consultation: ConsultationId) -> bool {
        if untrack(|| self.open(consultation)).is_some() {
            return false;
        }
        let open = self.owned(|| Open::from_log(consultation, &[]));
        self.opened.update(|opened| opened.push(open));
        if self.selected.get_untracked().is_none() {
            self.selected.set(Some(consultation));
        }
        true
    }

    /// Brings a tab to the front; what it holds counts as read.
    pub fn select(&self, consultation: ConsultationId) {
        let Some(open) = untrack(|| self.open(consultation)) else {
            return;
        };
        if let Some(before) = self
            .selected
            .get_untracked()
            .and_then(|before| untrack(|| self.open(before)))
        {
            before.mark_read();
        }
        self.selected.set(Some(consultation));
        open.mark_read();
    }

    /// Takes a tab away; its neighbour comes to the front.
    pub fn remove_tab(&self, consultation: ConsultationId) {
        let at = self
            .opened
            .with_untracked(|opened| opened.iter().position(|one| one.consultation == consultation));
        let Some(at) = at else { return };
        self.opened.update(|opened| {
            opened.remove(at);
        });
        if self.selected.get_untracked() == Some(consultation) {
            let next = self
                .opened
                .with_untracked(|opened| opened.get(at).or_else(|| opened.last()).map(|open| open.consultation));
            self.selected.set(next);
            if let Some(next) = next {
                self.select(next);
            }
        }
    }

    /// Brings the tab with this number (from 1) to the front.
    pub fn select_number(&self, number: usize) {
        let found = self
            .opened
            .with_untracked(|opened| opened.get(number.wrapping_sub(1)).map(|open| open.consultation));
        if let Some(consultation) = found {
            self.select(consultation);
        }
    }
}
