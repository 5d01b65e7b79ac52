//! What a midwife may write and what is marked. The first cases are those of the ministry's Q&A.

use super::DELIVERED;

fn marked(text: &str) -> Vec<&'static str> {
    DELIVERED
        .marks(text)
        .into_iter()
        .map(|mark| mark.rule.id.as_str())
        .collect()
}

#[test]
fn what_the_ministry_calls_out_of_bounds_is_marked() {
    assert_eq!(marked("あなたは高血圧症です。"), ["S01"]);
    assert_eq!(marked("あなたは骨折です。"), ["S01"]);
    assert_eq!(marked("あなたは椎間板ヘルニアの可能性があります。"), ["S02"]);
}

#[test]
fn what_the_ministry_calls_general_is_not_marked() {
    for text in [
        "日本高血圧学会の診断基準では、高血圧は140/90mmHg以上とされています。",
        "気になる場合はまず内科を受診してください。",
        "湿布や解熱鎮痛剤で様子をみることも考えられます。薬剤師の注意をよく聞いてください。",
    ] {
        assert_eq!(marked(text), [""; 0], "{text}");
    }
}

#[test]
fn a_disease_that_is_said_supposed_or_ruled_out_is_marked_with_the_words_that_say_it() {
    for (text, rule, words) in [
        ("それは中耳炎ですね", "S01", "中耳炎です"),
        ("肺炎だと思います", "S01", "肺炎だと思"),
        ("おそらくRSウイルス感染症でしょう。", "S01", "RSウイルス感染症でしょう"),
        ("インフルエンザかもしれません。", "S02", "インフルエンザかもしれ"),
        ("産後うつの疑いがあります", "S02", "産後うつの疑い"),
        ("切迫早産みたいですね", "S02", "切迫早産みたい"),
        ("髄膜炎ではありませんよ。", "S03", "髄膜炎ではありません"),
        ("骨折の心配はありません。", "S03", "骨折の心配はあり"),
        ("骨折の可能性は低いです。", "S03", "骨折の可能性は低"),
        ("胃腸炎と診断します。", "S04", "と診断します"),
        ("病名は川崎です", "S04", "病名は"),
    ] {
        let marks = DELIVERED.marks(text);
        assert_eq!(marks.len(), 1, "{text}");
        assert_eq!(
            (marks[0].rule.id.as_str(), marks[0].words.as_str()),
            (rule, words),
            "{text}"
        );
        assert!(text.contains(&marks[0].words));
    }
}

#[test]
fn general_information_a_question_and_what_is_about_something_else_pass() {
    for text in [
        "一般に、こうした熱の原因にはインフルエンザがあります。",
        "冬に多いのはノロやロタなどの感染といわれています。",
        "インフルエンザの予防接種は済んでいますか？",
        "ご家族にインフルエンザの方はいますか",
        "お医者さんから中耳炎ですと言われたのはいつですか？",
        "もし骨折でしたら、腫れや強い痛みが続きます。",
        "妊娠高血圧の健診は毎回あります。",
        "母乳のことで心配なことはありますか。",
        "水分を少しずつ飲ませてください。",
        "",
        "\n\n。。",
    ] {
        assert_eq!(marked(text), [""; 0], "{text}");
    }
}

#[test]
fn however_general_it_begins_a_sentence_about_you_is_about_you() {
    assert_eq!(marked("一般的に言って、あなたは骨折です。"), ["S01"]);
}

#[test]
fn each_sentence_is_looked_at_by_itself() {
    let text = "一般に、発熱の原因はさまざまです。お子さんはインフルエンザです。\n水分をとってください。肺炎かも";
    assert_eq!(marked(text), ["S01", "S02"]);
}

#[test]
fn every_rule_has_a_general_wording_that_no_rule_marks() {
    assert_eq!(DELIVERED.rules.len(), 4);
    for rule in &DELIVERED.rules {
        assert_eq!(marked(&rule.say), [""; 0], "{}", rule.id);
        assert!(!rule.about.is_empty());
    }
}

/// The longest message that can be sent, made of nothing but diseases, is looked through while somebody types.
#[test]
fn the_longest_message_is_looked_through() {
    let most = crate::limits::MESSAGE_CHARS;
    let text: String = "インフルエンザ"
        .chars()
        .cycle()
        .take(most - 2)
        .chain("です".chars())
        .collect();
    assert!(marked(&text).len() <= 1);
    let many: String = "骨折です。".repeat(most / 5);
    assert_eq!(marked(&many).len(), most / 5);
}
