//! What the city and the supervisor read afterwards: the list of consultations, the replay of one, the figures, and the
//! administrator's page.
//!
//! Promises that every page works without script and without WebSocket (GET forms, links, SVG), that every figure opens
//! the consultations it counts — for those who may see cases — and that every chart has its numbers as a table.
//!
//! Not here: counting and masking (the server's storage), who may open what (the server's router).

mod address;
mod admin;
mod changes;
mod compare;
mod concern;
mod connections;
mod hours;
mod institutions;
mod kpi;
mod logs;
mod phones;
mod referrals;
mod replay;
mod rota;
mod rules;
mod tasks;
mod templates;
mod timeline;

pub use address::cases_address;

use crate::page::{
    Notice,
    report::{ReportPage, ReportView},
};
use leptos::prelude::*;
use signaling::actor::{Role, Staff};

/// Any page of reports.
pub fn report_page(page: ReportPage) -> impl IntoView {
    let ReportPage { city, now, me, view } = page;
    let here = match &view {
        ReportView::Logs(_) | ReportView::Replay(_) => "/logs",
        ReportView::Tasks(_) => "/tasks",
        ReportView::Referrals(_) => "/referrals",
        ReportView::Concern(_) => "",
        ReportView::Kpi(_) => "/kpi",
        ReportView::Admin(_) | ReportView::Connections(_) | ReportView::Phones(_) => "/admin",
        ReportView::Templates(_) => "/admin/templates",
        ReportView::Institutions(_) | ReportView::Leaflet(_) => "/admin/institutions",
        ReportView::Hours(_) => "/admin/hours",
        ReportView::Rota(_) => "/rota",
        ReportView::Rules(_) | ReportView::Comparison(_) => "/admin/rules",
        ReportView::Notice(_) => "",
    };
    let body = match view {
        ReportView::Logs(logs) => logs::logs(logs).into_any(),
        ReportView::Replay(replay) => replay::replay(replay).into_any(),
        ReportView::Tasks(list) => tasks::tasks(list, now).into_any(),
        ReportView::Referrals(page) => referrals::referrals(page, now).into_any(),
        ReportView::Concern(page) => concern::concern(&page, now).into_any(),
        ReportView::Kpi(figures) => kpi::kpi(&figures, now).into_any(),
        ReportView::Admin(admin) => admin::admin(admin).into_any(),
        ReportView::Phones(page) => phones::phones(&page).into_any(),
        ReportView::Connections(found) => connections::connections(found).into_any(),
        ReportView::Templates(page) => templates::templates(page).into_any(),
        ReportView::Institutions(page) => institutions::institutions(page).into_any(),
        ReportView::Leaflet(leaflet) => institutions::leaflet(&city, leaflet).into_any(),
        ReportView::Rota(page) => rota::rota(*page).into_any(),
        ReportView::Hours(page) => hours::hours(*page).into_any(),
        ReportView::Rules(page) => rules::rules(*page).into_any(),
        ReportView::Comparison(found) => compare::comparison(found).into_any(),
        ReportView::Notice(notice) => notice_card(notice).into_any(),
    };
    view! {
        <a class="skip visually-hidden" href="#content">"本文へ移動"</a>
        <header class="bar report-bar">
            <span class="bar-title">{city.service_name}</span>
            {city.demo.then(|| view! { <span class="chip yellow demo">"デモ"</span> })}
            <span class="sub bar-city">{city.name}</span>
            {navigation(&me, here)}
            <span class="bar-space"></span>
            <div class="bar-me">
                <span class="sub">{me.role.label()}</span>
                <b class="bar-name" title=me.addressed()>{me.addressed()}</b>
                <form method="post" action="/staff/sign-out"><button class="btn quiet small">"サインアウト"</button></form>
            </div>
        </header>
        <main class="report" id="content" tabindex="-1">{body}</main>
    }
}

/// Pages that are open to a role, with their names.
#[must_use]
pub fn pages_for(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::Supervisor => &[
            ("/tasks", "対応"),
            ("/logs", "一覧"),
            ("/kpi", "指標"),
            ("/rota", "当番表"),
        ],
        Role::PublicHealthNurse => &[("/referrals", "紹介")],
        Role::CityViewer => &[("/kpi", "指標")],
        Role::Administrator => &[
            ("/admin", "設定"),
            ("/admin/hours", "受付時間"),
            ("/rota", "当番表"),
            ("/admin/rules", "危険サイン"),
            ("/admin/templates", "定型文"),
            ("/admin/institutions", "ちらし"),
        ],
        Role::Pediatrician | Role::Obstetrician | Role::Midwife => &[("/desk", "相談デスク"), ("/rota", "当番表")],
    }
}

fn navigation(me: &Staff, here: &'static str) -> impl IntoView + use<> {
    let links = pages_for(me.role)
        .iter()
        .map(|(path, name)| {
            let current = (*path == here).then_some("page");
            view! { <li><a href=*path aria-current=current>{*name}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label="ページ"><ul class="pages">{links}</ul></nav> }
}

fn notice_card(notice: Notice) -> impl IntoView {
    view! {
        <section class="card stack notice">
            <h1>{notice.title}</h1>
            <p>{notice.text}</p>
            {notice.link.map(|(path, words)| view! { <p><a class="btn" href=path>{words}</a></p> })}
            <p class="fine num">{format!("{} {}　{}", notice.at.date_text(), notice.at.clock(), notice.code)}</p>
        </section>
    }
}
