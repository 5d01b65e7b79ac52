//! What `make bench` measures without a browser: memory of waiting sockets, arrival at an open desk, messages between many.
//! Each beside a floor in the same run, because machines differ and are noisy.

use crate::{
    clock,
    desk::{City, Desk},
    family::{self, Family},
    figures::{Figure, Sample},
    floor::Floor,
    socket::Socket,
    staff::Clinician,
    tab::Tab,
};
use futures_util::future::join_all;
use signaling::{id::ConsultationId, protocol::ServerFrame};
use std::{collections::HashMap, time::Duration};
use tokio::sync::mpsc;

/// Generous: a machine that builds something else beside us.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long nothing happens before memory is read.
const SETTLED: Duration = Duration::from_secs(5);
/// How often each person of a consultation writes: two people who type on phones.
pub const WRITES_EVERY: Duration = Duration::from_secs(4);
/// How long messages are measured.
const TALKED: Duration = Duration::from_secs(20);
/// Between two arrivals at the desk.
const ARRIVES_EVERY: Duration = Duration::from_millis(100);

/// Resident memory of one waiting family's socket, with `count` of them, beside a bare socket.
///
/// # Panics
/// The desk does not serve.
pub async fn waiting_sockets(desk: &Desk, count: usize) -> Vec<Figure> {
    let city = desk.card.city();
    let families = family::waiting(&city, count).await;
    tokio::time::sleep(SETTLED).await;
    let before = desk.resident_bytes();
    let tabs = open(&families).await;
    tokio::time::sleep(SETTLED).await;
    let after = desk.resident_bytes();
    join_all(tabs.into_iter().map(Tab::closes)).await;

    let floor = Floor::start().await.expect("the floor starts");
    let floor_before = floor.resident_bytes();
    let mut sockets = Vec::with_capacity(count);
    for n in 0..count {
        sockets.push(floor.enters(&format!("room{n}")).await);
    }
    tokio::time::sleep(SETTLED).await;
    let floor_after = floor.resident_bytes();
    drop(sockets);
    vec![Figure {
        what: format!("memory of a waiting family's socket, {count} of them"),
        unit: "kB",
        ours: kilobytes_each(before, after, count),
        floor: Some(kilobytes_each(floor_before, floor_after, count)),
        with: None,
    }]
}

async fn open(families: &[Family]) -> Vec<Tab> {
    let mut tabs: Vec<Tab> = families.iter().map(Family::tab).collect();
    for tab in &mut tabs {
        assert!(tab.until(PATIENCE, |now| now.sockets > 0).await, "a socket opens");
    }
    tabs
}

fn kilobytes_each(before: Option<u64>, after: Option<u64>, count: usize) -> f64 {
    let grown = after.unwrap_or(0).saturating_sub(before.unwrap_or(0)) / 1024;
    let number = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    number(grown) / number(count as u64)
}

/// From 「相談を送る」 until the row is at an open desk, beside a message between two bare sockets.
///
/// # Panics
/// The desk does not serve.
pub async fn arrivals(desk: &Desk, count: usize) -> Vec<Figure> {
    let city = desk.card.city();
    let account = city.clinicians.first().expect("a clinician");
    let clinician = Clinician::signs_in(&city, account).await;
    let mut rows = rows_of(clinician.opens_desk().await);
    let filled = family::with_filled_intakes(&city, count).await;
    let mut sent_at = HashMap::new();
    let mut next = tokio::time::interval(ARRIVES_EVERY);
    for mut family in filled {
        next.tick().await;
        sent_at.insert(family.consultation, clock::micros());
        family.sends_intake().await;
    }
    let mut ages = Vec::new();
    while ages.len() < count {
        let shown = tokio::time::timeout(PATIENCE, rows.recv()).await;
        let (consultation, at) = shown.ok().flatten().expect("every family comes to the desk");
        ages.extend(sent_at.remove(&consultation).map(|sent| at.saturating_sub(sent)));
    }
    let floor = Floor::start().await.expect("the floor starts");
    let length = ARRIVES_EVERY * u32::try_from(count).unwrap_or(100) / 2;
    let floor = floor.chats(1, ARRIVES_EVERY, length).await;
    Sample::of_micros(ages)
        .beside("相談を送る → row at an open desk", &floor)
        .to_vec()
}

/// Rows as they come to a desk, with the time.
fn rows_of(mut desk: Socket) -> mpsc::UnboundedReceiver<(ConsultationId, u64)> {
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(frame) = desk.frame().await {
            if let ServerFrame::Row { row, .. } = frame
                && tell.send((row.consultation, clock::micros())).is_err()
            {
                return;
            }
        }
    });
    told
}

/// From 「送る」 until the message is at the other side, with `count` consultations open, beside the same between bare
/// sockets.
///
/// # Panics
/// The desk does not serve.
pub async fn chats(desk: &Desk, count: usize) -> Vec<Figure> {
    let chats = Chats::begin(&desk.card.city(), count).await;
    let since = clock::micros();
    chats.talk(TALKED).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut ages = Vec::new();
    for side in chats.close().await {
        ages.extend(side.ages(since));
    }
    let floor = Floor::start().await.expect("the floor starts");
    let floor = floor.chats(count, WRITES_EVERY, TALKED).await;
    Sample::of_micros(ages)
        .beside(&format!("送る → at the other side, {count} consultations"), &floor)
        .to_vec()
}

/// Open consultations in which both sides write.
#[derive(Debug)]
pub struct Chats {
    sides: Vec<Tab>,
    _desks: Vec<tokio::task::JoinHandle<()>>,
}

impl Chats {
    /// So many families come and are taken by the clinicians of the city, whose desks stay open.
    ///
    /// # Panics
    /// The desk does not serve.
    pub async fn begin(city: &City, count: usize) -> Self {
        let families = family::waiting(city, count).await;
        let mut families: HashMap<_, _> = families.into_iter().map(|one| (one.consultation, one)).collect();
        let (mut sides, mut desks) = (Vec::new(), Vec::new());
        for account in &city.clinicians {
            if sides.len() >= 2 * count {
                break;
            }
            let clinician = Clinician::signs_in(city, account).await;
            let share = count.div_ceil(city.clinicians.len()).min(count - sides.len() / 2);
            for consultation in clinician.takes_next(share).await {
                sides.push(clinician.tab(consultation));
                // Somebody who waited before these families is taken as well, and silent.
                sides.extend(families.remove(&consultation).map(|family| family.tab()));
            }
            let mut desk = clinician.opens_desk().await;
            desks.push(tokio::spawn(async move { while desk.frame().await.is_some() {} }));
        }
        for side in &mut sides {
            assert!(side.until(PATIENCE, |now| now.sockets > 0).await, "a socket opens");
        }
        Self { sides, _desks: desks }
    }

    /// Everybody writes every [`WRITES_EVERY`], not at the same moment.
    pub async fn talk(&self, length: Duration) {
        let began = clock::now();
        let pause = WRITES_EVERY / u32::try_from(self.sides.len().max(1)).unwrap_or(1);
        let mut next = tokio::time::interval(pause);
        for (n, side) in self.sides.iter().enumerate().cycle() {
            if began.elapsed() >= length {
                return;
            }
            next.tick().await;
            side.says(format!("{} からの文 {n}", clock::micros()));
        }
    }

    /// Everybody leaves.
    pub async fn close(self) -> Vec<crate::tab::Kept> {
        join_all(self.sides.into_iter().map(Tab::closes)).await
    }
}
