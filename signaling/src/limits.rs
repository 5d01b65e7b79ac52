//! Every limit of the desk, each with its reason. PROTOCOL.md lists them; tests hold them.

use crate::time::Millis;

/// Longest chat message in characters: a screenful on a phone, and a whole page of worry still fits.
pub const MESSAGE_CHARS: usize = 2_000;
/// Longest free text of the intake in characters.
pub const WORRY_CHARS: usize = 2_000;
/// Longest field of the note in characters: the advice of a long consultation.
pub const NOTE_FIELD_CHARS: usize = 4_000;
/// Longest reason (overtaking, releasing) in characters: one sentence or two.
pub const REASON_CHARS: usize = 300;
/// Longest optional words of the survey in characters.
pub const SURVEY_WORDS_CHARS: usize = 1_000;
/// Most complaint categories of one intake: more than this says nothing about where to begin.
pub const COMPLAINTS: usize = 6;
/// Most red-flag signs that one family can be asked, and that are taken from its form: twice what a phone's page bears.
pub const SIGNS_ASKED: usize = 60;
/// Longest id of a sign in characters: a form is not trusted with more than a rule set could hold.
pub const SIGN_ID_CHARS: usize = 40;
/// Days unlike their week that a city may have ahead of it: a year's holidays and as many again.
pub const OPENING_DAYS: usize = 100;
/// Longest reason of such a day in characters: it stands in one line of a phone.
pub const OPENING_WORDS_CHARS: usize = 30;
/// Longest time before closing in minutes in which nobody new is taken: two hours are half of an evening.
pub const LAST_ARRIVAL_MINUTES: u32 = 120;
/// Longest promise of an answer to an anytime consultation in hours: a week.
pub const REPLY_HOURS: u32 = 168;
/// Longest name of the physician who approved a rule, in characters.
pub const PHYSICIAN_CHARS: usize = 60;
/// Largest rule file in bytes: ten times the delivered one.
pub const RULE_FILE_BYTES: usize = 512 * 1024;
/// Most events of one consultation: about a hundred times a long chat; past it only closing and the survey are accepted,
/// so that a runaway client cannot grow a log without end.
pub const EVENTS_PER_CONSULTATION: u64 = 20_000;

/// Largest frame from a client in bytes: a full SDP (below) with JSON's escapes.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Longest WebSocket message in bytes that is read at all: twice a frame, so that a client which passes [`FRAME_BYTES`] is
/// told so; past this one the socket is closed without a word.
pub const SOCKET_MESSAGE_BYTES: usize = 2 * FRAME_BYTES;
/// Longest session description in bytes: four seats with two m-lines each stay under 12 kB; simulcast doubles it.
pub const SDP_BYTES: usize = 32 * 1024;
/// Longest ICE candidate line in bytes (RFC 8839 lines are under 300).
pub const CANDIDATE_BYTES: usize = 1_024;
/// Longest draft in bytes of JSON.
pub const DRAFT_BYTES: usize = 16 * 1024;
/// Most consultations that one socket watches: a clinician has a handful open.
pub const WATCHED_PER_SOCKET: usize = 32;
/// Frames that one socket may send at once, and how many are given back each second: a fast typist with typing signs
/// sends 5 a second, a call's start about 40 candidates at once.
pub const FRAMES_BURST: u32 = 120;
/// See [`FRAMES_BURST`].
pub const FRAMES_PER_SECOND: u32 = 30;
/// Frames over the pace, each answered with error `too_fast`, before the socket is closed: a page that was hasty stays
/// connected, a runaway one does not.
pub const FRAMES_OVER_PACE: u32 = 200;
/// How many of them are forgiven each second, so that slips of a long evening do not add up.
pub const FRAMES_FORGIVEN_PER_SECOND: u32 = 5;
/// Wake-ups and signals waiting for a slow reader before its socket is closed (it resumes by cursor).
pub const OUTGOING_FRAMES: usize = 256;
/// How long one frame may take to be sent before the socket is closed (it resumes by cursor): a phone that changes its
/// network needs some seconds.
pub const SLOWEST_SEND: Millis = Millis::seconds(10);
/// Rows of the queue that a desk receives on connecting: more than anybody reads; the counts say how many more wait.
pub const QUEUE_WINDOW: usize = 50;
/// Events of one catch-up frame: keeps a frame near 100 kB however long the log is.
pub const EVENTS_PER_FRAME: usize = 200;

