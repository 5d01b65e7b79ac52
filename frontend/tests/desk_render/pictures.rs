//! Pages as files, to look at.

use std::{fs, path::Path};

/// Writes a page with its styles, where a directory is named.
pub(crate) fn keep(name: &str, body: &str) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch for people who look at pages, read by tests only"
    )]
    let Ok(directory) = std::env::var("DESK_PICTURES") else {
        return;
    };
    let css = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/css");
    let styles: String = ["common", "desk"]
        .into_iter()
        .map(|part| all_of(&css.join(part)))
        .collect();
    let html = format!(
        "<!DOCTYPE html><html lang=\"ja\" class=\"staff\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{name}</title><style>{styles}</style></head>\
         <body><div id=\"app\">{body}</div></body></html>"
    );
    fs::create_dir_all(&directory).expect("the directory can be made");
    fs::write(Path::new(&directory).join(format!("{name}.html")), html).expect("the page can be written");
}

/// Writes a page's model beside it, for bringing it to life in a browser.
pub(crate) fn keep_model(name: &str, model: &impl serde::Serialize) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch for people who look at pages, read by tests only"
    )]
    let Ok(directory) = std::env::var("DESK_PICTURES") else {
        return;
    };
    let json = serde_json::to_string(model).expect("a model is JSON");
    fs::create_dir_all(&directory).expect("the directory can be made");
    fs::write(Path::new(&directory).join(format!("{name}.json")), json).expect("the model can be written");
}

fn all_of(directory: &Path) -> String {
    let mut files: Vec<_> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect()
}
