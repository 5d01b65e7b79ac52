//! Builds again when a migration is added: `sqlx::migrate!` cannot ask for that itself.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
