//! A whole city at once: thousands of families wait, hundreds of desks look on. How long an arrival takes to every desk and a
//! place to every family, what that costs, and how long a restart takes until everybody is back.
//!
//! Promises: families registered, filled the intake and sent it by the forms that browsers post, and hold an open socket;
//! desks belong to accounts of their own, enrolled by their links, whose clinicians said 「対応中」; server and load have a
//! processor each, where there are two. Everything ends with the value that holds it.
//!
//! Not here: chats and calls (`measure`, `e2e/bench`).

mod desks;
mod load;
mod waiting;

pub use desks::Desks;
pub use waiting::WaitingRoom;

use crate::{
    clock,
    desk::Desk,
    family::{self, Family},
    figures::{Figure, Sample},
    floor::Floor,
    process,
    socket::Socket,
};
use load::{Meter, Spent};
use signaling::{id::ConsultationId, protocol::ServerFrame};
use std::{collections::HashMap, path::Path, time::Duration};
use tokio::sync::mpsc;

/// A desk is always full of news; longer than this nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long families wait before desks open: their ladders find nobody and have come to the supervisor by then, so that what is
/// measured is not these.
const NOBODY_THERE: Duration = Duration::from_secs(15);
/// How long nothing is asked before processors are looked at: everybody's heartbeat comes once.
const QUIET: Duration = Duration::from_secs(20);
/// Families that arrive while everybody looks.
const ARRIVALS: usize = 100;
/// Between two of them.
const ARRIVES_EVERY: Duration = Duration::from_millis(100);
/// Families that are taken, one after the other.
pub const TAKEN: usize = 10;
/// Between two of them: places are told at most once a second.
const TAKES_EVERY: Duration = Duration::from_secs(2);
/// Bytes of a row and of a place on the wire, for the floor.
const ROW_BYTES: usize = 700;
/// See [`ROW_BYTES`].
const PLACE_BYTES: usize = 130;
/// Files that neither are sockets of families nor of desks.
const OTHER_FILES: usize = 300;

/// How many.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Families that wait.
    pub families: usize,
    /// Desks that look on.
    pub desks: usize,
}

impl std::fmt::Display for Crowd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { families, desks } = self;
        write!(f, "{families} families, {desks} desks")
    }
}

/// Who runs where.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// The binary.
    pub soudan: &'a Path,
    /// What its pages link to.
    pub web: &'a Path,
    /// The processor of the server; whoever starts the load keeps it to another one.
    pub processor: Option<u32>,
}

/// What a tab tells whoever measures, with the time.
#[derive(Clone, Copy, Debug)]
pub enum News {
    /// A tab has a socket and what it had missed.
    Back {
        /// When.
        at: u64,
    },
    /// A family was told its place.
    Place {
        /// How many wait before it.
        ahead: u32,
        /// When.
        at: u64,
    },
    /// A desk was told of a row.
    Row {
        /// Whose.
        consultation: ConsultationId,
        /// When.
        at: u64,
    },
}

type Heard = mpsc::UnboundedReceiver<News>;

/// Measures a desk with this crowd.
///
/// # Errors
/// The server cannot be started, or this process may not open as many sockets.
///
/// # Panics
/// The desk does not serve as PROTOCOL.md says.
pub async fn measure(stage: Stage<'_>, crowd: Crowd) -> std::io::Result<Vec<Figure>> {
    let needed = (crowd.families + crowd.desks + ARRIVALS + OTHER_FILES) as u64;
    if process::open_files().is_some_and(|files| files < needed) {
        return Err(std::io::Error::other(format!(
            "{needed} open files are needed: ulimit -n"
        )));
    }
    let mut figures = Vec::new();
    let desk = Desk::start_on(stage.processor, stage.soudan, stage.web).await?;
    let city = desk.card.city();
    let accounts = desks::enrolled(&desk, &city, crowd.desks).await?;

    let empty = desk.resident_bytes();
    let begun = Meter::now(&desk);
    let families = family::waiting(&city, crowd.families).await;
    let arriving = family::with_filled_intakes(&city, ARRIVALS).await;
    let (tell, mut heard) = mpsc::unbounded_channel();
    let mut room = WaitingRoom::default();
    room.opens(&families, &tell).await;
    all_back(&mut heard, crowd.families).await;
    let made = begun.until_now(&desk);
    figures.push(Figure::plain(
        "made by forms: registered, sent, waiting",
        "s",
        made.seconds,
    ));
    drop(families);
    tokio::time::sleep(NOBODY_THERE).await;

    let desks = Desks::open(&accounts, &tell);
    all_back(&mut heard, crowd.desks).await;
    settled(&mut heard).await;
    let full = desk.resident_bytes();
    figures.push(Figure::plain("memory of the server", "MB", megabytes(full)));
    figures.push(Figure::plain(
        "of it for each waiting family",
        "kB",
        1000.0 * (megabytes(full) - megabytes(empty)) / number(crowd.families),
    ));
    let quiet = Meter::now(&desk);
    tokio::time::sleep(QUIET).await;
    let quiet = quiet.until_now(&desk);
    figures.extend(quiet.shares("while all wait"));
    settled(&mut heard).await;

    let (arrived, spent) = arrivals(&desk, crowd, arriving, &mut room, (&tell, &mut heard)).await;
    let on_arrivals = spent.beyond(&quiet).each("an arrival", ARRIVALS);
    settled(&mut heard).await;
    let (moved, spent) = places(&desk, accounts.first().expect("a desk"), &mut heard, room.len()).await;
    let on_places = spent.beyond(&quiet).each("a family taken", TAKEN);
    let again = restart(desk, &mut heard, room.len() + crowd.desks).await?;
    drop((room, desks));

    // Last: this process may not have twice as many sockets open.
    let floor = Floor::start_on(stage.processor).await?;
    let to_desks = floor.tells_all(crowd.desks, ROW_BYTES).await;
    let to_families = floor.tells_all(crowd.families, PLACE_BYTES).await;
    figures.extend(arrived.beside("相談を送る → row at every desk", &to_desks));
    figures.extend(on_arrivals);
    figures.extend(moved.beside("次の方 → new place at a family", &to_families));
    figures.extend(on_places);
    figures.extend(again);
    Ok(figures)
}

