//! The keys of the desk. Single letters, so they mean something only outside of text fields, and can be switched off
//! (WCAG 2.2, 2.1.4 Character Key Shortcuts).

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// The next family.
    Next,
    /// The tab with this number, from 1.
    Tab(usize),
    /// Into the message.
    Message,
    /// Into the record.
    Record,
    /// 「引き継ぐ」.
    HandOver,
    /// 「医師へ引き継ぐ」.
    ToDoctor,
    /// Among the rows of the queue: the next one, or the one before.
    Row(isize),
    /// 「対応中」.
    Shift,
    /// 「音を止める」.
    Hush,
    /// To a button of the conversation in front; Enter presses it.
    Button(Button),
    /// 「定型文」.
    Templates,
    /// 「内部メモ」 on or off.
    Memo,
    /// 「EPDSの点数を記録」.
    Epds,
    /// この家族のこれまで.
    History,
    /// 「対応を続ける」.
    StillHere,
    /// The first hand-over that is asked of this clinician.
    Asked,
    /// Show the keys.
    Help,
    /// Out of the field, or fold the preview.
    Leave,
}

/// Buttons that a key leads to and does not press: what they do is heard or seen by the family, or needs a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// 「音声で話す」.
    Audio,
    /// 「ビデオで話す」.
    Video,
    /// 「写真をお願い」.
    Photo,
    /// 「戻す」.
    Back,
    /// 「確定して終える」.
    Sign,
    /// 「緊急度を変える」.
    Class,
    /// 「明日きく」.
    Later,
    /// 「気になる・保健師へ」.
    Concern,
}

impl Button {
    /// What its id begins with; the consultation's follows.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Audio => "do-audio",
            Self::Video => "do-video",
            Self::Photo => "do-photo",
            Self::Back => "do-back",
            Self::Sign => "do-sign",
            Self::Class => "do-class",
            Self::Later => "do-later",
            Self::Concern => "do-concern",
        }
    }
}

/// Where a key was pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// In a field for text.
    pub in_text: bool,
    /// With Ctrl, Alt or Meta, or while Japanese is being composed.
    pub modified: bool,
    /// A dialog is open; it has keys of its own.
    pub in_dialog: bool,
    /// Single keys are switched off.
    pub switched_off: bool,
}

/// All keys, for the dialog that explains them.
pub const KEYS: &[(&str, &str)] = &[
    ("N", "次の方をよぶ"),
    ("J ／ K", "待ちの列を下へ／上へ（Enterで開く）"),
    ("G", "引き継ぎの依頼へ（Enterで引き受ける）"),
    ("1 – 9", "相談のタブを切りかえる"),
    ("M", "メッセージの欄へ"),
    ("I", "内部メモに切りかえる・もどす"),
    ("T", "定型文をえらぶ"),
    ("R", "記録の欄へ"),
    ("Q", "EPDSの点数を記録する（妊娠中・産後の方）"),
    ("F", "この家族のこれまでへ"),
    ("A ／ V", "「音声で話す」／「ビデオで話す」へ（Enterで呼び出す）"),
    ("P", "「写真をお願い」へ（Enterで頼む）"),
    ("B", "「戻す」へ（Enterで理由を書く）"),
    ("E", "「確定して終える」へ（Enterで確定）"),
    ("C", "「緊急度を変える」へ（Enterで開く）"),
    ("L", "「明日きく」へ（Enterで決める・やめる）"),
    ("W", "「気になる・保健師へ」へ（Enterで開く）"),
    ("Y", "対応を続ける（対応中か尋ねられたとき）"),
    ("S", "対応中を始める・やめる"),
    ("X", "新着の音を止める"),
    ("H", "引き継ぐ（相手と要約をえらぶ）"),
    ("D", "医師へ引き継ぐ（助産師：すぐに頼む）"),
    ("Ctrl + Enter", "メッセージを送る"),
    ("Esc", "欄から出る・とじる"),
    ("?", "この一覧を出す"),
];

/// What a key (as `KeyboardEvent.key` names it) asks for there.
#[must_use]
pub fn meaning(key: &str, around: Around) -> Option<Press> {
    if around.modified || around.in_dialog {
        return None;
    }
    if key == "Escape" {
        return Some(Press::Leave);
    }
    if around.in_text || around.switched_off {
        return None;
    }
    match key {
        "n" | "N" => Some(Press::Next),
        "m" | "M" => Some(Press::Message),
        "r" | "R" => Some(Press::Record),
        "j" | "J" => Some(Press::Row(1)),
        "k" | "K" => Some(Press::Row(-1)),
        "s" | "S" => Some(Press::Shift),
        "x" | "X" => Some(Press::Hush),
        "a" | "A" => Some(Press::Button(Button::Audio)),
        "v" | "V" => Some(Press::Button(Button::Video)),
        "p" | "P" => Some(Press::Button(Button::Photo)),
        "b" | "B" => Some(Press::Button(Button::Back)),
        "e" | "E" => Some(Press::Button(Button::Sign)),
        "c" | "C" => Some(Press::Button(Button::Class)),
        "l" | "L" => Some(Press::Button(Button::Later)),
        "w" | "W" => Some(Press::Button(Button::Concern)),
        "t" | "T" => Some(Press::Templates),
        "i" | "I" => Some(Press::Memo),
        "q" | "Q" => Some(Press::Epds),
        "f" | "F" => Some(Press::History),
        "y" | "Y" => Some(Press::StillHere),
        "g" | "G" => Some(Press::Asked),
        "h" | "H" => Some(Press::HandOver),
        "d" | "D" => Some(Press::ToDoctor),
        "?" | "？" => Some(Press::Help),
        digit => digit
            .parse()
            .ok()
            .filter(|number| (1..=9).contains(number))
            .map(Press::Tab),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_typed_into_a_message_is_a_letter() {
        let typing = Around {
            in_text: true,
            ..Around::default()
        };
        assert_eq!(meaning("n", typing), None);
        assert_eq!(meaning("Escape", typing), Some(Press::Leave));
    }

    #[test]
    fn the_browsers_own_shortcuts_stay_the_browsers() {
        assert_eq!(
            meaning(
                "r",
                Around {
                    modified: true,
                    ..Around::default()
                }
            ),
            None
        );
    }

    #[test]
    fn outside_of_fields_every_key_of_the_list_does_what_it_says() {
        let presses: Vec<_> = ["N", "3", "m", "r", "?", "0", "z"]
            .map(|key| meaning(key, Around::default()))
            .into();
        use Press::{Help, Message, Next, Record, Tab};
        assert_eq!(
            presses,
            [
                Some(Next),
                Some(Tab(3)),
                Some(Message),
                Some(Record),
                Some(Help),
                None,
                None
            ]
        );
    }

    #[test]
    fn the_list_shows_every_key_that_does_something() {
        let shown: String = KEYS.iter().map(|(key, _)| *key).collect();
        for key in 'A'..='Z' {
            let does = meaning(&key.to_string(), Around::default()).is_some();
            assert_eq!(
                does,
                shown.replace("Ctrl + Enter", "").replace("Esc", "").contains(key),
                "{key}"
            );
        }
    }

    #[test]
    fn the_class_the_next_morning_and_a_concern_have_keys_too() {
        for words in ["緊急度を変える", "明日きく", "気になる"] {
            assert!(KEYS.iter().any(|(_, does)| does.contains(words)), "{words}");
        }
    }

    #[test]
    fn single_keys_can_be_switched_off() {
        assert_eq!(
            meaning(
                "n",
                Around {
                    switched_off: true,
                    ..Around::default()
                }
            ),
            None
        );
    }
}
