//! Counts as this reader sees them: as they are, or masked for the city's viewer.
//!
//! Which counts add up to which stands here and nowhere else; what must be hidden then is
//! [`signaling::report::Network`]'s.

use super::tally::Tally;
use signaling::report::{Masked, Network, Pipe, Shown, alone};

/// Everything that counts consultations.
pub(super) struct Consultations {
    /// Of each month: night, anytime, both.
    pub(super) months: Vec<[Shown; 3]>,
    pub(super) by_service: Vec<Shown>,
    pub(super) total: Shown,
    pub(super) waits: Vec<Shown>,
    pub(super) apart: Vec<Shown>,
    pub(super) causes: Vec<Shown>,
    pub(super) asked: Shown,
    pub(super) valid: Shown,
    pub(super) yes: Shown,
    pub(super) rather_yes: Shown,
    pub(super) through: Vec<Shown>,
}

/// The counts of a page, asked for by pipe.
struct Eyes(Option<Masked>);

impl Eyes {
    fn of(net: Network, hide_small: bool) -> Self {
        Self(hide_small.then(|| net.masked()))
    }

    fn sees(&self, (pipe, count): (Pipe, u32)) -> Shown {
        match &self.0 {
            Some(masked) => masked[pipe],
            None => Shown::Count(count),
        }
    }
}

impl Consultations {
    /// The year flows from its months through the services, past the waits, into what the survey asks and what it does not.
    pub(super) fn of(tally: &Tally, hide_small: bool) -> Self {
        let mut net = Network::default();
        let [start, night, anytime, taken, waited, asked_of, answered, others, end] =
            std::array::from_fn(|_| net.joint());
        let services = [night, anytime];
        let printed = |net: &mut Network, from, to, count: u32| (net.printed(from, to, count), count);
        let mut months = Vec::new();
        let mut sums = [0; 2];
        for month in &tally.months {
            let joint = net.joint();
            let [nights, anytimes] = [month.by_service[0], month.by_service[1]];
            sums = [sums[0] + nights, sums[1] + anytimes];
            months.push([
                printed(&mut net, joint, services[0], nights),
                printed(&mut net, joint, services[1], anytimes),
                printed(&mut net, start, joint, nights + anytimes),
            ]);
        }
        let total = sums[0] + sums[1];
        let by_service = [
            printed(&mut net, night, taken, sums[0]),
            printed(&mut net, anytime, asked_of, sums[1]),
        ];
        // Whoever was answered was taken before; some were taken and never answered.
        let waits: Vec<_> = tally
            .waits
            .iter()
            .map(|seconds| {
                printed(
                    &mut net,
                    taken,
                    waited,
                    u32::try_from(seconds.len()).unwrap_or(u32::MAX),
                )
            })
            .collect();
        let all_taken: u32 = waits.iter().map(|(_, count)| count).sum();
        net.slack(waited, taken, all_taken.saturating_sub(sums[0]));
        net.remainder(waited, asked_of, sums[0]);
        let asked = printed(&mut net, asked_of, answered, tally.asked);
        net.slack(asked_of, end, total - tally.asked);
        let valid_of = net.joint();
        let valid = printed(&mut net, answered, valid_of, tally.valid);
        net.remainder(answered, end, tally.asked - tally.valid);
        let yes = printed(&mut net, valid_of, end, tally.yes);
        net.remainder(valid_of, others, tally.valid - tally.yes);
        let rather_yes = printed(&mut net, others, end, tally.rather_yes);
        net.remainder(others, end, tally.valid - tally.yes - tally.rather_yes);
        // All of it came from somewhere: through an institution's leaflet or not.
        let came = net.joint();
        let through: Vec<_> = tally
            .consulted_through
            .iter()
            .map(|count| printed(&mut net, came, start, *count))
            .collect();
        net.remainder(came, start, total - tally.consulted_through.iter().sum::<u32>());
        let total = (net.headline(end, came, total), total);
        let eyes = Eyes::of(net, hide_small);
        Self {
            months: months
                .into_iter()
                .map(|month| month.map(|cell| eyes.sees(cell)))
                .collect(),
            by_service: by_service.map(|cell| eyes.sees(cell)).to_vec(),
            total: eyes.sees(total),
            waits: waits.into_iter().map(|cell| eyes.sees(cell)).collect(),
            apart: tally.apart.iter().map(|count| lone(*count, hide_small)).collect(),
            // They overlap and add up to nothing that is shown.
            causes: tally.causes.iter().map(|count| lone(*count, hide_small)).collect(),
            asked: eyes.sees(asked),
            valid: eyes.sees(valid),
            yes: eyes.sees(yes),
            rather_yes: eyes.sees(rather_yes),
            through: through.into_iter().map(|cell| eyes.sees(cell)).collect(),
        }
    }
}

/// Everything that counts families.
pub(super) struct Families {
    pub(super) count: Shown,
    pub(super) new: Shown,
    pub(super) this_month: Option<Shown>,
    pub(super) reaches: Vec<Shown>,
    pub(super) through: Vec<Shown>,
}

impl Families {
    /// Families of before (last year's page shows them) and those of this year, by how they heard of it, through whose
    /// leaflet they came, and by when.
    pub(super) fn of(tally: &Tally, hide_small: bool) -> Self {
        let mut net = Network::default();
        let [start, new, heard, came, end] = std::array::from_fn(|_| net.joint());
        let all_new: u32 = tally.reaches.iter().sum();
        net.elsewhere(start, end, tally.registered_before);
        let all_new = (net.printed(start, new, all_new), all_new);
        let reaches: Vec<_> = tally
            .reaches
            .iter()
            .map(|count| (net.printed(new, heard, *count), *count))
            .collect();
        let through: Vec<_> = tally
            .registered_through
            .iter()
            .map(|count| (net.printed(heard, came, *count), *count))
            .collect();
        net.remainder(heard, came, all_new.1 - tally.registered_through.iter().sum::<u32>());
        let this_month = tally.registered_this_month;
        let this_month = (net.printed(came, end, this_month), this_month);
        net.slack(came, end, all_new.1 - this_month.1);
        let count = tally.registered_before + all_new.1;
        let count = (net.headline(end, start, count), count);
        let eyes = Eyes::of(net, hide_small);
        Self {
            count: eyes.sees(count),
            new: eyes.sees(all_new),
            this_month: Some(eyes.sees(this_month)),
            reaches: reaches.into_iter().map(|cell| eyes.sees(cell)).collect(),
            through: through.into_iter().map(|cell| eyes.sees(cell)).collect(),
        }
    }
}

pub(super) fn lone(count: u32, hide_small: bool) -> Shown {
    if hide_small { alone(count) } else { Shown::Count(count) }
}
