//! Figures as they are printed: a median beside a 99th percentile, ours beside a floor measured in the same run.

use serde::Serialize;

/// One row of the table: what the product needs beside what the machine needs for the same without it.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// `ms`, `kB`, `/s`.
    pub unit: &'static str,
    /// The product.
    pub ours: f64,
    /// The floor, where there is one.
    pub floor: Option<f64>,
    /// With how many, where the same is measured with more as well: `1,000 families, 100 desks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
}

impl Figure {
    /// One without a floor.
    #[must_use]
    pub fn plain(what: &str, unit: &'static str, ours: f64) -> Self {
        Self {
            what: what.to_owned(),
            unit,
            ours,
            floor: None,
            with: None,
        }
    }

    /// Prints it as a line of JSON, for the table.
    ///
    /// # Errors
    /// Nobody reads.
    pub fn print(&self) -> std::io::Result<()> {
        use std::io::Write;
        let line = serde_json::to_string(self)?;
        writeln!(std::io::stdout(), "{line}")
    }
}

/// Many measurements of one thing.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// From microseconds to milliseconds.
    pub fn of_micros(micros: impl IntoIterator<Item = u64>) -> Self {
        let mut values: Vec<f64> = micros
            .into_iter()
            .map(|micros| std::time::Duration::from_micros(micros).as_secs_f64() * 1000.0)
            .collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value below which so many of a hundred are; not a number when nothing was measured.
    #[must_use]
    pub fn percentile(&self, hundredths: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * hundredths / 100).copied().unwrap_or(f64::NAN)
    }

    /// Two rows, median and 99th percentile, beside the same of a floor.
    #[must_use]
    pub fn beside(&self, what: &str, floor: &Self) -> [Figure; 2] {
        [("p50", 50), ("p99", 99)].map(|(name, hundredths)| Figure {
            what: format!("{what}, {name} of {}", self.len()),
            unit: "ms",
            ours: self.percentile(hundredths),
            floor: (!floor.is_empty()).then(|| floor.percentile(hundredths)),
            with: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn percentiles_are_measured_values() {
        let sample = Sample::of_micros((1..=101).rev().map(|n| n * 1000));
        assert_eq!(sample.percentile(50), 51.0);
        assert_eq!(sample.percentile(99), 100.0);
        assert!(Sample::default().percentile(50).is_nan());
    }
}
