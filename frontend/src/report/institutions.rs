//! `/admin/institutions`: who hands out leaflets, with a form to add one; and the leaflet, a page of A4 for the printer.
//!
//! Promises: both work without script; printed, the leaflet holds what a family needs and nothing of the administration.
//!
//! Not here: how many came through it (`kpi`).

use crate::{
    page::{
        City,
        report::{InstitutionLine, Institutions, Leaflet},
    },
    ui,
};
use leptos::prelude::*;
use signaling::id::CommandId;

/// The list and the form.
pub(super) fn institutions(page: Institutions) -> impl IntoView {
    let Institutions {
        command,
        kinds,
        name,
        kind,
        fault,
        lines,
    } = page;
    let options = kinds
        .into_iter()
        .map(|(code, words)| {
            let chosen = code == kind;
            view! { <option value=code selected=chosen>{words}</option> }
        })
        .collect_view();
    let list = if lines.is_empty() {
        view! { <p class="card empty">"まだありません。下の欄から追加すると、QRコードの入ったちらしを印刷できます。"</p> }.into_any()
    } else {
        let rows = lines.into_iter().map(|line| row(line, command)).collect_view();
        view! {
            <div class="card"><table>
                <thead><tr><th scope="col">"配る先"</th><th scope="col">"種類"</th><th scope="col">"ちらし"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    };
    let wrong = fault.is_some().then_some("true");
    view! {
        <div class="report-head"><h1>"ちらし"</h1></div>
        <p class="sub">"配る先ごとにQRコードが違うので、どこから何家庭が登録し、何件の相談があったかが「指標」に出ます。家庭の名前などは含みません。"</p>
        {list}
        <section class="card narrow" aria-labelledby="add-title"><h2 id="add-title">"配る先を追加する"</h2>
            <form class="stack" method="post" action="/admin/institutions" novalidate>
                {ui::command_field(command)}
                <div class="field">
                    <label for="name">"名前"</label>
                    <input id="name" name="name" value=name required aria-describedby="add-fault" aria-invalid=wrong />
                </div>
                <div class="field">
                    <label for="kind">"種類"</label>
                    <select id="kind" name="kind"><option value="">"えらんでください"</option>{options}</select>
                </div>
                {ui::fault_line("add", fault.as_deref())}
                <div><button class="btn" name="go" value="add">"追加する"</button></div>
            </form>
        </section>
    }
}

fn row(line: InstitutionLine, command: CommandId) -> impl IntoView {
    let InstitutionLine {
        code,
        name,
        kind,
        is_ended,
    } = line;
    let (go, words) = if is_ended {
        ("resume", format!("{name}をもう一度使う"))
    } else {
        ("end", format!("{name}を終了する"))
    };
    let print = if is_ended {
        view! { <span class="chip">"終了"</span> }.into_any()
    } else {
        let address = format!("/admin/institutions/{code}/leaflet");
        let label = format!("{name}のちらしを開く");
        view! { <a class="btn line small" href=address aria-label=label>"ちらしを開く"</a> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{kind}</td>
            <td><div class="row wrap">
                {print}
                <form method="post" action="/admin/institutions">
                    {ui::command_field(command)}
                    <input type="hidden" name="code" value=code />
                    <button class="btn quiet small" name="go" value=go>{words}</button>
                </form>
            </div></td>
        </tr>
    }
}

/// The leaflet. Its QR code is SVG made by the server from its own link.
pub(super) fn leaflet(city: &City, leaflet: Leaflet) -> impl IntoView + use<> {
    let Leaflet {
        institution,
        words,
        qr_svg,
        address,
        hours,
        reply_hours,
        link: _,
    } = leaflet;
    let missing = words.is_none().then(|| {
        ui::notice_bar(
            ui::Tone::Amber,
            "いま使える合言葉がありません。".to_owned(),
            "合言葉を決めてから印刷してください。合言葉がないと、登録できません。".to_owned(),
        )
    });
    let hours = hours
        .into_iter()
        .map(|line| view! { <li class="num">{line}</li> })
        .collect_view();
    let words = words.map(|words| view! { <p class="leaflet-words">"合言葉　"<b>{words}</b></p> });
    view! {
        <div class="screen-only stack">
            <div class="report-head"><h1>{format!("{institution}のちらし")}</h1></div>
            {missing}
            <p class="sub">"ブラウザの「印刷」で、A4の紙に印刷してください。この案内は印刷されません。合言葉を変えたら、印刷し直してください。"</p>
            <p><a class="btn quiet" href="/admin/institutions">"ちらしの一覧へもどる"</a></p>
        </div>
        <article class="leaflet" aria-label="ちらし">
            <p class="leaflet-city">{city.name.clone()}</p>
            <h2>{city.service_name.clone()}</h2>
            <p class="leaflet-lead">"妊娠中から子育て中まで、小児科医・産婦人科医・助産師に相談できます。"</p>
            <div class="leaflet-code">
                <div class="qr" role="img" aria-label="登録ページのQRコード" inner_html=qr_svg></div>
                <div>
                    <ol>
                        <li>"スマートフォンのカメラで、QRコードを読み取ります。"</li>
                        <li>"1分で登録します。お名前も住所も要りません。"</li>
                        <li>"チャット、音声、ビデオで相談します。アプリは要りません。"</li>
                    </ol>
                    {words}
                    <p class="fine">{address}</p>
                </div>
            </div>
            <div class="leaflet-hours">
                <div><h3>"夜間相談"</h3><ul class="plain">{hours}</ul></div>
                <div><h3>"いつでも相談"</h3><p>{format!("24時間受け付け、{reply_hours}時間以内にお返事します。")}</p></div>
            </div>
            <p class="leaflet-urgent"><b>"命にかかわる症状のときは、すぐに119番へ。"</b>"子どもの急な病気の電話相談は #8000。"</p>
            <p class="fine">"これは医師の診察ではありません。薬は出せません。"</p>
            <p class="fine leaflet-from">{format!("お渡しした先：{institution}")}</p>
        </article>
    }
}
