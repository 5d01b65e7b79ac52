//! Every crate in the tree offers a licence that `deny.toml` allows.

use std::fs;

use crate::Outcome;
use crate::tools::path;

/// One line per crate that offers nothing we may take.
pub(super) fn broken(metadata: &serde_json::Value) -> Outcome<Vec<String>> {
    let rules: toml::Table = fs::read_to_string(path("deny.toml"))?.parse()?;
    let allowed: Vec<&str> = rules["licenses"]["allow"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
        .collect();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    // Our own crates have no source.
    let foreign = packages.filter(|package| !package["source"].is_null());
    Ok(foreign
        .filter_map(|package| {
            let offered = package["license"].as_str().unwrap_or("nothing");
            let refused = !is_allowed(offered, &allowed);
            refused.then(|| {
                format!(
                    "{} {} offers {offered}; see deny.toml",
                    package["name"], package["version"]
                )
            })
        })
        .collect())
}

/// Evaluates an SPDX expression: OR of ANDs, parentheses, `WITH`, and the old `A/B` for OR.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest, allowed) && rest.is_empty()
}

fn any_of(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut fine = all_of(rest, allowed);
    while let ["OR", tail @ ..] = rest {
        *rest = tail;
        fine |= all_of(rest, allowed);
    }
    fine
}

fn all_of(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut fine = one_of(rest, allowed);
    while let ["AND", tail @ ..] = rest {
        *rest = tail;
        fine &= one_of(rest, allowed);
    }
    fine
}

fn one_of(rest: &mut &[&str], allowed: &[&str]) -> bool {
    match rest {
        ["(", tail @ ..] => {
            *rest = tail;
            let fine = any_of(rest, allowed);
            match rest {
                [")", tail @ ..] => *rest = tail,
                _ => return false,
            }
            fine
        }
        [licence, "WITH", exception, tail @ ..] => {
            let name = format!("{licence} WITH {exception}");
            *rest = tail;
            allowed.contains(&name.as_str())
        }
        [licence, tail @ ..] => {
            let name = *licence;
            *rest = tail;
            allowed.contains(&name)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"];
        for fine in [
            "MIT",
            "GPL-3.0 OR MIT",
            "GPL-3.0/MIT",
            "(MIT OR X) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR X",
        ] {
            assert!(is_allowed(fine, &allowed), "{fine}");
        }
        for refused in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR X) AND Y",
            "Apache-2.0",
            "nothing",
            "",
            "(MIT",
            "MIT MIT",
        ] {
            assert!(!is_allowed(refused, &allowed), "{refused}");
        }
    }
}
