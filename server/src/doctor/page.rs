//! Tries the way that a family's browser takes: TLS, a page, the clock, a socket.

use super::{
    Findings,
    wire::{self, within},
};
use crate::clock::World;
use rustls::ClientConfig;
use std::{sync::Arc, time::UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How far two clocks may be apart, in seconds: one-time codes and credentials bear no more.
const APART: i64 = 5;

pub(super) async fn examine(url: &str, tls: &Arc<ClientConfig>, world: &World, findings: &mut Findings) {
    let Some((host, port)) = place(url) else {
        findings.add(url, Err("https のアドレスではありません".to_owned()));
        return;
    };
    let health = match asks(&host, port, "/healthz", "", tls).await {
        Ok(answer) => {
            findings.add("TLS", Ok(format!("{host}:{port} の証明書は有効です")));
            answer
        }
        Err(error) => {
            let mend = format!(
                "{error}。soudan edge が動いていること、TCP {port} 番が通ること、tls.certificate_file が {host} の証明書であることを\
                 確かめてください"
            );
            findings.add("TLS", Err(mend));
            return;
        }
    };
    findings.add(
        "desk",
        match health.split_whitespace().nth(1) {
            Some("200") => Ok("応答しています".to_owned()),
            Some("503") => {
                Err("止まっています。soudan serve を起動し、edge.serve の値を両方で同じにしてください".to_owned())
            }
            _ => Err("別のものが応答しています。相談窓口のアドレスか確かめてください".to_owned()),
        },
    );
    findings.add("clock", clock(&health, world));
    let upgrade = format!(
        "Origin: https://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: c291ZGFuIGRvY3RvciBhc2s=\r\n"
    );
    let socket = match asks(&host, port, "/live", &upgrade, tls).await {
        Ok(answer) if answer.starts_with("HTTP/1.1 101") => Ok("開けました".to_owned()),
        Ok(answer) => {
            let status = answer.lines().next().unwrap_or_default();
            Err(format!(
                "開けません（{status}）。手前のプロキシが WebSocket（Upgrade）を通すこと、{host} が自治体のホスト名であることを確かめてください"
            ))
        }
        Err(error) => Err(format!(
            "開けません: {error}。手前のプロキシが WebSocket（Upgrade）を通すことを確かめてください"
        )),
    };
    findings.add("WebSocket", socket);
}

fn place(url: &str) -> Option<(String, u16)> {
    let authority = url.strip_prefix("https://")?.split('/').next()?;
    match authority
        .rsplit_once(':')
        .filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit()))
    {
        Some((host, port)) => Some((host.to_owned(), port.parse().ok()?)),
        None => Some((authority.to_owned(), 443)),
    }
    .filter(|(host, _)| !host.is_empty())
}

/// Asks over HTTP/1.1 and reads the head of the answer.
async fn asks(host: &str, port: u16, path: &str, more: &str, tls: &Arc<ClientConfig>) -> std::io::Result<String> {
    let mut stream = wire::tls(host, port, tls).await?;
    let connection = if more.is_empty() { "Connection: close\r\n" } else { "" };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{connection}{more}\r\n");
    within(async {
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        let mut answer = Vec::new();
        while !answer.windows(4).any(|end| end == b"\r\n\r\n") && answer.len() < 16_384 {
            if stream.read_buf(&mut answer).await? == 0 {
                break;
            }
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    })
    .await
}

fn clock(answer: &str, world: &World) -> Result<String, String> {
    let date = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("date").then(|| value.trim())
    });
    let there = date.and_then(|date| httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok());
    let Some(there) = there.and_then(|there| i64::try_from(there.as_secs()).ok()) else {
        return Err("相談窓口が時刻を答えません".to_owned());
    };
    let apart = (world.now().0 / 1000 - there).abs();
    if apart <= APART {
        Ok("ずれはありません".to_owned())
    } else {
        Err(format!(
            "この機械と{apart}秒ずれています。両方で systemd-timesyncd か chrony を動かしてください"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HandClock;
    use signaling::time::At;

    #[test]
    fn only_https_is_tried() {
        assert_eq!(place("https://a.jp/desk"), Some(("a.jp".into(), 443)));
        assert_eq!(place("https://localhost:8443"), Some(("localhost".into(), 8443)));
        assert_eq!(place("http://a.jp"), None);
        assert_eq!(place("https://"), None);
    }

    #[test]
    fn clocks_that_are_apart_are_named() {
        let world = World::new(HandClock::at(At(1_795_344_121_000)));
        let at = |time: &str| {
            clock(
                &format!("HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 {time} GMT\r\n\r\n"),
                &world,
            )
        };
        assert!(at("10:42:03").is_ok());
        assert!(at("10:43:01").unwrap_err().contains("60秒"));
        assert!(clock("HTTP/1.1 200 OK\r\n\r\n", &world).is_err());
    }
}
