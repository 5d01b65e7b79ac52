//! Entry of the family's pages in the browser: what the ticket needs, and the way to the call, which is loaded later.

use frontend::{
    call::part::{self, Asked, Part},
    guardian::later::{self, Forms},
};
use leptos::prelude::AnyView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::HtmlFormElement;

/// Where the part `call` begins.
#[wasm_split(call, fallible, preload(fetch))]
fn show(asked: Asked) -> Result<AnyView, SplitLoaderError> {
    Ok(part::show(asked))
}

/// The ticket's forms, in the same part.
#[wasm_split(call, fallible)]
fn listen(forms: Forms) -> Result<(), SplitLoaderError> {
    later::bring_to_life(forms);
    Ok(())
}

/// The photos of an intake, in the same part.
#[wasm_split(call, fallible)]
fn attach(form: HtmlFormElement) -> Result<(), SplitLoaderError> {
    later::attach_photos(&form);
    Ok(())
}

fn main() {
    frontend::guardian::start(Part {
        fetch: || Box::pin(async { fetch().await.is_ok() }),
        show: |asked| Box::pin(async { show(asked).await.ok() }),
        attach: |form| Box::pin(async move { attach(form).await.is_ok() }),
        listen: |forms| Box::pin(async move { listen(forms).await.is_ok() }),
    });
}
