//! What is printed of those who were served.

use crate::desk::Served;
use signaling::triage::Acuity;

/// Minutes until called of those of a class who walked in and waited live, shortest first.
pub(crate) fn waited(served: &[Served], class: Acuity) -> Vec<f64> {
    let walked_in = |one: &&Served| one.family.reply_within.is_none() && one.family.booked.is_none();
    minutes_of(served.iter().filter(|one| walked_in(one) && one.family.acuity == class))
}

/// Minutes from their appointment until called of those who came by one, shortest first.
pub(crate) fn waited_booked(served: &[Served]) -> Vec<f64> {
    minutes_of(served.iter().filter(|one| one.family.booked.is_some()))
}

fn minutes_of<'a>(live: impl Iterator<Item = &'a Served>) -> Vec<f64> {
    let mut minutes: Vec<f64> = live.map(minutes_waited).collect();
    minutes.sort_by(f64::total_cmp);
    minutes
}

fn minutes_waited(one: &Served) -> f64 {
    (one.called_at.0 - one.family.comes_at().0) as f64 / 60_000.0
}

/// The value below which this share of them lies (nearest rank); 0 of none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

/// 「3 / 12 / 30」.
pub(crate) fn waits(served: &[Served], class: Acuity) -> String {
    words(&waited(served, class))
}

/// The same of sorted minutes.
pub(crate) fn words(minutes: &[f64]) -> String {
    let [half, most, all] = [0.5, 0.95, 1.0].map(|share| quantile(minutes, share));
    format!("{half:.0} / {most:.0} / {all:.0}")
}

/// How many anytime consultations were called after their promise.
pub(crate) fn late(served: &[Served]) -> String {
    let promised = served.iter().filter_map(|one| Some((one, one.family.reply_within?)));
    let (late, all) = promised.fold((0, 0), |(late, all), (one, within)| {
        (late + u32::from(one.called_at > one.family.asked_at + within), all + 1)
    });
    format!("{:.1} %", f64::from(late) * 100.0 / f64::from(all.max(1)))
}

/// How many were called sooner than, within and later than what they were told, and how much later.
pub(crate) fn told(served: &[Served]) -> String {
    let (mut sooner, mut within, mut later) = (0, 0, Vec::new());
    for one in served {
        let Some((from, to)) = one.told.and_then(|told| Some((told.from_minutes?, told.to_minutes?))) else {
            continue;
        };
        let minutes = minutes_waited(one);
        if minutes < f64::from(from) {
            sooner += 1;
        } else if minutes <= f64::from(to) {
            within += 1;
        } else {
            later.push(minutes - f64::from(to));
        }
    }
    later.sort_by(f64::total_cmp);
    let all = f64::from(sooner + within) + later.len() as f64;
    let share = |count: f64| format!("{:.0} %", count * 100.0 / all.max(1.0));
    format!(
        "{} | {} | {} | {:.0}",
        share(f64::from(sooner)),
        share(f64::from(within)),
        share(later.len() as f64),
        quantile(&later, 0.95)
    )
}
