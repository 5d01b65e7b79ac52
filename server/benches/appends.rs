//! How many commands a second the spine makes durable, on SQLite and on a PostgreSQL of its own, beside the raw floor of
//! this machine in the same run: one row, one commit, the same driver and database. Prints one line of JSON a figure.

#[path = "../tests/faults/commits.rs"]
mod commits;
#[path = "../tests/storage_contract/postgres.rs"]
mod postgres;
#[path = "../tests/journey/request.rs"]
mod request;

use load::figures::Figure;
use postgres::Postgres;
use server::{
    clock::{SystemClock, World},
    seal::Keys,
    spine::Spine,
    storage::Store,
};
use signaling::{
    actor::Actor,
    consultation::Command,
    id::{CommandId, ConsultationId, GuardianId},
};
use std::{sync::Arc, time::Duration};

/// How long each is measured, and how often; medians are printed.
const LENGTH: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 3;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let postgres = Postgres::start(true);
    let databases = [
        (
            "SQLite",
            format!("sqlite://{}", directory.path().join("soudan.db").display()),
        ),
        ("PostgreSQL", postgres.url("postgres")),
    ];
    for (name, url) in databases {
        let store = Store::open(&url).await.expect("it opens");
        let spine = Spine::new(store, Keys::new(&[7; 32]), World::new(SystemClock));
        for writers in [1, 50] {
            let (mut ours, mut raw) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                raw.push(commits::raw_per_second(&url, writers, LENGTH).await);
                ours.push(messages_per_second(&spine, writers).await);
            }
            let figure = Figure {
                what: format!("messages stored, {name}, {writers} writing"),
                unit: "/s",
                ours: median(ours),
                floor: Some(median(raw)),
                with: None,
            };
            figure.print().expect("somebody reads");
        }
    }
}

/// Messages a second, each writer in a consultation of its own.
async fn messages_per_second(spine: &Spine, writers: i64) -> f64 {
    let mut chats = Vec::new();
    for _ in 0..writers {
        chats.push(waiting(spine).await);
    }
    let (spine, chats) = (spine.clone(), Arc::new(chats));
    commits::per_second(writers, LENGTH, move |writer, n| {
        let (spine, chats) = (spine.clone(), Arc::clone(&chats));
        async move {
            let (consultation, actor) = &chats[usize::try_from(writer).unwrap_or(0)];
            let id = CommandId(spine.world().new_id());
            let command = Command::Say {
                text: format!("熱が下がりません。どうすればいいですか（{n}）"),
            };
            let outcome = spine.execute(*consultation, actor, id, &command).await;
            outcome.expect("stored");
        }
    })
    .await
}

async fn waiting(spine: &Spine) -> (ConsultationId, Actor) {
    let world = spine.world();
    let consultation = ConsultationId(world.new_id());
    let actor = Actor::Guardian {
        id: GuardianId(world.new_id()),
    };
    let request = request::request("hino", "熱が下がりません", Vec::new(), world.now());
    let command = Command::Request(Box::new(request));
    let asked = spine
        .execute(consultation, &actor, CommandId(world.new_id()), &command)
        .await;
    asked.expect("asked");
    (consultation, actor)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
