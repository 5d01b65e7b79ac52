//! What a device refuses, in words that say what to do. Pure, so that every sentence can be read in a test.

use signaling::call::cause::CallCause;

/// Why camera or microphone are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaFault {
    /// The person, or a setting, said no.
    Refused,
    /// There is none.
    NoDevice,
    /// Another app has it.
    InUse,
    /// The page did not come over https.
    Insecure,
    /// The browser inside of an app, which may not use them.
    InAppBrowser,
    /// The browser cannot make calls.
    Unsupported,
    /// Something else.
    Other,
}

impl MediaFault {
    /// From the name of the `DOMException` that `getUserMedia` throws (W3C Media Capture §10.2).
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "NotAllowedError" | "PermissionDeniedError" => Self::Refused,
            "NotFoundError" | "DevicesNotFoundError" | "OverconstrainedError" => Self::NoDevice,
            "NotReadableError" | "TrackStartError" | "AbortError" => Self::InUse,
            "SecurityError" => Self::Insecure,
            _ => Self::Other,
        }
    }

    /// The class under which it is counted.
    #[must_use]
    pub fn cause(self) -> CallCause {
        match self {
            Self::Refused => CallCause::Permission,
            Self::NoDevice | Self::InUse => CallCause::NoDevice,
            Self::InAppBrowser => CallCause::InAppBrowser,
            Self::Insecure | Self::Unsupported | Self::Other => CallCause::Other,
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Refused => "カメラとマイクの使用が許可されていません",
            Self::NoDevice => "カメラやマイクが見つかりません",
            Self::InUse => "カメラやマイクを、ほかのアプリが使っています",
            Self::Insecure => "このページの開き方では、通話ができません",
            Self::InAppBrowser => "このアプリの中の画面では、通話ができません",
            Self::Unsupported => "このブラウザは、通話に対応していません",
            Self::Other => "カメラやマイクを使えませんでした",
        }
    }

    /// What to do, in this browser.
    #[must_use]
    pub fn advice(self, browser: Browser) -> &'static str {
        match self {
            Self::Refused => browser.permission_advice(),
            Self::NoDevice => {
                "つながっているか確かめて、もう一度お試しください。音声だけ、または聞くだけでも話せます。"
            }
            Self::InUse => "ほかの通話アプリやカメラを閉じて、もう一度お試しください。",
            Self::Insecure => "アドレスが https:// で始まるリンクから開き直してください。チャットはこのまま使えます。",
            Self::InAppBrowser => {
                "「ブラウザで開く」を押すと、ふだんのブラウザで続けられます。順番と内容はそのままです。チャットはこのまま使えます。"
            }
            Self::Unsupported => "Safari や Chrome の新しい版で開くと通話できます。チャットはこのまま使えます。",
            Self::Other => "ページを読み込み直して、もう一度お試しください。チャットはこのまま使えます。",
        }
    }

    /// The way to it, press by press, where somebody said no. Read from the browsers' own help pages.
    #[must_use]
    pub fn steps(self, browser: Browser) -> &'static [&'static str] {
        match self {
            Self::Refused => browser.permission_steps(),
            _ => &[],
        }
    }

    /// Whether trying again in this browser can help.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(self, Self::Refused | Self::NoDevice | Self::InUse | Self::Other)
    }

    /// Whether the call itself works here, so that one can at least listen.
    #[must_use]
    pub fn can_listen(self) -> bool {
        self.can_retry()
    }
}

/// The kinds of browser that ask for permission in different places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Inside of LINE.
    Line,
    /// Inside of another app (Instagram, Facebook, Yahoo! …).
    InApp,
    /// Safari on iPhone and iPad.
    IosSafari,
    /// Chrome, Edge or Firefox on iPhone and iPad.
    IosOther,
    /// Chrome and its kin on Android.
    Android,
    /// Firefox on a computer or on Android.
    Firefox,
    /// Safari on a Mac.
    MacSafari,
    /// Chrome or Edge on a computer, and everything else.
    Desktop,
}

