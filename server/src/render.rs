//! Pages become documents: rendered by `frontend`, sent with a nonce of their own and the policy that goes with it.

use crate::{clock::World, security};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Json, Response},
};
use base64::Engine;
use frontend::{
    page::{
        City, Notice,
        check::CheckPage,
        desk::DeskPage,
        guardian::{GuardianPage, GuardianView, TicketStep},
        report::{ReportPage, ReportView},
        staff::{StaffPage, StaffView},
    },
    shell::{self, Files, Page},
};
use signaling::{actor::Staff, view::Standing, view::Thread};
use std::path::Path;

/// Makes the pages of handlers that know models only, and nothing of Leptos, styles and scripts.
pub trait Render: Send + Sync {
    /// A page for a family.
    fn guardian(&self, status: StatusCode, view: GuardianView, city: &City) -> Response;
    /// A page around signing in.
    fn staff(&self, status: StatusCode, view: StaffView, city: &City) -> Response;
}

/// The model itself as JSON, for tests of handlers.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsJson;

impl Render for AsJson {
    fn guardian(&self, status: StatusCode, view: GuardianView, _city: &City) -> Response {
        (status, Json(view)).into_response()
    }

    fn staff(&self, status: StatusCode, view: StaffView, _city: &City) -> Response {
        (status, Json(view)).into_response()
    }
}

impl Render for Pages {
    fn guardian(&self, status: StatusCode, view: GuardianView, city: &City) -> Response {
        let title = guardian_title(&view);
        let page = GuardianPage {
            city: city.clone(),
            now: self.world.now(),
            view,
        };
        let body = shell::rendered(|| frontend::guardian::guardian_page(page.clone()));
        self.respond(status, &Page::Guardian(page), title, &body)
    }

    fn staff(&self, status: StatusCode, view: StaffView, city: &City) -> Response {
        let title = match &view {
            StaffView::SignIn(_) => "サインイン",
            StaffView::Enrol(_) => "登録",
            StaffView::Notice(_) => "お知らせ",
        };
        let page = StaffPage {
            city: city.clone(),
            view,
        };
        let body = shell::rendered(|| frontend::staff::staff_page(page.clone()));
        self.respond(status, &Page::Staff(page), title, &body)
    }
}

/// Renders pages with the files that the build made.
pub struct Pages {
    files: Files,
    world: World,
}

/// Why the build's files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// `manifest.json` is not there or cannot be read.
    #[error("{path} cannot be read ({source}); build it with `cargo xtask web`")]
    Missing {
        /// Where it was looked for.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is not the build's manifest.
    #[error("{0} is not a manifest of `cargo xtask web`")]
    Format(String),
}

/// Reads the build's manifest: logical name → hashed name.
///
/// # Errors
/// Missing or unreadable.
pub fn files(web_dir: &Path) -> Result<Files, FilesError> {
    let path = web_dir.join("manifest.json");
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|source| FilesError::Missing {
        path: shown.clone(),
        source,
    })?;
    let manifest: serde_json::Value = serde_json::from_str(&text).map_err(|_| FilesError::Format(shown.clone()))?;
    let names = manifest.get("files").unwrap_or(&manifest);
    let address = |logical: &str| {
        let name = names
            .get(logical)
            .and_then(|entry| entry.as_str().or_else(|| entry.get("name")?.as_str()));
        name.map(|name| format!("/assets/{name}"))
            .ok_or_else(|| FilesError::Format(shown.clone()))
    };
    Ok(Files {
        guardian_css: address("guardian.css")?,
        desk_css: address("desk.css")?,
        guardian_js: address("guardian.js")?,
        guardian_wasm: address("guardian.wasm")?,
        desk_js: address("desk.js")?,
        desk_wasm: address("desk.wasm")?,
        check_css: address("check.css")?,
        check_js: address("check.js")?,
        check_wasm: address("check.wasm")?,
        icon: address("static/icon.svg").unwrap_or_default(),
    })
}

impl Pages {
    /// Renders with these files.
    #[must_use]
    pub fn new(files: Files, world: World) -> Self {
        Self { files, world }
    }

    /// The desk.
    #[must_use]
    pub fn desk(&self, page: DeskPage) -> Response {
        let body = shell::rendered(|| frontend::desk::desk_page(page.clone()));
        self.respond(StatusCode::OK, &Page::Desk(page), "相談デスク", &body)
    }

    /// 「カメラと音の確認」.
    #[must_use]
    pub fn check(&self, page: CheckPage) -> Response {
        let body = shell::rendered(|| frontend::call::check::check_page(page.clone()));
        self.respond(StatusCode::OK, &Page::Check(page), "カメラと音の確認", &body)
    }

