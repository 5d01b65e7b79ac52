//! Who began the handshake of a connection stays who began it, whoever offers later.
//!
//! Offers of a browser always leave the choice to the other side (`a=setup:actpass`, RFC 9429 §5.2.1), and whoever answers has
//! to choose the role that the association already has (RFC 8842 §5.3). Firefox chooses *active* every time (its bug 1240897),
//! and Chromium refuses an answer that would turn the roles round, so that a restart cost the pair its connection wherever
//! Firefox had made the first offer. So where the roles are known a later offer is applied without a choice: as if the other
//! side had named its own.

const ACTIVE: &str = "active";
const PASSIVE: &str = "passive";

/// The roles of one connection, once they are agreed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Roles {
    theirs: Option<&'static str>,
}

impl Roles {
    /// An answer of the other side. The first one holds.
    pub(super) fn answered_by_them(&mut self, sdp: &str) {
        self.theirs = self.theirs.or_else(|| role_in(sdp));
    }

    /// An answer of this side.
    pub(super) fn answered_by_us(&mut self, sdp: &str) {
        let mine = role_in(sdp);
        self.theirs = self
            .theirs
            .or(mine.map(|role| if role == ACTIVE { PASSIVE } else { ACTIVE }));
    }

    /// The other side's offer with its role named.
    #[must_use]
    pub(super) fn named_in(self, offer: String) -> String {
        match self.theirs {
            Some(role) => offer.replace("a=setup:actpass", &format!("a=setup:{role}")),
            None => offer,
        }
    }
}

/// The sections of an answer are bundled: they share one handshake.
fn role_in(answer: &str) -> Option<&'static str> {
    let said = answer.lines().find_map(|line| line.strip_prefix("a=setup:"))?;
    [ACTIVE, PASSIVE].into_iter().find(|role| *role == said.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=setup:actpass\r\nm=audio 9\r\na=setup:actpass\r\n";

    #[test]
    fn a_first_offer_is_applied_as_it_came() {
        assert_eq!(Roles::default().named_in(OFFER.to_owned()), OFFER);
    }

    #[test]
    fn the_first_answer_decides_whichever_side_gave_it() {
        let named = |role: &str| OFFER.replace("actpass", role);
        let mut roles = Roles::default();
        roles.answered_by_them("a=setup:active\r\n");
        assert_eq!(roles.named_in(OFFER.to_owned()), named("active"));
        roles.answered_by_us("a=setup:active\r\n");
        assert_eq!(roles.named_in(OFFER.to_owned()), named("active"));

        let mut roles = Roles::default();
        roles.answered_by_us("a=setup:active\r\n");
        assert_eq!(roles.named_in(OFFER.to_owned()), named("passive"));
    }

    #[test]
    fn an_answer_that_names_no_role_decides_nothing() {
        let mut roles = Roles::default();
        for sdp in ["", "a=setup:holdconn\r\n", "a=setup:\r\n"] {
            roles.answered_by_us(sdp);
            roles.answered_by_them(sdp);
        }
        assert_eq!(roles.named_in(OFFER.to_owned()), OFFER);
    }
}
