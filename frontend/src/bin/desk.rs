//! Entry of the desk in the browser.

fn main() {}
