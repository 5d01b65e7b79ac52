//! What the screen shows of a room: signals that outlive the screen.

use crate::{
    call::{
        fault::MediaFault,
        words::{Contact, Muted, Quality},
    },
    page::guardian::InvitationLink,
};
use leptos::prelude::*;
use signaling::{
    actor::Staff,
    call::{Call, Holder, interruption::Interruption},
    id::Seq,
    queue::Presence,
    view::Invited,
};

/// Somebody in the call, as the list says it.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::call) struct Person {
    pub(in crate::call) holder: Holder,
    pub(in crate::call) name: String,
    pub(in crate::call) role: &'static str,
    pub(in crate::call) is_me: bool,
    /// What is the matter; nothing while all is well.
    pub(in crate::call) state: Option<&'static str>,
}

/// Cheap to copy. The signals belong to no component, so that a page that is drawn anew finds them alive.
#[derive(Clone, Copy)]
pub(in crate::call) struct Face {
    pub(in crate::call) call: RwSignal<Option<Call>>,
    /// This tab's incarnation, once it is seated.
    pub(in crate::call) own: RwSignal<Option<Seq>>,
    /// On the way to a seat.
    pub(in crate::call) taking: RwSignal<bool>,
    pub(in crate::call) contact: RwSignal<Contact>,
    /// A picture of the other side has been shown.
    pub(in crate::call) seen: RwSignal<bool>,
    pub(in crate::call) microphone: RwSignal<bool>,
    pub(in crate::call) camera: RwSignal<bool>,
    /// Own pictures are shown as in a mirror, others as they are.
    pub(in crate::call) mirrored: RwSignal<bool>,
    pub(in crate::call) theirs: RwSignal<Muted>,
    /// The network holds the own pictures back.
    pub(in crate::call) held_back: RwSignal<bool>,
    /// Everybody who sits in the call, earliest first.
    pub(in crate::call) people: RwSignal<Vec<Person>>,
    /// Who was invited.
    pub(in crate::call) invited: RwSignal<Vec<Invited>>,
    /// Who answers for the consultation now.
    pub(in crate::call) responsible: RwSignal<Option<Staff>>,
    /// The family listens and types.
    pub(in crate::call) quiet: RwSignal<bool>,
    /// The list of people is open.
    pub(in crate::call) listed: RwSignal<bool>,
    /// The invitation that can be passed on now.
    pub(in crate::call) link: RwSignal<Option<InvitationLink>>,
    /// Colleagues who could be asked in.
    pub(in crate::call) colleagues: RwSignal<Vec<Staff>>,
    pub(in crate::call) fault: RwSignal<Option<MediaFault>>,
    /// What became of a command, where it was refused.
    pub(in crate::call) refused: RwSignal<Option<String>>,
    pub(in crate::call) silenced: RwSignal<bool>,
    pub(in crate::call) quality: RwSignal<Option<Quality>>,
    pub(in crate::call) talked_seconds: RwSignal<Option<i64>>,
    /// What keeps this side from the call.
    pub(in crate::call) interrupted: RwSignal<Option<Interruption>>,
    /// Camera and microphone come back with a touch.
    pub(in crate::call) wants_touch: RwSignal<bool>,
    /// Whether the other side's page is there, once told.
    pub(in crate::call) presence: RwSignal<Option<Presence>>,
    /// The camera's lamp is on or off; nothing where there is none.
    pub(in crate::call) light: RwSignal<Option<bool>>,
    /// The seat of this person is another device's, or another window's: not this page's before a reload.
    pub(in crate::call) elsewhere: RwSignal<bool>,
    /// The call is a bar, and the chat is in front.
    pub(in crate::call) tucked: RwSignal<bool>,
    /// When this page began, by this machine's clock.
    pub(in crate::call) since_ms: f64,
}

impl Face {
    pub(super) fn new() -> Self {
        let owner = Owner::default();
        let face = owner.with(|| Self {
            call: RwSignal::new(None),
            own: RwSignal::new(None),
            taking: RwSignal::new(false),
            contact: RwSignal::new(Contact::default()),
            seen: RwSignal::new(false),
            microphone: RwSignal::new(true),
            camera: RwSignal::new(false),
            mirrored: RwSignal::new(true),
            theirs: RwSignal::new(Muted::default()),
            held_back: RwSignal::new(false),
            people: RwSignal::new(Vec::new()),
            invited: RwSignal::new(Vec::new()),
            responsible: RwSignal::new(None),
            quiet: RwSignal::new(false),
            listed: RwSignal::new(false),
            link: RwSignal::new(None),
            colleagues: RwSignal::new(Vec::new()),
            fault: RwSignal::new(None),
            refused: RwSignal::new(None),
            silenced: RwSignal::new(false),
            quality: RwSignal::new(None),
            talked_seconds: RwSignal::new(None),
            interrupted: RwSignal::new(None),
            wants_touch: RwSignal::new(false),
            presence: RwSignal::new(None),
            light: RwSignal::new(None),
            elsewhere: RwSignal::new(false),
            tucked: RwSignal::new(false),
            since_ms: crate::clock::now_ms(),
        });
        // Rooms live as long as the page.
        std::mem::forget(owner);
        face
    }

    /// As before a call.
    pub(super) fn rest(&self) {
        self.own.set(None);
        self.taking.set(false);
        self.contact.set(Contact::default());
        self.seen.set(false);
        self.microphone.set(true);
        self.camera.set(false);
        self.mirrored.set(true);
        self.theirs.set(Muted::default());
        self.held_back.set(false);
        self.people.set(Vec::new());
        self.listed.set(false);
        self.link.set(None);
        self.fault.set(None);
        self.silenced.set(false);
        self.quality.set(None);
        self.talked_seconds.set(None);
        self.interrupted.set(None);
        self.wants_touch.set(false);
        self.light.set(None);
        self.tucked.set(false);
    }
}
