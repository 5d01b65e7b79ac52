//! The wire format held still: golden files for every frame, PROTOCOL.md against the types, and hostile input.
//!
//! A golden file is one frame as it travels, on one line. [`values`] makes the same frames in code, so that each file is
//! read to its value and written back to the same bytes.

mod document;
mod golden;
mod hostile;
mod kinds;
mod newer;
mod printing;
mod values;

use super::{ClientFrame, ServerFrame};
use crate::consultation::WireEvent;
use std::{collections::BTreeMap, path::Path};

/// One frame, or one event as it stands inside an `events` frame.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Client(ClientFrame),
    Server(ServerFrame),
    Event(WireEvent),
}

impl Value {
    fn written(&self) -> String {
        match self {
            Self::Client(frame) => serde_json::to_string(frame),
            Self::Server(frame) => serde_json::to_string(frame),
            Self::Event(event) => serde_json::to_string(event),
        }
        .expect("it is written")
    }

    /// Reads `text` as what this value is.
    fn read_alike(&self, text: &str) -> Self {
        match self {
            Self::Client(_) => Self::Client(ClientFrame::from_text(text).expect("a frame of a tab")),
            Self::Server(_) => Self::Server(ServerFrame::from_text(text).expect("a frame of the server")),
            Self::Event(_) => Self::Event(serde_json::from_str(text).expect("an event")),
        }
    }
}

/// All golden files: name without `.json` → its one line.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/frames");
    std::fs::read_dir(folder)
        .expect("golden files")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("it is read");
            (name, text.trim_end().to_owned())
        })
        .collect()
}
