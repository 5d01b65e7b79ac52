//! What a page that goes on without a socket asks of its connection. Who carries the commands then: [`crate::guardian`].

use super::{LinkState, Live, socket};
use leptos::prelude::*;
use signaling::{consultation::Command, id::CommandId, protocol::ClientFrame};

impl Live {
    /// Whether so many sockets failed in a row, without a `welcome`, that none can be expected here.
    pub(crate) fn is_blocked(&self) -> bool {
        self.with(|inner| inner.failures >= socket::FAILURES_OF_A_BLOCKED_WAY)
    }

    /// While no socket can be had: whether forms get through instead.
    pub(crate) fn forms_get_through(&self, reached: bool) {
        if self.is_blocked() && self.state.get_untracked() != LinkState::SignedOut {
            self.state
                .set(if reached { LinkState::ByForms } else { LinkState::Lost });
        }
    }

    /// Commands that nobody has answered yet, oldest first.
    pub(crate) fn unanswered(&self) -> Vec<(CommandId, Command)> {
        self.with(|inner| {
            let commands = inner.pending.iter().filter_map(|pending| match &pending.frame {
                ClientFrame::Command { id, command, .. } => Some((*id, command.clone())),
                _ => None,
            });
            commands.collect()
        })
    }
}
