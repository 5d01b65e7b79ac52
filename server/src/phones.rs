//! `/admin/phones`: an administrator keeps whom staff telephone when no supervisor's page answers.
//!
//! Promises: what cannot be read changes nothing and comes back as it was typed, each fault beside its field; the list is set as a
//! whole, so a form that is sent twice sets the same; numbers are shown to staff only and never logged.
//!
//! Not here: where staff read them (`concern`, `tasks`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    storage::{StorageError, SupervisorPhone},
    ticket,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::report::{PhoneLine, Phones, ReportView};
use signaling::{
    id::{CommandId, MunicipalityId},
    limits,
    phone::PhoneNumber,
    text,
};

/// Longest field that is given back as it was typed, in characters.
const GIVEN_BACK_CHARS: usize = 200;

/// A field and what is wrong with it.
type Fault = (String, String);

/// `GET /admin/phones`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    Ok(match app.store.supervisor_phones(&reader.city.id).await {
        Ok(phones) => {
            let mut entries: Vec<(String, String)> = phones
                .into_iter()
                .map(|phone| (phone.name, phone.number.shown()))
                .collect();
            entries.resize_with(limits::SUPERVISOR_PHONES, Default::default);
            answered(&app, reader, StatusCode::OK, entries, Vec::new())
        }
        Err(error) => Failure::from(error).page(&app, &reader.city.city()),
    })
}

/// `POST /admin/phones` with `command`, and `name` and `number` of each, counted from 1.
pub async fn change(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    if fields.command().is_none() {
        return Ok(Failure::BadRequest.page(&app, &reader.city.city()));
    }
    let typed = |field: &str, place| fields.one(&format!("{field}{place}")).to_owned();
    let entries: Vec<(String, String)> = (1..=limits::SUPERVISOR_PHONES)
        .map(|place| (typed("name", place), typed("number", place)))
        .collect();
    let phones = match read(&entries) {
        Ok(phones) => phones,
        Err(faults) => {
            return Ok(answered(
                &app,
                reader,
                StatusCode::UNPROCESSABLE_ENTITY,
                entries,
                faults,
            ));
        }
    };
    let (count, who) = (phones.len(), (reader.staff.id, app.world.now()));
    Ok(
        match app.store.set_supervisor_phones(&reader.city.id, phones, who).await {
            Ok(()) => {
                tracing::info!(city = %reader.city.id, staff = %reader.staff.id, count, "changed whom staff telephone");
                ticket::to("/admin/phones")
            }
            Err(error) => Failure::from(error).page(&app, &reader.city.city()),
        },
    )
}

fn answered(
    app: &App,
    reader: Reader,
    status: StatusCode,
    entries: Vec<(String, String)>,
    faults: Vec<Fault>,
) -> Response {
    let short = |text: String| text.chars().take(GIVEN_BACK_CHARS).collect();
    let page = Phones {
        command: CommandId(app.world.new_id()),
        entries: entries
            .into_iter()
            .map(|(name, number)| (short(name), short(number)))
            .collect(),
        faults,
    };
    app.pages
        .report(status, reader.city.city(), reader.staff, ReportView::Phones(page))
}

/// Reads what was typed. An entry of which nothing was typed is none.
fn read(entries: &[(String, String)]) -> Result<Vec<SupervisorPhone>, Vec<Fault>> {
    let (mut phones, mut faults) = (Vec::<SupervisorPhone>::new(), Vec::new());
    for (place, (name, number)) in (1..).zip(entries) {
        if name.trim().is_empty() && number.trim().is_empty() {
            continue;
        }
        let name = text::required(name, limits::SUPERVISOR_PHONE_NAME_CHARS)
            .ok()
            .filter(|name| !name.contains(['\n', '\t']));
        if name.is_none() {
            let words = format!(
                "役割の名前を、1行、{}字までで入れてください。",
                limits::SUPERVISOR_PHONE_NAME_CHARS
            );
            faults.push((format!("name{place}"), words));
        }
        let number = PhoneNumber::parse(number)
            .map_err(|fault| fault.to_string())
            .and_then(|number| {
                let is_there = phones.iter().any(|phone| phone.number == number);
                (!is_there)
                    .then_some(number)
                    .ok_or_else(|| "同じ番号が上にあります。".to_owned())
            });
        match (name, number) {
            (Some(name), Ok(number)) => phones.push(SupervisorPhone { name, number }),
            (_, Ok(_)) => {}
            (_, Err(words)) => faults.push((format!("number{place}"), words)),
        }
    }
    if faults.is_empty() { Ok(phones) } else { Err(faults) }
}

/// As pages of staff show them.
///
/// # Errors
/// The database cannot be read.
pub async fn lines(app: &App, city: &MunicipalityId) -> Result<Vec<PhoneLine>, StorageError> {
    let phones = app.store.supervisor_phones(city).await?;
    let line = |phone: SupervisorPhone| PhoneLine {
        name: phone.name,
        shown: phone.number.shown(),
        digits: phone.number.digits().to_owned(),
    };
    Ok(phones.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(entries: &[(&str, &str)]) -> Result<Vec<(String, String)>, Vec<String>> {
        let entries: Vec<_> = entries
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        let shown = |phone: SupervisorPhone| (phone.name, phone.number.shown());
        read(&entries)
            .map(|phones| phones.into_iter().map(shown).collect())
            .map_err(|faults| faults.into_iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn an_empty_entry_is_none_and_the_others_keep_their_order() {
        let read = typed(&[
            ("", " "),
            ("当番の監督者", "０９０ー１２３４ー５６７８"),
            ("母子保健課", "0425851111"),
        ]);
        let expected = [("当番の監督者", "090-1234-5678"), ("母子保健課", "0425851111")];
        assert_eq!(read, Ok(expected.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()));
        assert_eq!(
            typed(&[("", ""), ("", "")]),
            Ok(Vec::new()),
            "nobody is called any more"
        );
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let faults = |entries: &[(&str, &str)]| typed(entries).expect_err("not to be read");
        assert_eq!(faults(&[("当番", "119")]), ["number1"]);
        assert_eq!(faults(&[("当番", ""), ("", "09012345678")]), ["number1", "name2"]);
        assert_eq!(faults(&[(&"長".repeat(41), "09012345678")]), ["name1"]);
        assert_eq!(
            faults(&[("当番", "09012345678"), ("課", "+81 90-1234-5678")]),
            ["number2"],
            "the same one"
        );
        assert_eq!(faults(&[("当\n番", "x")]), ["name1", "number1"]);
    }
}
