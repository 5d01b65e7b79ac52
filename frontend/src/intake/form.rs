//! Reading the posted forms of these pages. They know the fields' names, so the names stand in one crate.

use signaling::intake::{IntakeDraft, IntakeStep};

type Pairs<'a> = &'a [(String, String)];

fn first(pairs: Pairs<'_>, name: &str) -> String {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

fn all(pairs: Pairs<'_>, name: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for (_, value) in pairs.iter().filter(|(key, value)| key == name && !value.is_empty()) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}

/// A date posted as one value, or as year, month and perhaps day under the same name: `2024-08-15`, `2024-08`.
/// Parts that are left open end the date, so a missing month cannot turn a day into one.
fn date(pairs: Pairs<'_>, name: &str) -> String {
    let parts = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim());
    let mut joined = String::new();
    for part in parts.take_while(|part| !part.is_empty()) {
        if !joined.is_empty() {
            joined.push('-');
            if part.len() == 1 {
                joined.push('0');
            }
        }
        joined.push_str(part);
    }
    joined
}

/// The subject's fields of a posted form (registration, step 1): `about`, `born`, `due`, `weeks`, `gave_birth`.
pub fn read_subject(draft: &mut IntakeDraft, pairs: Pairs<'_>) {
    draft.about = first(pairs, "about");
    draft.born = date(pairs, "born");
    draft.due = date(pairs, "due");
    draft.weeks = first(pairs, "weeks");
    draft.gave_birth = date(pairs, "gave_birth");
}

/// Takes the fields of one step over into the draft, exactly as typed. Fields of other steps stay as they were; a box that
/// is not posted is not ticked.
pub fn read_form(draft: &mut IntakeDraft, step: IntakeStep, pairs: Pairs<'_>) {
    match step {
        IntakeStep::Subject => {
            read_subject(draft, pairs);
            draft.relation = first(pairs, "relation");
        }
        IntakeStep::Symptoms => {
            draft.signs = all(pairs, "signs");
            // Without script both can be ticked; a sign outweighs 「どれもない」.
            draft.no_signs = draft.signs.is_empty() && !first(pairs, "no_signs").is_empty();
            draft.complaints = all(pairs, "complaints");
            draft.onset = first(pairs, "onset");
            draft.temperature = first(pairs, "temperature");
            draft.worry = pairs.iter().find(|(key, _)| key == "worry").map(|(_, text)| text.clone()).unwrap_or_default();
        }
        IntakeStep::Mode => {
            draft.mode = first(pairs, "mode");
            draft.quiet = !first(pairs, "quiet").is_empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_birth_date_is_read_from_three_selects_and_the_day_may_be_unknown() {
        let born = |list: &[(&str, &str)]| date(&pairs(list), "born");
        assert_eq!(born(&[("born", "2024"), ("born", "8"), ("born", "5")]), "2024-08-05");
        assert_eq!(born(&[("born", "2024"), ("born", "8"), ("born", "")]), "2024-08");
        assert_eq!(born(&[("born", "2024"), ("born", ""), ("born", "5")]), "2024");
        assert_eq!(born(&[("born", "2024-08-20")]), "2024-08-20");
        assert_eq!(born(&[("about", "child")]), "");
    }

    #[test]
    fn a_step_leaves_the_other_steps_as_they_were() {
        let mut draft = IntakeDraft { about: "child".into(), quiet: true, ..IntakeDraft::default() };
        let posted = pairs(&[("complaints", "fever"), ("complaints", "cough"), ("worry", "熱\nが"), ("about", "x")]);
        read_form(&mut draft, IntakeStep::Symptoms, &posted);
        assert_eq!(draft.complaints, ["fever", "cough"]);
        assert_eq!((draft.about.as_str(), draft.quiet, draft.worry.as_str()), ("child", true, "熱\nが"));
    }

    #[test]
    fn a_ticked_sign_outweighs_none_of_these() {
        let mut draft = IntakeDraft::default();
        read_form(&mut draft, IntakeStep::Symptoms, &pairs(&[("signs", "lips"), ("no_signs", "on")]));
        assert!(!draft.no_signs);
    }
}
