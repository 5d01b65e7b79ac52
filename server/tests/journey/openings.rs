//! How many stories begin, and what they look at in the end.

use super::{
    actors::{Clinician, Guardian},
    town::Town,
};
use signaling::{id::ConsultationId, view::Standing};
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