/// Most people in one call: every browser sends to each other one, and a phone manages three.
pub const SEATS: usize = 4;
/// How long an invitation to a call may be accepted: from the partner's train home to the end of an evening.
pub const INVITATION: Millis = Millis::hours(2);
/// How long a guest's credential stays in its browser at most: one evening; the end of the consultation ends it before.
pub const GUEST_COOKIE: Millis = Millis::hours(12);
/// Longest name of a guest in characters.
pub const GUEST_NAME_CHARS: usize = 40;
/// Longest telephone number in characters as it is typed: eleven digits with spaces, brackets and a country code.
pub const PHONE_CHARS: usize = 30;
/// How long a phone rings before the call counts as missed.
pub const RING: Millis = Millis::seconds(60);
/// How soon a family that is away is told again that its turn came: not for every 「次の方」, but again when it may have
/// overlooked the first notice.
pub const TURN_MISSED_AGAIN: Millis = Millis::minutes(10);
/// How often the server's heartbeat comes on a socket that watches a claimed consultation: a lost connection is told to
/// the other side within 10 s (two beats and a margin).
pub const BEAT_IN_CONSULTATION: Millis = Millis::seconds(4);
/// How often it comes on a socket that watches a call.
pub const BEAT_IN_CALL: Millis = Millis::seconds(2);
/// How long a heartbeat in a call may be unanswered before the page counts as one that nobody sees: with the rhythm of calls
/// the other side is told within 5 s of the last sign of life, and the socket stays open for a page that comes back.
pub const SILENT_IN_CALL: Millis = Millis::seconds(2);
/// How often it comes on a socket that only waits or watches the queue.
pub const BEAT_WAITING: Millis = Millis::seconds(20);
/// How much later than the next heartbeat an answer may come: one round trip on a bad network.
pub const BEAT_GRACE: Millis = Millis::seconds(1);
/// How long a family's page without a socket counts as there after it asked: it asks every 30 s, and browsers let a hidden
/// one ask once a minute.
pub const POLL_COUNTS: Millis = Millis::seconds(75);
/// How long a 6-digit transfer code lives.
pub const TRANSFER_CODE: Millis = Millis::minutes(5);
/// Wrong tries before a transfer code or a recovery answer is locked.
pub const DOOR_TRIES: u32 = 5;
/// How long a family may answer the survey.
pub const SURVEY_OPEN: Millis = Millis::days(7);
/// How long the result of a command is remembered, so that sending it again changes nothing.
pub const COMMAND_RESULT_KEPT: Millis = Millis::days(7);
/// How long a clinician stays signed in without any request.
pub const STAFF_SESSION_IDLE: Millis = Millis::hours(1);
/// How long a clinician stays signed in at most: one shift.
pub const STAFF_SESSION: Millis = Millis::hours(12);
/// Wrong sign-ins before an account is locked for [`SIGN_IN_LOCK`].
pub const SIGN_IN_TRIES: u32 = 5;
/// How long the lock lasts.
pub const SIGN_IN_LOCK: Millis = Millis::minutes(15);

/// How long an enrolment link of a new account lives: over a week-end and a few days off.
pub const STAFF_ENROLMENT: Millis = Millis::days(7);
/// Shortest password in characters (a second factor is always asked for; OWASP asks for 8 then, city guidelines for 12).
pub const PASSWORD_CHARS_LEAST: usize = 12;
/// Longest password in characters: a whole sentence fits, a flood of bytes into argon2 does not.
pub const PASSWORD_CHARS: usize = 200;
/// Longest login name in characters.
pub const LOGIN_CHARS: usize = 60;
/// Longest 合言葉 in characters.
pub const PASSPHRASE_CHARS: usize = 60;
/// Shortest recovery answer in characters once folded: names of pets are short, and there are [`DOOR_TRIES`] tries in all.
pub const RECOVERY_CHARS_LEAST: usize = 2;
/// Longest recovery answer in characters.
pub const RECOVERY_CHARS: usize = 60;
/// Time over which tries from one network address are counted.
pub const ADDRESS_WINDOW: Millis = Millis::minutes(15);
/// Sign-ins from one address in [`ADDRESS_WINDOW`]: a whole team behind one office address.
pub const SIGN_INS_PER_ADDRESS: u32 = 60;
/// Wrong 合言葉 from one address in [`ADDRESS_WINDOW`]: mobile carriers put many families behind one address.
pub const PASSPHRASES_PER_ADDRESS: u32 = 30;
/// Tries at doors (codes, links, recovery answers) from one address in [`ADDRESS_WINDOW`].
pub const DOORS_PER_ADDRESS: u32 = 60;
/// Addresses that are counted at once; the oldest is forgotten first. About 2 MB.
pub const ADDRESSES_COUNTED: usize = 20_000;
/// Password hashes that wait for a processor; more are told to try again: each takes about 50 ms.
pub const HASHES_WAITING: usize = 64;
/// For how long the registration form may be sent again and gives the same credential: a lost answer, a double tap.
pub const REGISTRATION_AGAIN: Millis = Millis::minutes(10);
/// For how long a form of a door (signing in, enrolling, entering a ticket) that is posted again is answered as the first time: a
/// double tap, an impatient third.
pub const FORM_AGAIN: Millis = Millis::seconds(10);
/// Such forms that are remembered at once; the oldest is forgotten first. Some 10 kB each.
pub const FORMS_REMEMBERED: usize = 256;
/// How long a family's credential stays in its browser: browsers keep no cookie longer.
pub const GUARDIAN_COOKIE: Millis = Millis::days(400);

