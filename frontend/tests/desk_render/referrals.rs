//! `/referrals` in its states, and what supervisors see beside it.

use crate::{
    pictures::keep,
    reports,
    samples::{ago, consultation, now},
};
use frontend::{
    page::report::{Past, ReferralFault, ReferralLine, Referrals, ReportView, Stand, TaskLine, Tasks},
    report::report_page,
    shell::rendered,
};
use signaling::{actor::Role, after::TaskKind, id::CommandId, time::Millis};

const WORDS: &str =
    "夜泣きで眠れない日が続いています。\n訪問での相談を希望されています。\nご連絡先 042-000-0000（母・平日の午前）";
const WORRY: &str =
    "離乳食を食べず、体重がふえにくいことを心配されています。つぎの乳児相談で見てもらいたいとのことです。";

fn command(number: u128) -> CommandId {
    CommandId(uuid::Uuid::from_u128(number + 900))
}

fn line(number: u128, hours: i64, shared: &str, stand: Stand) -> ReferralLine {
    let consented_at = ago(hours * 60, 0);
    ReferralLine {
        consultation: consultation(number),
        seq: 15,
        consented_at,
        due_at: consented_at + TaskKind::Referral.within(),
        shared: Some(shared.to_owned()),
        stand,
    }
}

fn waits(number: u128, hours: i64, with: Option<&str>) -> ReferralLine {
    let stand = Stand::Waits {
        with: with.map(str::to_owned),
        take: command(number),
    };
    line(number, hours, WORDS, stand)
}

fn colleague(number: u128, hours: i64, late: bool) -> ReferralLine {
    let stand = Stand::Colleague {
        by: "中村 保健師".into(),
        since: ago(hours * 60 - 90, 0),
        take: late.then(|| command(number)),
    };
    line(number, hours, WORRY, stand)
}

fn mine(number: u128, hours: i64) -> ReferralLine {
    let stand = Stand::Mine {
        since: ago(40, 0),
        close: command(number),
    };
    line(number, hours, WORRY, stand)
}

fn done(number: u128, hours: i64, by: &str, words: Option<&str>) -> ReferralLine {
    let stand = Stand::Done {
        by: by.to_owned(),
        at: ago(hours * 60 - 600, 0),
        words: words.map(str::to_owned),
    };
    line(number, hours, WORDS, stand)
}

fn fault(number: u128, text: &str, typed: &str) -> Option<ReferralFault> {
    Some(ReferralFault {
        consultation: consultation(number),
        seq: 15,
        text: text.to_owned(),
        typed: typed.to_owned(),
    })
}

fn shown(name: &str, lines: Vec<ReferralLine>, past: Past, fault: Option<ReferralFault>) -> String {
    let list = Referrals { lines, past, fault };
    let mut page = reports::page(Role::PublicHealthNurse, ReportView::Referrals(list));
    page.me.name = "山本".into();
    let html = rendered(move || report_page(page));
    keep(name, &html);
    html
}

#[test]
fn each_referral_stands_with_its_words_its_deadline_and_what_can_be_done() {
    let lines = vec![
        colleague(1, 74, true),
        mine(2, 30),
        waits(3, 26, Some("田中")),
        colleague(4, 5, false),
        waits(5, 2, None),
    ];
    let html = shown("referrals", lines, Past::Folded(3), None);
    assert_eq!(
        html.matches("夜泣きで眠れない日が続いています。\n訪問").count(),
        2,
        "with their line ends"
    );
    assert_eq!(html.matches(">受け取りました</button>").count(), 2);
    assert_eq!(html.matches("代わりに受け取る").count(), 1, "late ones alone");
    assert_eq!(html.matches("<textarea").count(), 1, "hers alone is ended here");
    assert!(html.contains("（過ぎています）") && html.contains("いま監督者の田中が対応しています"));
    assert!(html.contains("この30日に受け取り、対応を終えたものを見る（3件）"));
    assert!(html.contains("href=\"/referrals\" aria-current=\"page\""), "{html}");
}

#[test]
fn an_empty_list_says_so_and_what_has_ended_is_read_on_request() {
    let html = shown("referrals-empty", Vec::new(), Past::Folded(0), None);
    assert!(html.contains("いま届いている紹介はありません") && !html.contains("<button class=\"btn\""));
    let mut erased = done(8, 200, "田中", None);
    erased.shared = None;
    let past = vec![
        done(
            7,
            30,
            "山本 保健師",
            Some("24日に家庭訪問をした。\n乳児相談につないだ。"),
        ),
        erased,
    ];
    let html = shown("referrals-past", Vec::new(), Past::Shown(past), None);
    assert!(html.contains("24日に家庭訪問をした。") && html.contains("消去されました"));
    assert_eq!(html.matches("対応の記録").count(), 1);
}

#[test]
fn a_refused_form_says_why_beside_its_card_and_keeps_what_was_written() {
    let typed = "訪問した。<b>次は</b>";
    let beside = shown(
        "referrals-refused",
        vec![mine(2, 30)],
        Past::Folded(0),
        fault(2, "4000字までで書いてください。", typed),
    );
    assert_eq!(beside.matches("role=\"alert\"").count(), 1);
    assert!(beside.contains("訪問した。&lt;b&gt;次は") && !beside.contains("<b>次は"));
    let why = "ご家族が同意を取り消しました。この紹介は受け取れません。";
    let gone = shown(
        "referrals-gone",
        vec![waits(3, 26, None)],
        Past::Folded(1),
        fault(9, why, "母に電話した"),
    );
    assert!(gone.contains(why) && gone.contains("送れなかった文") && gone.contains("母に電話した"));
    assert!(!gone.contains("aria-invalid"));
}

#[test]
fn a_supervisor_reads_who_has_a_referral_and_gets_its_form_when_it_is_late() {
    let task = |number: u128, hours: i64, is_held: bool| TaskLine {
        consultation: consultation(number),
        seq: 15,
        kind: TaskKind::Referral,
        opened_at: ago(hours * 60, 0),
        due_at: ago(hours * 60, 0) + TaskKind::Referral.within(),
        owner: Some("山本 保健師".into()),
        is_held,
        shared: Some(WORDS.into()),
        take: (!is_held).then(|| command(number)),
        close: command(number + 50),
    };
    let list = Tasks {
        lines: vec![task(1, 74, false), task(2, 5, true)],
        ..Tasks::default()
    };
    assert!(task(1, 74, false).due_at < now() + Millis(1));
    let page = reports::page(Role::Supervisor, ReportView::Tasks(list));
    let html = rendered(move || report_page(page));
    keep("tasks-with-a-nurse", &html);
    assert_eq!(html.matches("山本 保健師").count(), 2);
    assert_eq!(html.matches("<textarea").count(), 1);
    assert_eq!(html.matches("自分が対応する").count(), 1);
    assert!(html.contains("保健師が受け取りました。期限を過ぎても"));
}
