//! What people see of a call. One screen for both sides, with what differs beside it: the family's ringing sheet
//! (`incoming`), the desk's ringing and missed calls (`outgoing`), what a device refused (`faults`).
//!
//! Promises: the places of the pictures are made once and only shown or hidden, never drawn anew; every state is also a
//! sentence that a screen reader says; every control has a word and says whether it is on.

mod controls;
mod faults;
mod icons;
mod incoming;
mod outgoing;
mod people;

use super::{
    room::{self, Face, Room},
    words::{Contact, HELD_BACK, Quality, Stage, duration, gone, stage},
};
use crate::live::Live;
use leptos::{html::Div, prelude::*};
use signaling::{
    actor::Staff,
    call::{CallMode, Holder, interruption::Interruption},
    id::ConsultationId,
    view::Thread,
};
use std::rc::Rc;

/// A room and what it shows, as every part of the screen needs it.
#[derive(Clone, Copy)]
struct Seen {
    room: StoredValue<Rc<Room>, LocalStorage>,
    face: Face,
    stage: Memo<Stage>,
    is_desk: bool,
    is_guest: bool,
    /// The clinician at this screen.
    me: StoredValue<Holder>,
}

impl Seen {
    /// Whether this is the clinician who has the consultation now. Follows hand-overs.
    fn is_owner(self) -> bool {
        let responsible = self.face.responsible.get();
        responsible.is_some_and(|staff| self.me.with_value(|me| me.is_clinician(staff.id)))
    }

    /// Whether leaving ends the call.
    fn ends_it(self) -> bool {
        !self.is_guest && (!self.is_desk || self.is_owner())
    }

    fn is_held(self) -> bool {
        self.face
            .call
            .with(|call| call.as_ref().is_some_and(|call| call.is_held))
    }

    /// How many others there are.
    fn others(self) -> usize {
        self.face
            .people
            .with(|people| people.iter().filter(|person| !person.is_me).count())
    }

    fn act(self, act: impl FnOnce(&Rc<Room>)) {
        let room = self.room.with_value(Rc::clone);
        act(&room);
    }

    fn mode(self) -> CallMode {
        self.face
            .call
            .with(|call| call.as_ref().map_or(CallMode::Audio, |call| call.mode))
    }

    /// The clinician who is responsible.
    fn clinician(self) -> Option<Staff> {
        self.face.responsible.get()
    }
}

/// What the family sees of the call, inside of `<div class="call">`. `answering`: 「出る」 was pressed before this part was here.
pub(super) fn guardian_call(
    live: Live,
    consultation: ConsultationId,
    me: Holder,
    thread: ReadSignal<Thread>,
    answering: Option<room::With>,
) -> impl IntoView {
    call(live, consultation, me, thread, answering)
}

/// The clinician's side.
pub fn desk_call(live: Live, consultation: ConsultationId, me: Staff, thread: ReadSignal<Thread>) -> impl IntoView {
    let body = call(live, consultation, Holder::Staff(me), thread, None);
    view! { <div class="call" data-side="desk">{body}</div> }
}

/// Rings the family: asks for the devices, then sends `ring`. For the buttons 「音声で話す」 and 「ビデオで話す」 of a desk that
/// shows [`desk_call`]; answers whether it does. What becomes of it is said there.
pub fn ring(consultation: ConsultationId, mode: CallMode) -> bool {
    let room = Room::known(consultation);
    if let Some(room) = &room {
        room.ring(mode);
    }
    room.is_some()
}

fn call(
    live: Live,
    consultation: ConsultationId,
    me: Holder,
    thread: ReadSignal<Thread>,
    answering: Option<room::With>,
) -> impl IntoView {
    let shown = RwSignal::new_local(None::<Rc<Room>>);
    let holder = me.clone();
    Effect::new(move |_| {
        let known = thread.with(|thread| Room::of(live, consultation, &holder, thread));
        if shown.with_untracked(Option::is_none) {
            if let (Some(room), Some(with)) = (&known, answering) {
                room.answer(with);
            }
            shown.set(known);
        }
    });
    move || shown.get().map(|room| body(room, me.clone()).into_any())
}

fn body(room: Rc<Room>, me: Holder) -> impl IntoView {
    let face = room.face;
    let is_desk = me.is_staff();
    let is_guest = matches!(me, Holder::Guest { .. });
    let holder = StoredValue::new(me.clone());
    let stage = Memo::new(move |_| {
        let responsible = face.responsible.get();
        let mine = responsible.is_some_and(|staff| me.is_clinician(staff.id));
        face.call
            .with(|call| stage(call.as_ref(), &me, face.own.get(), face.taking.get(), mine))
    });
    let seen = Seen {
        room: StoredValue::new_local(room),
        face,
        stage,
        is_desk,
        is_guest,
        me: holder,
    };
    tell_page(seen);
    view! {
        {if is_desk { outgoing::around(seen).into_any() } else { incoming::sheet(seen).into_any() }}
        {incoming::away(seen)}
        {incoming::invited(seen)}
        {talk(seen)}
    }
}