/// Largest body of a request in bytes, read or not: what no form of ours comes near.
pub const BODY_BYTES: usize = 256 * 1024;
/// Largest form in bytes: the intake with every field at its limit in four-byte characters, percent-encoded.
pub const FORM_BYTES: usize = 128 * 1024;
/// Longest value of a cookie of ours in bytes; theirs have 52, a longer one is nobody's.
pub const COOKIE_BYTES: usize = 128;

/// Connection checks that run at once; one more is told to try again. Each has sockets, a DTLS handshake and 50 packets a
/// second, and ends by itself within [`CHECK_LIFE`]: one begins every second even if nobody lets go.
pub const CHECKS_AT_ONCE: usize = 16;
/// How long the echo peer of one check lives at most: the verdict's ten seconds and a slow start.
pub const CHECK_LIFE: Millis = Millis::seconds(15);
/// Packets that it echoes at most: four times what a check sends.
pub const CHECK_PACKETS: u32 = 1_000;
/// Verdicts that one consultation keeps: somebody who mends things tries a few times; past it the check still runs.
pub const CHECKS_KEPT: u32 = 30;

/// Largest photo in bytes as it is sent: what telephones make of 50 megapixels.
pub const PHOTO_BYTES: usize = 15_000_000;
/// Largest part of a photo in bytes: some seconds on one bar, and what is lost when the line drops.
pub const PHOTO_PART_BYTES: usize = 128 * 1024;
/// Largest form with a photo in it in bytes: the photo, its fields and its boundaries.
pub const PHOTO_FORM_BYTES: usize = PHOTO_BYTES + 64 * 1024;
/// Most pixels of a photo: sensors of 50 megapixels (8,160 × 6,120), whose pixels take 200 MB while one is decoded.
pub const PHOTO_PIXELS: u64 = 52_000_000;
/// Longest side of a photo in pixels as it is sent: a panorama; lines of more are made to hurt.
pub const PHOTO_SIDE_SENT: u32 = 16_384;
/// Most memory in bytes that a decoder may ask for: four bytes for each of [`PHOTO_PIXELS`], and its tables.
pub const PHOTO_DECODER_BYTES: u64 = 256 * 1024 * 1024;
/// Most scans of a JPEG: cameras draw in ten at most, one file may ask for ten thousand.
pub const PHOTO_SCANS: usize = 64;
/// Most pixels that all scans of a photo draw together: twelve times [`PHOTO_PIXELS`], more than any camera's ten; a decoder that
/// is in the middle of a file cannot be stopped, and with this it is done within [`PHOTO_DECODING`].
pub const PHOTO_DRAWN_PIXELS: u64 = 12 * PHOTO_PIXELS;
/// Largest colour profile in bytes that is looked at: cameras write some hundred to some thousand, a packed one grows a
/// thousandfold at most. A larger one is passed over, and its photo taken as if it had none.
pub const PHOTO_PROFILE_BYTES: usize = 64 * 1024;
/// Longer side in pixels of a photo as it is stored: a rash fills a desk's screen, and a photo weighs some hundred kB.
pub const PHOTO_SIDE: u32 = 2_048;
/// Longer side in pixels of the small view beside it: a line of the conversation on a phone of three pixels a point.
pub const PHOTO_SMALL_SIDE: u32 = 480;
/// How long the making of a photo's views may take: fifty times what 12 megapixels take.
pub const PHOTO_DECODING: Millis = Millis::seconds(20);
/// Photos that are decoded at once: a processor each, and twice the memory of [`PHOTO_DECODER_BYTES`].
pub const PHOTOS_DECODED_AT_ONCE: usize = 2;
/// Photos that may be in memory, waiting or being read, before the next one is told to come later.
pub const PHOTOS_IN_HAND: usize = 12;
/// Most photos of one consultation: both sides, a dozen of each rash.
pub const PHOTOS_PER_CONSULTATION: usize = 30;
/// Most photos that go with an intake: enough to see what it is about, the others can be asked for.
pub const PHOTOS_WITH_INTAKE: usize = 5;
/// How long an intake that was begun and not sent is kept, its photos too, from its last change on.
pub const UNSENT_KEPT: Millis = Millis::days(7);
/// Photos of one sender that may have begun to arrive and not ended; one more puts the oldest away.
pub const PHOTOS_UNFINISHED: usize = 3;
/// How long the parts of a photo that goes no further are kept: a phone in a tunnel, a night on the charger is a new start.
pub const PHOTO_PARTS_KEPT: Millis = Millis::hours(1);
/// Bytes of photos, whole and in parts, that one city's desk takes in [`PHOTO_CITY_WINDOW`]: some 4,000, a hundred times a busy day.
pub const PHOTO_CITY_BYTES: u64 = 4_000_000_000;
/// See [`PHOTO_CITY_BYTES`].
pub const PHOTO_CITY_WINDOW: Millis = Millis::days(1);
/// Longest part of a summary at a hand-over in characters: a screen's column, read before the first word to the family.
pub const HAND_OVER_CHARS: usize = 1_000;
/// Longest line of it in characters: whom it is about, which rules fired.
pub const HAND_OVER_LINE_CHARS: usize = 200;
/// Longest name of a blank in a template in characters: what stands there, in a word or two.
pub const BLANK_CHARS: usize = 20;
/// Longest title of a template in characters: a line of the list.
pub const TEMPLATE_TITLE_CHARS: usize = 40;
/// Longest template in characters: half of a message, so that there is room for words of one's own.
pub const TEMPLATE_CHARS: usize = 1_000;
/// Most templates of a city: a list that is still looked through.
pub const TEMPLATES: usize = 200;
/// Longest words beside a photo in characters: where, since when.
pub const CAPTION_CHARS: usize = 200;
/// Most marks on one photo: past it the photo is hidden by them.
pub const MARKS_PER_PHOTO: usize = 40;

