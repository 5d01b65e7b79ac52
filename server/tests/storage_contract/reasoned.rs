//! What was done with a reason, in the row that supervisors' lists read.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family, say},
    reports::registered_family,
};
use signaling::{
    actor::{Actor, Role, Staff},
    appointment::Offer,
    consultation::{Command, Reasoned},
    hours::Hours,
    limits,
    time::{At, Millis},
    triage::Acuity,
};
use sqlx::Connection as _;

const WHY: &str = "内緒の理由";

fn change(acuity: Acuity, reason: Option<&str>) -> Command {
    let reason = reason.map(str::to_owned);
    Command::ChangeClass { acuity, reason }
}

fn claim(reason: Option<&str>) -> Command {
    let overtake_reason = reason.map(str::to_owned);
    Command::Claim { overtake_reason }
}

/// A family that has booked, and when.
async fn booked(desk: &Desk) -> (Family, At) {
    let family = registered_family(desk).await;
    let length = limits::APPOINTMENT.0;
    let first = desk.world.now().0 + limits::APPOINTMENT_AHEAD.0 + length;
    let slot = At(first - first.rem_euclid(length));
    let book = Command::BookAppointment {
        slot,
        offer: Offer::new(6, 4),
        hours: Box::new(Hours::always()),
    };
    desk.does(&family, &family.actor(), &book).await.expect("booked");
    (family, slot)
}

/// One consultation of every kind, and some of none.
async fn one_of_each(desk: &Desk) -> Vec<(Family, Vec<Reasoned>)> {
    let doctor = Actor::Staff(desk.clinician("佐藤"));
    let midwife = Actor::Staff(Staff {
        role: Role::Midwife,
        ..desk.clinician("高橋")
    });
    let ((early, slot), (in_time, _)) = (booked(desk).await, booked(desk).await);
    let (first, lowered) = (registered_family(desk).await, registered_family(desk).await);
    desk.clock
        .turn(Millis(slot.0 - Millis::minutes(10).0 - desk.world.now().0));
    let does = async |family: &Family, actor: &Actor, command: Command| {
        desk.does(family, actor, &command).await.expect("done");
    };
    does(&early, &doctor, claim(Some(WHY))).await;
    desk.clock.turn(Millis::minutes(10));
    let seq = desk
        .spine
        .load(in_time.consultation)
        .await
        .expect("read")
        .expect("there")
        .seq;
    let begin = Command::BeginAppointment {
        booked: seq,
        is_open: true,
        closes_at: None,
        reply_hours: 24,
    };
    does(&in_time, &Actor::System, begin).await;
    does(&lowered, &doctor, change(Acuity::Red, Some("念のため"))).await;
    does(&lowered, &doctor, change(Acuity::Green, Some(WHY))).await;
    // Begun by itself, then taken before the one who waits longest.
    does(&first, &doctor, change(Acuity::Red, None)).await;
    does(&in_time, &doctor, claim(Some(WHY))).await;
    does(&first, &midwife, claim(None)).await;
    let all = registered_family(desk).await;
    let passed = Command::SayBeyondScope {
        text: "中耳炎です。".to_owned(),
        reason: WHY.to_owned(),
    };
    does(&all, &midwife, claim(Some(WHY))).await;
    does(&all, &midwife, passed.clone()).await;
    does(&all, &midwife, change(Acuity::Yellow, None)).await;
    does(&all, &midwife, change(Acuity::White, Some(WHY))).await;
    does(&all, &midwife, passed).await;
    does(&first, &midwife, say("お返事です")).await;
    vec![
        (early, vec![Reasoned::BegunEarly]),
        (in_time, vec![Reasoned::Overtook]),
        (first, vec![]),
        (lowered, vec![Reasoned::Lowered]),
        (all, vec![Reasoned::Overtook, Reasoned::Lowered, Reasoned::ScopePassed]),
    ]
}

/// Each row tells so: for lists of reports, and as the current state.
async fn are_told(desk: &Desk, expected: &[(Family, Vec<Reasoned>)]) {
    let rows = desk
        .store()
        .report_rows(&desk.city(), At(0), At(i64::MAX))
        .await
        .expect("read");
    assert_eq!(rows.len(), expected.len());
    for (number, (family, reasoned)) in expected.iter().enumerate() {
        let row = rows
            .iter()
            .find(|row| row.consultation == family.consultation)
            .expect("a row");
        assert_eq!(row.reasoned, *reasoned, "number {number}");
        let state = desk
            .store()
            .consultation(family.consultation)
            .await
            .expect("read")
            .expect("a row");
        assert_eq!(state.reasoned, *reasoned, "number {number}");
    }
}

on_both! {
    async fn a_row_tells_what_was_done_with_a_reason_and_not_why(database: Database) {
        let desk = Desk::on(database);
        let expected = one_of_each(&desk).await;
        are_told(&desk, &expected).await;
        let mut connection = sqlx::AnyConnection::connect(&desk.database.url).await.expect("it opens");
        let sql = "SELECT reasoned FROM consultations";
        let columns: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("read");
        assert!(columns.iter().all(|codes| codes.is_ascii()), "{columns:?}");
    }

    /// A row that an older program wrote knows nothing of it; its log does.
    async fn what_was_stored_before_the_column_was_is_told_like_what_came_after(database: Database) {
        let desk = Desk::on(database);
        let expected = one_of_each(&desk).await;
        let mut connection = sqlx::AnyConnection::connect(&desk.database.url).await.expect("it opens");
        let forget = "UPDATE consultations SET reasoned = ''";
        sqlx::query(forget).execute(&mut connection).await.expect("forgotten");
        let migration = include_str!("../../../migrations/0023_reasoned.sql");
        let at = migration.find("UPDATE").expect("the second statement");
        sqlx::raw_sql(&migration[at..]).execute(&mut connection).await.expect("migrated");
        are_told(&desk, &expected).await;
        // And the next event writes the row anew.
        let (all, _) = expected.last().expect("some");
        desk.does(all, &all.actor(), &say("ありがとう")).await.expect("said");
        are_told(&desk, &expected).await;
    }
}
