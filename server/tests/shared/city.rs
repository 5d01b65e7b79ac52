//! The city that tests found: always open, with the targets and baselines of a real plan.

use server::identity::{NewCity, Targets};
use signaling::hours::Hours;

/// A municipality `id` that answers to `{id}.test`.
pub(crate) fn new_city(id: &str, name: &str, demo: bool) -> NewCity {
    NewCity {
        id: id.parse().expect("an id"),
        name: name.into(),
        service_name: format!("{name}の子育て相談"),
        hosts: vec![format!("{id}.test")],
        hours: Hours::always(),
        reply_hours: 24,
        targets: Targets {
            satisfaction_target_tenths: 950,
            satisfaction_baseline_tenths: 990,
            registered_target: 800,
            registered_baseline: 245,
            consultations_target: 1440,
            consultations_baseline: 308,
        },
        demo,
    }
}
