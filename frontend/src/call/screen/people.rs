//! Who is in the call: the list with what is the matter with each, invitations, and what a clinician may do about them.

use super::Seen;
use crate::call::room::{Person, Room};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    actor::Staff,
    call::{GuestRole, Holder},
    view::{Invited, InvitedStanding},
};

/// Opened by 「参加者」.
pub(super) fn panel(seen: Seen) -> impl IntoView {
    let listed = seen.face.listed;
    view! {
        <section class="call-list" id="call-list" aria-label="参加者" hidden=move || !listed.get()>
            <ul class="call-persons">{move || persons(seen)}</ul>
            {move || waiting(seen)}
            {move || refused(seen)}
            {move || link(seen)}
            {invite(seen)}
            {colleagues(seen)}
            <button type="button" class="btn quiet small" on:click=move |_| listed.set(false)>"とじる"</button>
        </section>
    }
}

fn persons(seen: Seen) -> impl IntoView {
    let people = seen.face.people.get();
    people.into_iter().map(|person| one(seen, &person)).collect_view()
}

fn one(seen: Seen, person: &Person) -> impl IntoView + use<> {
    let name = if person.is_me {
        format!("{}（あなた）", person.name)
    } else {
        person.name.clone()
    };
    let owner = match &person.holder {
        Holder::Staff(staff) => seen.face.responsible.get().is_some_and(|one| one.id == staff.id),
        _ => false,
    };
    let act = (seen.is_owner() && !person.is_me)
        .then(|| about(seen, person))
        .flatten();
    view! {
        <li>
            <b>{name}</b>
            <span class="call-sub">{person.role}</span>
            {owner.then(|| view! { <span class="chip key">"担当"</span> })}
            <span class="call-person-state">{person.state.unwrap_or("参加中")}</span>
            {act}
        </li>
    }
}

/// What the clinician who has it may do about somebody.
fn about(seen: Seen, person: &Person) -> Option<AnyView> {
    match person.holder.clone() {
        Holder::Guest { invite, .. } => {
            let label = format!("{}を通話から外す", person.name);
            Some(
                view! {
                    <button type="button" class="btn danger line small" aria-label=label
                        on:click=move |_| seen.act(|room| room.remove(invite))>"外す"</button>
                }
                .into_any(),
            )
        }
        Holder::Staff(staff) => {
            let is_offered = seen.face.call.with(|call| {
                let colleague = call.as_ref().and_then(|call| call.colleague.as_ref());
                colleague.is_some_and(|one| one.offered)
            });
            Some(if is_offered {
                view! { <span class="call-sub">"交代の返事を待っています"</span> }.into_any()
            } else {
                view! {
                    <button type="button" class="btn line small"
                        on:click=move |_| seen.act(|room| room.hand_over(staff.id))>"担当を代わってもらう"</button>
                }
                .into_any()
            })
        }
        Holder::Guardian => None,
    }
}

/// Who was invited and has not come.
fn waiting(seen: Seen) -> Option<AnyView> {
    if seen.is_guest {
        return None;
    }
    let seated = seen.face.people.get();
    let invited = seen.face.invited.get();
    let rows: Vec<AnyView> = invited
        .into_iter()
        .filter(|one| matches!(one.standing, InvitedStanding::Waiting { .. }))
        .map(|one| invitation(seen, &one))
        .chain(asked(seen, &seated))
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="call-persons" aria-label="まだ来ていない方">{rows}</ul> }.into_any())
}

fn invitation(seen: Seen, one: &Invited) -> AnyView {
    let invite = one.invite;
    let InvitedStanding::Waiting { until } = one.standing else {
        return ().into_any();
    };
    // What the family made is the family's to pass on; the clinician may take it back.
    let own = one.by.as_ref().is_some_and(|by| by.is_staff() == seen.is_desk);
    let show = own.then(|| {
        view! {
            <button type="button" class="btn line small" on:click=move |_| seen.act(|room| room.show_link(invite))>
                "リンクを見る"
            </button>
        }
    });
    let withdraw = (own || seen.is_owner()).then(|| {
        view! {
            <button type="button" class="btn quiet small" on:click=move |_| seen.act(|room| room.withdraw(invite))>
                "招待を取り消す"
            </button>
        }
    });
    view! {
        <li>
            <b>{one.addressed()}</b>
            <span class="call-person-state">{format!("招待中（{}まで）", until.clock())}</span>
            {show}{withdraw}
        </li>
    }
    .into_any()
}

