//! An EPDS as the desk and the replay say it: points, by whom and when, and nothing that they would mean.

use crate::{pictures::keep, reports, samples::*};
use frontend::{
    desk::{Desk, Dialog, desk_view},
    page::{desk::DeskPage, report::ReportView},
    report::report_page,
    shell::rendered,
};
use leptos::prelude::{Set, Update, WithUntracked};
use signaling::{
    actor::Role,
    consultation::WireKind,
    triage::{Action, Acuity, Epds, wording},
};

fn points() -> Epds {
    Epds::of([1, 1, 2, 0, 1, 2, 1, 1, 0, 1]).expect("points")
}

/// What a recording is followed by, at the end of a log of so many events.
fn recorded(after: usize, points: Option<Epds>) -> Vec<WireKind> {
    let seq = u64::try_from(after).expect("few") + 1;
    vec![
        WireKind::EpdsRecorded { by: sato(), points },
        WireKind::Flagged {
            rule: "M06".into(),
            action: Action::TalkNow,
            epds: Some(seq),
        },
        WireKind::ClassChanged {
            by: sato(),
            before: Acuity::Green,
            after: Acuity::Yellow,
            reason: None,
            epds: Some(seq),
        },
    ]
}

/// A desk with a pregnant woman's consultation and these events at its end.
fn desk_of(more: Vec<WireKind>) -> DeskPage {
    let mut kinds = nausea();
    kinds.extend(more);
    DeskPage {
        open: vec![opened(3, kinds)],
        ..evening()
    }
}

fn shown(name: &str, page: DeskPage, prepare: impl FnOnce(Desk) + 'static) -> String {
    let html = rendered(move || {
        let (city, hours) = (page.city.clone(), page.hours.clone());
        let desk = Desk::new(page);
        prepare(desk);
        desk_view(desk, city, hours)
    });
    keep(name, &html);
    html
}

fn as_it_is(_: Desk) {}

const BUTTON: &str = "id=\"do-epds-";

#[test]
fn the_button_is_there_for_mothers_and_for_no_child() {
    let html = shown("desk-epds-none", desk_of(Vec::new()), as_it_is);
    assert!(html.contains(BUTTON) && html.contains("EPDSの点数を記録"));
    let child = DeskPage {
        open: vec![opened(1, fever())],
        ..evening()
    };
    assert!(!shown("desk-epds-child", child, as_it_is).contains(BUTTON));
}

#[test]
fn what_was_recorded_is_said_as_points_with_who_and_when_and_of_no_disease() {
    let more = recorded(nausea().len(), Some(points()));
    let html = shown("desk-epds", desk_of(more), as_it_is);
    for said in [
        "EPDS　合計10点",
        "項目10は1点",
        "佐藤 医師",
        "EPDSの点数により、相談者には出していません",
        "EPDSの点数を記録しなおす",
        "点数は、話をきくための目安です。相談者には見えません。",
    ] {
        assert!(html.contains(said), "{said}");
    }
    let panel = html
        .split("class=\"epds\"")
        .nth(1)
        .and_then(|rest| rest.split("</section>").next());
    let panel = panel.expect("the panel").replace("点数", "");
    assert_eq!(wording::forbidden(&panel), None, "{panel}");

    // Again: the newer one is shown. Erased: that there was one.
    let first = nausea().len();
    let mut more = recorded(first, Some(points()));
    let newer = Epds::of([0, 0, 0, 0, 0, 0, 0, 0, 3, 0]).expect("points");
    more.extend(recorded(first + more.len(), Some(newer)).into_iter().take(1));
    let html = shown("desk-epds-again", desk_of(more), as_it_is);
    assert!(html.contains("EPDS　合計3点") && html.contains("項目10は0点") && !html.contains("合計10点"));
    let erased = shown("desk-epds-erased", desk_of(recorded(first, None)), as_it_is);
    assert!(erased.contains("（消去されました）") && !erased.contains("項目10は"));
}

#[test]
fn the_form_has_ten_rows_of_four_and_the_source_and_no_question() {
    let html = shown("desk-epds-form", desk_of(Vec::new()), |desk| {
        let open = desk.opened.with_untracked(|opened| opened[0]);
        open.epds_draft
            .update(|draft| (1..=7).for_each(|item| draft.choose(item, 2)));
        desk.dialog.set(Some(Dialog::Epds(open.consultation)));
    });
    let form = html.split("class=\"epds-rows\"").nth(1).expect("the form");
    let form = form.split("</form>").next().expect("its end");
    assert_eq!(form.matches("role=\"radiogroup\"").count(), 10);
    assert_eq!(form.matches("type=\"radio\"").count(), 40);
    for said in ["項目1", "項目10", "合計14点（10項目中7項目）"] {
        assert!(form.contains(said), "{said}");
    }
    assert!(html.contains("EPDS（Cox ら 1987、岡野ら 1996）。質問文は手元の用紙を使ってください"));
}

#[test]
fn the_replay_tells_supervisors_each_item_and_what_it_raised() {
    let mut kinds = nausea();
    kinds.extend(recorded(kinds.len(), Some(points())));
    let mut replay = reports::replay();
    replay.events = log(kinds);
    let page = reports::page(Role::Supervisor, ReportView::Replay(replay));
    let html = rendered(move || report_page(page));
    keep("replay-epds", &html);
    for said in [
        "EPDSの点数を記録",
        "合計10点・項目10は1点　佐藤 医師",
        "項目1から10：1・1・2・0・1・2・1・1・0・1",
        "危険サイン（EPDSの点数により）",
        "緊急度を上げる（EPDSの点数により）",
        "職員だけに表示",
    ] {
        assert!(html.contains(said), "{said}");
    }
}
