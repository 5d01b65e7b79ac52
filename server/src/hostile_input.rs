//! Strangers' bytes that are kept in `server/fuzz/corpus/`, through everything that reads such bytes: what a fuzzer has found,
//! and some of each kind. No fuzzer is needed here; CONTRIBUTING.md says how to run one.

#[path = "../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "the fuzzer's crate calls these from outside")]
mod targets;

use std::path::Path;

#[test]
fn nothing_that_a_fuzzer_has_found_breaks_a_promise() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let folder = std::fs::read_dir(corpus.join(name)).expect("a folder for each target");
        let mut kept = 0;
        for file in folder {
            let bytes = std::fs::read(file.expect("an entry").path()).expect("readable");
            target(&bytes);
            // What breaks off in the middle is no better.
            (0..bytes.len().min(64)).for_each(|end| target(&bytes[..end]));
            kept += 1;
        }
        assert!(kept > 0, "{name}");
    }
}
