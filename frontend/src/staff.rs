//! Pages of staff before they are signed in: signing in, enrolling, and why something cannot be shown.
//!
//! Promises: plain forms that work without any script and that password managers understand. Rendered by the server only,
//! never brought to life. Not here: the desk and the reports.

mod enrol;
mod sign_in;

use crate::page::{
    City, Notice,
    staff::{StaffPage, StaffView},
};
use leptos::prelude::*;

/// Any page of staff around signing in.
#[must_use]
pub fn staff_page(page: StaffPage) -> impl IntoView {
    let StaffPage { city, view } = page;
    let content = match view {
        StaffView::SignIn(model) => sign_in::sign_in(&city, model).into_any(),
        StaffView::Enrol(model) => enrol::enrol(&city, model).into_any(),
        StaffView::Notice(model) => notice(model).into_any(),
    };
    view! {
        {masthead(&city)}
        <main class="gate">{content}</main>
    }
}

fn masthead(city: &City) -> impl IntoView + use<> {
    let demo = city.demo.then(|| view! { <span class="chip demo">"デモ"</span> });
    view! {
        <header class="top">
            <div class="row">
                <span class="crest" aria-hidden="true"></span>
                <div>
                    <b>{city.service_name.clone()}</b>
                    <div class="fine">{city.name.clone()}</div>
                </div>
            </div>
            {demo}
        </header>
    }
}

/// What went wrong with the form, read out at once.
fn fault_bar(fault: Option<String>) -> impl IntoView {
    fault.map(|text| {
        view! {
            <div class="bar-note red" role="alert" id="fault">
                <span class="mark" aria-hidden="true">"!"</span>
                <div><b>{text}</b></div>
            </div>
        }
    })
}

fn notice(model: Notice) -> impl IntoView {
    let link = model
        .link
        .map(|(path, words)| view! { <a class="btn line block" href=path>{words}</a> });
    let at = format!("{} {}", model.at.date_text(), model.at.clock());
    view! {
        <section class="card stack">
            <h1>{model.title}</h1>
            <p>{model.text}</p>
            {link}
            <p class="fine num">{model.code}" ・ "{at}</p>
        </section>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::page::staff::{Enrol, SignIn};
    use signaling::time::At;

    fn html(view: StaffView) -> String {
        let city = City {
            name: "日野市".into(),
            service_name: "ひの子育て相談".into(),
            demo: true,
        };
        staff_page(StaffPage { city, view }).into_view().to_html()
    }

    #[test]
    fn a_password_manager_finds_its_fields_and_a_screen_reader_their_names() {
        let html = html(StaffView::SignIn(SignIn::default()));
        for (id, words, complete) in [
            ("login", "ログイン名", "username"),
            ("password", "パスワード", "current-password"),
            ("code", "確認コード（6桁）", "one-time-code"),
        ] {
            assert!(html.contains(&format!("<label for=\"{id}\">{words}</label>")), "{html}");
            assert!(html.contains(&format!("autocomplete=\"{complete}\"")), "{html}");
        }
        assert!(html.contains("action=\"/staff/sign-in\"") && html.contains("method=\"post\""));
        assert!(html.contains("サインイン</button>") && html.contains("デモ"));
    }

    #[test]
    fn what_was_typed_comes_back_escaped_and_the_fault_is_read_out() {
        let model = SignIn {
            login: "\"><script>".into(),
            fault: Some("違います <b>".into()),
            hint: None,
            command: None,
        };
        let html = html(StaffView::SignIn(model));
        assert!(!html.contains("<script>") && !html.contains("違います <b>"), "{html}");
        assert!(html.contains("role=\"alert\"") && html.contains("aria-describedby=\"fault\""));
    }

    #[test]
    fn the_authenticators_secret_can_be_scanned_or_typed() {
        let html = html(StaffView::Enrol(Enrol {
            action: "/staff/enrol/token".into(),
            name: "佐藤 医師".into(),
            qr_svg: "<svg id=\"qr\"></svg>".into(),
            secret: "ABCDEFGHIJKLMNOP".into(),
            fault: None,
            command: None,
        }));
        assert!(
            html.contains("<svg id=\"qr\"></svg>") && html.contains("ABCD EFGH IJKL MNOP"),
            "{html}"
        );
        assert!(html.contains("autocomplete=\"new-password\"") && html.contains("minlength=\"12\""));
    }

    #[test]
    fn a_notice_says_what_to_do_next() {
        let html = html(StaffView::Notice(Notice {
            status: 410,
            code: "enrolment_ended".into(),
            title: "この登録リンクは使えません".into(),
            text: "新しいリンクを頼んでください。".into(),
            link: Some(("/staff/sign-in".into(), "サインイン".into())),
            at: At(0),
        }));
        assert!(
            html.contains("href=\"/staff/sign-in\"") && html.contains("1970-01-01 09:00"),
            "{html}"
        );
    }
}
