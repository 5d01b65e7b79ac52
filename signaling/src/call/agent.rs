//! On what and in what somebody calls: two coded words, and never the text that a browser sends of itself.

use crate::intake::coded;

coded!(
    /// The kind of machine.
    DeviceKind {
        Phone = "phone", "スマートフォン";
        Tablet = "tablet", "タブレット";
        Computer = "computer", "パソコン";
    }
);

coded!(
    /// The family of the browser.
    BrowserFamily {
        Line = "line", "LINE";
        InApp = "in_app", "アプリの中のブラウザ";
        Safari = "safari", "Safari";
        Chrome = "chrome", "Chrome";
        Edge = "edge", "Edge";
        Firefox = "firefox", "Firefox";
        Other = "other", "そのほかのブラウザ";
    }
);

/// Words of browsers inside of apps: Facebook, Instagram, Yahoo! JAPAN, Android's web view, Google's app, WeChat.
const IN_APP: [&str; 7] = ["FBAN", "FBAV", "Instagram", "YJApp", "; wv)", "GSA/", "MicroMessenger"];

impl DeviceKind {
    /// From the User-Agent text. An iPad that asks for desktop pages says that it is a Mac.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let says = |word: &str| user_agent.contains(word);
        if says("iPad") || (says("Android") && !says("Mobile")) {
            Self::Tablet
        } else if says("iPhone") || says("iPod") || says("Android") {
            Self::Phone
        } else {
            Self::Computer
        }
    }

    /// Whether hiding the page may take its camera and microphone away.
    #[must_use]
    pub fn is_handheld(self) -> bool {
        matches!(self, Self::Phone | Self::Tablet)
    }
}

impl BrowserFamily {
    /// From the User-Agent text.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let says = |word: &str| user_agent.contains(word);
        let any = |words: &[&str]| words.iter().any(|word| says(word));
        if any(&[" Line/"]) || user_agent.starts_with("Line/") {
            Self::Line
        } else if any(&IN_APP) {
            Self::InApp
        } else if any(&["Edg/", "EdgA/", "EdgiOS/"]) {
            Self::Edge
        } else if any(&["Firefox/", "FxiOS/"]) {
            Self::Firefox
        } else if any(&["Chrome/", "Chromium/", "CriOS/"]) {
            Self::Chrome
        } else if says("Safari/") {
            Self::Safari
        } else {
            Self::Other
        }
    }

    /// Whether this is the screen of an app, which may have no camera to give.
    #[must_use]
    pub fn is_in_app(self) -> bool {
        matches!(self, Self::Line | Self::InApp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_say_of_themselves_becomes_two_words() {
        let known = [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari Line/14.19.2",
                DeviceKind::Phone,
                BrowserFamily::Line,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                DeviceKind::Phone,
                BrowserFamily::Safari,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
                DeviceKind::Tablet,
                BrowserFamily::Chrome,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 7; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36",
                DeviceKind::Phone,
                BrowserFamily::InApp,
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                DeviceKind::Tablet,
                BrowserFamily::Chrome,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                DeviceKind::Computer,
                BrowserFamily::Edge,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
                DeviceKind::Computer,
                BrowserFamily::Firefox,
            ),
            ("curl/8.5", DeviceKind::Computer, BrowserFamily::Other),
        ];
        for (user_agent, device, browser) in known {
            assert_eq!(DeviceKind::of(user_agent), device, "{user_agent}");
            assert_eq!(BrowserFamily::of(user_agent), browser, "{user_agent}");
        }
    }
}
