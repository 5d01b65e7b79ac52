//! 「カメラと音の確認」: the page on which a family, or a clinician, sees before a call whether it will work.
//!
//! Promises: nothing here holds up the queue, and whoever is called meanwhile is led to the call; the verdict stands ten
//! seconds after the devices are there, at the latest; what is wrong comes with one thing to do, in the words of this
//! browser. Without scripts the page says what to do instead.
//!
//! The parts: here, what people see; `alive` what the buttons do; `sound` the level and the test sound; `connection` the
//! packets. The verdict itself is [`signaling::check`]'s.

#[cfg(feature = "hydrate")]
mod alive;
#[cfg(feature = "hydrate")]
mod connection;
mod result;
#[cfg(feature = "hydrate")]
mod sound;

use super::fault::{Browser, MediaFault};
use crate::{page::check::CheckPage, ui};
use leptos::{html, prelude::*};
use signaling::{
    call::agent::{BrowserFamily, DeviceKind},
    check::{Connection, Device, Heard, Measured, Verdict},
    protocol::Side,
};

/// How far the check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing was pressed.
    Ready,
    /// The browser asks whether camera and microphone may be used.
    Asking,
    /// Packets pass, or try to.
    Measuring,
    /// The verdict stands.
    Done,
}

/// Somebody wants this family, while it checks.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    /// 「佐藤 医師が呼び出しています」.
    words: String,
    /// The phone rings.
    rings: bool,
}

/// What the page shows.
#[derive(Clone, Copy)]
pub(super) struct Face {
    /// The script runs.
    alive: RwSignal<bool>,
    step: RwSignal<Step>,
    /// Which kind of browser this is, for the way to its settings.
    browser: RwSignal<Browser>,
    /// The same and the machine, as they are kept.
    agent: RwSignal<(DeviceKind, BrowserFamily)>,
    picture: RwSignal<Device>,
    sound: RwSignal<Device>,
    /// Why a device is not there.
    fault: RwSignal<Option<MediaFault>>,
    /// Loudness now, in percent.
    level: RwSignal<u8>,
    /// Something was heard through the microphone, or this page cannot listen.
    voice: RwSignal<bool>,
    /// The test sound was played.
    played: RwSignal<bool>,
    heard: RwSignal<Heard>,
    /// Of the time until the verdict, in percent.
    progress: RwSignal<u8>,
    connection: RwSignal<Option<Connection>>,
    /// What the server said instead of an answer.
    note: RwSignal<Option<String>>,
    wanted: RwSignal<Option<Wanted>>,
    /// Where the camera is shown.
    mirror: NodeRef<html::Video>,
}

impl Face {
    fn new() -> Self {
        Self {
            alive: RwSignal::new(false),
            step: RwSignal::new(Step::Ready),
            browser: RwSignal::new(Browser::Desktop),
            agent: RwSignal::new((DeviceKind::Computer, BrowserFamily::Other)),
            picture: RwSignal::new(Device::Unasked),
            sound: RwSignal::new(Device::Unasked),
            fault: RwSignal::new(None),
            level: RwSignal::new(0),
            voice: RwSignal::new(false),
            played: RwSignal::new(false),
            heard: RwSignal::new(Heard::Unasked),
            progress: RwSignal::new(0),
            connection: RwSignal::new(None),
            note: RwSignal::new(None),
            wanted: RwSignal::new(None),
            mirror: NodeRef::new(),
        }
    }

    /// Everything measured, once the verdict stands.
    fn measured(self) -> Option<Measured> {
        let connection = self.connection.get().filter(|_| self.step.get() == Step::Done)?;
        let (kind, browser) = self.agent.get();
        Some(Measured {
            picture: self.picture.get(),
            sound: self.sound.get(),
            voice: self.voice.get(),
            heard: self.heard.get(),
            connection,
            kind,
            browser,
        })
    }

    fn verdict(self) -> Option<Verdict> {
        self.measured().map(|measured| measured.verdict())
    }
}

/// What the buttons do. Nothing before the page is alive.
#[derive(Clone, Copy)]
struct Deeds {
    #[cfg(feature = "hydrate")]
    session: alive::Session,
}

impl Deeds {
    fn start(self) {
        #[cfg(feature = "hydrate")]
        self.session.start();
    }

    fn play(self) {
        #[cfg(feature = "hydrate")]
        self.session.play();
    }

