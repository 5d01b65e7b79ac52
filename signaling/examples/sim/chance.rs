//! Chance that can be told again: numbers from a seed, and the few distributions that the city needs.
//!
//! SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): some lines, no dependency, and
//! the same numbers everywhere.

/// A seeded source of numbers.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1, never either of them.
    pub(crate) fn share(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// One of these, each as often as its weight says.
    pub(crate) fn pick<T: Copy>(&mut self, weighed: &[(T, f64)]) -> T {
        let all: f64 = weighed.iter().map(|(_, weight)| weight).sum();
        let mut left = self.share() * all;
        for (one, weight) in weighed {
            left -= weight;
            if left < 0.0 {
                return *one;
            }
        }
        weighed[weighed.len() - 1].0
    }

    /// How many come where `mean` come on average (Poisson, by counting exponential gaps).
    pub(crate) fn count(&mut self, mean: f64) -> usize {
        let (mut count, mut sum) = (0, -self.share().ln());
        while sum < mean {
            count += 1;
            sum -= self.share().ln();
        }
        count
    }

    /// Around `median`, with the spread `sigma` of its logarithm (log-normal; Box and Muller 1958).
    pub(crate) fn around(&mut self, median: f64, sigma: f64) -> f64 {
        let (radius, angle) = ((-2.0 * self.share().ln()).sqrt(), std::f64::consts::TAU * self.share());
        median * (sigma * radius * angle.cos()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chance_gives_has_the_mean_that_was_asked_for() {
        let mut chance = Chance::new(7);
        let mean = |of: &mut dyn FnMut() -> f64| (0..20_000).map(|_| of()).sum::<f64>() / 20_000.0;
        assert!((mean(&mut || chance.share()) - 0.5).abs() < 0.01);
        assert!((mean(&mut || chance.count(4.0) as f64) - 4.0).abs() < 0.1);
        let mut lengths: Vec<f64> = (0..20_000).map(|_| chance.around(10.0, 0.6)).collect();
        lengths.sort_by(f64::total_cmp);
        assert!((lengths[10_000] - 10.0).abs() < 0.3, "half are shorter");
    }
}
