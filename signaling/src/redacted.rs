//! `Debug` that shows which thing it is and never what somebody wrote, ticked or keeps secret.
//!
//! A log line, a panic's message or a failed assertion prints `Debug`; derived, it prints everything. Types that hold health
//! data or secrets say with [`redacted_debug!`](crate::redacted_debug) what may be shown (ids, kinds, numbers); a single
//! secret value stands in a [`Redacted`]. Types made of such types may derive. `cargo xtask check` refuses a derived `Debug`
//! beside a field whose name says that it holds such text.
//!
//! Not here: what is encrypted at rest, which is the storage's matter.

use std::fmt;

/// Something that must not be printed. Debug and Display show `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Hides `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub fn reveal(&self) -> &T {
        &self.0
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Implements `Debug` for a type that holds what must not be printed.
///
/// `redacted_debug!(Note { disposed_at })` shows the named fields and `..`; with no fields it fits an enum as well.
/// `redacted_debug!(Command: Claim, Say)` shows the name of the variant; all must be listed, so that a new one is thought of.
#[macro_export]
macro_rules! redacted_debug {
    ($type:ident { $($shown:ident),* $(,)? }) => {
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($shown), &self.$shown))*.finish_non_exhaustive()
            }
        }
    };
    ($type:ident: $($variant:ident),+ $(,)?) => {
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let name = match self {
                    $(Self::$variant { .. } => concat!(stringify!($type), "::", stringify!($variant)),)+
                };
                f.debug_struct(name).finish_non_exhaustive()
            }
        }
    };
}