    fn says_heard(self, heard: Heard) {
        #[cfg(feature = "hydrate")]
        self.session.says_heard(heard);
        #[cfg(not(feature = "hydrate"))]
        let _ = heard;
    }
}

/// The page.
#[must_use]
pub fn check_page(page: CheckPage) -> AnyView {
    let face = Face::new();
    let back = page.path.clone();
    let (side, wants_picture) = (page.side, page.wants_picture);
    let demo = ui::demo_chip(&page.city).into_any();
    #[cfg(feature = "hydrate")]
    let deeds = Deeds {
        session: alive::Session::begin(page, face),
    };
    #[cfg(not(feature = "hydrate"))]
    let deeds = {
        drop(page);
        Deeds {}
    };
    view! {
        <header class="check-top">
            <div class="row">
                <span class="crest" aria-hidden="true"></span>
                <h1>"カメラと音の確認"</h1>
            </div>
            <div class="row">{demo}<a class="btn quiet" href=back.clone()>{leave_words(side, face)}</a></div>
        </header>
        <main class="check">
            {wanted(face, back.clone())}
            {result::result(face, back.clone())}
            {intro(face, deeds, side, wants_picture)}
            {devices(face, wants_picture)}
            {speaker(face, deeds)}
            {network(face)}
            <a class="btn line block" href=back>{move || if side == Side::Staff { "デスクへもどる" } else { "相談の画面へもどる" }}</a>
        </main>
    }
    .into_any()
}

/// 「とばす」 until the verdict stands.
fn leave_words(side: Side, face: Face) -> impl Fn() -> &'static str {
    move || match (face.step.get(), side) {
        (Step::Done, Side::Guardian) => "相談へもどる",
        (Step::Done, Side::Staff) => "デスクへもどる",
        _ => "とばす",
    }
}

/// Who waits is called here, too.
fn wanted(face: Face, back: String) -> impl IntoView {
    let class = move || match face.wanted.get() {
        Some(Wanted { rings: true, .. }) => "check-wanted rings",
        _ => "check-wanted",
    };
    let go = move || match face.wanted.get() {
        Some(Wanted { rings: true, .. }) => "電話に出る画面へ",
        _ => "相談の画面へ",
    };
    view! {
        <div role="alert">
            <div class=class hidden=move || face.wanted.get().is_none()>
                <b>{move || face.wanted.get().map(|wanted| wanted.words).unwrap_or_default()}</b>
                <a class="btn" href=back>{go}</a>
            </div>
        </div>
    }
}

fn intro(face: Face, deeds: Deeds, side: Side, wants_picture: bool) -> impl IntoView {
    let words = if wants_picture {
        "カメラとマイク、音、通信を、10秒ほどで確かめます。映像も音も、だれにも届かず、残りません。"
    } else {
        "マイクと音、通信を、10秒ほどで確かめます。音はだれにも届かず、残りません。"
    };
    let meanwhile = (side == Side::Guardian).then(|| {
        view! { <p class="fine">"確かめているあいだも順番は進みます。順番が来たら、この画面でお知らせします。"</p> }
    });
    let busy = move || matches!(face.step.get(), Step::Asking | Step::Measuring);
    let start = move || match face.step.get() {
        Step::Ready => "確認をはじめる",
        Step::Asking => "カメラとマイクの許可を待っています…",
        Step::Measuring => "確かめています…",
        Step::Done => "もう一度確かめる",
    };
    view! {
        <section class="card stack tight">
            <p hidden=move || face.step.get() != Step::Ready>{words}</p>
            {meanwhile}
            <p class="fine" hidden=move || face.step.get() != Step::Asking>
                "画面に出る問いに「許可」と答えてください。"
            </p>
            <button type="button" class="btn big block" id="start" hidden=move || !face.alive.get()
                disabled=busy on:click=move |_| deeds.start()>{start}</button>
            <div class="contents" inner_html=ui::still(without_scripts)></div>
        </section>
    }
}

/// Never part of the living page: a browser with scripts reads what is inside as text.
fn without_scripts() -> AnyView {
    let text = "この確認と通話には、JavaScriptが必要です。ブラウザの設定で有効にして、開き直してください。チャットはこのまま使えます。";
    let title = "このブラウザでは、JavaScriptが止められています";
    view! { <noscript>{ui::notice_bar(ui::Tone::Amber, title.to_owned(), text.to_owned())}</noscript> }.into_any()
}

