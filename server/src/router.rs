//! Every address of the desk, in one table.

use crate::{
    app::App, assets, bare, check, concern, desk, duty, entrance, guest, identity::FromAddress, link, live, opening,
    phones, photo, reach, referrals, report, rota, rules, security, tasks, templates, ticket,
};
use axum::{
    Router,
    extract::{ConnectInfo, MatchedPath, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use std::net::SocketAddr;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer};

/// All routes with what holds for each of them.
pub fn router(app: App) -> Router {
    let https = app.config.is_public_https();
    // A family's first pages come over one bar at night. Only these two: they repeat nothing that an address or another site
    // could have put there, beside which a secret's bytes could be guessed by the length (BREACH).
    let light = CompressionLayer::new();
    let pages = Router::new()
        // Families: the public entrance.
        .route("/", get(entrance::show).layer(light.clone()))
        .merge(link::routes())
        // Both: 「カメラと音の確認」.
        .merge(check::routes())
        // Families: the private link.
        .route("/t/{ticket}", get(ticket::show).layer(light))
        .route("/t/{ticket}/say", post(ticket::say))
        .route("/t/{ticket}/later", post(ticket::later))
        .route(
            "/t/{ticket}/appointment",
            get(ticket::show_appointments).post(ticket::change_appointment),
        )
        .route("/t/{ticket}/mode", post(ticket::wish_mode))
        .route("/t/{ticket}/cancel", post(ticket::cancel))
        .route("/t/{ticket}/survey", post(ticket::survey))
        .route("/t/{ticket}/again", post(ticket::come_back))
        .route("/t/{ticket}/how", post(ticket::check_in))
        .route("/t/{ticket}/referral", post(ticket::referral))
        .route("/t/{ticket}/callback", post(ticket::callback))
        .route("/t/{ticket}/invite", get(ticket::show_invitations).post(ticket::invite))
        .route("/t/{ticket}/withdraw", post(ticket::withdraw))
        .route("/t/{ticket}/invitations/{invite}", get(ticket::invitation_link))
        .route("/live", any(live::guardian))
        // Whoever was invited to a call.
        .route("/g/{token}", get(guest::show).post(guest::enter))
        .route("/guest/live", any(live::guest))
        // Clinicians. Sockets come by GET, and inside an HTTP/2 connection by CONNECT (RFC 8441).
        .route("/desk", get(desk::show))
        .route("/desk/live", any(live::staff))
        .route("/desk/duty", post(duty::say))
        .route("/desk/consultations/{id}/history", get(desk::history))
        .route(
            "/desk/consultations/{id}/invitations/{invite}",
            get(desk::invitation_link),
        )
        .route("/desk/colleagues", get(desk::colleagues))
        .route("/concerns/{consultation}", get(concern::show).post(concern::change))
        .route("/desk/templates", get(templates::of_desk))
        // The city's public-health nurse.
        .route("/referrals", get(referrals::show))
        .route("/referrals/{consultation}/{task}", post(referrals::change))
        // Supervisors, the city, administrators.
        .route("/tasks", get(tasks::show))
        .route("/tasks/waiting", get(tasks::waiting))
        .route("/tasks/{consultation}/{task}", post(tasks::change))
        .route("/logs", get(report::logs))
        .route("/logs/{consultation}", get(report::replay))
        .route("/rota", get(rota::show).post(rota::change))
        .route("/kpi", get(report::kpi))
        .route("/kpi.csv", get(report::kpi_csv))
        .route("/admin", get(report::admin))
        .route("/admin/connections", get(report::connections))
        .route("/admin/institutions", get(reach::show).post(reach::change))
        .route("/admin/institutions/{code}/leaflet", get(reach::leaflet))
        .route("/admin/phones", get(phones::show).post(phones::change))
        .route("/admin/templates", get(templates::show).post(templates::change))
        .route("/admin/hours", get(opening::show).post(opening::change))
        .route("/admin/rules", get(rules::show).post(rules::decide))
        .route("/admin/rules/compare", get(rules::compare))
        // Files, and the load balancer's question.
        .route("/assets/{name}", get(assets::file))
        .route("/healthz", get(healthz))
        .layer(RequestBodyLimitLayer::new(signaling::limits::BODY_BYTES));
    // Photos alone are larger, and bound each of their bodies themselves.
    pages
        .merge(photo::routes())
        .fallback(not_found)
        .layer(middleware::from_fn(from_address))
        .layer(middleware::from_fn(security::same_site_only))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(app.clone(), bare::dressed))
        .layer(middleware::from_fn_with_state(https, security::headers))
        .layer(middleware::from_fn_with_state(app.clone(), logged))
        .layer(middleware::from_fn(host_of_http2))
        .with_state(app)
}

/// Tells the handlers from which address a request came: that of the connection, unless the edge has said whose connection it
/// is (`announced.rs`). No header of a request is believed.
async fn from_address(mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(address)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let from = FromAddress(address.ip());
        request.extensions_mut().insert(from);
    }
    next.run(request).await
}

/// HTTP/2 names the host in `:authority` (RFC 9113 §8.3.1); everything behind this reads `Host`.
async fn host_of_http2(mut request: Request, next: Next) -> Response {
    if !request.headers().contains_key(header::HOST)
        && let Some(host) = request
            .uri()
            .authority()
            .and_then(|host| HeaderValue::from_str(host.as_str()).ok())
    {
        request.headers_mut().insert(header::HOST, host);
    }
    next.run(request).await
}

/// One line a request: the route's template, never the address itself, which may be a private link.
async fn logged(axum::extract::State(app): axum::extract::State<App>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let began_at = app.world.now();
    let response = next.run(request).await;
    let took_ms = app.world.now().0 - began_at.0;
    tracing::debug!(%method, route, status = response.status().as_u16(), took_ms, "request");
    response
}

async fn healthz(axum::extract::State(app): axum::extract::State<App>) -> Response {
    match app.store.read().await {
        Ok(_) => "ok".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}

async fn not_found(axum::extract::State(app): axum::extract::State<App>, headers: axum::http::HeaderMap) -> Response {
    let city = ticket::city_of(&app, &headers).await;
    crate::error::Failure::NotFound.page(&app, &city)
}
