//! The structure of a JPEG (ITU-T T.81 Annex B): markers are walked, no pixel is decoded.
//!
//! Decoders are lenient: of half a file they make half a picture and grey, and a clinician would not know what is missing. And
//! one small file may ask for the same picture to be drawn ten thousand times.

/// Start of image, end of image, start of scan.
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// How many scans the picture is drawn in, if it has its end. What stands behind the end is not looked at.
pub(super) fn scans(file: &[u8]) -> Option<usize> {
    let mut rest = file.strip_prefix(&[0xFF, SOI])?;
    let mut scans = 0;
    loop {
        let (marker, after) = marker(rest)?;
        match marker {
            EOI => return (scans > 0).then_some(scans),
            // Alone, without a length (B.1.1.3): TEM and the restarts.
            0x01 | 0xD0..=0xD7 => rest = after,
            _ => {
                let length = usize::from(u16::from_be_bytes([*after.first()?, *after.get(1)?]));
                rest = after.get(length.max(2)..)?;
                if marker == SOS {
                    scans += 1;
                    rest = behind_scan(rest)?;
                }
            }
        }
    }
}

/// The marker that comes next, and what follows on it. Any number of fill bytes may stand before it.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    if *first != 0xFF {
        return None;
    }
    loop {
        let (marker, after) = rest.split_first()?;
        match marker {
            0xFF => rest = after,
            0x00 => return None,
            marker => return Some((*marker, after)),
        }
    }
}

/// From the marker that ends the entropy-coded data on: neither a stuffed zero nor a restart (B.1.1.5).
fn behind_scan(data: &[u8]) -> Option<&[u8]> {
    let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
    let end = data.windows(2).position(ends)?;
    data.get(end..)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header, `scans` scans with a restart and a stuffed byte each, and an end.
    fn drawn(times: usize) -> Vec<u8> {
        let mut file = vec![0xFF, SOI, 0xFF, 0xE1, 0, 6, 0xFF, EOI, 0xFF, EOI];
        for _ in 0..times {
            file.extend([0xFF, SOS, 0, 3, 1, 0xAA, 0xFF, 0x00, 0xFF, 0xD3, 0xBB, 0xFF, 0xFF]);
            file.pop();
        }
        file.extend([0xFF, EOI]);
        file
    }

    #[test]
    fn scans_are_counted_and_an_end_inside_of_a_segment_is_none() {
        assert_eq!(scans(&drawn(1)), Some(1));
        assert_eq!(scans(&drawn(1000)), Some(1000));
        assert_eq!(scans(&drawn(0)), None, "nothing is drawn");
    }

    #[test]
    fn wherever_it_is_cut_a_jpeg_without_its_end_is_no_jpeg() {
        let whole = drawn(2);
        for length in 0..whole.len() {
            assert_eq!(scans(&whole[..length]), None, "cut at {length}");
        }
    }

    #[test]
    fn what_stands_behind_the_end_changes_nothing() {
        let mut file = drawn(1);
        file.extend(b"PK\x03\x04 <script>");
        assert_eq!(scans(&file), Some(1));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_walked_to_an_end(mut file in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let _ = scans(&file);
            for byte in file.iter_mut().step_by(3) {
                *byte = 0xFF;
            }
            let file = [&[0xFF, SOI][..], &file].concat();
            proptest::prop_assert!(scans(&file).is_none_or(|scans| scans < file.len()));
        }
    }
}
