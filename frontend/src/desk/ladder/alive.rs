//! Carrying steps out in the browser, and telling the server what this page can do.

use super::{
    super::{
        Desk, Linked,
        bell::{self, Bell, News},
    },
    asks_for_help, carried_out, confirms_after_millis, is_unheard, still_stands,
};
use crate::{claim::order::Queue, live::Live};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    consultation::Command,
    id::ConsultationId,
    ladder::{Hearing, Step},
    queue::QueueRow,
};
use std::{collections::BTreeSet, time::Duration};

/// How often it is looked whether the browser has changed its mind about notifications, which no event tells.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Follows the queue and the browser's permissions as long as the page lives.
pub(in crate::desk) fn start(desk: Desk, live: Live, bell: Bell) {
    let notifications = RwSignal::new(bell::may_notify());
    set_interval(
        move || {
            let may = bell::may_notify();
            if notifications.get_untracked() != may {
                notifications.set(may);
            }
        },
        LOOK_AGAIN,
    );
    let here = Memo::new(move |_| Hearing {
        on_duty: desk.on_shift.get(),
        sound: desk.sounds.get(),
        notifications: notifications.get(),
    });
    Effect::new(move |_| {
        let hearing = here.get();
        // A new socket knows nothing of the one before.
        if desk.link.get() == Linked::Connected {
            live.tell_hearing(hearing);
        }
    });
    let done = StoredValue::new(BTreeSet::<(ConsultationId, Step)>::new());
    Effect::new(move |_| {
        let hearing = here.get();
        let seen = !document().hidden();
        let due: Vec<(ConsultationId, Step)> = desk.queue.with(|queue| {
            done.update_value(|done| done.retain(|(id, step)| still_stands(queue.row(*id), *step)));
            let rung = desk.rung.get();
            let carried_out = |row: &QueueRow| carried_out(row, hearing, seen, rung.contains(&row.consultation));
            let rows = queue.rows.iter();
            rows.filter_map(|row| Some((row.consultation, carried_out(row)?)))
                .collect()
        });
        for one in due {
            if !done.with_value(|done| done.contains(&one)) {
                done.update_value(|done| {
                    done.insert(one);
                });
                carry_out(desk, live, bell, one, hearing);
            }
        }
        desk.wanted
            .set(!hearing.on_duty && desk.queue.with(|queue| queue.rows.iter().any(asks_for_help)));
    });
}

fn carry_out(desk: Desk, live: Live, bell: Bell, (consultation, step): (ConsultationId, Step), here: Hearing) {
    match step {
        // The bell has rung for the family already, and rings on.
        Step::Sound | Step::Supervisor => {}
        Step::Notification => bell::notify(News::StillWaiting),
        Step::Colleague => {
            bell.call_over();
            if here.notifications {
                bell::notify(News::StillWaiting);
            }
        }
    }
    let pause = desk.me.with_value(|me| confirms_after_millis(me.id, consultation));
    let confirm = move || {
        let row_says = |queue: &Queue| queue.row(consultation).is_some_and(|row| is_unheard(row, step));
        if desk.queue.with_untracked(row_says) {
            let answer = live.command(consultation, Command::HearAlert { step });
            // Somebody took it meanwhile, or another page was faster: there is nothing to do about either.
            spawn_local(async move { drop(answer.await) });
        }
    };
    set_timeout(confirm, Duration::from_millis(pause));
}
