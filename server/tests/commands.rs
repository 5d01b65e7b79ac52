//! The commands as an operator types them: the binary itself, on a directory of its own.

mod commands {
    mod real_city;
    mod rules;
}
