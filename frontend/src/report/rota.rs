//! `/rota`: the rota of two weeks with its swaps, who is there now, and tonight's risk of long waits.
//!
//! Promises: every form works without script; a risk stands beside the counts that it comes from.
//!
//! Not here: who may do what (the server), the reckoning (signaling's forecast).

use super::changes;
use crate::{
    page::rota::{Forecast, RotaDay, RotaPage, ShiftAct, ShiftForm, ShiftLine},
    ui,
};
use leptos::prelude::*;

/// The page.
pub(super) fn rota(page: RotaPage) -> impl IntoView {
    let RotaPage {
        present,
        forecast: tonight,
        days,
        clinicians,
        form,
        fault,
        changes,
    } = page;
    let fault = fault.map(|fault| view! { <p class="bar-note red" role="alert"><span class="mark" aria-hidden="true">"!"</span><b>{fault}</b></p> });
    let add = form.map(|form| add(&form, &clinicians));
    let days = days.into_iter().map(|day| of_day(day, &clinicians)).collect_view();
    view! {
        <div class="report-head"><h1>"当番表"</h1></div>
        {fault}
        <div class="halves">
            {now(present)}
            {tonight.map(forecast)}
        </div>
        {add}
        <section class="card stack" aria-labelledby="rota-title"><h2 id="rota-title">"これから2週間"</h2>{days}</section>
        {changes::list(changes)}
    }
}

fn now(present: Vec<(String, String)>) -> impl IntoView {
    let none = present
        .is_empty()
        .then(|| view! { <p class="sub">"まだだれも「対応中」を押していません。"</p> });
    let rows = present
        .into_iter()
        .map(|(name, said)| view! { <tr><th scope="row">{name}</th><td class="num">{said}</td></tr> })
        .collect_view();
    view! {
        <section class="card stack tight" aria-labelledby="present-title"><h2 id="present-title">"いまの様子"</h2>
            <p class="fine">"本人が押した「対応中・休憩・終了」です。画面が応答しないときは、そう示します。"</p>
            {none}
            <table><thead class="visually-hidden"><tr><th scope="col">"名前"</th><th scope="col">"様子"</th></tr></thead><tbody>{rows}</tbody></table>
        </section>
    }
}

fn forecast(forecast: Forecast) -> impl IntoView {
    let says_nothing = forecast.hours.iter().all(|hour| hour.expected.is_empty());
    let rows = forecast
        .hours
        .into_iter()
        .map(|hour| {
            let class = if hour.is_high { "chip amber" } else { "chip grey" };
            view! {
                <tr>
                    <th scope="row" class="num">{hour.hour}</th>
                    <td class="num">{hour.basis}</td>
                    <td class="num">{hour.expected}</td>
                    <td class="num">{format!("{}人", hour.clinicians)}</td>
                    <td><span class=class>{hour.outlook}</span>" "<span class="fine">{hour.hint}</span></td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table><thead><tr><th scope="col">"時間"</th><th scope="col">"実績"</th><th scope="col">"見こみ"</th><th scope="col">"当番"</th><th scope="col">"10分より長い待ち"</th></tr></thead><tbody>{rows}</tbody></table>
    };
    let body = if says_nothing {
        view! { <p class="sub">"似た日の実績がまだないため、見こみを出せません。相談を受けた日が増えると、ここに時間ごとの見こみが出ます。"</p> }.into_any()
    } else {
        table.into_any()
    };
    let lead = format!(
        "似た日（平日どうし、休日どうし）の8週間の実績と当番から、10分より長く待つ見こみを計算しています。1件{}分として。",
        forecast.service_minutes
    );
    view! {
        <section class="card stack tight" aria-labelledby="forecast-title"><h2 id="forecast-title">{format!("待ちが長くなる見こみ：{}", forecast.day)}</h2>
            <p class="fine">{lead}</p>
            {body}
        </section>
    }
}

fn add(form: &ShiftForm, clinicians: &[(String, String)]) -> impl IntoView + use<> {
    let options = options(clinicians, &form.staff);
    view! {
        <section class="card stack tight" aria-labelledby="add-title"><h2 id="add-title">"当番を加える"</h2>
            <form class="row wrap approve" method="post" action="/rota">
                {ui::command_field(form.command)}
                <div class="field"><label for="staff">"だれ"</label><select id="staff" name="staff" required>{options}</select></div>
                <div class="field"><label for="date">"日"</label><input id="date" name="date" type="date" required value=form.date.clone() /></div>
                <div class="field"><label for="span">"時間"</label><input id="span" name="span" required autocomplete="off" value=form.span.clone() aria-describedby="span-hint" />
                    <span class="fine" id="span-hint">"「18:00-22:00」のように"</span></div>
                <button class="btn" name="go" value="add">"当番に入れる"</button>
            </form>
        </section>
    }
}

fn options(clinicians: &[(String, String)], chosen: &str) -> impl IntoView + use<> {
    clinicians
        .iter()
        .map(|(id, name)| view! { <option value=id.clone() selected=id == chosen>{name.clone()}</option> })
        .collect_view()
}

fn of_day(day: RotaDay, clinicians: &[(String, String)]) -> impl IntoView + use<> {
    let empty = day
        .is_empty
        .then(|| view! { <p><span class="chip amber">"当番がいません"</span></p> });
    let shifts = day
        .shifts
        .iter()
        .map(|shift| of_shift(shift, clinicians))
        .collect_view();
    view! {
        <article class="stack tight rota-day">
            <h3><span class="num">{day.label}</span>" "<span class="sub num">{day.hours}</span></h3>
            {empty}
            <ul class="plain stack tight">{shifts}</ul>
        </article>
    }
}

fn of_shift(shift: &ShiftLine, clinicians: &[(String, String)]) -> impl IntoView + use<> {
    let acts = shift.may.iter().map(|act| form(shift, *act, clinicians)).collect_view();
    let swap = shift
        .swap
        .clone()
        .map(|words| view! { <span class="chip yellow">{words}</span> });
    view! {
        <li class="row wrap"><span class="num">{shift.span.clone()}</span><b>{shift.who.clone()}</b>{swap}{acts}</li>
    }
}

fn form(shift: &ShiftLine, act: ShiftAct, clinicians: &[(String, String)]) -> impl IntoView + use<> {
    let (go, words, class) = match act {
        ShiftAct::Remove => ("remove", "外す", "btn quiet small"),
        ShiftAct::Ask => ("ask", "交代を頼む", "btn line small"),
        ShiftAct::Withdraw => ("withdraw", "頼むのをやめる", "btn quiet small"),
        ShiftAct::Take => ("take", "代わりに入る", "btn small"),
    };
    let label = format!("{} {}：{words}", shift.span, shift.who);
    let to = (act == ShiftAct::Ask).then(|| {
        view! {
            <select name="to" aria-label="だれに頼むか"><option value="">"だれでも"</option>{options(clinicians, "")}</select>
        }
    });
    view! {
        <form class="row" method="post" action="/rota">
            {ui::command_field(shift.command)}
            <input type="hidden" name="shift" value=shift.id.clone() />
            {to}
            <button class=class name="go" value=go aria-label=label>{words}</button>
        </form>
    }
}
