//! Which counts the city's viewer is not shown, so that none below ten can be worked out from the others.
//!
//! Counts that add up are pipes of a network: at every joint as many consultations arrive as leave. A small count is told
//! by the rest exactly when no ring of pipes through it has room for one more or one fewer consultation in every pipe that
//! is not shown. So for each small count the cheapest such ring is found and hidden (complementary suppression); it stays
//! consistent with everything shown, which makes it a second answer that fits.
//!
//! Promises: after [`Network::masked`] every count that is not shown has at least two values that fit all that is shown.
//!
//! Not here: what a viewer learns by reading a running year on two days; counts that stand alone ([`super::alone`]).

use super::{SMALLEST_SHOWN, Shown};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Where counts meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joint(usize);

/// One count of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pipe(usize);

/// Counts that add up.
#[derive(Clone, Debug, Default)]
pub struct Network {
    joints: usize,
    pipes: Vec<Laid>,
}

#[derive(Clone, Debug)]
struct Laid {
    from: usize,
    to: usize,
    count: u32,
    /// What hiding it costs; nothing where it is on no page.
    cost: Option<u64>,
    shown: Shown,
    /// A small count here may not be told.
    guarded: bool,
}

/// A headline is hidden only when everything else was.
const HEADLINE_COST: u64 = 1 << 40;
/// See [`Network::elsewhere`].
const ELSEWHERE_COST: u64 = 1 << 50;

impl Network {
    /// A new joint.
    pub fn joint(&mut self) -> Joint {
        self.joints += 1;
        Joint(self.joints - 1)
    }

    /// A count that is printed.
    pub fn printed(&mut self, from: Joint, to: Joint, count: u32) -> Pipe {
        self.lay(from, to, count, Some(1 + u64::from(count)))
    }

    /// A count that is printed large: another is hidden instead wherever that helps.
    pub fn headline(&mut self, from: Joint, to: Joint, count: u32) -> Pipe {
        self.lay(from, to, count, Some(HEADLINE_COST + u64::from(count)))
    }

    /// A count that another page prints, which nothing here takes back.
    pub fn elsewhere(&mut self, from: Joint, to: Joint, count: u32) -> Pipe {
        self.lay(from, to, count, Some(ELSEWHERE_COST + u64::from(count)))
    }

    /// A count that is on no page, but is what remains of others; a small one must not be told.
    pub fn remainder(&mut self, from: Joint, to: Joint, count: u32) -> Pipe {
        self.lay(from, to, count, None)
    }

    /// What remains of others and tells nothing of anybody, however small.
    pub fn slack(&mut self, from: Joint, to: Joint, count: u32) -> Pipe {
        let pipe = self.remainder(from, to, count);
        self.pipes[pipe.0].guarded = false;
        pipe
    }

    fn lay(&mut self, from: Joint, to: Joint, count: u32, cost: Option<u64>) -> Pipe {
        let shown = match cost {
            None => Shown::Hidden,
            Some(_) => super::alone(count),
        };
        self.pipes.push(Laid {
            from: from.0,
            to: to.0,
            count,
            cost,
            shown,
            guarded: true,
        });
        Pipe(self.pipes.len() - 1)
    }

    /// Hides what must be hidden.
    #[must_use]
    pub fn masked(mut self) -> Masked {
        debug_assert!(self.adds_up(), "what flows into a joint flows out of it");
        for small in 0..self.pipes.len() {
            if self.pipes[small].guarded && super::is_small(self.pipes[small].count) {
                self.hide_ring_through(small);
            }
        }
        Masked(self.pipes.iter().map(|pipe| pipe.shown).collect())
    }

    fn hide_ring_through(&mut self, small: usize) {
        let (from, to) = (self.pipes[small].from, self.pipes[small].to);
        let more = self.can(small, 1).then(|| self.cheapest_way(to, from, small)).flatten();
        let fewer = self
            .can(small, -1)
            .then(|| self.cheapest_way(from, to, small))
            .flatten();
        let ring = [more, fewer].into_iter().flatten().min_by_key(|(cost, _)| *cost);
        for pipe in ring.map(|(_, pipes)| pipes).unwrap_or_default() {
            if let Shown::Count(_) = self.pipes[pipe].shown {
                self.pipes[pipe].shown = Shown::Hidden;
            }
        }
    }

    /// Whether somebody who knows only what is shown must reckon with one more (or one fewer) here; for a count that is
    /// still shown: whether they would have to, were it hidden.
    fn can(&self, pipe: usize, step: i64) -> bool {
        let pipe = &self.pipes[pipe];
        let changed = i64::from(pipe.count) + step;
        match pipe.shown {
            Shown::Under10 => (1..i64::from(SMALLEST_SHOWN)).contains(&changed),
            Shown::Hidden | Shown::Count(_) => changed >= 0,
        }
    }

    /// The pipes of the cheapest way from one joint to another, along pipes (one more) and against them (one fewer).
    fn cheapest_way(&self, from: usize, to: usize, without: usize) -> Option<(u64, Vec<usize>)> {
        let mut best = vec![u64::MAX; self.joints];
        let mut came_by: Vec<Option<(usize, usize)>> = vec![None; self.joints];
        let mut open = BinaryHeap::from([(Reverse(0), from)]);
        best[from] = 0;
        while let Some((Reverse(cost), here)) = open.pop() {
            if here == to {
                break;
            }
            for (index, pipe) in self.pipes.iter().enumerate().filter(|(index, _)| *index != without) {
                let next = match (pipe.from == here, pipe.to == here) {
                    (true, _) if self.can(index, 1) => pipe.to,
                    (_, true) if self.can(index, -1) => pipe.from,
                    _ => continue,
                };
                let hiding = match pipe.shown {
                    Shown::Count(_) => pipe.cost.unwrap_or(0),
                    Shown::Under10 | Shown::Hidden => 0,
                };
                if cost + hiding < best[next] {
                    best[next] = cost + hiding;
                    came_by[next] = Some((index, here));
                    open.push((Reverse(cost + hiding), next));
                }
            }
        }
        let mut pipes = Vec::new();
        let mut here = to;
        while here != from {
            let (pipe, before) = came_by[here]?;
            pipes.push(pipe);
            here = before;
        }
        Some((best[to], pipes))
    }

    fn adds_up(&self) -> bool {
        let mut balance = vec![0_i64; self.joints];
        for pipe in &self.pipes {
            balance[pipe.from] -= i64::from(pipe.count);
            balance[pipe.to] += i64::from(pipe.count);
        }
        balance.iter().all(|sum| *sum == 0)
    }
}

/// The counts as the city's viewer reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked(Vec<Shown>);

impl std::ops::Index<Pipe> for Masked {
    type Output = Shown;

    fn index(&self, pipe: Pipe) -> &Shown {
        &self.0[pipe.0]
    }
}
