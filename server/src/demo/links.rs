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

/// The program as it is called from a directory: it need not be on the PATH.
fn as_typed(program: &Path, here: &Path) -> String {
    program.strip_prefix(here).unwrap_or(program).display().to_string()
}

/// The text for a terminal.
pub(super) fn printed(card: &Card, place: &Place, authority: Option<&Path>) -> String {
    let mut text = String::from("\n相談デスク（デモ）\n");
    for city in &card.cities {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n{}\n  家族の入口   {}/\n  今日の合言葉 {}（明日まで）\n  職員         {}/staff/sign-in\n",
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
    // Where the program or the directory cannot be told, its name is the best there is.
    let program = match (std::env::current_exe(), std::env::current_dir()) {
        (Ok(program), Ok(here)) => as_typed(&program, &here),
        _ => "soudan".to_owned(),
    };
    let _ = write!(text, "\n確認コード: {program} demo code NAME --data {data}\n");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_named_so_that_it_runs_from_where_the_person_stands() {
        let typed = |program: &str, here: &str| as_typed(Path::new(program), Path::new(here));
        assert_eq!(
            typed("/work/soudan/target/debug/soudan", "/work/soudan"),
            "target/debug/soudan"
        );
        assert_eq!(typed("/usr/local/bin/soudan", "/home/sato"), "/usr/local/bin/soudan");
    }
}