/// The page around may give way to a call: `<body data-call="full|tucked">`.
fn tell_page(seen: Seen) {
    if seen.is_desk {
        return;
    }
    Effect::new(move |_| {
        let Some(body) = document().body() else { return };
        let state = match (seen.stage.get(), seen.face.tucked.get()) {
            (Stage::Talking, true) => "tucked",
            (Stage::Talking, false) => "full",
            _ => "none",
        };
        let _ = body.set_attribute("data-call", state);
    });
}

fn talk(seen: Seen) -> impl IntoView {
    let Seen { face, stage, .. } = seen;
    let on = move || matches!(stage.get(), Stage::Talking | Stage::Calling);
    let people = NodeRef::<Div>::new();
    let mirror = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let (Some(people), Some(mirror)) = (people.get(), mirror.get()) {
            seen.act(|room| room.place(&people, &mirror));
        }
    });
    on_cleanup(move || {
        if let Some(room) = seen.room.try_with_value(Rc::clone) {
            room.park();
        }
    });
    // With more than one other, each tile says for itself whether there is a picture.
    let dark = move || {
        let alone = seen.others() < 2;
        let lacks = seen.mode() == CallMode::Audio || face.theirs.get().video || !face.seen.get();
        alone && (lacks || seen.is_held() || gone_words(seen).is_some())
    };
    // The last picture before an interruption is not what happens now.
    let still = move || matches!(face.contact.get(), Contact::Interrupted | Contact::Failing);
    view! {
        <section
            class="call-screen" class:many=move || { seen.others() > 1 } class:tucked=move || face.tucked.get() class:dark=dark class:still=still aria-label="通話" hidden=move || !on()
        >
            <div class="call-pictures" node_ref=people></div>
            <div class="call-instead" hidden=move || !dark() aria-hidden="true">{move || instead(seen)}</div>
            <div
                class="call-self" class:mirrored=move || face.mirrored.get() node_ref=mirror
                hidden=move || !face.camera.get()
            ></div>
            <header class="call-head">
                <b class="call-who">{move || who(seen)}</b>
                <span class="call-sub">{move || under(seen)}</span>
                {move || quality(seen)}
                {controls::people(seen)}
            </header>
            <div class="call-words" role="status" aria-live="polite">{move || words(seen)}</div>
            {ladder(seen)}
            {offered(seen)}
            {people::panel(seen)}
            {faults::panel(seen, &[Stage::Talking, Stage::Calling])}
            {controls::bar(seen)}
        </section>
    }
}

/// In place of a picture.
fn instead(seen: Seen) -> String {
    let other = seen.face.people.with(|people| {
        people
            .iter()
            .find(|person| !person.is_me)
            .map(|person| person.name.clone())
    });
    match other {
        Some(name) => name,
        None if seen.is_desk => "相談者".to_owned(),
        None => seen.clinician().map_or_else(String::new, |staff| staff.addressed()),
    }
}

fn who(seen: Seen) -> String {
    match seen.others() {
        0 | 1 => instead(seen),
        others => format!("{}人で話しています", others + 1),
    }
}

/// While the call does not come to work: every way to go on talking, each with one touch, none taken for anybody.
fn ladder(seen: Seen) -> impl IntoView {
    let failing = move || seen.stage.get() == Stage::Talking && seen.face.contact.get() == Contact::Failing;
    let is_video = move || seen.mode() == CallMode::Video;
    let chat = (!seen.is_desk && !seen.is_guest).then(|| {
        view! {
            <button type="button" class="btn line small" on:click=move |_| seen.face.tucked.set(true)>"チャットで続ける"</button>
        }
    });
    let words = if seen.is_desk {
        "電話にかけなおす"
    } else {
        "電話でかけなおしてもらう"
    };
    let telephone = (!seen.is_guest).then(|| {
        view! {
            <button type="button" class="btn line small" hidden=move || seen.is_desk && !seen.is_owner()
                on:click=move |_| { seen.face.tucked.set(true); seen.act(|room| room.ask_callback()) }>{words}</button>
        }
    });
    view! {
        <div class="call-ladder" role="group" aria-label="ほかの話し方" hidden=move || !failing()>
            <button type="button" class="btn line small" hidden=move || !is_video() || seen.is_guest
                on:click=move |_| seen.act(|room| room.ask_mode(CallMode::Audio))>"音声だけにする"</button>
            {chat}{telephone}
        </div>
    }
}

