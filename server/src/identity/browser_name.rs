//! What a family reads of its devices: 「iPhone・Safari」. The browser's own description is never stored; it is long,
//! tells people apart and nobody needs it.

use axum::http::{HeaderMap, header};
use signaling::call::agent::BrowserFamily;

/// The app that shows its pages itself, where a request comes out of one.
#[must_use]
pub fn in_app(headers: &HeaderMap) -> Option<BrowserFamily> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(BrowserFamily::of(agent)).filter(|family| family.is_in_app())
}

/// The name of the device and browser that a `User-Agent` header describes.
#[must_use]
pub fn browser_name(user_agent: &str) -> String {
    format!("{}・{}", device(user_agent), browser(user_agent))
}

fn device(agent: &str) -> &'static str {
    let known = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    ];
    known
        .iter()
        .find(|(sign, _)| agent.contains(sign))
        .map_or("端末", |(_, name)| name)
}

fn browser(agent: &str) -> &'static str {
    // Order matters: most browsers also claim to be Chrome, and all of them to be Safari.
    let known = [
        ("Line/", "LINE"),
        ("EdgiOS/", "Edge"),
        ("EdgA/", "Edge"),
        ("Edg/", "Edge"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("SamsungBrowser/", "Samsung"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    known
        .iter()
        .find(|(sign, _)| agent.contains(sign))
        .map_or("ブラウザ", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_recognises_its_devices() {
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        assert_eq!(
            browser_name(&format!("{iphone} Version/18.0 Mobile/15E148 Safari/604.1")),
            "iPhone・Safari"
        );
        assert_eq!(
            browser_name(&format!("{iphone} Mobile/15E148 Safari Line/14.0.0")),
            "iPhone・LINE"
        );
        let pixel = "Mozilla/5.0 (Linux; Android 15; Pixel 7) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36";
        assert_eq!(browser_name(pixel), "Android・Chrome");
        assert_eq!(browser_name(&format!("{pixel} EdgA/141.0")), "Android・Edge");
        assert_eq!(browser_name(""), "端末・ブラウザ");
    }
}
