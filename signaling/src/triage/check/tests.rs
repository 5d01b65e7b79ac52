//! What an administrator reads about a file: the line, the place, the reason.

use super::{check, schema::SCHEMA};
use crate::{
    intake::Complaint,
    limits,
    triage::{Action, RuleSet},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DELIVERED: &str = include_str!("../../../../assets/rules/red-flags.json");

/// A file of one good rule, written so that every field has a line of its own.
fn small(change: &dyn Fn(&mut Value)) -> String {
    let mut file = json!({
        "edition": "test",
        "draft": true,
        "rules": [rule("R1", "r1_sign")],
    });
    change(&mut file);
    serde_json::to_string_pretty(&file).expect("JSON")
}

fn rule(id: &str, sign: &str) -> Value {
    json!({
        "id": id,
        "version": 1,
        "population": "child",
        "min_age": "0m",
        "max_age": "15y",
        "any_of": [{ "when": "sign", "id": sign, "ask": { "ja": "くちびるが紫色" }, "first_for": "any" }],
        "action": "call_119",
        "text": { "ja": "119番へ電話してください。" },
        "source": { "title": "T", "url": "https://example.jp/", "edition": "1", "read_on": "2026-11-01" },
        "approved_by": null,
        "approved_on": null,
        "enabled": true,
    })
}

/// The only fault of a file: the text of its line, and the sentence about it.
fn the_fault(json: &str) -> (String, String) {
    let faults = check(json);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let line = json.lines().nth(faults[0].line - 1).expect("a line").trim().to_owned();
    assert!(
        RuleSet::from_json(json).is_err(),
        "what is refused here is read by nobody"
    );
    (line, faults[0].to_string())
}

#[test]
fn the_delivered_file_has_no_fault_and_is_read() {
    assert_eq!(check(DELIVERED), []);
    assert!(RuleSet::from_json(DELIVERED).is_ok());
    assert_eq!(check(&small(&|_| {})), [], "and neither has the smallest");
}

/// What one change breaks: the line that is named, and what the sentence says.
#[test]
fn each_fault_is_named_with_its_line_and_its_reason() {
    type Change = fn(&mut Value);
    let broken: [(Change, &str, &str); 31] = [
        (
            |f| f["rules"][0]["min_agee"] = "1m".into(),
            "\"min_agee\"",
            "R1.min_agee: unknown field",
        ),
        (
            |f| f["rules"][0]["any_of"][0]["only"] = json!({"age": 1}),
            "\"age\"",
            "unknown field \"age\"",
        ),
        (
            |f| f["disease"] = "x".into(),
            "\"disease\"",
            "unknown field \"disease\"",
        ),
        (
            |f| drop(f["rules"][0].as_object_mut().map(|r| r.remove("source"))),
            "{",
            "R1: \"source\" is missing",
        ),
        (
            |f| drop(f["rules"][0]["source"].as_object_mut().map(|s| s.remove("url"))),
            "\"source\"",
            "R1.source: \"url\" is missing",
        ),
        (
            |f| f["rules"][0]["source"]["url"] = "http://x.jp".into(),
            "\"url\"",
            "https://",
        ),
        (
            |f| f["rules"][0]["source"]["title"] = " ".into(),
            "\"title\"",
            "must not be empty",
        ),
        (
            |f| f["rules"][0]["source"]["read_on"] = "2026-02-30".into(),
            "\"read_on\"",
            "a day that there is",
        ),
        (
            |f| f["rules"][0]["text"]["ja"] = "電".repeat(301).into(),
            "\"ja\"",
            "has 301 characters, at most 300",
        ),
        (
            |f| f["rules"][0]["text"] = json!({"en": "Call 119."}),
            "\"text\"",
            "has no text in \"ja\"",
        ),
        (
            |f| f["rules"][0]["text"]["xx"] = "?".into(),
            "\"xx\"",
            "unknown field \"xx\"",
        ),
        (
            |f| f["rules"][0]["any_of"][0]["ask"] = json!({}),
            "\"ask\"",
            "has no text in \"ja\"",
        ),
        (
            |f| f["rules"][0]["text"]["ja"] = "髄膜炎かもしれません。119番へ。".into(),
            "\"ja\"",
            "names a disease",
        ),
        (
            |f| f["rules"][0]["text"]["ja"] = "朝まで様子を見てください。".into(),
            "\"ja\"",
            "waiting is safe",
        ),
        (
            |f| f["rules"][0]["any_of"][0]["ask"]["ja"] = "緊急度が高い".into(),
            "\"ja\"",
            "how likely or how grave",
        ),
        (
            |f| f["rules"][0]["text"]["ja"] = "一\u{0}二".into(),
            "\"ja\"",
            "control character",
        ),
        (
            |f| f["rules"][0]["max_age"] = "0m".into(),
            "\"max_age\"",
            "no age lies below",
        ),
        (
            |f| f["rules"][0]["max_age"] = "3 months".into(),
            "\"max_age\"",
            "like \"3m\"",
        ),
        (
            |f| f["rules"][0]["weeks_min"] = 22.into(),
            "\"weeks_min\"",
            "pregnant women only",
        ),
        (
            |f| f["rules"][0]["postpartum_days_max"] = 84.into(),
            "\"postpartum_days_max\"",
            "after birth only",
        ),
        (
            |f| f["rules"][0]["any_of"][0]["only"] = json!({"min_age": "15y"}),
            "\"min_age\"",
            "can never fire",
        ),
        (
            |f| f["rules"][0]["any_of"][0]["only"] = json!({"population": "pregnant"}),
            "\"population\"",
            "can never fire",
        ),
        (
            |f| f["rules"][0]["any_of"] = json!([]),
            "\"any_of\"",
            "must not be empty",
        ),
        (
            |f| f["rules"][0]["any_of"][0] = json!({"when": "temperature_at_least", "tenths": 38}),
            "\"tenths\"",
            "from 300 to 430",
        ),
        (
            |f| f["rules"][0]["any_of"][0] = json!({"when": "mood"}),
            "{",
            "\"when\": \"sign\"",
        ),
        (
            |f| f["rules"][0]["action"] = "diagnose".into(),
            "\"action\"",
            "must be one of \"call_119\"",
        ),
        (|f| f["rules"][0]["action"] = "talk_now".into(), "{", "there are none"),
        (
            |f| f["rules"][0]["approved_by"] = "佐藤".into(),
            "\"approved_by\"",
            "approved_on is missing",
        ),
        (
            |f| f["rules"][0]["approved_on"] = "2026-12-01".into(),
            "\"approved_on\"",
            "approved_by is missing",
        ),
        (|f| f["draft"] = false.into(), "\"enabled\"", "no physician approved it"),
        (
            |f| f["rules"][0]["unless"] = json!(["R9"]),
            "\"R9\"",
            "there is no rule R9",
        ),
    ];
    for (change, line, reason) in broken {
        let (at, said) = the_fault(&small(&change));
        assert!(at.contains(line), "{said}\nnames the line {at}");
        assert!(said.contains(reason), "{said}\nand not {reason}");
    }
}

#[test]
fn ids_that_stand_twice_are_named_with_the_line_of_the_first() {
    let twice = |second: Value| small(&|file| file["rules"].as_array_mut().expect("rules").push(second.clone()));
    let (line, said) = the_fault(&twice(rule("R1", "r2_sign")));
    assert_eq!(line, "\"id\": \"R1\",");
    let first = said
        .rsplit("line ")
        .next()
        .and_then(|number| number.parse::<usize>().ok());
    assert_eq!(
        twice(rule("R1", "r2_sign"))
            .lines()
            .nth(first.expect("a line") - 1)
            .map(str::trim),
        Some("\"id\": \"R1\",")
    );
    let (line, said) = the_fault(&twice(rule("R2", "r1_sign")));
    assert_eq!(line, "\"id\": \"r1_sign\",");
    assert!(
        said.contains("R2.any_of[0].id: the id r1_sign stands already"),
        "{said}"
    );
    assert!(
        check(&twice(rule("r1_sign", "r2_sign"))).len() == 1,
        "a rule and a sign"
    );
}

#[test]
fn a_key_that_stands_twice_in_its_object_is_a_fault_and_not_the_last_of_the_two() {
    let json = small(&|_| {}).replacen("\"version\": 1", "\"version\": 1,\n\"version\": 2", 1);
    let (line, said) = the_fault(&json);
    assert!(line.contains("\"version\": 2"), "{line}");
    assert!(said.contains("R1.version: stands twice"), "{said}");
}

#[test]
fn rules_that_silence_each_other_in_a_circle_are_refused_however_long_it_is() {
    let circle = |length: usize| {
        small(&|file| {
            let rules = (0..length).map(|number| {
                let mut one = rule(&format!("R{number}"), &format!("r{number}_sign"));
                one["unless"] = json!([format!("R{}", (number + 1) % length)]);
                one
            });
            file["rules"] = rules.collect();
        })
    };
    let one = check(&circle(1));
    assert!(one[0].to_string().contains("R0 → R0"), "{one:?}");
    let three = check(&circle(3));
    assert_eq!(three.len(), 3, "each of its rules is named");
    assert!(three[0].to_string().contains("R0 → R1 → R2 → R0"), "{three:?}");
    assert_eq!(check(&circle(60)).len(), 60);
}

#[test]
fn a_rule_may_be_silent_beside_a_more_urgent_one_and_never_beside_a_less_urgent_one() {
    let two = |second: &'static str, first_is_silent: bool| {
        small(&|file| {
            let mut other = rule("R2", "r2_sign");
            other["action"] = second.into();
            other[if first_is_silent { "version" } else { "unless" }] =
                if first_is_silent { 1.into() } else { json!(["R1"]) };
            if first_is_silent {
                file["rules"][0]["unless"] = json!(["R2"]);
            }
            file["rules"].as_array_mut().expect("rules").push(other);
        })
    };
    assert_eq!(check(&two("visit_now", false)), []);
    assert!(the_fault(&two("visit_now", true)).1.contains("R2 is less urgent"));
}

