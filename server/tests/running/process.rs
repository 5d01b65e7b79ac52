//! `soudan` as a process: what it prints, and that it ends with the test.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// Longer than anything takes; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running `soudan`, killed when dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

/// The command with these words and nothing of this environment's configuration.
pub(crate) fn soudan(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soudan"));
    command.args(words).env_remove("RUST_LOG");
    command
}

/// Runs to its end; gives whether it succeeded, and what it printed.
pub(crate) fn ends(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().expect("it runs");
    let text = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (status.success(), text.concat())
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (sender, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("stdout")),
            Box::new(child.stderr.take().expect("stderr")),
        ];
        for stream in streams {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    // An error means that the test is over.
                    let _ = sender.send(line);
                }
            });
        }
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// Reads until a line holds `words`, and gives it.
    pub(crate) fn says(&mut self, words: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("it never said {words:?}: {:#?}", self.said)
            };
            self.said.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Everything printed so far.
    pub(crate) fn said(&self) -> String {
        self.said.join("\n")
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn is_hung_up(&self) {
        let (sent, text) = ends(Command::new("kill").args(["-HUP", &self.child.id().to_string()]));
        assert!(sent, "{text}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An empty place with what `serve` needs: a master key, the names of the build's files, a configuration.
pub(crate) struct Place {
    pub(crate) directory: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let files = [
            "guardian.css",
            "desk.css",
            "guardian.js",
            "guardian.wasm",
            "desk.js",
            "desk.wasm",
            "check.css",
            "check.js",
            "check.wasm",
            "static/icon.svg",
        ]
        .map(|name| (name.to_owned(), name.replace('/', "-").into()));
        let manifest = serde_json::json!({ "files": serde_json::Map::from_iter(files) });
        let place = Self { directory };
        place.writes("manifest.json", &manifest.to_string());
        place.writes(
            "soudan.toml",
            &format!(
                "listen = \"127.0.0.1:0\"\ndatabase_url = \"{}\"\nmaster_key_file = \"{}\"\nweb_dir = \"{}\"\n",
                place.database_url(),
                place.path("master.key").display(),
                place.directory.path().display(),
            ),
        );
        server::files::write_private(&place.path("master.key"), "07".repeat(32).as_bytes()).expect("written");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn writes(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    pub(crate) fn database_url(&self) -> String {
        format!("sqlite://{}", self.path("soudan.db").display())
    }

    /// `soudan serve` with this place's configuration.
    pub(crate) fn serve(&self) -> Command {
        soudan(&["serve", "--config", text(&self.path("soudan.toml"))])
    }

    /// `soudan demo` with this place as its data.
    pub(crate) fn demo(&self, listen: &str) -> Command {
        let directory = text(self.directory.path());
        soudan(&["demo", "--listen", listen, "--data", directory, "--web-dir", directory])
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The port in a line such as `serving listen=127.0.0.1:34567 …` or `https://127.0.0.1:34567/`.
pub(crate) fn port_in(line: &str) -> u16 {
    let (_, rest) = line.split_once("127.0.0.1:").expect("an address");
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a port")
}