    /// A report.
    #[must_use]
    pub fn report(&self, status: StatusCode, city: City, me: Staff, view: ReportView) -> Response {
        let counting = match &view {
            ReportView::Tasks(list) => list.title(),
            ReportView::Referrals(list) => list.title(),
            _ => String::new(),
        };
        let title = match &view {
            ReportView::Tasks(_) | ReportView::Referrals(_) => counting.as_str(),
            ReportView::Concern(_) => "気になる・紹介",
            ReportView::Logs(_) => "相談の一覧",
            ReportView::Replay(_) => "相談の記録",
            ReportView::Kpi(_) => "事業の指標",
            ReportView::Admin(_) => "管理",
            ReportView::Institutions(_) => "ちらし",
            ReportView::Templates(_) => "定型文",
            ReportView::Leaflet(_) => "ちらしの印刷",
            ReportView::Phones(_) => "監督者の電話",
            ReportView::Connections(_) => "つながりの確認",
            ReportView::Rota(_) => "当番表",
            ReportView::Hours(_) => "受付時間",
            ReportView::Rules(_) => "危険サインの規則",
            ReportView::Comparison(_) => "規則の版をくらべる",
            ReportView::Notice(_) => "お知らせ",
        };
        let page = ReportPage {
            city,
            now: self.world.now(),
            me,
            view,
        };
        let body = shell::rendered(|| frontend::report::report_page(page.clone()));
        self.respond(status, &Page::Report(page), title, &body)
    }

    /// Something cannot be shown: in words, with what to do.
    #[must_use]
    pub fn notice(&self, city: &City, what: Unavailable) -> Response {
        let (status, title, text) = what.words();
        let notice = Notice {
            status: status.as_u16(),
            code: what.code().to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
            link: Some(("/".to_owned(), "はじめのページへ".to_owned())),
            at: self.world.now(),
        };
        self.guardian(status, GuardianView::Notice(notice), city)
    }

    fn respond(&self, status: StatusCode, page: &Page, title: &str, body: &str) -> Response {
        let nonce = base64::engine::general_purpose::STANDARD_NO_PAD.encode(self.world.random::<16>());
        let document = shell::document(page, title, body, &self.files, &nonce);
        let mut response = (status, Html(document)).into_response();
        if let Ok(policy) = HeaderValue::from_str(&security::page_policy(&nonce)) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// What a page cannot show, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// No such page, or not for this reader.
    NotFound,
    /// The form or address cannot be read.
    BadRequest,
    /// Another site caused it, or the browser does not tell.
    CrossSite,
    /// More was sent than any form of ours holds.
    TooLarge,
    /// No city answers to this host.
    NoDesk,
    /// A fault of the program.
    Failed,
    /// Storage does not answer.
    TryAgain,
}

impl Unavailable {
    fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::BadRequest => "bad_request",
            Self::CrossSite => "cross_site",
            Self::TooLarge => "too_large",
            Self::NoDesk => "no_desk",
            Self::Failed => "failed",
            Self::TryAgain => "try_again",
        }
    }

    fn words(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "このページは見つかりません",
                "リンクが途中で切れていないか確かめてください。相談のつづきは、はじめのページの「つづきを見る」から開けます。",
            ),
            Self::BadRequest => (
                StatusCode::BAD_REQUEST,
                "送られた内容を読み取れませんでした",
                "前のページにもどって、もう一度送ってください。",
            ),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "安全のため、この操作は受け付けませんでした",
                "前のページにもどって、もう一度操作してください。くり返すときは、別のブラウザで開くか、広告や追跡を防ぐ機能を切ってお試しください。",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "送られた内容が大きすぎます",
                "前のページにもどって、文章を短くしてから、もう一度送ってください。",
            ),
            Self::NoDesk => (
                StatusCode::MISDIRECTED_REQUEST,
                "このアドレスの相談窓口はありません",
                "アドレスを確かめてください。",
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "うまくいきませんでした",
                "少し待ってから、もう一度お試しください。急を要するときは119番に電話してください。",
            ),
            Self::TryAgain => (
                StatusCode::SERVICE_UNAVAILABLE,
                "いま、つながりにくくなっています",
                "少し待ってからページを読み込み直してください。入力した内容は失われません。急を要するときは119番に電話してください。",
            ),
        }
    }
}

fn guardian_title(view: &GuardianView) -> &'static str {
    match view {
        GuardianView::Entrance(_) => "入口",
        GuardianView::Register(_) => "登録・はじめる",
        GuardianView::Replace(_) => "この端末の登録を入れかえる",
        GuardianView::Door(_) | GuardianView::Enter { .. } | GuardianView::Transfer(_) => "別の端末で続ける",
        GuardianView::Invite(_) => "家族を招待",
        GuardianView::Appointment(_) => "時間を予約する",
        GuardianView::GuestDoor(_) | GuardianView::Guest(_) => "通話に参加",
        GuardianView::Mine(_) => "つづきを見る",
        GuardianView::Notice(_) => "お知らせ",
        GuardianView::Ticket(ticket) => match &ticket.step {
            TicketStep::Intake(_) => "症状・相談内容",
            TicketStep::Live(live) => match Thread::of(&live.events).standing {
                Standing::Waiting => "待合室",
                Standing::Booked => "予約しました",
                Standing::Claimed(_) => "相談中",
                Standing::Closed | Standing::Cancelled => "おわり",
            },
        },
    }
}
