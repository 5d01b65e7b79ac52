//! What the demo prints: where to go, and as whom.

use super::{Card, CityCard, Place};
use qrcode::{QrCode, render::unicode::Dense1x2};
use std::{fmt::Write, net::IpAddr, path::Path};

/// Where a city's pages are.
pub(super) fn origin(scheme: &str, city: &CityCard, lan: Option<IpAddr>, port: u16) -> String {
    match lan {
        Some(address) if city.id == "hino" => format!("{scheme}://{address}:{port}"),
        _ if city.id == "hino" => format!("{scheme}://localhost:{port}"),
        _ => format!("{scheme}://{}.localhost:{port}", city.id),
    }
}

/// The text for a terminal.
pub(super) fn printed(card: &Card, place: &Place, authority: Option<&Path>) -> String {
    let mut text = String::from("\n相談デスク（デモ）\n");
    for city in &card.cities {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n{}\n  家族の入口   {}/\n  合言葉       {}\n  職員         {}/staff/sign-in\n",
            city.name, city.origin, city.passphrase, city.origin
        );
        for account in card.staff.iter().filter(|account| account.city == city.id) {
            let role = signaling::actor::Role::from_code(&account.role).map_or("", signaling::actor::Role::label);
            let _ = writeln!(
                text,
                "    {:<20}{}  （{} {role}）",
                account.login, account.password, account.name
            );
        }
    }
    if let Some(port) = place.edge_port {
        let _ = write!(text, "\n通話の中継と https: ポート {port}（soudan edge）\n");
    }
    let data = place.data.display();
    let _ = write!(text, "\n確認コード: soudan demo code NAME --data {data}\n");
    if let (Some(authority), Some(city)) = (authority, card.cities.first()) {
        let _ = write!(
            text,
            "\n電話で試すには、下のQRコードを読み取ってください（同じネットワークの中だけ）。\n\
             証明書の警告を消すには、この認証局を電話に入れて信頼してください: {}\n",
            authority.display()
        );
        if let Ok(code) = QrCode::new(format!("{}/", city.origin)) {
            let _ = write!(text, "\n{}\n", code.render::<Dense1x2>().quiet_zone(true).build());
        }
    }
    text
}
