//! `/admin/connections`: the button beside `soudan doctor`.
//!
//! Promises: one at a time, and each ends by itself; nothing that stays is changed; no credential is shown.

use super::page;
use crate::{
    access::{Reader, What},
    app::App,
    doctor::{self, Finding},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use frontend::page::report::{ConnectionLine, Connections, ReportView};
use tokio::sync::Semaphore;

/// Asking takes sockets and relayed addresses: whoever presses twice waits for nobody.
static ASKING: Semaphore = Semaphore::const_new(1);

/// `GET /admin/connections`. It looks and changes nothing, so a GET shows it.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let lines = match ASKING.try_acquire() {
        Ok(_place) => Some(asked(&app, &headers).await),
        Err(_) => None,
    };
    let found = Connections {
        at: app.world.now(),
        is_busy: lines.is_none(),
        lines: lines.unwrap_or_default(),
    };
    Ok(page(&app, reader, Ok(ReportView::Connections(found))))
}

async fn asked(app: &App, headers: &HeaderMap) -> Vec<ConnectionLine> {
    // As this administrator's browser reached us; over plain http there is no TLS to try.
    let origin = app.identity.origin(headers);
    let url = origin.starts_with("https://").then_some(origin);
    let findings = doctor::examine_running(&app.config, &app.store, url.as_deref(), &app.world).await;
    let wrong = findings.0.iter().filter(|finding| finding.found.is_err()).count();
    tracing::info!(
        wrong,
        of = findings.0.len(),
        "an administrator asked for the connections"
    );
    findings.0.into_iter().map(line).collect()
}

fn line(finding: Finding) -> ConnectionLine {
    let Finding { what, found } = finding;
    let (name, address) = match what.as_str() {
        "database" => ("データベース", None),
        "certificate authorities" => ("認証局", None),
        "TLS" => ("証明書", None),
        "desk" => ("相談デスク", None),
        "clock" => ("時計", None),
        "WebSocket" => ("つながったままの通信", None),
        "relay" => ("中継サーバー", None),
        "turn.secret_file" => ("中継サーバーの秘密", None),
        url if url.starts_with("turns:") => ("中継（TLS）", Some(what.clone())),
        url if url.starts_with("turn:") && url.ends_with("transport=tcp") => ("中継（TCP）", Some(what.clone())),
        url if url.starts_with("turn:") => ("中継（UDP）", Some(what.clone())),
        url if url.starts_with("stun") => ("アドレスを知るサーバー", Some(what.clone())),
        _ => ("そのほか", Some(what.clone())),
    };
    ConnectionLine {
        name: name.to_owned(),
        address,
        is_well: found.is_ok(),
        text: found.unwrap_or_else(|mend| mend),
    }
}
