//! Identities. Each is a type of its own, so that a guardian's id cannot be handed where a consultation's is meant.
//!
//! Ids are made by the caller (server: UUID version 7 from its clock module; browser: version 4 from the platform's
//! random source) and travel as lower-case hyphenated text.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

identity!(
    /// One consultation: one thread of one family about one worry (FHIR R4 Encounter in exports).
    ConsultationId
);
identity!(
    /// The parent who asks. One device credential is one guardian; devices join by transfer code.
    GuardianId
);
identity!(
    /// A member of staff: clinician, supervisor, city viewer or administrator.
    StaffId
);
identity!(
    /// Made by whoever sends a command. The same id from the same actor takes effect once.
    CommandId
);

identity!(
    /// One photo inside its consultation. Made by whoever sends it; the same id sent again is the same photo.
    PhotoId
);

/// The number of an event inside its consultation: 1, 2, 3 … without gaps. 0 means "before the first".
pub type Seq = u64;

/// The tenant: a short name in lower-case ASCII letters, digits and hyphens ("hino").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityId(String);

impl MunicipalityId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MunicipalityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<MunicipalityId> for String {
    fn from(id: MunicipalityId) -> Self {
        id.0
    }
}

impl TryFrom<String> for MunicipalityId {
    type Error = InvalidMunicipality;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = !text.is_empty()
            && text.len() <= 40
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text)) } else { Err(InvalidMunicipality) }
    }
}

impl FromStr for MunicipalityId {
    type Err = InvalidMunicipality;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

/// The text is not a municipality's short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a municipality is 1 to 40 lower-case letters, digits or hyphens")]
pub struct InvalidMunicipality;
