#!/usr/bin/env bash
# `setup.sh run`: what building and serving needs. `setup.sh test`: also what the checks need (browsers, fonts, PostgreSQL, coturn's
# tools, networks).
# Idempotent, and quick when nothing is missing. Installs Debian packages as root or with sudo; where that is not possible,
# says the exact line that does it and stops.
set -eu
cd "$(dirname "$0")/.."
mode=${1:?run or test}

missing=
need() { # DEBIAN-PACKAGE CONDITION...
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_fonts() { ls /usr/share/fonts/opentype/noto/NotoSansCJK-*; }
has_postgres() { command -v postgres || ls /usr/lib/postgresql/*/bin/postgres; }

stop() { echo "set-up: $1" >&2; exit 1; }

command -v cargo >/dev/null || stop "missing: Rust. https://rustup.rs has the line that installs it"
node=$(node --version 2>/dev/null | sed 's/^v//; s/\..*//') || true
[ "${node:-0}" -ge 20 ] || stop "missing: Node.js 20 or newer with npm (found ${node:-none}); https://nodejs.org has packages"

need build-essential command -v cc
if [ "$mode" = test ]; then
  need chromium test -x "${CHROMIUM:-/usr/bin/chromium}"
  need firefox-esr test -x "${FIREFOX:-/usr/bin/firefox-esr}"
  need fonts-noto-cjk has_fonts
  need postgresql has_postgres
  need coturn command -v turnutils_uclient
  # Networks that tests make, and the certificate of the city in them.
  need iproute2 command -v ip
  need nftables command -v nft
  need openssl command -v openssl
fi
if [ -n "$missing" ]; then
  install="apt-get install -y --no-install-recommends$missing"
  echo "set-up: $install"
  if [ "$(id -u)" = 0 ]; then
    as_root="env DEBIAN_FRONTEND=noninteractive"
  elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
    as_root="sudo env DEBIAN_FRONTEND=noninteractive"
  else
    stop "missing:$missing. As root: apt-get update && $install"
  fi
  case $missing in
    # Only its tools are wanted: Debian would start a relay that listens to everybody. Where there is no systemd nothing starts.
    *coturn*) $as_root systemctl mask --quiet coturn.service 2>/dev/null || true ;;
  esac
  $as_root apt-get update -q && $as_root $install </dev/null || stop "could not install. As root: apt-get update && $install"
fi

xtask/wasm-target.sh

npm_install() { # FOLDER: again only when its lock file is newer than what npm wrote at the end of the last time
  if [ ! "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
    echo "set-up: npm ci in $1"
    (cd "$1" && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error) || stop "npm ci failed in $1"
    touch "$1/node_modules/.package-lock.json"
  fi
}
npm_install xtask
if [ "$mode" = test ]; then npm_install e2e; fi
