//! What a family finds on every page, as the server sends it: without script, and before script runs.
//!
//! With `PAGES_DIR=/some/dir` every sample is also written there as HTML with the styles, for looking at.
#![cfg(feature = "ssr")]

mod evening;
mod every_page;
mod pages;
mod samples;
mod ticket;

use frontend::{guardian::guardian_page, page::guardian::GuardianPage, shell};

/// The page's HTML, as the server sends it.
pub(crate) fn raw(page: GuardianPage) -> String {
    shell::rendered(|| guardian_page(page))
}

/// The page's HTML as a reader meets it.
pub(crate) fn html(page: GuardianPage) -> String {
    without_markers(&raw(page))
}

/// Hydration's own comments stand between pieces of text; a reader does not see them.
fn without_markers(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<!") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        rest = rest.split_once(end).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// The words of the document, hidden parts included.
pub(crate) fn text(html: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    out
}

#[track_caller]
pub(crate) fn shows(html: &str, sentences: &[&str]) {
    let read = text(html);
    for sentence in sentences {
        assert!(read.contains(sentence), "not on the page: {sentence}\n{read}");
    }
}

#[track_caller]
pub(crate) fn has(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(html.contains(piece), "not in the document: {piece}\n{html}");
    }
}

#[track_caller]
pub(crate) fn lacks(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(!html.contains(piece), "should not be in the document: {piece}");
    }
}
