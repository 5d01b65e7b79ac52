//! A real PostgreSQL in a temporary directory, on a Unix socket only.
//!
//! A shell holds the server and stops it when this process is gone, however it went: the shell waits on a pipe that only
//! this process keeps open.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const MISSING: &str = "PostgreSQL is needed for the storage contract and was not found. \
                       Install it with: apt-get install -y postgresql";

/// The running server.
pub(crate) struct Postgres {
    socket_directory: PathBuf,
    _shell: Child,
}

impl Postgres {
    /// The address of a database on this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.socket_directory.display()
        )
    }

    /// Starts it. Without `fsync` a power cut may take what was committed: faster, and all the same to most tests.
    pub(crate) fn start(fsync: bool) -> Self {
        let binaries = binaries();
        let directory = tempfile::Builder::new()
            .prefix("soudan-pg-")
            .tempdir()
            .expect("a temporary directory")
            .keep();
        let mut shell = as_other_user(&directory);
        let script = r#"
            cd "$1" || exit 1
            "$2/initdb" -D data -U postgres --auth=trust -N --locale=C --encoding=UTF8 >initdb.log 2>&1 ||
                { cat initdb.log >&2; exit 1; }
            "$2/pg_ctl" -D data -w -t 60 -l server.log -o "-k '$1' -c listen_addresses= -c max_connections=600 \
                -c shared_buffers=64MB -c fsync=$3" start >start.log 2>&1 || { cat start.log server.log >&2; exit 1; }
            echo ready
            read -r _
            "$2/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
            cd / && rm -rf "$1"
        "#;
        shell
            .arg("sh")
            .arg("-c")
            .arg(script)
            .arg("postgres")
            .arg(&directory)
            .arg(binaries)
            .arg(if fsync { "on" } else { "off" });
        let mut shell = shell
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut line = String::new();
        let output = shell.stdout.take().expect("the shell's output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("the shell says something");
        assert_eq!(line.trim(), "ready", "PostgreSQL did not start; its complaint is above");
        Self {
            socket_directory: directory,
            _shell: shell,
        }
    }
}

/// PostgreSQL refuses to run as root, so then another user runs it in a directory of its own.
fn as_other_user(directory: &Path) -> Command {
    let id = |arguments: &[&str]| {
        let output = Command::new("id")
            .args(arguments)
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return Command::new("env");
    }
    let (user, group) = ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)))
        .expect("a user postgres or nobody");
    std::os::unix::fs::chown(directory, Some(user), Some(group)).expect("the directory changes its owner");
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={user}"))
        .arg(format!("--regid={group}"))
        .arg("--clear-groups");
    command
}

fn binaries() -> PathBuf {
    let told = Command::new("pg_config").arg("--bindir").output().ok();
    let told = told
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map(|text| PathBuf::from(text.trim()));
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    installed.sort();
    #[expect(
        clippy::disallowed_methods,
        reason = "a test looks for a program where the shell would"
    )]
    let path = std::env::var("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    told.into_iter()
        .chain(installed.into_iter().rev())
        .chain(on_path)
        .find(|directory| directory.join("initdb").exists() && directory.join("pg_ctl").exists())
        .expect(MISSING)
}
