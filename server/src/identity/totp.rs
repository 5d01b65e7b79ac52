//! One-time codes of the second factor: TOTP (RFC 6238) over HOTP (RFC 4226), SHA-1, six digits, 30 seconds, as every
//! authenticator app speaks it.
//!
//! A code of the step before or after is taken too, for clocks that are off and thumbs that are slow. That a step counts
//! only once per account is kept by `storage::staff`, in the transaction that signs in.

use super::secret::{base32, percent};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use signaling::time::At;
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

/// Length of a secret: as long as the hash, which RFC 4226 §4 R6 recommends.
pub(crate) const SECRET_BYTES: usize = 20;
const STEP_MILLIS: i64 = 30_000;

/// The step that an instant lies in.
pub(crate) fn step(at: At) -> i64 {
    at.0.div_euclid(STEP_MILLIS)
}

/// The six digits of a step.
pub(crate) fn code(secret: &[u8], step: i64) -> String {
    format!("{:06}", hotp(secret, step.cast_unsigned()) % 1_000_000)
}

/// RFC 4226 §5.3, before the reduction to digits.
fn hotp(secret: &[u8], counter: u64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return 0;
    };
    mac.update(&counter.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let offset = usize::from(digest[19] & 0x0f);
    let word = [
        digest[offset],
        digest[offset + 1],
        digest[offset + 2],
        digest[offset + 3],
    ];
    u32::from_be_bytes(word) & 0x7fff_ffff
}

/// The step whose code was typed, if it is one of the three around `at`. All three are computed and compared whatever the
/// outcome, so the time taken says nothing.
pub(crate) fn matching_step(secret: &[u8], typed: &str, at: At) -> Option<i64> {
    let typed = digits(typed);
    let now = step(at);
    let mut found = i64::MIN;
    for candidate in [now - 1, now, now + 1] {
        let equal = code(secret, candidate).as_bytes().ct_eq(typed.as_bytes());
        found.conditional_assign(&candidate, equal);
    }
    (found != i64::MIN).then_some(found)
}

/// Digits as typed on a Japanese keyboard, white space dropped.
pub(crate) fn digits(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            other => other,
        })
        .take(12)
        .collect()
}

/// The address that an authenticator app reads from the QR code.
pub(crate) fn otpauth(issuer: &str, login: &str, secret: &[u8]) -> String {
    let (issuer, login, secret) = (percent(issuer), percent(login), base32(secret));
    format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_agree_with_rfc_4226_appendix_d() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ];
        for (counter, code_of_rfc) in (0..).zip(expected) {
            assert_eq!(code(RFC_SECRET, counter), code_of_rfc);
        }
    }

    #[test]
    fn codes_agree_with_rfc_6238_appendix_b() {
        let expected = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, eight_digits) in expected {
            let step = step(At(seconds * 1000));
            assert_eq!(
                hotp(RFC_SECRET, step.cast_unsigned()) % 100_000_000,
                eight_digits,
                "{seconds}"
            );
        }
    }

    #[test]
    fn a_code_lives_for_the_step_before_and_after_and_no_longer() {
        let at = |seconds: i64| At(seconds * 1000);
        let typed = code(RFC_SECRET, 100);
        assert_eq!(matching_step(RFC_SECRET, &typed, at(3000)), Some(100));
        assert_eq!(matching_step(RFC_SECRET, &typed, at(2970)), Some(100));
        assert_eq!(matching_step(RFC_SECRET, &typed, at(3059)), Some(100));
        assert_eq!(matching_step(RFC_SECRET, &typed, at(2969)), None);
        assert_eq!(matching_step(RFC_SECRET, &typed, at(3060)), None);
    }

    #[test]
    fn a_code_may_be_typed_full_width_or_with_a_gap() {
        let typed = code(RFC_SECRET, 1);
        assert_eq!(typed, "287082");
        assert_eq!(matching_step(RFC_SECRET, "２８７ ０８２", At(30_000)), Some(1));
        assert_eq!(matching_step(RFC_SECRET, "", At(30_000)), None);
        assert_eq!(matching_step(RFC_SECRET, "28708", At(30_000)), None);
    }
}