/// The words beside a device.
fn state(device: Device, step: Step) -> &'static str {
    match (device, step) {
        (_, Step::Ready) => "まだ確かめていません",
        (Device::Unasked, Step::Asking) => "許可を待っています",
        (device, _) => device.label(),
    }
}

fn chip(device: Device, step: Step) -> &'static str {
    match (device, step) {
        (_, Step::Ready) | (Device::Unasked, _) => "chip grey",
        (Device::Works, _) => "chip green",
        _ => "chip red",
    }
}

fn devices(face: Face, wants_picture: bool) -> impl IntoView {
    let line = |name: &'static str, device: RwSignal<Device>| {
        view! {
            <p class="row apart"><b>{name}</b>
                <span class=move || chip(device.get(), face.step.get())>{move || state(device.get(), face.step.get())}</span>
            </p>
        }
    };
    let camera = wants_picture.then(|| line("カメラ", face.picture));
    let quiet = move || face.sound.get() == Device::Works && !face.voice.get();
    view! {
        <section class="card stack tight" aria-labelledby="devices-title">
            <h2 id="devices-title">{if wants_picture { "カメラとマイク" } else { "マイク" }}</h2>
            <video class="check-mirror" node_ref=face.mirror aria-label="自分の映像" autoplay playsinline
                hidden=move || face.picture.get() != Device::Works></video>
            {camera}
            {line("マイク", face.sound)}
            <div hidden=move || face.sound.get() != Device::Works>
                <label for="level" class="fine">"声の大きさ。何か話すと動きます。"</label>
                <meter id="level" class="check-level" min="0" max="100" value=move || face.level.get().to_string()></meter>
                <p class="fine" role="status">{move || if quiet() { "まだ声が入っていません。" } else { "" }}</p>
            </div>
            {move || face.fault.get().map(|fault| help(fault, face.browser.get()))}
        </section>
    }
}

/// Where in this browser the permission is.
fn help(fault: MediaFault, browser: Browser) -> impl IntoView {
    let steps = fault.steps(browser);
    let steps = (!steps.is_empty()).then(|| {
        let steps = steps.iter().map(|step| view! { <li>{*step}</li> }).collect_view();
        view! { <ol class="check-steps">{steps}</ol> }
    });
    view! {
        <div class="bar-note amber" id="help">
            <span class="mark" aria-hidden="true">"!"</span>
            <div><b>{fault.title()}</b><div class="sub">{fault.advice(browser)}</div>{steps}</div>
        </div>
    }
}

fn speaker(face: Face, deeds: Deeds) -> impl IntoView {
    let play = move || {
        if face.played.get() {
            "もう一度鳴らす"
        } else {
            "音を鳴らす"
        }
    };
    let pressed = move |heard: Heard| move || (face.heard.get() == heard).to_string();
    view! {
        <section class="card stack tight" aria-labelledby="speaker-title" hidden=move || face.step.get() == Step::Ready>
            <h2 id="speaker-title">"音"</h2>
            <button type="button" class="btn line block" on:click=move |_| deeds.play()>{play}</button>
            <div class="stack tight" hidden=move || !face.played.get()>
                <p id="heard"><b>"聞こえますか"</b></p>
                <div class="halves" role="group" aria-labelledby="heard">
                    <button type="button" class="btn line" aria-pressed=pressed(Heard::Yes)
                        on:click=move |_| deeds.says_heard(Heard::Yes)>"はい"</button>
                    <button type="button" class="btn line" aria-pressed=pressed(Heard::No)
                        on:click=move |_| deeds.says_heard(Heard::No)>"いいえ"</button>
                </div>
            </div>
        </section>
    }
}

fn network(face: Face) -> impl IntoView {
    let words = move || match (face.step.get(), face.connection.get()) {
        (Step::Ready | Step::Asking, _) => "このあと確かめます",
        (Step::Measuring, _) => "確かめています",
        (Step::Done, Some(Connection::Made(_))) => "つながりました",
        (Step::Done, Some(Connection::NotMade)) => "つながりませんでした",
        (Step::Done, _) => "確かめられませんでした",
    };
    view! {
        <section class="card stack tight" aria-labelledby="network-title" hidden=move || face.step.get() == Step::Ready>
            <h2 id="network-title">"通信"</h2>
            <p role="status">{words}</p>
            <progress class="meter" max="100" aria-label="通信の確認の進み" hidden=move || face.step.get() != Step::Measuring
                value=move || face.progress.get().to_string()></progress>
            <p class="fine">{move || face.note.get()}</p>
            {move || result::figures(face)}
        </section>
    }
}
