//! What people keep when the server dies: a real binary under real load, `kill -9`, and the same data directory again.

#[path = "faults/commits.rs"]
mod commits;

use load::{
    desk::{Desk, bare_web_dir},
    family::{self, Family},
    socket::Log,
    staff::Clinician,
    tab::{Kept, Tab},
};
use std::{collections::HashMap, io::Write as _, path::Path, time::Duration};

/// Chats at once.
const CHATS: usize = 50;
/// What is offered at most, over all chats, where the machine could store twice as much.
const MOST_PER_SECOND: f64 = 1000.0;
/// Messages that everybody writes at least, which is 40 a second in all: a hard disk of 7,200 turns a minute commits 120
/// times a second. A machine that cannot offer this shows nothing.
const LEAST_EACH: usize = 4;
/// How long the families and clinicians write.
const OFFERED: Duration = Duration::from_secs(10);
/// How often everybody writes at once.
const ROUND: Duration = Duration::from_millis(250);
/// Generous: how long the last answers may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A family and its clinician, each on a tab of their own.
struct Chat {
    family: Family,
    clinician: Clinician,
    sides: [Tab; 2],
}

/// So many families that were taken, by all clinicians of the city in equal parts.
async fn chats(desk: &Desk) -> Vec<Chat> {
    let city = desk.card.city();
    let mut families: HashMap<_, _> = family::waiting(&city, CHATS)
        .await
        .into_iter()
        .map(|family| (family.consultation, family))
        .collect();
    let mut chats = Vec::new();
    for (n, account) in city.clinicians.iter().enumerate() {
        let clinician = Clinician::signs_in(&city, account).await;
        let share = (CHATS - chats.len()) / (city.clinicians.len() - n);
        for consultation in clinician.takes_next(share).await {
            let family = families.remove(&consultation).expect("one of these families");
            let sides = [family.tab(), clinician.tab(consultation)];
            let clinician = clinician.clone();
            chats.push(Chat {
                family,
                clinician,
                sides,
            });
        }
    }
    chats
}

/// Messages that one person writes in [`OFFERED`], so that all together offer half of what the machine commits. Says how many,
/// past the capture of tests, because the same sentence about a slower machine would prove less.
async fn messages_each() -> usize {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = format!("sqlite://{}?mode=rwc", directory.path().join("floor.db").display());
    let raw = commits::raw_per_second(&url, 1, Duration::from_secs(1)).await;
    let offered = (raw / 2.0).min(MOST_PER_SECOND);
    let writers = f64::from(u32::try_from(2 * CHATS).expect("few"));
    let most = offered * OFFERED.as_secs_f64() / writers;
    let each = (1_u32..).take_while(|n| f64::from(*n) <= most).last().unwrap_or(0) as usize;
    let said = format!(
        "{CHATS} chats, {} messages in {} s: half of {raw:.0} raw commits a second, at most {MOST_PER_SECOND}",
        each * 2 * CHATS,
        OFFERED.as_secs()
    );
    let _ = writeln!(std::io::stderr(), "{said}");
    assert!(
        each >= LEAST_EACH,
        "too little to show anything, the disk commits too slowly: {said}"
    );
    each
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_amid_fifty_chats_loses_and_doubles_no_acknowledged_message_and_everybody_resumes() {
    let each = messages_each().await;
    let web = bare_web_dir().expect("a directory of names");
    let soudan = Path::new(env!("CARGO_BIN_EXE_soudan"));
    let mut desk = Desk::start(soudan, web.path()).await.expect("it serves");
    let mut chats = chats(&desk).await;

    let restarted = offers(&chats, each, async {
        desk.kill().await.expect("killed");
        desk.start_again().await.expect("it serves again");
    });
    restarted.await;

    for chat in &mut chats {
        for side in &mut chat.sides {
            let all = side
                .until(PATIENCE, |now| now.acked == each && now.seen == 2 * each)
                .await;
            assert!(all, "{:?} of {each} messages each", side.progress());
            assert!(side.progress().sockets >= 2, "the socket of the killed server is gone");
        }
    }
    for Chat {
        family,
        clinician,
        sides,
    } in chats
    {
        let [guardian, staff] = sides;
        let (guardian, staff) = (guardian.closes().await, staff.closes().await);
        holds_what_was_acknowledged(&guardian, &staff);
        // A tab that knows nothing is given the log out of the database.
        for (new, known) in [
            (family.tab(), &guardian.log),
            (clinician.tab(family.consultation), &staff.log),
        ] {
            assert_eq!(replayed(new, 2 * each).await.events, known.events);
        }
    }
    let checked = desk.checks_its_log().await.expect("it ran");
    assert!(checked.status.success(), "{checked:?}");
}

/// Everybody writes [`OFFERED`] long; `fault` happens in the middle, and they go on writing.
async fn offers(chats: &[Chat], each: usize, fault: impl Future<Output = ()>) {
    let rounds = usize::try_from(OFFERED.as_millis() / ROUND.as_millis()).expect("few");
    let writing = async |rounds: std::ops::Range<usize>, all: usize| {
        let mut next = tokio::time::interval(ROUND);
        for round in rounds {
            next.tick().await;
            for n in each * round / all..each * (round + 1) / all {
                for chat in chats {
                    for (side, who) in chat.sides.iter().zip(["家族", "医師"]) {
                        side.says(format!("{who}{n}"));
                    }
                }
            }
        }
    };
    writing(0..rounds / 2, rounds).await;
    tokio::join!(fault, writing(rounds / 2..rounds, rounds));
}

/// Both sides have the same messages; each acknowledged one is there once, under its number, in the order of its writer.
fn holds_what_was_acknowledged(guardian: &Kept, staff: &Kept) {
    assert_eq!(guardian.log.texts(), staff.log.texts());
    let said: Vec<(u64, &str)> = guardian.log.said().collect();
    for (kept, who) in [(guardian, "家族"), (staff, "医師")] {
        assert_eq!(kept.complaints, Vec::<String>::new());
        let own = said.iter().filter(|(_, text)| text.starts_with(who));
        let own: Vec<(String, u64)> = own.map(|(seq, text)| ((*text).to_owned(), *seq)).collect();
        assert_eq!(own, kept.acked, "each once and in order");
    }
}

async fn replayed(mut tab: Tab, messages: usize) -> Log {
    let all = tab.until(PATIENCE, |now| now.seen >= messages).await;
    assert!(all, "{:?} of {messages} messages", tab.progress());
    tab.closes().await.log
}
