//! `/admin/hours`: when the desk takes families, by weekday, on holidays and on single days.
//!
//! Promises: every form works without script; what was typed comes back with the sentence that says what is wrong with it; beside
//! the forms stands what families read at this moment.
//!
//! Not here: what hours mean (signaling's hours), keeping them (server).

use super::changes;
use crate::{
    page::hours::{AppointmentsForm, DayForm, DayLine, HolidayYear, HoursPage, WeekForm},
    ui,
};
use leptos::prelude::*;
use signaling::{appointment, limits, queue::head_start, time::Millis, triage::Acuity};

/// Fields of the week, with their names.
const WEEK: [(&str, &str); 7] = [
    ("mon", "月曜日"),
    ("tue", "火曜日"),
    ("wed", "水曜日"),
    ("thu", "木曜日"),
    ("fri", "金曜日"),
    ("sat", "土曜日"),
    ("sun", "日曜日"),
];

/// The page.
pub(super) fn hours(page: HoursPage) -> impl IntoView {
    let HoursPage {
        now_shown,
        today,
        until,
        week,
        appointments,
        day,
        days,
        holidays,
        changes,
    } = page;
    view! {
        <div class="report-head"><h1>"受付時間"</h1><p class="sub num">{format!("いま相談者に見えている表示：{now_shown}")}</p></div>
        {week_form(&week)}
        <section class="card stack" aria-labelledby="days-title" id="days"><h2 id="days-title">"いつもと違う日"</h2>
            <p class="sub">"年末年始や設備点検の休み、臨時に開く日。曜日や祝日の時間より先に効きます。"</p>
            {day_lines(days)}
            {day_form(&day, today, until)}
        </section>
        {appointments_form(&appointments)}
        {holiday_list(holidays)}
        {changes::list(changes)}
        <p><a class="btn quiet" href="/admin">"設定へもどる"</a></p>
    }
}

/// One field with its label, its hint and what is wrong with it.
fn field(
    (name, label): (&'static str, &'static str),
    value: &str,
    hint: &'static str,
    fault: Option<&(String, String)>,
) -> AnyView {
    let wrong = fault
        .filter(|(field, _)| field == name)
        .map(|(_, words)| words.as_str());
    let invalid = wrong.is_some().then_some("true");
    let hint_id = [name, "-hint"].concat();
    let described = if hint.is_empty() {
        ui::fault_id(name)
    } else {
        [&hint_id, " ", &ui::fault_id(name)].concat()
    };
    let hint = (!hint.is_empty()).then(|| view! { <span class="fine" id=hint_id>{hint}</span> });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name value=value.to_owned() autocomplete="off" aria-describedby=described aria-invalid=invalid />
            {hint}
            {ui::fault_line(name, wrong)}
        </div>
    }
    .into_any()
}

fn radio(name: &'static str, value: &'static str, checked: bool, words: &'static str) -> impl IntoView {
    view! { <label class="row"><input type="radio" name=name value=value checked=checked />{words}</label> }
}

fn week_form(form: &WeekForm) -> impl IntoView + use<> {
    let fault = form.fault.as_ref();
    let days = WEEK
        .iter()
        .zip(&form.week)
        .map(|(named, value)| field(*named, value, "", fault))
        .collect_view();
    let summary = fault.map(|(field, words)| ui::fault_summary(&[(field.clone(), words.clone())]));
    let apart = form.holidays_apart;
    view! {
        <section class="card stack" aria-labelledby="week-title"><h2 id="week-title">"毎週の時間"</h2>
            <p class="sub">"「18:00-22:00」のように入れます。日をまたぐときは「20:00-01:00」、2回に分けるときは「、」でつなぎ、休みの日は空のままにします。"</p>
            {summary}
            <form class="stack" method="post" action="/admin/hours">
                {ui::command_field(form.command)}
                <div class="hours-week">{days}</div>
                <fieldset class="stack tight"><legend>"祝日"</legend>
                    {radio("holidays_apart", "same", !apart, "曜日どおり")}
                    {radio("holidays_apart", "apart", apart, "祝日だけの時間にする")}
                    {field(("holidays", "祝日の時間"), &form.holidays, "「祝日だけの時間にする」とき。空のままなら休みです。", fault)}
                </fieldset>
                <div class="hours-week">
                    {field(("last_arrival", "受付の締め切り（終わりの何分前）"), &form.last_arrival, "0なら終わりの時刻まで受け付けます。", fault)}
                    {field(("reply_hours", "いつでも相談に返信するまで（時間）"), &form.reply_hours, "送る前に相談者に示し、担当者の期限になります。", fault)}
                </div>
                <p><button class="btn" name="go" value="week">"毎週の時間を保存する"</button></p>
            </form>
        </section>
    }
}

