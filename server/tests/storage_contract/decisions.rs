//! What administrators decided about red-flag rules: kept in order, once each, and never changed unseen.

use super::{
    chains::tamper,
    cities::city,
    database::{Database, on_both},
    desk::{Desk, EVENING},
};
use server::{
    chain::Mac,
    check_log::{self, Wrong},
    storage::{DecisionRow, EditionRow},
};
use signaling::{
    id::{CommandId, StaffId},
    time::{At, parse_date},
    triage::standing::{Decided, Decision},
};

fn approved() -> Decided {
    Decided::Approved {
        physician: "佐藤 花子".to_owned(),
        on: parse_date("2026-11-20").expect("a date"),
    }
}

/// Decides; whether it was the first time.
async fn decides(desk: &Desk, of: &str, decided: Decided, command: CommandId) -> bool {
    let (municipality, chain) = (city(of).id, desk.keys.chain().clone());
    let staff = StaffId(desk.world.new_id());
    let make = move |last: u64, before: Mac| {
        let row = DecisionRow {
            municipality,
            seq: last + 1,
            decision: Decision {
                at: EVENING,
                rule: "C05".to_owned(),
                version: 2,
                fingerprint: "f".repeat(64),
                decided,
                by: "山本".to_owned(),
            },
            staff,
            command,
            mac: Mac::START,
        };
        let mac = chain.decision(&before, &row);
        DecisionRow { mac, ..row }
    };
    let stored = desk.store().add_decision(&city(of).id, Box::new(make)).await;
    stored.expect("stored")
}

async fn with_cities(database: Database) -> Desk {
    let desk = Desk::on(database);
    for id in ["hino", "tama"] {
        let host = vec![format!("{id}.test")];
        assert!(desk.store().add_city(city(id), host, EVENING).await.expect("stored"));
    }
    desk
}

async fn wrongs(desk: &Desk) -> (u64, Vec<Wrong>) {
    let report = check_log::check(desk.store(), &desk.keys, None).await.expect("read");
    (
        report.decisions,
        report.faults.into_iter().map(|fault| fault.wrong).collect(),
    )
}

on_both! {
    async fn decisions_come_back_as_they_were_made_each_citys_apart_and_a_form_sent_twice_counts_once(database: Database) {
        let desk = with_cities(database).await;
        let first = desk.new_command();
        assert!(decides(&desk, "hino", approved(), first).await);
        assert!(!decides(&desk, "hino", approved(), first).await, "the same form");
        assert!(decides(&desk, "hino", Decided::Disabled, first).await, "another button of it");
        assert!(decides(&desk, "tama", Decided::Withdrawn, first).await, "another city");
        assert!(decides(&desk, "hino", Decided::Enabled, desk.new_command()).await);
        let kept = desk.store().decisions(&city("hino").id).await.expect("read");
        let told: Vec<_> = kept.iter().map(|row| (row.seq, row.decision.decided.clone())).collect();
        assert_eq!(told, [(1, approved()), (2, Decided::Disabled), (3, Decided::Enabled)]);
        let one = &kept[0].decision;
        assert_eq!((one.at, one.rule.as_str(), one.version, one.by.as_str()), (EVENING, "C05", 2, "山本"));
        assert_eq!(desk.store().decisions(&city("tama").id).await.expect("read").len(), 1);
        assert_eq!(wrongs(&desk).await, (4, Vec::new()));
    }

    async fn a_decision_that_is_changed_or_taken_out_is_named(database: Database) {
        let desk = with_cities(database).await;
        for decided in [approved(), Decided::Disabled, Decided::Enabled] {
            assert!(decides(&desk, "hino", decided, desk.new_command()).await);
        }
        assert!(decides(&desk, "tama", approved(), desk.new_command()).await);
        tamper(&desk, "UPDATE rule_decisions SET physician = '鈴木' WHERE municipality = 'tama'".to_owned()).await;
        let changed = Wrong::DecisionChanged { city: "tama".to_owned(), seq: 1 };
        assert_eq!(wrongs(&desk).await, (3, vec![changed.clone()]));
        tamper(&desk, "DELETE FROM rule_decisions WHERE municipality = 'hino' AND seq = 2".to_owned()).await;
        let missing = Wrong::DecisionMissing { city: "hino".to_owned(), seq: 2 };
        assert_eq!(wrongs(&desk).await, (1, vec![missing, changed]));
    }

    async fn an_edition_is_kept_as_it_first_was_and_the_newest_comes_first(database: Database) {
        let desk = Desk::on(database);
        let row = |digest: &str, file: &str, at| EditionRow {
            digest: digest.to_owned(),
            edition: "2026-11-v2".to_owned(),
            file: file.to_owned(),
            first_at: At(at),
        };
        for one in [row("a", "{}", 1), row("b", "{ }", 2), row("a", "other", 3)] {
            desk.store().keep_edition(one).await.expect("kept");
        }
        assert_eq!(desk.store().editions().await.expect("read"), [row("b", "{ }", 2), row("a", "{}", 1)]);
    }
}
