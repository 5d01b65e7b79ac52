//! The figures as a table that spreadsheets open: UTF-8 with a byte order mark, CRLF, quoted where needed, and no cell that
//! a spreadsheet would run as a formula.

use frontend::page::report::Kpi;

/// The whole file.
pub(super) fn of(kpi: &Kpi) -> String {
    let mut rows: Vec<Vec<String>> = vec![
        cells(&["指標", "値", "目標", "基準値", "備考"]),
        cells(&["期間", &kpi.period, "", "", &format!("定義 第{}版", kpi.definition)]),
    ];
    let satisfaction = &kpi.satisfaction;
    let percent = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| format!("{value:.1}"));
    let note = match (satisfaction.share, satisfaction.interval) {
        (Some(share), Some((low, high))) => {
            format!(
                "そう思う {}／有効回答 {}、95%信頼区間 {low:.2}–{high:.2}",
                share.hits, share.of
            )
        }
        _ if satisfaction.percent.is_some() => "10未満の数があるため1％未満を切り捨て".to_owned(),
        _ => "件数が少ないため秘匿、または回答なし".to_owned(),
    };
    let one_decimal = |value: f64| format!("{value:.1}");
    rows.push(cells(&[
        "満足度（％）",
        &satisfaction.share.map_or_else(
            || {
                satisfaction
                    .percent
                    .map_or_else(|| "—".to_owned(), |whole| format!("{whole:.0}"))
            },
            |share| percent(share.percent()),
        ),
        &one_decimal(satisfaction.target),
        &one_decimal(satisfaction.baseline),
        &note,
    ]));
    if let Some(answered) = satisfaction.answered {
        let rate = percent(answered.percent());
        rows.push(cells(&[
            "回答率（％）",
            &rate,
            "",
            "",
            &format!("回答 {}／対象 {}", answered.hits, answered.of),
        ]));
    }
    rows.push(cells(&[
        "どちらかといえばそう思う",
        &satisfaction.rather_yes.text(),
        "",
        "",
        "満足度には含めない",
    ]));
    for (name, figure) in [("登録者数", &kpi.registered), ("相談件数", &kpi.consultations)] {
        let (target, baseline) = (figure.target.to_string(), figure.baseline.to_string());
        rows.push(cells(&[
            name,
            &figure.count.text(),
            &target,
            &baseline,
            &figure
                .this_month
                .map_or(String::new(), |new| format!("今月 {}", new.text())),
        ]));
    }
    let new = kpi.registered_new.text();
    rows.push(cells(&["登録者数のうち期間内の新規", &new, "", "", ""]));
    for (name, group) in [
        ("相談件数の内訳", &kpi.by_service),
        ("別に報告", &kpi.apart),
        ("通話がつながらなかった理由", &kpi.causes),
        ("知ったきっかけ", &kpi.reaches),
    ] {
        rows.extend(
            group
                .iter()
                .map(|(label, count)| cells(&[&format!("{name}：{label}"), &count.text(), "", "", ""])),
        );
    }
    if !kpi.institutions.is_empty() {
        rows.push(cells(&["ちらしを配った先", "登録", "相談件数", "種類", ""]));
    }
    rows.extend(kpi.institutions.iter().map(|one| {
        let (registered, consultations) = (one.registered.text(), one.consultations.text());
        cells(&[
            &format!("ちらし：{}", one.name),
            &registered,
            &consultations,
            &one.kind,
            "",
        ])
    }));
    rows.push(cells(&["月", "相談件数", "夜間相談", "いつでも相談", ""]));
    rows.extend(kpi.months.iter().map(|month| {
        cells(&[
            &month.label,
            &month.total.text(),
            &month.night.text(),
            &month.anytime.text(),
            "",
        ])
    }));
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}

fn cells(row: &[&str]) -> Vec<String> {
    row.iter().map(|cell| quoted(cell)).collect()
}

fn quoted(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if runs { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_stays_text() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("a,b \"c\""), "\"a,b \"\"c\"\"\"");
    }
}
