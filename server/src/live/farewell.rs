//! Last words: what a tab is told before its socket closes, and closing so that they arrive.
//!
//! Browsers do not show a page the status of a refused upgrade. A socket without a credential that stands is therefore
//! accepted, told so and closed, and a page can stop where connecting again would never help.

use axum::extract::ws::{Message, WebSocket};
use signaling::protocol::{ErrorCode, ServerFrame, Side};
use std::time::Duration;

/// How long a tab has to take its last frame and to close on its side.
const LONGEST: Duration = Duration::from_secs(2);

/// Why somebody whose credential is over may not stay.
pub(super) fn signed_out_words(side: Side) -> &'static str {
    match side {
        Side::Staff => "サインインの期限が切れました。",
        Side::Guardian => "この端末では、この相談を開けなくなりました。",
        Side::Guest => "この通話は終わったか、あなたは通話から外れました。",
    }
}

/// Tells a tab that it may not be here, and closes.
pub(super) async fn signed_out(mut stream: WebSocket, side: Side) {
    let frame = ServerFrame::Error {
        code: ErrorCode::SignedOut,
        text: signed_out_words(side).to_owned(),
        consultation: None,
        id: None,
    };
    match serde_json::to_string(&frame) {
        Ok(text) => {
            // A tab that is gone already needs no reason.
            let _ = tokio::time::timeout(LONGEST, stream.send(Message::Text(text.into()))).await;
        }
        Err(error) => tracing::error!(%error, "a frame cannot be written"),
    }
    close(stream).await;
}

/// Closes in both directions. What the tab still sends is read and dropped: a connection closed over unread bytes is reset,
/// and takes the last words with it.
pub(super) async fn close(mut stream: WebSocket) {
    let goodbye = async {
        if stream.send(Message::Close(None)).await.is_ok() {
            while let Some(Ok(_)) = stream.recv().await {}
        }
    };
    let _ = tokio::time::timeout(LONGEST, goodbye).await;
}
