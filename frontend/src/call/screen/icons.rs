//! The pictures on the controls, drawn here so that they look alike on every phone. Decoration: every control has a word.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    Microphone,
    Camera,
    Flip,
    Light,
    Chat,
    Enlarge,
    Headphones,
    Phone,
    HangUp,
    Hold,
}

impl Icon {
    /// Lines on a field of 24 by 24.
    fn path(self) -> &'static str {
        match self {
            Self::Microphone => {
                "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M8.5 21h7"
            }
            Self::Camera => "M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zM15 11l6-3.5v9L15 13",
            Self::Flip => "M4 11a8 8 0 0 1 14-4.5L20 9M20 4v5h-5M20 13a8 8 0 0 1-14 4.5L4 15M4 20v-5h5",
            Self::Light => "M9 3h6v4l-2 3v9a1 1 0 0 1-2 0v-9L9 7zM9 7h6M12 13v2",
            Self::Chat => "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5",
            Self::Enlarge => "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
            Self::Headphones => "M4 18v-5a8 8 0 0 1 16 0v5M4 14h3v6H5a1 1 0 0 1-1-1zM20 14h-3v6h2a1 1 0 0 0 1-1z",
            Self::Phone => {
                "M6 3h3l1.5 5-2 1.5a12 12 0 0 0 6 6l1.5-2 5 1.5v3a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z"
            }
            Self::Hold => "M9 5v14M15 5v14",
            Self::HangUp => {
                "M3 14v-1.5C5 9 8.5 8 12 8s7 1 9 4.5V14a1 1 0 0 1-1.3 1L16 13.8v-2.6a14 14 0 0 0-8 0v2.6L4.3 15A1 1 0 0 1 3 14z"
            }
        }
    }
}

pub(super) fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" fill="none"
            stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"
        >
            <path d=icon.path()></path>
        </svg>
    }
}
