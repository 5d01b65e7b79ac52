//! Entry of 「カメラと音の確認」 in the browser, for families and for the desk. Its code is in no other page's bytes.

use frontend::{
    call::check::check_page,
    page::check::CheckPage,
    shell::{bring_to_life, model},
};

fn main() {
    // Without a model the page stays what the server made of it.
    if let Some(page) = model::<CheckPage>() {
        bring_to_life(move || check_page(page));
    }
}