/// The colleague who was asked and has not come.
fn asked(seen: Seen, seated: &[Person]) -> Option<AnyView> {
    let colleague = seen.face.call.with(|call| call.as_ref()?.colleague.clone())?;
    let came = seated
        .iter()
        .any(|person| person.holder.is_clinician(colleague.staff.id));
    (!came).then(|| {
        let invite = colleague.invite;
        let withdraw = seen.is_owner().then(|| {
            view! {
                <button type="button" class="btn quiet small" on:click=move |_| seen.act(|room| room.withdraw(invite))>
                    "取り消す"
                </button>
            }
        });
        view! {
            <li>
                <b>{colleague.staff.addressed()}</b>
                <span class="call-person-state">"よんでいます"</span>
                {withdraw}
            </li>
        }
        .into_any()
    })
}

fn refused(seen: Seen) -> Option<impl IntoView> {
    let text = seen.face.refused.get()?;
    Some(view! { <p class="wrong" role="alert">{text}</p> })
}

/// The invitation to pass on: to be scanned from this screen, or sent.
fn link(seen: Seen) -> Option<impl IntoView> {
    let link = seen.face.link.get()?;
    let copied = RwSignal::new(false);
    let address = link.link.clone();
    let pass_on = move |_| {
        let address = address.clone();
        spawn_local(async move { copied.set(Room::pass_on(&address).await) });
    };
    Some(view! {
        <div class="call-link">
            <div class="qr" role="img" aria-label="招待のQRコード" inner_html=link.qr_svg></div>
            <input class="link-field" readonly aria-label="招待のリンク" value=link.link />
            <button type="button" class="btn line small" on:click=pass_on>"リンクを送る・コピーする"</button>
            <p class="call-sub" role="status">{move || copied.get().then_some("コピーしました")}</p>
        </div>
    })
}

fn invite(seen: Seen) -> Option<impl IntoView> {
    if seen.is_guest {
        return None;
    }
    let name = RwSignal::new(String::new());
    let make = move |role| {
        let text = name.get_untracked();
        if !text.trim().is_empty() {
            name.set(String::new());
            seen.act(|room| room.invite(role, text));
        }
    };
    let interpreter = seen.is_desk.then(|| {
        view! {
            <button type="button" class="btn line small" on:click=move |_| make(GuestRole::Interpreter)>"通訳を招待"</button>
        }
    });
    Some(view! {
        <div class="call-invite" hidden=move || seen.is_desk && !seen.is_owner()>
            <label>
                "招待する方のお名前"
                <input maxlength="40" autocomplete="off" prop:value=move || name.get()
                    on:input=move |event| name.set(event_target_value(&event)) />
            </label>
            <div class="call-ways">
                <button type="button" class="btn line small" on:click=move |_| make(GuestRole::Family)>"家族を招待"</button>
                {interpreter}
            </div>
        </div>
    })
}

fn colleagues(seen: Seen) -> Option<impl IntoView> {
    if !seen.is_desk {
        return None;
    }
    Effect::new(move |_| {
        if seen.face.listed.get() {
            seen.act(|room| room.look_for_colleagues());
        }
    });
    let free = move || {
        let asked = seen
            .face
            .call
            .with(|call| call.as_ref().is_some_and(|call| call.colleague.is_some()));
        seen.is_owner() && !asked
    };
    let row = move |staff: Staff| {
        let id = staff.id;
        view! {
            <li>
                <b>{staff.addressed()}</b>
                <span class="call-sub">{staff.role.label()}</span>
                <button type="button" class="btn line small" aria-label=format!("{}をよぶ", staff.addressed())
                    on:click=move |_| seen.act(|room| room.ask_in(id))>"よぶ"</button>
            </li>
        }
    };
    let rows = move || {
        let staff = seen.face.colleagues.get();
        if staff.is_empty() {
            return view! { <li class="call-sub">"いまデスクにいる同僚はいません"</li> }.into_any();
        }
        staff.into_iter().map(row).collect_view().into_any()
    };
    Some(view! {
        <div hidden=move || !free()>
            <h3 class="call-sub">"同僚を通話によぶ"</h3>
            <ul class="call-persons">{rows}</ul>
        </div>
    })
}
