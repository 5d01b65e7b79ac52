//! `/admin`: today's 合言葉 with its QR code, opening hours, accounts.

use crate::page::report::Admin;
use leptos::prelude::*;

/// The page. The QR codes are SVG made by the server from its own link.
pub(super) fn admin(admin: Admin) -> impl IntoView {
    let Admin {
        passphrases,
        hours,
        staff,
    } = admin;
    let codes = passphrases
        .into_iter()
        .map(|(words, link, qr_svg)| {
            let name = format!("合言葉「{words}」の登録ページのQRコード");
            view! {
                <article class="card passphrase">
                    <div class="qr" role="img" aria-label=name inner_html=qr_svg></div>
                    <div class="stack tight">
                        <p class="sub">"合言葉"</p>
                        <p class="passphrase-words">{words}</p>
                        <p class="fine">{link}</p>
                    </div>
                </article>
            }
        })
        .collect_view();
    let hours = hours
        .into_iter()
        .map(|line| view! { <li class="num">{line}</li> })
        .collect_view();
    let staff = staff
        .into_iter()
        .map(|(name, role, state)| {
            let class = if state == "有効" { "chip green" } else { "chip yellow" };
            view! { <tr><td>{name}</td><td>{role}</td><td><span class=class>{state}</span></td></tr> }
        })
        .collect_view();
    view! {
        <div class="report-head"><h1>"設定"</h1></div>
        <section class="card stack tight" aria-labelledby="connections-title"><h2 id="connections-title">"通話のつながり"</h2>
            <p class="sub">"データベース、証明書、中継サーバーなど、通話に要るものを外から順にためします。15秒ほどかかります。"</p>
            <form method="get" action="/admin/connections"><button class="btn">"つながりを確認する"</button></form>
        </section>
        <section class="card stack tight" aria-labelledby="phones-title"><h2 id="phones-title">"監督者の電話"</h2>
            <p class="sub">"監督者の画面に出ても引き受ける人がいないときに、担当者が電話する先です。"</p>
            <p><a class="btn line" href="/admin/phones">"電話番号を決める"</a></p>
        </section>
        <section class="card stack tight" aria-labelledby="flags-title"><h2 id="flags-title">"危険サインの規則"</h2>
            <p class="sub">"どの規則が動いているか、だれが承認したか。承認、停止、版のくらべ。"</p>
            <p><a class="btn line" href="/admin/rules">"規則を見る"</a></p>
        </section>
        <section aria-labelledby="codes-title" class="stack"><h2 id="codes-title">"合言葉"</h2>
            <p class="sub">"QRコードを母子手帳の交付や健診で配ると、合言葉が入った登録ページが開きます。"</p>
            <div class="passphrases">{codes}</div>
        </section>
        <div class="halves">
            <section class="card" aria-labelledby="hours-title"><h2 id="hours-title">"受付時間"</h2><ul class="plain hours">{hours}</ul><p><a class="btn line" href="/admin/hours">"受付時間を変える"</a></p></section>
            <section class="card" aria-labelledby="staff-title"><h2 id="staff-title">"職員"</h2>
                <table><thead><tr><th scope="col">"名前"</th><th scope="col">"役割"</th><th scope="col">"状態"</th></tr></thead><tbody>{staff}</tbody></table>
            </section>
        </div>
    }
}