/// To the colleague: the consultation is offered.
fn offered(seen: Seen) -> Option<impl IntoView> {
    if !seen.is_desk {
        return None;
    }
    let offered = move || {
        let to_me = seen.face.call.with(|call| {
            let colleague = call.as_ref()?.colleague.as_ref()?;
            let me = seen.me.with_value(|me| me.is_clinician(colleague.staff.id));
            Some(me && colleague.offered)
        });
        to_me == Some(true)
    };
    let by = move || {
        seen.clinician()
            .map(|staff| format!("{}から、担当の交代を頼まれています。", staff.addressed()))
    };
    Some(view! {
        <div class="call-offer" role="alert" hidden=move || !offered()>
            <p>{by}</p>
            <button type="button" class="btn small" on:click=move |_| seen.act(|room| room.take_over())>"担当を引き受ける"</button>
        </div>
    })
}

fn under(seen: Seen) -> String {
    // Who answers for what is said: with several clinicians, by name.
    let profession = seen
        .clinician()
        .filter(|_| !seen.is_desk)
        .map(|staff| match seen.others() {
            0 | 1 => staff.role.label().to_owned(),
            _ => format!("担当 {}", staff.addressed()),
        });
    let time = seen.face.talked_seconds.get().map(duration);
    let mode = seen.mode().label();
    [profession, Some(mode.to_owned()), time]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("・")
}

fn quality(seen: Seen) -> Option<impl IntoView> {
    let connected = seen.face.contact.get() == Contact::Connected;
    let quality = seen.face.quality.get().filter(|_| connected)?;
    let words = if seen.is_desk {
        quality.figures()
    } else {
        quality.words().to_owned()
    };
    Some(view! { <span class="call-quality" class:weak=quality.is_weak()>{bars(quality)}{words}</span> })
}

/// Four bars, as phones draw them. Decoration: the words beside them say the same.
fn bars(quality: Quality) -> impl IntoView {
    let bar = move |number: u8| {
        let is_full = number <= quality.bars();
        view! { <i class:full=is_full></i> }
    };
    view! { <span class="call-bars" aria-hidden="true">{(1..=4).map(bar).collect_view()}</span> }
}

/// What keeps the other side from the call. The family hears of the desk's page only what that page says itself: a
/// clinician who reads in another tab goes on talking.
fn gone_words(seen: Seen) -> Option<&'static str> {
    let Seen { face, is_desk, .. } = seen;
    let presence = face.presence.get().filter(|_| is_desk);
    gone(face.theirs.get(), presence, face.contact.get() == Contact::Connected)
}

/// What this side is told of itself; a page that is hidden is read by nobody.
fn own_words(why: Interruption) -> Option<&'static str> {
    (why == Interruption::Interrupted).then_some("マイクやカメラが止まっています。相手には伝えてあります")
}

/// Who waits is told so; a clinician, that the others wait.
fn held_words(seen: Seen) -> &'static str {
    let colleague = seen
        .face
        .people
        .with(|people| people.iter().filter(|person| person.holder.is_staff()).count() > 1);
    match (seen.is_desk, colleague) {
        (true, _) => "保留中です。相談者には聞こえていません",
        (false, true) => "医師どうしで相談しています。少しお待ちください",
        (false, false) => "保留中です。少しお待ちください",
    }
}

/// All that is to be said now, the most urgent first.
fn words(seen: Seen) -> impl IntoView {
    let Seen { face, .. } = seen;
    let talking = seen.stage.get() == Stage::Talking;
    let gone = gone_words(seen).filter(|_| talking);
    let contact = face.contact.get().words().filter(|_| talking && gone.is_none());
    let theirs = face
        .theirs
        .get()
        .words(seen.mode())
        .filter(|_| talking && gone.is_none() && face.contact.get() == Contact::Connected && !seen.is_held());
    // To the clinician a silent family is no fault to be mended.
    let typing = seen.is_desk && face.quiet.get() && face.theirs.get().audio;
    let theirs = if typing {
        theirs.map(|_| "声を出さずに相談しています")
    } else {
        theirs
    };
    let mine = face.interrupted.get().and_then(own_words).filter(|_| talking);
    let held_back = (talking && face.held_back.get() && face.camera.get()).then_some(HELD_BACK);
    let refused = face.refused.get();
    let ringing = (seen.stage.get() == Stage::Calling).then_some("呼び出しています…");
    let held = (talking && seen.is_held()).then(|| held_words(seen));
    let said = [ringing, held, gone, contact, theirs, mine, held_back]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .chain(refused);
    let sentences = said.map(|sentence| view! { <p>{sentence}</p> }).collect_view();
    let silenced = face.silenced.get().then(|| {
        view! {
            <button type="button" class="btn call-listen" on:click=move |_| seen.act(|room| room.unsilence())>
                "音声を聞く"
            </button>
        }
    });
    let touch = (talking && face.wants_touch.get()).then(|| {
        view! {
            <button type="button" class="btn call-listen" on:click=move |_| seen.act(|room| room.bring_back())>
                "カメラとマイクをもどす"
            </button>
        }
    });
    view! { {sentences}{silenced}{touch} }
}
