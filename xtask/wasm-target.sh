#!/usr/bin/env bash
# Gives this machine a compiler for wasm32-unknown-unknown: rustup's, or where rustup is refused (a machine that reaches
# package registries only) Debian's rustc-web, with the standard library built once from rust-web-src.
# Idempotent; says what it does. `cargo xtask web` finds either by itself.
set -eu
cd "$(dirname "$0")/.."
target=wasm32-unknown-unknown

has_target() { # COMPILER
  local folder
  folder=$("$1" --print target-libdir --target "$target" 2>/dev/null) && ls "$folder"/libstd-*.rlib >/dev/null 2>&1
}

if has_target rustc || has_target /usr/bin/rustc; then exit 0; fi

echo "set-up: rustup target add $target"
if rustup target add "$target" && has_target rustc; then exit 0; fi

echo "set-up: rustup was refused; using Debian's rustc-web, rust-web-src and lld-22"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
install="apt-get install -y --no-install-recommends rustc-web rust-web-src lld-22"
if ! { $as_root apt-get update -q && $as_root $install; }; then
  echo "set-up: missing: a compiler for $target. As root: $install" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
: >"$work/src/lib.rs"
printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
echo "set-up: building the standard library for $target (one minute)"
# With bitcode, as the `web` profile optimises across crates at link time.
(
  cd "$work"
  export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld-22
  cargo build --quiet --release --target "$target" --target-dir "$work/target" -Zbuild-std=std,panic_abort
)
library=/usr/lib/rustlib/$target/lib
$as_root mkdir -p "$library"
for file in "$work/target/$target"/release/deps/*.rlib; do
  case $(basename "$file") in libempty-*) ;; *) $as_root cp "$file" "$library/" ;; esac
done
has_target /usr/bin/rustc || { echo "set-up: $library has no standard library after all" >&2; exit 1; }
