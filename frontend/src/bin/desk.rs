//! Entry of the desk in the browser: takes over the page that the server rendered, from the same model.
//!
//! Pages of staff without a desk in them (reports, signing in) load nothing of this.

use frontend::{
    desk::desk_page,
    page::desk::DeskPage,
    shell::{bring_to_life, model},
};

fn main() {
    // Without a model the page stays what the server made of it.
    if let Some(page) = model::<DeskPage>() {
        bring_to_life(move || desk_page(page));
    }
}