/// Families arrive; a sample of how long each took until the last desk had its row.
async fn arrivals(
    desk: &Desk,
    crowd: Crowd,
    arriving: Vec<Family>,
    room: &mut WaitingRoom,
    (tell, heard): (&mpsc::UnboundedSender<News>, &mut Heard),
) -> (Sample, Spent) {
    let begun = Meter::now(desk);
    let mut sent_at = HashMap::new();
    let mut next = tokio::time::interval(ARRIVES_EVERY);
    for mut family in arriving {
        next.tick().await;
        sent_at.insert(family.consultation, clock::micros());
        family.sends_intake().await;
        room.opens(std::slice::from_ref(&family), tell).await;
    }
    let count = sent_at.len();
    let mut desks: HashMap<ConsultationId, usize> = HashMap::new();
    let mut ages = Vec::with_capacity(count);
    let mut back = 0;
    while ages.len() < count || back < count {
        match soon(heard).await {
            News::Row { consultation, at } => {
                let Some(sent) = sent_at.get(&consultation) else {
                    continue;
                };
                let told = desks.entry(consultation).or_default();
                *told += 1;
                if *told == crowd.desks {
                    ages.push(at.saturating_sub(*sent));
                }
            }
            News::Back { .. } => back += 1,
            News::Place { .. } => {}
        }
    }
    (Sample::of_micros(ages), begun.until_now(desk))
}

/// The first in the queue is taken, again and again; how long each time until every family was told its new place.
async fn places(desk: &Desk, by: &desks::Account, heard: &mut Heard, families: usize) -> (Sample, Spent) {
    let mut socket = by.clinician.opens_desk().await;
    settled(heard).await;
    let begun = Meter::now(desk);
    let mut ages = Vec::with_capacity(families * TAKEN);
    let mut next = tokio::time::interval(TAKES_EVERY);
    for taken in 1..=TAKEN {
        next.tick().await;
        let pressed = clock::micros();
        takes_one(&mut socket).await;
        let mut told = 0;
        while told < families - taken {
            if let News::Place { at, .. } = soon(heard).await {
                ages.push(at.saturating_sub(pressed));
                told += 1;
            }
        }
    }
    (Sample::of_micros(ages), begun.until_now(desk))
}

async fn takes_one(desk: &mut Socket) {
    let id = clock::command_id();
    let command = signaling::protocol::QueueCommand::Next;
    desk.sends(&signaling::protocol::ClientFrame::QueueCommand { id, command })
        .await;
    loop {
        match desk.frame().await.expect("the desk stays open") {
            ServerFrame::Ack { id: answered, .. } if answered == id => return,
            ServerFrame::Refused { text, .. } | ServerFrame::Error { text, .. } => panic!("{text}"),
            _ => {}
        }
    }
}

/// The server is killed and started again.
async fn restart(mut desk: Desk, heard: &mut Heard, tabs: usize) -> std::io::Result<[Figure; 4]> {
    while heard.try_recv().is_ok() {}
    let killed_at = clock::micros();
    desk.kill().await?;
    desk.start_again().await?;
    let serves_at = clock::micros();
    let back_at = all_back(heard, tabs).await;
    let seconds = |from: u64| Duration::from_micros(back_at.saturating_sub(from)).as_secs_f64();
    Ok([
        Figure::plain("server killed and started → everybody back", "s", seconds(killed_at)),
        Figure::plain("of it since it served again", "s", seconds(serves_at)),
        Figure::plain("most memory of the server by then", "MB", megabytes(desk.peak_bytes())),
        Figure::plain(
            "most memory of the load by then",
            "MB",
            megabytes(process::peak_bytes(std::process::id())),
        ),
    ])
}

/// Ends when so many tabs have come back, and tells when the last one did.
async fn all_back(heard: &mut Heard, tabs: usize) -> u64 {
    let (mut back, mut last) = (0, 0);
    while back < tabs {
        if let News::Back { at } = soon(heard).await {
            back += 1;
            last = at;
        }
    }
    last
}

async fn soon(heard: &mut Heard) -> News {
    let next = tokio::time::timeout(PATIENCE, heard.recv()).await;
    next.expect("news come in time").expect("tabs live")
}

/// Ends when nobody was told anything for two seconds, or when it has been waited long enough for that.
async fn settled(heard: &mut Heard) {
    let quiet = async { while let Ok(Some(_)) = tokio::time::timeout(Duration::from_secs(2), heard.recv()).await {} };
    // A desk on which something always happens is measured as it is.
    let _ = tokio::time::timeout(PATIENCE / 3, quiet).await;
}

fn megabytes(bytes: Option<u64>) -> f64 {
    number(usize::try_from(bytes.unwrap_or(0) / 1000).unwrap_or(usize::MAX)) / 1000.0
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