fn day_lines(days: Vec<DayLine>) -> impl IntoView {
    if days.is_empty() {
        return view! { <p class="sub">"いまはありません。"</p> }.into_any();
    }
    let rows = days
        .into_iter()
        .map(|day| {
            let label = format!("{}の変更を取り消す", day.label);
            view! {
                <tr>
                    <th scope="row" class="num">{day.label}</th>
                    <td class="num">{day.spans}</td>
                    <td>{day.why}</td>
                    <td>
                        <form method="post" action="/admin/hours">
                            {ui::command_field(day.command)}
                            <input type="hidden" name="date" value=day.date />
                            <button class="btn quiet small" name="go" value="remove" aria-label=label>"取り消す"</button>
                        </form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table><thead><tr><th scope="col">"日"</th><th scope="col">"時間"</th><th scope="col">"理由"</th><th scope="col">"変更"</th></tr></thead><tbody>{rows}</tbody></table>
    }
    .into_any()
}

fn day_form(form: &DayForm, today: String, until: String) -> impl IntoView + use<> {
    let fault = form.fault.as_ref();
    let wrong = |name: &str| {
        fault
            .filter(|(field, _)| field == name)
            .map(|(_, words)| words.as_str())
    };
    let invalid = wrong("date").is_some().then_some("true");
    let date_line = ui::fault_line("date", wrong("date"));
    let summary = fault.map(|(field, words)| ui::fault_summary(&[(field.clone(), words.clone())]));
    let hint = format!(
        "相談者が読みます（「年末年始」「設備点検」など、{}字まで）。任意です。",
        limits::OPENING_WORDS_CHARS
    );
    let words_line = ui::fault_line("words", wrong("words"));
    view! {
        <form class="stack tight" method="post" action="/admin/hours" aria-labelledby="day-title">
            <h3 id="day-title">"日を加える"</h3>
            {summary}
            {ui::command_field(form.command)}
            <div class="field"><label for="date">"日"</label>
                <input id="date" name="date" type="date" min=today max=until value=form.date.clone() aria-describedby=ui::fault_id("date") aria-invalid=invalid />
                {date_line}
            </div>
            <fieldset class="stack tight"><legend>"その日"</legend>
                {radio("kind", "closed", !form.is_open, "休みにする")}
                {radio("kind", "open", form.is_open, "この時間に開く")}
                {field(("spans", "開く時間"), &form.spans, "「この時間に開く」とき。「10:00-12:00」のように入れます。", fault)}
            </fieldset>
            <div class="field"><label for="words">"理由"</label>
                <input id="words" name="words" value=form.why.clone() maxlength=limits::OPENING_WORDS_CHARS.to_string() autocomplete="off" aria-describedby="words-hint" />
                <span class="fine" id="words-hint">{hint}</span>
                {words_line}
            </div>
            <p><button class="btn" name="go" value="day">"この日を加える"</button></p>
        </form>
    }
}

fn appointments_form(form: &AppointmentsForm) -> impl IntoView + use<> {
    let fault = form.fault.as_ref();
    let summary = fault.map(|(field, words)| ui::fault_summary(&[(field.clone(), words.clone())]));
    let options = appointment::PLACES_AN_HOUR.map(|number| {
        let number = number.to_string();
        let chosen = number == form.an_hour;
        let words = [number.as_str(), "枠"].concat();
        view! { <option value=number selected=chosen>{words}</option> }
    });
    let ahead = limits::APPOINTMENT_AHEAD.0 / Millis::minutes(1).0;
    let before = appointment::HEAD_START.0 / Millis::minutes(1).0;
    let waited = before - head_start(Acuity::Green).0 / Millis::minutes(1).0;
    let rules = format!(
        "10分の予約を、受付時間の中だけ、{ahead}分後から7日先まで受け付けます。緊急度が赤・黄の方は予約できません。予約の方は、予約の時刻の\
         {before}分前に着いたものとして並びます。赤・黄の方や、{waited}分より長く待っている緑の方より先にはなりません。"
    );
    let held = match form.held {
        (0, _) => "いま入っている予約はありません。".to_owned(),
        (all, 0) => format!("いま入っている予約：{all}件。"),
        (all, outside) => format!(
            "いま入っている予約：{all}件。うち{outside}件は、いまの受付時間の外です。その時刻になると、いつでも相談として返信を約束します。"
        ),
    };
    view! {
        <section class="card stack" aria-labelledby="appointments-title" id="appointments"><h2 id="appointments-title">"時間の予約"</h2>
            <p class="sub">{rules}</p>
            <p class="num">{held}</p>
            {summary}
            <form class="stack tight" method="post" action="/admin/hours">
                {ui::command_field(form.command)}
                <fieldset class="stack tight"><legend>"予約"</legend>
                    {radio("offers", "no", !form.offers, "受け付けない（着いた順だけ）")}
                    {radio("offers", "yes", form.offers, "受け付ける")}
                </fieldset>
                <div class="hours-week">
                    <div class="field"><label for="an_hour">"1時間に予約できる枠（10分ずつ6枠のうち）"</label>
                        <select id="an_hour" name="an_hour">{options}</select>
                        <span class="fine">"残りの時間は、予約のない方のためにあけておきます。"</span>
                    </div>
                    {field(("families", "1つの枠に予約できる人数"), &form.families, "対応する人数より少なくすると、予約のない方も待ちすぎません。", fault)}
                </div>
                <p><button class="btn" name="go" value="appointments">"予約の設定を保存する"</button></p>
            </form>
        </section>
    }
}

fn holiday_list(years: Vec<HolidayYear>) -> impl IntoView {
    let years = years
        .into_iter()
        .map(|year| {
            let rows = year
                .days
                .into_iter()
                .map(|(day, name, hours)| view! { <tr><th scope="row" class="num">{day}</th><td>{name}</td><td class="num">{hours}</td></tr> })
                .collect_view();
            view! {
                <details><summary>{format!("{}年", year.year)}</summary>
                    <table><thead><tr><th scope="col">"日"</th><th scope="col">"祝日"</th><th scope="col">"その日の時間"</th></tr></thead><tbody>{rows}</tbody></table>
                </details>
            }
        })
        .collect_view();
    view! {
        <section class="card stack tight" aria-labelledby="holidays-title"><h2 id="holidays-title">"祝日の一覧"</h2>
            <p class="sub">"「国民の祝日に関する法律」から計算しています。春分の日と秋分の日は、前の年の2月に官報で決まります。違うときは「いつもと違う日」で直せます。"</p>
            {years}
        </section>
    }
}
