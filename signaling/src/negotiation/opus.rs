//! Sound that bears loss and saves where nobody speaks: what our encoder is asked for, by a change of the description that it
//! reads its wishes from.
//!
//! Opus parameters of a description say what its *sender* wants to receive (RFC 7587 §6.1). Browsers offer no other way to
//! turn on DTX, and not every one asks for in-band FEC, so both are added to the remote description before it is applied:
//! `useinbandfec=1` lets a lost packet be made up for by the next, `usedtx=1` sends a frame each 400 ms instead of 20 ms
//! while it is quiet, which on a thin line is what a voice needs. What the other side says itself stands.

const WISHES: [&str; 2] = ["useinbandfec", "usedtx"];

/// The same description, asking our encoder for both.
#[must_use]
pub(super) fn sparing(sdp: &str) -> String {
    let mut out = String::with_capacity(sdp.len() + 64);
    let mut section: Vec<&str> = Vec::new();
    for line in sdp.split_inclusive('\n') {
        if line.starts_with("m=") {
            write(&mut out, &section);
            section.clear();
        }
        section.push(line);
    }
    write(&mut out, &section);
    out
}

/// One section with its end of lines.
fn write(out: &mut String, section: &[&str]) {
    let is_sound = section.first().is_some_and(|line| line.starts_with("m=audio "));
    let format = is_sound.then(|| section.iter().find_map(|line| opus(line))).flatten();
    let Some(format) = format else {
        return section.iter().for_each(|line| out.push_str(line));
    };
    let asks_already = section.iter().any(|line| parameters(line, format).is_some());
    for line in section {
        let text = line.trim_end_matches(['\r', '\n']);
        let end = &line[text.len()..];
        out.push_str(text);
        if let Some(parameters) = parameters(line, format) {
            let mut bare = parameters.is_empty() || parameters.ends_with(';');
            for wish in missing(parameters) {
                out.push_str(if std::mem::take(&mut bare) { "" } else { ";" });
                out.push_str(wish);
                out.push_str("=1");
            }
        } else if !asks_already && opus(line) == Some(format) {
            out.push_str(if end.is_empty() { "\r\n" } else { end });
            out.push_str(&format!("a=fmtp:{format} {}=1;{}=1", WISHES[0], WISHES[1]));
        }
        out.push_str(end);
    }
}

/// The format's number, if the line says that it is Opus.
fn opus(line: &str) -> Option<u8> {
    let (format, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    let name = codec.trim().split('/').next()?;
    let format = format.parse().ok().filter(|format| *format < 128)?;
    name.eq_ignore_ascii_case("opus").then_some(format)
}

/// The parameters of this format, if the line holds them.
fn parameters(line: &str, format: u8) -> Option<&str> {
    let (of, parameters) = line.strip_prefix("a=fmtp:")?.split_once(' ')?;
    (of.parse() == Ok(format)).then(|| parameters.trim())
}

fn missing(parameters: &str) -> impl Iterator<Item = &'static str> {
    let said = |wish: &str| {
        parameters
            .split(';')
            .filter_map(|one| one.split('=').next())
            .any(|name| name.trim().eq_ignore_ascii_case(wish))
    };
    WISHES.into_iter().filter(move |wish| !said(wish))
}

#[cfg(test)]
mod tests {
    use super::sparing;
    use proptest::prelude::*;

    const CHROMIUM: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=rtpmap:111 opus/48000/2\r\n\
        a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n";

    #[test]
    fn sound_is_asked_for_with_correction_and_without_silence() {
        let asked = sparing(CHROMIUM);
        let expected = CHROMIUM.replace("useinbandfec=1\r\n", "useinbandfec=1;usedtx=1\r\n");
        assert_eq!(asked, expected);
        assert_eq!(sparing(&asked), asked, "once is enough");
    }

    #[test]
    fn a_description_without_parameters_is_given_a_line_of_them() {
        let bare = "m=audio 9 RTP/SAVPF 109\na=rtpmap:109 OPUS/48000/2\na=sendrecv\n";
        assert_eq!(
            sparing(bare),
            "m=audio 9 RTP/SAVPF 109\na=rtpmap:109 OPUS/48000/2\na=fmtp:109 useinbandfec=1;usedtx=1\na=sendrecv\n"
        );
    }

    #[test]
    fn what_the_other_side_says_itself_stands() {
        let says = "m=audio 9 RTP/SAVPF 109\r\na=rtpmap:109 opus/48000/2\r\na=fmtp:109 usedtx=0; UseInbandFec=0\r\n";
        assert_eq!(sparing(says), says);
    }

    #[test]
    fn pictures_and_other_codecs_are_let_be() {
        for other in [
            "m=video 9 RTP/SAVPF 109\r\na=rtpmap:109 opus/48000/2\r\n",
            "m=audio 9 RTP/SAVPF 0\r\na=rtpmap:0 PCMU/8000\r\na=fmtp:0 x=1\r\n",
            "m=audio 9 RTP/SAVPF 300\r\na=rtpmap:300 opus/48000/2\r\na=fmtp:300 x=1\r\n",
            "",
        ] {
            assert_eq!(sparing(other), other);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_comes_is_borne_and_only_added_to(lines in prop::collection::vec(prop_oneof![
            Just("m=audio 9 X 111".to_owned()), Just("m=video 9 X 96".to_owned()),
            Just("a=rtpmap:111 opus/48000/2".to_owned()), "a=(rtpmap|fmtp):[0-9]{0,4} ?.{0,12}", "\\PC{0,20}",
        ], 0..30), end in prop_oneof![Just("\r\n"), Just("\n"), Just("\r")]) {
            let sdp = lines.join(end);
            let asked = sparing(&sdp);
            prop_assert!(asked.len() >= sdp.len());
            prop_assert!(asked.len() <= sdp.len() * 3 + 64);
            prop_assert_eq!(sparing(&asked), asked);
        }
    }

    #[test]
    fn the_longest_description_full_of_opus_is_read_in_one_go() {
        let lines = "a=rtpmap:111 opus/48000\r\na=fmtp:111 a=1\r\n".repeat(crate::limits::SDP_BYTES / 42);
        let asked = sparing(&format!("m=audio 9 X 111\r\n{lines}"));
        assert!(asked.len() < 3 * crate::limits::SDP_BYTES);
    }
}
