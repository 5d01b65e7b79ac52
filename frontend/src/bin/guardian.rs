//! Entry of the family's pages in the browser: what the ticket needs, and the way to the call, which is loaded later.

use frontend::call::part::{self, Asked, Part};
use leptos::prelude::AnyView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Where the part `call` begins.
#[wasm_split(call, fallible, preload(fetch))]
fn show(asked: Asked) -> Result<AnyView, SplitLoaderError> {
    Ok(part::show(asked))
}

fn main() {
    frontend::guardian::start(Part {
        fetch: || Box::pin(async { fetch().await.is_ok() }),
        show: |asked| Box::pin(async { show(asked).await.ok() }),
    });
}