#[test]
fn a_rule_of_two_parts_says_two_things() {
    let further = |action: &'static str| {
        small(&|file| {
            let mut part = rule("x", "r1_other");
            let keep = ["any_of", "text"];
            part.as_object_mut()
                .expect("an object")
                .retain(|name, _| keep.contains(&name.as_str()));
            part["action"] = action.into();
            file["rules"][0]["further"] = json!([part]);
        })
    };
    assert_eq!(check(&further("visit_now")), []);
    let (line, said) = the_fault(&further("call_119"));
    assert_eq!(line, "\"action\": \"call_119\",");
    assert!(said.contains("R1.further[0].action: another part"), "{said}");
}

#[test]
fn what_is_no_json_too_large_or_too_deep_is_refused_with_a_line() {
    for (json, line, reason) in [
        ("", 1, "EOF"),
        ("{\n\"edition\": \"x\",\n}", 3, "trailing comma"),
        ("[]", 1, "must be an object"),
        ("{\"edition\": \"x\", \"rules\": []}", 1, "must not be empty"),
    ] {
        let faults = check(json);
        assert_eq!((faults.len(), faults[0].line), (1, line), "{json}: {faults:?}");
        assert!(faults[0].reason.contains(reason), "{faults:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(check(&deep)[0].reason.contains("recursion"), "{:?}", check(&deep));
    let large = format!("\"{}\"", "x".repeat(limits::RULE_FILE_BYTES));
    assert!(check(&large)[0].reason.contains("larger than"));
    let many = small(&|file| file["rules"] = vec![rule("R1", "s"); 201].into());
    assert!(the_fault(&many).1.contains("201 entries"));
    let asked = small(&|file| {
        let rules = (0..=limits::SIGNS_ASKED).map(|number| rule(&format!("R{number}"), &format!("s{number}")));
        file["rules"] = rules.collect();
    });
    assert!(the_fault(&asked).1.contains("at most 60 are taken"));
}

#[test]
fn every_fault_is_named_at_once_in_the_order_of_the_lines() {
    let json = small(&|file| {
        file["edition"] = "".into();
        file["rules"][0]["version"] = 0.into();
        file["rules"][0]["action"] = "x".into();
        file["rules"][0]["enabled"] = "yes".into();
    });
    let faults = check(&json);
    assert_eq!(faults.len(), 4, "{faults:#?}");
    assert!(faults.is_sorted_by_key(|fault| fault.line));
}

/// Any file with any one value exchanged is read or refused, and never both or a panic.
#[test]
fn whatever_stands_in_the_place_of_a_value_is_read_or_refused() {
    let file: Value = serde_json::from_str(DELIVERED).expect("JSON");
    let strange = [
        Value::Null,
        true.into(),
        (-1).into(),
        1e99.into(),
        "".into(),
        json!([]),
        json!({}),
        json!([[{}]]),
    ];
    let mut pointers = vec![String::new()];
    let mut all = Vec::new();
    while let Some(pointer) = pointers.pop() {
        let inside: Vec<String> = match file.pointer(&pointer) {
            Some(Value::Object(fields)) => fields.keys().cloned().collect(),
            Some(Value::Array(items)) => (0..items.len().min(2)).map(|number| number.to_string()).collect(),
            _ => Vec::new(),
        };
        pointers.extend(inside.into_iter().map(|step| format!("{pointer}/{step}")));
        all.push(pointer);
    }
    assert!(all.len() > 50, "{}", all.len());
    for pointer in all {
        for value in &strange {
            let mut changed = file.clone();
            *changed.pointer_mut(&pointer).expect("it is there") = value.clone();
            let text = changed.to_string();
            assert_eq!(
                check(&text).is_empty(),
                RuleSet::from_json(&text).is_ok(),
                "{pointer}: {value}"
            );
        }
    }
}

#[test]
fn the_schema_uses_nothing_that_would_be_passed_over_and_knows_every_word_of_the_program() {
    const KEYWORDS: [&str; 19] = [
        "$schema",
        "title",
        "description",
        "type",
        "additionalProperties",
        "required",
        "properties",
        "$defs",
        "$ref",
        "items",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "format",
        "pattern",
        "enum",
    ];
    fn keywords(schema: &Value, used: &mut BTreeSet<String>) {
        for (name, value) in schema.as_object().into_iter().flatten() {
            used.insert(name.clone());
            match name.as_str() {
                "properties" | "$defs" => value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .for_each(|(_, one)| keywords(one, used)),
                "items" => keywords(value, used),
                "oneOf" => value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .for_each(|one| keywords(one, used)),
                _ => {}
            }
        }
        if schema.get("pattern").is_some() {
            assert!(
                schema.get("format").is_some(),
                "a pattern is checked by its format: {schema}"
            );
        }
        if schema.get("properties").is_some() {
            assert_eq!(
                schema.get("additionalProperties"),
                Some(&Value::Bool(false)),
                "{schema}"
            );
        }
    }
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let mut used = BTreeSet::new();
    keywords(&schema, &mut used);
    used.retain(|word| !KEYWORDS.contains(&word.as_str()) && word != "const" && word != "oneOf");
    assert_eq!(used, BTreeSet::new(), "keywords that nobody interprets");

    let codes = |of: Vec<&str>| of.into_iter().map(Value::from).collect::<Vec<_>>();
    let actions = Action::ALL.iter().map(|action| action.code()).collect();
    assert_eq!(schema["$defs"]["action"]["enum"], Value::from(codes(actions)));
    let complaints = Complaint::ALL.iter().map(|complaint| complaint.code()).collect();
    assert_eq!(
        schema["$defs"]["first_for"]["oneOf"][1]["items"]["enum"],
        Value::from(codes(complaints))
    );
    assert_eq!(schema["$defs"]["id"]["maxLength"], limits::SIGN_ID_CHARS);
}
