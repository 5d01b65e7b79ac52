//! What the city's viewer can work out: for every count that is not shown, other values fit everything that is.

use proptest::prelude::*;
use signaling::report::{Joint, Masked, Network, Pipe, Shown};

/// Months by services with all sums, as the figures page prints them.
struct Table {
    network: Network,
    /// Of each month: night, anytime, total.
    months: Vec<[Pipe; 3]>,
    night: Pipe,
    anytime: Pipe,
    total: Pipe,
}

fn table(counts: &[(u32, u32)]) -> Table {
    let mut network = Network::default();
    let [source, nights, anytimes, sink]: [Joint; 4] = std::array::from_fn(|_| network.joint());
    let mut months = Vec::new();
    for &(night, anytime) in counts {
        let month = network.joint();
        months.push([
            network.printed(month, nights, night),
            network.printed(month, anytimes, anytime),
            network.printed(source, month, night + anytime),
        ]);
    }
    let (night, anytime) = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    Table {
        night: network.printed(nights, sink, night),
        anytime: network.printed(anytimes, sink, anytime),
        total: network.headline(sink, source, night + anytime),
        network,
        months,
    }
}

/// All cells as printed, line by line; the last line is the sums.
fn printed(table: Table) -> Vec<[Shown; 3]> {
    let masked: Masked = table.network.masked();
    let sums = [table.night, table.anytime, table.total];
    table
        .months
        .iter()
        .chain([&sums])
        .map(|line| line.map(|pipe| masked[pipe]))
        .collect()
}

fn may_be(shown: Shown, count: u32) -> bool {
    match shown {
        Shown::Count(known) => known == count,
        Shown::Under10 => (1..10).contains(&count),
        Shown::Hidden => true,
    }
}

/// Every value that each cell of a table of two months can have, by trying all of them.
fn values_that_fit(shown: &[[Shown; 3]], most: u32) -> Vec<[std::collections::BTreeSet<u32>; 3]> {
    let mut values = vec![<[std::collections::BTreeSet<u32>; 3]>::default(); 3];
    let fitting = |cell: Shown| (0..=most).filter(move |count| may_be(cell, *count));
    for a in fitting(shown[0][0]) {
        for b in fitting(shown[0][1]).filter(|b| may_be(shown[0][2], a + b)) {
            for c in fitting(shown[1][0]).filter(|c| may_be(shown[2][0], a + c)) {
                for d in fitting(shown[1][1]) {
                    let table = [[a, b, a + b], [c, d, c + d], [a + c, b + d, a + b + c + d]];
                    let fits = (0..9).all(|at| may_be(shown[at / 3][at % 3], table[at / 3][at % 3]));
                    if fits {
                        (0..9).for_each(|at| {
                            values[at / 3][at % 3].insert(table[at / 3][at % 3]);
                        });
                    }
                }
            }
        }
    }
    values
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_hidden_has_two_values_that_fit(cells in proptest::array::uniform4(prop_oneof![Just(0_u32), 1_u32..10, 8_u32..22])) {
        let [a, b, c, d] = cells;
        let shown = printed(table(&[(a, b), (c, d)]));
        let values = values_that_fit(&shown, 30);
        for at in 0..9 {
            let cell = shown[at / 3][at % 3];
            prop_assert!(matches!(cell, Shown::Count(_)) || values[at / 3][at % 3].len() >= 2, "{cell:?} at {at} of {shown:?}");
        }
        let true_counts = [a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d];
        for (at, count) in true_counts.into_iter().enumerate() {
            prop_assert!(may_be(shown[at / 3][at % 3], count));
            prop_assert!(!(1..10).contains(&count) || shown[at / 3][at % 3] == Shown::Under10);
        }
    }
}

#[test]
fn months_and_their_year_do_not_tell_the_small_month() {
    // 50 and 60 and a small month with a year of 113 would give 3.
    let shown = printed(table(&[(20, 30), (25, 35), (1, 2)]));
    let hidden_totals = shown.iter().filter(|line| !matches!(line[2], Shown::Count(_))).count();
    assert!(hidden_totals >= 2, "{shown:?}");
    assert_eq!(shown[3][2], Shown::Count(113), "the headline stands");
    assert_eq!(shown[2], [Shown::Under10; 3]);
}

#[test]
fn two_nines_are_not_told_by_their_sum() {
    let shown = printed(table(&[(9, 9), (40, 50)]));
    let values = values_that_fit(&shown, 120);
    assert!(values[0][0].len() >= 2 && values[0][1].len() >= 2, "{shown:?}");
}

#[test]
fn a_year_without_small_counts_is_shown_whole() {
    let shown = printed(table(&[(10, 0), (0, 12), (100, 30)]));
    assert!(
        shown.iter().flatten().all(|cell| matches!(cell, Shown::Count(_))),
        "{shown:?}"
    );
}
