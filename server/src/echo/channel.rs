//! What happens on the data channel: every packet goes back with a count in front.

use bytes::BytesMut;
use signaling::{check, limits};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Notify;
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent},
    peer_connection::{PeerConnectionEventHandler, RTCPeerConnectionState},
};

/// Listens to one connection; `over` is told when nothing more can come.
pub(super) struct Echoing {
    over: Arc<Notify>,
    has_channel: AtomicBool,
}

impl Echoing {
    pub(super) fn new(over: Arc<Notify>) -> Self {
        let has_channel = AtomicBool::new(false);
        Self { over, has_channel }
    }
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Echoing {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        if matches!(state, RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed) {
            self.over.notify_one();
        }
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        if self.has_channel.swap(true, Ordering::Relaxed) {
            // One was offered; more are nobody's.
            self.over.notify_one();
            return;
        }
        let over = Arc::clone(&self.over);
        tokio::spawn(async move {
            echo(channel.as_ref()).await;
            over.notify_one();
        });
    }
}

/// Until the channel closes or more has come than a check sends.
async fn echo(channel: &dyn DataChannel) {
    let mut arrived = 0;
    while let Some(event) = channel.poll().await {
        match event {
            DataChannelEvent::OnMessage(message) => {
                arrived += 1;
                if arrived > limits::CHECK_PACKETS {
                    return;
                }
                if let Some(echo) = check::echoed(arrived, &message.data) {
                    // What does not fit is lost, as on any way.
                    let _ = channel.try_send(BytesMut::from(&echo[..])).await;
                }
            }
            DataChannelEvent::OnError | DataChannelEvent::OnClosing | DataChannelEvent::OnClose => return,
            _ => {}
        }
    }
}
