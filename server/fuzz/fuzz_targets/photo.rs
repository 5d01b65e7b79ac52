#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| soudan_fuzz::targets::photo(input));