impl Browser {
    /// From the User-Agent text.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let says = |word: &str| user_agent.contains(word);
        let ios = says("iPhone") || says("iPad") || says("iPod");
        if says(" Line/") || user_agent.starts_with("Line/") {
            Self::Line
        } else if ["FBAN", "FBAV", "Instagram", "YJApp", "; wv)", "GSA/", "MicroMessenger"]
            .into_iter()
            .any(says)
        {
            Self::InApp
        } else if ios && ["CriOS", "FxiOS", "EdgiOS"].into_iter().any(says) {
            Self::IosOther
        } else if ios {
            Self::IosSafari
        } else if says("Firefox/") {
            Self::Firefox
        } else if says("Android") {
            Self::Android
        } else if says("Safari/") && !says("Chrome/") && !says("Chromium/") {
            Self::MacSafari
        } else {
            Self::Desktop
        }
    }

    /// Whether this is the screen of an app.
    #[must_use]
    pub fn is_in_app(self) -> bool {
        matches!(self, Self::Line | Self::InApp)
    }

    fn permission_steps(self) -> &'static [&'static str] {
        match self {
            Self::Line => &[
                "スマートフォンの「設定」で「LINE」を開きます",
                "「カメラ」と「マイク」をオンにします",
                "この画面にもどり、「もう一度確かめる」を押します",
            ],
            Self::InApp => &[
                "スマートフォンの「設定」で、いま使っているアプリを開きます",
                "「カメラ」と「マイク」を許可します",
                "この画面にもどり、「もう一度確かめる」を押します",
            ],
            Self::IosSafari => &[
                "アドレス欄の「ぁあ」または四角い印を押します",
                "「Webサイトの設定」を開き、「カメラ」と「マイク」を「許可」にします",
                "「完了」を押して、「もう一度確かめる」を押します",
            ],
            Self::IosOther => &[
                "iPhoneの「設定」で、このブラウザの名前を開きます",
                "「カメラ」と「マイク」をオンにします",
                "この画面にもどり、「もう一度確かめる」を押します",
            ],
            Self::Android => &[
                "アドレスの左の印を押します",
                "「権限」を開き、「カメラ」と「マイク」をオンにします",
                "この画面にもどり、「もう一度確かめる」を押します",
            ],
            Self::Firefox => &[
                "アドレスの左にある、線の引かれたカメラやマイクの印を押します",
                "「ブロック」の横の「×」を押します",
                "「もう一度確かめる」を押し、「許可する」を選びます",
            ],
            Self::MacSafari => &[
                "画面上のメニューの「Safari」から「このWebサイトの設定」を開きます",
                "「カメラ」と「マイク」を「許可」にします",
                "「もう一度確かめる」を押します",
            ],
            Self::Desktop => &[
                "アドレスの左の印を押します",
                "「カメラ」と「マイク」をオンにします",
                "「もう一度確かめる」を押します",
            ],
        }
    }

    fn permission_advice(self) -> &'static str {
        match self {
            Self::Line | Self::InApp => {
                "端末の設定で、このアプリにカメラとマイクを許可してください。「ブラウザで開く」でも続けられます。"
            }
            Self::IosSafari => {
                "画面の下（または上）のアドレス欄にあるページのメニューから「Webサイトの設定」を開き、カメラとマイクを「許可」にして、もう一度お試しください。"
            }
            Self::IosOther => {
                "iPhoneの「設定」でこのブラウザを選び、カメラとマイクをオンにして、もう一度お試しください。"
            }
            Self::Android => {
                "アドレスの左の印を押して「権限」を開き、カメラとマイクを許可して、もう一度お試しください。"
            }
            Self::Firefox => {
                "アドレスの左にあるカメラやマイクの印を押し、「ブロック」を取り消して、もう一度お試しください。"
            }
            Self::MacSafari => {
                "メニューの「Safari」から「このWebサイトの設定」を開き、カメラとマイクを「許可」にして、もう一度お試しください。"
            }
            Self::Desktop => "アドレスの左の印を押して、カメラとマイクを「許可」にし、もう一度お試しください。",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE_ON_IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari Line/14.19.2";
    const SAFARI_ON_IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
    const CHROME_ON_IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1";
    const CHROME_ON_ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
    const WEB_VIEW: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 7; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36";
    const SAFARI_ON_MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
    const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0";
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

    #[test]
    fn each_browser_is_told_where_its_own_permission_is() {
        let known = [
            (LINE_ON_IPHONE, Browser::Line),
            (SAFARI_ON_IPHONE, Browser::IosSafari),
            (CHROME_ON_IPHONE, Browser::IosOther),
            (CHROME_ON_ANDROID, Browser::Android),
            (WEB_VIEW, Browser::InApp),
            (SAFARI_ON_MAC, Browser::MacSafari),
            (EDGE, Browser::Desktop),
            (FIREFOX, Browser::Firefox),
        ];
        for (user_agent, browser) in known {
            assert_eq!(Browser::of(user_agent), browser, "{user_agent}");
        }
    }

    #[test]
    fn who_refused_is_shown_the_way_press_by_press_and_back_to_the_check() {
        for user_agent in [
            LINE_ON_IPHONE,
            SAFARI_ON_IPHONE,
            CHROME_ON_ANDROID,
            EDGE,
            FIREFOX,
            SAFARI_ON_MAC,
        ] {
            let steps = MediaFault::Refused.steps(Browser::of(user_agent));
            assert_eq!(steps.len(), 3, "{user_agent}");
            assert!(steps[2].contains("もう一度確かめる"), "{user_agent}");
            assert!(steps.iter().all(|step| !step.ends_with('。')), "{user_agent}");
        }
        assert!(MediaFault::NoDevice.steps(Browser::Android).is_empty());
    }

    #[test]
    fn every_refusal_of_a_device_says_what_to_do_next() {
        let names = [
            "NotAllowedError",
            "NotFoundError",
            "NotReadableError",
            "SecurityError",
            "TypeError",
        ];
        for fault in names
            .map(MediaFault::of)
            .into_iter()
            .chain([MediaFault::InAppBrowser, MediaFault::Unsupported])
        {
            let advice = fault.advice(Browser::Android);
            assert!(advice.ends_with('。'), "{advice}");
            assert!(
                fault.can_retry() == advice.contains("お試し") || advice.contains("話せます"),
                "{advice}"
            );
            assert!(
                fault.can_retry() || advice.contains("チャット"),
                "there is always chat: {advice}"
            );
        }
    }
}
