//! PROTOCOL.md lists every limit with the value that holds and the reason beside it. The table is made from
//! `signaling/src/limits.rs`; a limit that is new or changed fails here, and the message holds the table to paste.

use signaling::{limits, time::Millis};

const SOURCE: &str = include_str!("../src/limits.rs");
const DOCUMENT: &str = include_str!("../../PROTOCOL.md");

/// A value in words, with the unit that its name carries.
trait InWords {
    fn in_words(&self, name: &str) -> String;
}

macro_rules! number {
    ($($type:ty),+) => { $(impl InWords for $type {
        fn in_words(&self, name: &str) -> String {
            counted(u64::try_from(*self).expect("it fits"), name)
        }
    })+ };
}
number!(usize, u64, u32);

impl InWords for Millis {
    fn in_words(&self, _: &str) -> String {
        let seconds = self.0 / 1000;
        match seconds {
            86_400 => "1 day".to_owned(),
            _ if seconds % 86_400 == 0 => format!("{} days", seconds / 86_400),
            3_600 => "1 hour".to_owned(),
            _ if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
            _ if seconds % 60 == 0 && seconds > 60 => format!("{} minutes", seconds / 60),
            1 => "1 second".to_owned(),
            _ => format!("{seconds} seconds"),
        }
    }
}

fn counted(number: u64, name: &str) -> String {
    let unit = if name.contains("CHARS") {
        " characters"
    } else if name.ends_with("BYTES") {
        " bytes"
    } else {
        ""
    };
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + unit
}

macro_rules! values {
    ($($name:ident,)+) => { vec![$((stringify!($name), limits::$name.in_words(stringify!($name))),)+] };
}

