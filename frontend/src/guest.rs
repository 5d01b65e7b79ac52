//! The page of somebody who was invited to a call: who is in it, and the call itself. Of the consultation it knows nothing.
//!
//! Promises: it waits by itself for the call to begin, and says when there will be none any more.
//!
//! Not here: the door before it (`link`), the call's screen (`call`).

use crate::{
    page::{City, guardian::GuestPage},
    ui,
};
use leptos::prelude::*;
use signaling::view::{Standing, Thread};

/// The call as a guest sees it.
#[must_use]
pub fn guest_page(city: &City, page: &GuestPage) -> AnyView {
    let thread = RwSignal::new(Thread::of(&page.events));
    let is_out = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    let call = alive::bring_to_life(page, thread, is_out);
    #[cfg(not(feature = "hydrate"))]
    let call = crate::call::guardian_call_place().into_any();
    let demo = ui::still(|| ui::demo_chip(city));
    let service = city.service_name.clone();
    let name = page.name.clone();
    let sentence = move || thread.with(|thread| words(thread, is_out.get()));
    view! {
        <header class="top">
            <div class="row">
                <span class="crest" aria-hidden="true"></span>
                <h1 class="title">"通話に参加"</h1>
            </div>
            <div class="row"><span class="contents" inner_html=demo></span></div>
        </header>
        <div class="contents" hidden=move || is_out.get()>
            <div id="call">{call}</div>
        </div>
        <main class="page guest">
            <section class="card stack centre">
                <p class="sub">{service}</p>
                <h2>{name}</h2>
                <p id="guest-words" role="status">{sentence}</p>
                <noscript><p>"通話には、ブラウザのJavaScriptが必要です。設定で有効にするか、別のブラウザで開いてください。"</p></noscript>
            </section>
            <p class="fine">"急を要するときは、待たずに "<a href="tel:119">"119"</a>" に電話してください。"</p>
        </main>
    }
    .into_any()
}

fn words(thread: &Thread, is_out: bool) -> &'static str {
    match (&thread.standing, &thread.call) {
        (Standing::Closed | Standing::Cancelled, _) => "相談は終わりました。この画面を閉じてください。",
        _ if is_out => "通話から外れました。もう一度参加するには、招待した人に新しい招待を送ってもらってください。",
        (_, Some(call)) if call.is_answered() => "通話が続いています。",
        (_, Some(_)) => "ご家族が出るのを待っています。この画面を開いたままお待ちください。",
        (_, None) => "通話が始まると、この画面に出ます。開いたままお待ちください。",
    }
}

#[cfg(feature = "hydrate")]
mod alive {
    use crate::{
        guardian::received,
        live::{LinkState, Live},
        page::guardian::GuestPage,
    };
    use leptos::prelude::*;
    use signaling::{call::Holder, protocol::ServerFrame, view::Thread};

    pub(super) fn bring_to_life(page: &GuestPage, thread: RwSignal<Thread>, is_out: RwSignal<bool>) -> AnyView {
        let consultation = page.consultation;
        let live = Live::connect_as_guest(consultation, page.cursor, received::frame);
        live.on_frame(move |frame| {
            if let ServerFrame::Events {
                consultation: of,
                events,
                ..
            } = frame
                && *of == consultation
            {
                thread.update(|thread| events.iter().for_each(|event| thread.fold(event)));
            }
        });
        let link = live.link();
        Effect::new(move |_| {
            if link.get() == LinkState::SignedOut {
                is_out.set(true);
                // Where nobody may be, nothing is captured and nothing plays.
                thread.update(|thread| thread.call = None);
            }
        });
        let me = Holder::Guest {
            invite: page.invite,
            role: page.role,
        };
        crate::call::guardian_call(live, consultation, me, thread.read_only(), None).into_any()
    }
}
