//! Entry of the family's pages in the browser.

fn main() {
    frontend::guardian::start();
}