fn values() -> Vec<(&'static str, String)> {
    values![
        MESSAGE_CHARS,
        WORRY_CHARS,
        NOTE_FIELD_CHARS,
        REASON_CHARS,
        SURVEY_WORDS_CHARS,
        COMPLAINTS,
        SIGNS_ASKED,
        SIGN_ID_CHARS,
        OPENING_DAYS,
        OPENING_WORDS_CHARS,
        LAST_ARRIVAL_MINUTES,
        REPLY_HOURS,
        PHYSICIAN_CHARS,
        RULE_FILE_BYTES,
        EVENTS_PER_CONSULTATION,
        FRAME_BYTES,
        SOCKET_MESSAGE_BYTES,
        SDP_BYTES,
        CANDIDATE_BYTES,
        DRAFT_BYTES,
        WATCHED_PER_SOCKET,
        FRAMES_BURST,
        FRAMES_PER_SECOND,
        FRAMES_OVER_PACE,
        FRAMES_FORGIVEN_PER_SECOND,
        OUTGOING_FRAMES,
        SLOWEST_SEND,
        QUEUE_WINDOW,
        EVENTS_PER_FRAME,
        SEATS,
        INVITATION,
        GUEST_COOKIE,
        GUEST_NAME_CHARS,
        PHONE_CHARS,
        RING,
        TURN_MISSED_AGAIN,
        BEAT_IN_CONSULTATION,
        BEAT_IN_CALL,
        SILENT_IN_CALL,
        BEAT_WAITING,
        BEAT_GRACE,
        POLL_COUNTS,
        TRANSFER_CODE,
        DOOR_TRIES,
        SURVEY_OPEN,
        COMMAND_RESULT_KEPT,
        STAFF_SESSION_IDLE,
        STAFF_SESSION,
        SIGN_IN_TRIES,
        SIGN_IN_LOCK,
        STAFF_ENROLMENT,
        PASSWORD_CHARS_LEAST,
        PASSWORD_CHARS,
        LOGIN_CHARS,
        PASSPHRASE_CHARS,
        RECOVERY_CHARS_LEAST,
        RECOVERY_CHARS,
        ADDRESS_WINDOW,
        SIGN_INS_PER_ADDRESS,
        PASSPHRASES_PER_ADDRESS,
        DOORS_PER_ADDRESS,
        ADDRESSES_COUNTED,
        HASHES_WAITING,
        REGISTRATION_AGAIN,
        FORM_AGAIN,
        FORMS_REMEMBERED,
        GUARDIAN_COOKIE,
        BODY_BYTES,
        FORM_BYTES,
        COOKIE_BYTES,
        CHECKS_AT_ONCE,
        CHECK_LIFE,
        CHECK_PACKETS,
        CHECKS_KEPT,
        PHOTO_BYTES,
        PHOTO_PART_BYTES,
        PHOTO_FORM_BYTES,
        PHOTO_PIXELS,
        PHOTO_SIDE_SENT,
        PHOTO_DECODER_BYTES,
        PHOTO_SCANS,
        PHOTO_DRAWN_PIXELS,
        PHOTO_PROFILE_BYTES,
        PHOTO_SIDE,
        PHOTO_SMALL_SIDE,
        PHOTO_DECODING,
        PHOTOS_DECODED_AT_ONCE,
        PHOTOS_IN_HAND,
        PHOTOS_PER_CONSULTATION,
        PHOTOS_WITH_INTAKE,
        UNSENT_KEPT,
        PHOTOS_UNFINISHED,
        PHOTO_PARTS_KEPT,
        PHOTO_CITY_BYTES,
        PHOTO_CITY_WINDOW,
        HAND_OVER_CHARS,
        HAND_OVER_LINE_CHARS,
        BLANK_CHARS,
        TEMPLATE_TITLE_CHARS,
        TEMPLATE_CHARS,
        TEMPLATES,
        CAPTION_CHARS,
        MARKS_PER_PHOTO,
        INSTITUTION_CHARS,
        INSTITUTIONS,
        SUPERVISOR_PHONES,
        SUPERVISOR_PHONE_NAME_CHARS,
        COME_BACK,
        CHECK_IN_OPEN,
        SURVEY_NUDGE_AFTER,
        RECEIVED_SHOWN,
        APPOINTMENT,
        APPOINTMENT_AHEAD,
        APPOINTMENT_WITHIN,
        APPOINTMENT_GRACE,
        APPOINTMENT_REMINDED,
        APPOINTMENT_REMINDED_OF,
        APPOINTMENT_EARLY,
        APPOINTMENTS_SHOWN,
        APPOINTMENT_FAMILIES,
        CONCERNS_PER_CONSULTATION,
    ]
}

/// Name and documentation of every constant, in the order of the source.
fn documented() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    for line in SOURCE.lines() {
        if let Some(doc) = line.strip_prefix("/// ") {
            words.push(doc);
        } else if let Some(rest) = line.strip_prefix("pub const ") {
            let name = rest.split(':').next().expect("a name");
            let text = words.join(" ").replace("[`", "`").replace("`]", "`");
            found.push((name, text));
            words.clear();
        } else {
            words.clear();
        }
    }
    found
}

fn table() -> String {
    let mut table = String::from("| Limit | Value | What, and why |\n|---|---|---|\n");
    let values = values();
    for (name, why) in documented() {
        let known = values.iter().find(|(known, _)| *known == name);
        let (_, value) = known.unwrap_or_else(|| panic!("{name} is new: add it to the list of this test"));
        table += &format!("| `{name}` | {value} | {why} |\n");
    }
    table
}

#[test]
fn the_table_in_the_protocol_is_the_limits_that_hold() {
    let table = table();
    assert!(
        DOCUMENT.contains(&table),
        "PROTOCOL.md must hold this table in its chapter on limits:\n{table}"
    );
}

#[test]
fn every_limit_says_why() {
    for (name, why) in documented() {
        assert!(why.ends_with('.') && why.len() > 10, "{name}: {why}");
    }
    assert_eq!(documented().len(), values().len());
}
