//! Two cities on one running server, with a clock that tests turn.

use super::{
    actors::{Clinician, Guardian, Supervisor},
    browser::Browser,
    panics,
    request::request,
    socket::Live,
};
use crate::{city::new_city, database::Database};
use server::{
    app::App,
    clock::{HandClock, World},
    config::{Config, DatabaseUrl},
    identity::NewCity,
    seal::Keys,
    serve,
    spine::Spine,
    storage::CityRow,
};
use signaling::{
    actor::{Actor, Role, Staff},
    consultation::Command,
    id::{CommandId, ConsultationId, GuardianId},
    time::{At, Millis},
    triage::Fired,
};
use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::sync::oneshot;

/// 2026-11-22 19:00 in the city.
pub(crate) const EVENING: At = At(1_795_341_600_000);
/// The password of every member of staff.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// 合言葉 of Hino.
pub(crate) const WORDS: &str = "さくら2026";

/// A running server with the cities Hino (`hino.test`) and Tama (`tama.test`).
pub(crate) struct Town {
    pub(crate) app: App,
    pub(crate) clock: HandClock,
    pub(crate) address: SocketAddr,
    pub(crate) database: Database,
    logins: AtomicU32,
    _web: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
}

impl Town {
    /// On SQLite.
    pub(crate) async fn new() -> Arc<Self> {
        Self::on(Database::sqlite().await).await
    }

    /// No demo: cities as the commands of an administrator make them.
    pub(crate) async fn real() -> Arc<Self> {
        Self::with(Database::sqlite().await, false).await
    }

    pub(crate) async fn on(database: Database) -> Arc<Self> {
        Self::with(database, true).await
    }

    async fn with(database: Database, demo: bool) -> Arc<Self> {
        panics::are_counted();
        let clock = HandClock::at(EVENING);
        let web = load::desk::bare_web_dir().expect("a directory of names");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let config = Config {
            listen: address,
            database_url: DatabaseUrl(database.url.clone()),
            web_dir: web.path().to_owned(),
            ..Config::default()
        };
        let (keys, world) = (Keys::new(&[7; 32]), World::new(clock.clone()));
        let app = serve::assemble(config, database.store.clone(), keys, world, demo).expect("a desk");
        let (stop, stopped) = oneshot::channel::<()>();
        let running = serve::run(app.clone(), listener, async move {
            let _ = stopped.await;
        });
        tokio::spawn(running);
        let logins = AtomicU32::new(0);
        let town = Self {
            app,
            clock,
            address,
            database,
            logins,
            _web: web,
            _stop: stop,
        };
        for (id, name, words) in [("hino", "日野市", WORDS), ("tama", "多摩市", "もみじ2026")] {
            town.found(new_city(id, name, demo), words).await;
        }
        Arc::new(town)
    }

    async fn found(&self, city: NewCity, words: &str) {
        let id = city.id.clone();
        assert!(self.app.identity.add_city(city).await.expect("founded"));
        self.app
            .identity
            .add_passphrase(&id, words, None)
            .await
            .expect("given out");
    }

    pub(crate) async fn city(&self, id: &str) -> CityRow {
        self.app
            .store
            .city(&id.parse().expect("an id"))
            .await
            .expect("read")
            .expect("a city")
    }

    pub(crate) fn turn(&self, length: Millis) {
        self.clock.turn(length);
    }

    /// Time passes while these tabs stay connected and answer heartbeats.
    pub(crate) async fn passes(&self, length: Millis, lives: &mut [&mut Live]) {
        let mut left = length.0;
        while left > 0 {
            let step = left.min(4_000);
            self.turn(Millis(step));
            left -= step;
            for live in lives.iter_mut() {
                live.stays().await;
            }
        }
    }

    pub(crate) fn command(&self) -> CommandId {
        CommandId(self.app.world.new_id())
    }

    pub(crate) fn browser(&self, host: &str) -> Browser {
        Browser::new(self.address, host)
    }

    /// A phone that was never here.
    pub(crate) fn guardian(self: &Arc<Self>) -> Guardian {
        Guardian::new(self, "hino.test")
    }

    /// A family that waits, its page open.
    pub(crate) async fn waiting_guardian(self: &Arc<Self>, worry: &str) -> Guardian {
        let mut guardian = self.guardian();
        guardian.registers().await;
        guardian.sends_intake(worry).await;
        guardian.opens_live().await;
        guardian
    }

    /// A clinician who has signed in and opened the desk.
    pub(crate) async fn clinician(self: &Arc<Self>, name: &str) -> Clinician {
        let mut clinician = self.clinician_of("hino", name, Role::Pediatrician).await;
        clinician.opens_desk().await;
        clinician
    }

    /// A clinician who has signed in.
    pub(crate) async fn clinician_of(self: &Arc<Self>, city: &str, name: &str, role: Role) -> Clinician {
        let (staff, browser) = self.signed_in(city, name, role).await;
        Clinician::new(self, staff, browser)
    }

    pub(crate) async fn supervisor(self: &Arc<Self>, name: &str) -> Supervisor {
        self.reader("hino", name, Role::Supervisor).await
    }

    /// Somebody who reads reports.
    pub(crate) async fn reader(self: &Arc<Self>, city: &str, name: &str, role: Role) -> Supervisor {
        let (_, browser) = self.signed_in(city, name, role).await;
        Supervisor { browser }
    }

    async fn signed_in(&self, city: &str, name: &str, role: Role) -> (Staff, Browser) {
        let (row, host) = (self.city(city).await, format!("{city}.test"));
        let login = format!("staff{}", self.logins.fetch_add(1, Ordering::Relaxed));
        let added = self
            .app
            .identity
            .add_enrolled_staff(&row, &login, name, role, PASSWORD)
            .await;
        let staff = added.expect("added").expect("a new login");
        let code = self
            .app
            .identity
            .current_code(&row, &login)
            .await
            .expect("read")
            .expect("enrolled");
        let mut browser = self.browser(&host);
        let fields = [("login", login.as_str()), ("password", PASSWORD), ("code", &code)];
        let answer = browser.posts("/staff/sign-in", &fields).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        (staff, browser)
    }

    /// A family that waits, made without a browser.
    pub(crate) async fn somebody_waits(&self, city: &str, worry: &str) -> ConsultationId {
        let consultation = ConsultationId(self.app.world.new_id());
        self.asks(
            consultation,
            GuardianId(self.app.world.new_id()),
            city,
            worry,
            Vec::new(),
        )
        .await;
        consultation
    }

    /// Sends an intake for which these rules fired.
    pub(crate) async fn asks(
        &self,
        consultation: ConsultationId,
        guardian: GuardianId,
        city: &str,
        worry: &str,
        fired: Vec<Fired>,
    ) {
        self.asks_at(&self.app.spine, consultation, guardian, city, worry, fired)
            .await;
    }

    /// The same at another server on this database.
    pub(crate) async fn asks_at(
        &self,
        spine: &Spine,
        consultation: ConsultationId,
        guardian: GuardianId,
        city: &str,
        worry: &str,
        fired: Vec<Fired>,
    ) {
        let request = request(city, worry, fired, self.app.world.now());
        let actor = Actor::Guardian { id: guardian };
        let command = Command::Request(Box::new(request));
        spine
            .execute(consultation, &actor, self.command(), &command)
            .await
            .expect("asked");
    }
}

/// Whatever a story does to the server, nothing in it panics. A story that fails says its own reason.
impl Drop for Town {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(panics::so_far(), Vec::<String>::new(), "the server panicked");
        }
    }
}
