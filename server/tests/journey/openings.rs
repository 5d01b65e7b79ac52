//! How many stories begin, and what they look at in the end.

use super::{
    actors::{Clinician, Guardian},
    browser::Browser,
    town::Town,
};
use frontend::page::guardian::Transfer;
use signaling::{
    actor::Actor,
    id::{ConsultationId, GuardianId},
    view::Standing,
};
use std::sync::Arc;

/// A family and the doctor who has just taken it.
pub(crate) async fn in_consultation(town: &Arc<Town>) -> (Guardian, Clinician, ConsultationId) {
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("熱が下がりません").await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    guardian
        .sees_standing("a doctor", |standing| matches!(standing, Standing::Claimed(_)))
        .await;
    (guardian, doctor, consultation)
}

/// How many events a consultation has.
pub(crate) async fn events(town: &Town, consultation: ConsultationId) -> u64 {
    town.app
        .spine
        .load(consultation)
        .await
        .expect("read")
        .map_or(0, |state| state.seq)
}

/// The server answers somebody else.
pub(crate) async fn is_alive(town: &Town) {
    assert_eq!(town.browser("hino.test").opens("/healthz").await.body, "ok");
}

/// What the page of the transfer that runs shows to the family of a ticket.
pub(crate) async fn shown_transfer(town: &Town, browser: &Browser, ticket: &str) -> Transfer {
    let (identity, city) = (&town.app.identity, town.city("hino").await);
    let row = identity.open_ticket(&ticket[3..], &city.id).await;
    let row = row.expect("read").expect("a ticket");
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("host", "hino.test".parse().expect("ascii"));
    headers.insert("cookie", browser.cookie_line().parse().expect("ascii"));
    let shown = identity.transfer_model(&row, &headers).await;
    shown.expect("read").expect("a running code")
}

/// The path of its QR code.
pub(crate) async fn transfer_link(town: &Town, browser: &Browser, ticket: &str) -> String {
    let link = shown_transfer(town, browser, ticket).await.link;
    link.strip_prefix("http://hino.test").expect("of this city").to_owned()
}

/// Which family a ticket belongs to.
pub(crate) async fn family_of(town: &Town, path: &str) -> GuardianId {
    let city = town.city("hino").await;
    let row = town
        .app
        .identity
        .open_ticket(&path[3..], &city.id)
        .await
        .expect("read")
        .expect("a ticket");
    assert!(Actor::Guardian { id: row.guardian }.clinician().is_none());
    row.guardian
}
