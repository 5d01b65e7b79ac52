//! What stands in place of the call while its part is on its way: only if somebody calls.
//!
//! It rings as a sheet; once answered, or when the part does not come, a card above the page says how it stands, so that the
//! chat is not covered. The styles are those of the call itself.

use super::Arrival;
use crate::{call::room, live::Live};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    call::{CallMode, Holder},
    consultation::Command,
    id::{ConsultationId, Seq},
    view::Thread,
};

/// From this many failures in a row on, loading the page anew is offered: the desk may have been renewed meanwhile, and
/// then this page's part is there no more.
const OFFER_RELOAD: u32 = 3;

/// A call that this page has no part for yet.
#[derive(Clone, PartialEq)]
struct Caller {
    call: Seq,
    is_video: bool,
    name: String,
    profession: &'static str,
    /// The family is seated: this page was reloaded in the call, or it goes on elsewhere.
    seated: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Meanwhile {
    live: Live,
    consultation: ConsultationId,
    arrival: RwSignal<Arrival>,
    caller: Memo<Option<Caller>>,
    /// 「出る」 was pressed, and with what.
    pub(super) answering: RwSignal<Option<room::With>>,
}

impl Meanwhile {
    pub(super) fn new(
        live: Live,
        consultation: ConsultationId,
        me: &Holder,
        thread: ReadSignal<Thread>,
        arrival: RwSignal<Arrival>,
    ) -> Self {
        let me = me.clone();
        let caller = Memo::new(move |_| thread.with(|thread| caller(thread, &me)));
        let answering = RwSignal::new(None);
        Effect::new(move |_| {
            if caller.get().is_none() {
                answering.set(None);
            }
        });
        Self {
            live,
            consultation,
            arrival,
            caller,
            answering,
        }
    }

    /// Whether somebody waits for the part.
    pub(super) fn rings(self) -> bool {
        self.caller.with(Option::is_some)
    }

    /// Nothing, unless somebody calls.
    pub(super) fn view(self) -> Option<AnyView> {
        let caller = self.caller.get()?;
        let failures = match self.arrival.get() {
            Arrival::Failed(failures) => failures,
            Arrival::Unasked | Arrival::Coming | Arrival::Here => 0,
        };
        let answered = self.answering.get().is_some();
        let rings = !answered && !caller.seated;
        Some(if rings && failures == 0 {
            self.sheet(caller)
        } else {
            self.card(&caller, rings, failures)
        })
    }

    fn sheet(self, caller: Caller) -> AnyView {
        let words = if caller.is_video {
            "ビデオで呼び出しています"
        } else {
            "音声で呼び出しています"
        };
        view! {
            <section class="call-sheet" role="alertdialog" aria-modal="true" aria-labelledby="call-rings" aria-describedby="call-why">
                <div class="call-card">
                    <h2 id="call-rings">{caller.name}</h2>
                    <p class="call-sub">{caller.profession}</p>
                    <p id="call-why">{words}</p>
                    {self.ways(caller.call)}
                </div>
            </section>
        }
        .into_any()
    }

    fn card(self, caller: &Caller, rings: bool, failures: u32) -> AnyView {
        let words = if failures > 0 {
            "通信が弱く、通話の準備ができていません。くり返し試しています。チャットはこのまま使えます。"
        } else if caller.seated {
            "通話が続いています。もどる準備をしています。"
        } else {
            "通話の準備をしています。できしだい、つながります。"
        };
        let ways = rings.then(|| self.ways(caller.call));
        let again = (failures >= OFFER_RELOAD).then(|| view! { <a class="btn line" href="">"ページを開きなおす"</a> });
        view! {
            <section class="call-away" aria-label="通話">
                <p role="status">{words}</p>
                {ways}
                {again}
            </section>
        }
        .into_any()
    }

    fn ways(self, call: Seq) -> AnyView {
        let answering = self.answering;
        view! {
            <div class="call-ways">
                <button type="button" class="btn big block call-answer" on:click=move |_| answering.set(Some(room::With::Everything))>
                    "出る"
                </button>
                <button type="button" class="btn quiet block" on:click=move |_| self.decline(call)>"今は出られない"</button>
            </div>
        }
        .into_any()
    }

    fn decline(self, call: Seq) {
        let answer = self.live.command(self.consultation, Command::Decline { call });
        // A refusal means that the call is over already.
        spawn_local(async move { drop(answer.await) });
    }
}

fn caller(thread: &Thread, me: &Holder) -> Option<Caller> {
    let call = thread.call.as_ref()?;
    let staff = call.seats.iter().find_map(|seat| {
        if let Holder::Staff(staff) = &seat.holder {
            Some(staff)
        } else {
            None
        }
    })?;
    Some(Caller {
        call: call.id,
        is_video: call.mode == CallMode::Video,
        name: staff.addressed(),
        profession: staff.role.label(),
        seated: call.incarnation_of(me).is_some(),
    })
}