/// Longest name in characters of an institution that hands out leaflets: one line of a table.
pub const INSTITUTION_CHARS: usize = 60;
/// Most institutions of a city: every nursery, clinic and counter of a city of a million.
pub const INSTITUTIONS: usize = 2_000;

/// Most numbers under which a city's supervisors are telephoned: more are not tried one after the other.
pub const SUPERVISOR_PHONES: usize = 3;
/// Longest name in characters of whom such a number reaches: a line on a phone.
pub const SUPERVISOR_PHONE_NAME_CHARS: usize = 40;

/// How long a family can come back to its consultation: the illness that it was about, and a week's doubts.
pub const COME_BACK: Millis = Millis::days(7);
/// How long 「明日きく」 can be answered: later than this it asks about another day.
pub const CHECK_IN_OPEN: Millis = Millis::days(3);
/// How long after the morning that follows the end a family is reminded of the survey, once: not beside 「明日きく」.
pub const SURVEY_NUDGE_AFTER: Millis = Millis::days(1);
/// How long a public-health nurse's list shows again what she received: visits and calls of a month; what is older stands in the city's
/// own records.
pub const RECEIVED_SHOWN: Millis = Millis::days(30);
/// How long an appointment lasts.
pub const APPOINTMENT: Millis = Millis::minutes(10);
/// How long before it begins an appointment can be booked at the latest: nearer than this a family waits no longer in the queue.
pub const APPOINTMENT_AHEAD: Millis = Millis::minutes(30);
/// How far ahead appointments can be booked: a child's fever is not planned for longer, and hours change.
pub const APPOINTMENT_WITHIN: Millis = Millis::days(7);
/// How late a family may come to its appointment and keep its place: the length of one.
pub const APPOINTMENT_GRACE: Millis = Millis::minutes(10);
/// How long before its appointment a family is reminded of it.
pub const APPOINTMENT_REMINDED: Millis = Millis::minutes(30);
/// Whoever booked less than this before it begins needs no reminding: half an hour lies between the two at least.
pub const APPOINTMENT_REMINDED_OF: Millis = Millis::minutes(60);
/// How long before it begins an appointment can be begun by a clinician who has time, when its family is there.
pub const APPOINTMENT_EARLY: Millis = Millis::minutes(30);
/// Appointments that a desk shows, the nearest first.
pub const APPOINTMENTS_SHOWN: usize = 30;
/// Most families that a city lets book the same ten minutes: as many clinicians as a large city has on duty.
pub const APPOINTMENT_FAMILIES: u32 = 10;
/// Most concerns of one consultation: one is written on and on, a second is about somebody else.
pub const CONCERNS_PER_CONSULTATION: usize = 5;
