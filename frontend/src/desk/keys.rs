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
    /// Show the keys.
    Help,
    /// Out of the field, or fold the preview.
    Leave,
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
    ("1 – 9", "相談のタブを切りかえる"),
    ("M", "メッセージの欄へ"),
    ("R", "記録の欄へ"),
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
        let presses: Vec<_> = ["N", "3", "m", "r", "?", "0", "x"]
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
