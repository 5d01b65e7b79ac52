//! Desks: accounts of their own, whose clinicians came on duty, and a page each that follows the queue, says what its browser
//! lets it do, and confirms the steps of the ladder that it carried out.

use super::News;
use crate::{
    clock,
    desk::{City, Desk},
    socket::Socket,
    staff::Clinician,
    tab::{PAUSES, jitter},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use signaling::{
    consultation::Command,
    id::ConsultationId,
    ladder::Step,
    protocol::{ClientFrame, ServerFrame},
    queue::QueueRow,
};
use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};
use tokio::{sync::mpsc, task::JoinSet};

/// Accounts that are made at the same time.
const AT_ONCE: usize = 4;
/// Over how many microseconds pages spread their confirmations, as PROTOCOL.md asks.
const SPREAD_MICROS: u64 = 1_000_000;
/// Of every role in turn.
const ROLES: [&str; 3] = ["pediatrician", "obstetrician", "midwife"];

/// A clinician who enrolled and is signed in.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) clinician: Clinician,
}

/// So many clinicians: an administrator adds each and hands over the link, they enrol by it and say 「対応中」.
pub(super) async fn enrolled(desk: &Desk, city: &City, count: usize) -> std::io::Result<Vec<Account>> {
    let accounts = (0..count).map(|n| async move {
        let role = ROLES[n % ROLES.len()];
        let (login, name) = (format!("load{n}"), format!("担当{n}"));
        let arguments = [
            "--city",
            &desk.card.cities[0].id,
            "--login",
            &login,
            "--name",
            &name,
            "--role",
            role,
        ];
        let added = desk.administers(&[&["staff", "add"], &arguments[..]].concat()).await?;
        let said = String::from_utf8_lossy(&added.stdout);
        let at = said.find("/staff/enrol/");
        let path = at.and_then(|at| said[at..].split_whitespace().next());
        let path = path.ok_or_else(|| std::io::Error::other(String::from_utf8_lossy(&added.stderr).into_owned()))?;
        let mut clinician = Clinician::enrols(city.browser(), path).await;
        clinician.comes_on_duty().await;
        Ok(Account { clinician })
    });
    stream::iter(accounts).buffer_unordered(AT_ONCE).try_collect().await
}

/// Open desks. They close with this value.
#[derive(Debug, Default)]
pub struct Desks {
    pages: JoinSet<()>,
}

impl Desks {
    /// A desk for each account.
    pub(super) fn open(accounts: &[Account], tell: &mpsc::UnboundedSender<News>) -> Self {
        let mut pages = JoinSet::new();
        for account in accounts {
            pages.spawn(looks_on(account.clinician.clone(), tell.clone()));
        }
        Self { pages }
    }

    /// How many are open.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }
}

async fn looks_on(clinician: Clinician, tell: mpsc::UnboundedSender<News>) {
    let mut page = Page {
        carried_out: HashSet::new(),
        to_confirm: BTreeMap::new(),
        is_back: false,
        tell,
    };
    let mut pause = PAUSES.0;
    loop {
        if let Ok(socket) = Socket::open(&clinician.browser, "/desk/live", Vec::new(), true).await {
            pause = PAUSES.0;
            page.is_back = false;
            if page.follows(socket).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(pause + jitter(pause)).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// Nobody measures any more.
struct Over;

struct Page {
    carried_out: HashSet<(ConsultationId, Step)>,
    /// What is confirmed at this time, unless another page was faster.
    to_confirm: BTreeMap<(u64, ConsultationId), Step>,
    /// This socket has brought the queue.
    is_back: bool,
    tell: mpsc::UnboundedSender<News>,
}

impl Page {
    /// Follows the queue until the socket is lost.
    async fn follows(&mut self, mut socket: Socket) -> Result<(), Over> {
        loop {
            let due_at = self.to_confirm.keys().next().map(|(at, _)| *at);
            let pause = Duration::from_micros(due_at.unwrap_or(0).saturating_sub(clock::micros()));
            tokio::select! {
                frame = socket.frame() => match frame {
                    Some(frame) => self.take(&mut socket, frame).await?,
                    None => return Ok(()),
                },
                () = tokio::time::sleep(pause), if due_at.is_some() => self.confirms(&mut socket).await,
            }
        }
    }

    /// What a page makes of a frame.
    async fn take(&mut self, socket: &mut Socket, frame: ServerFrame) -> Result<(), Over> {
        let at = clock::micros();
        match frame {
            ServerFrame::Welcome { .. } => {
                let hearing = ClientFrame::Hearing {
                    on_duty: true,
                    sound: true,
                    notifications: true,
                };
                socket.sends(&hearing).await;
            }
            ServerFrame::Queue(view) => {
                if !std::mem::replace(&mut self.is_back, true) {
                    self.tell.send(News::Back { at }).map_err(|_| Over)?;
                }
                view.rows.iter().for_each(|row| self.carries_out(row, at));
            }
            ServerFrame::Row { row, .. } => {
                let consultation = row.consultation;
                self.tell.send(News::Row { consultation, at }).map_err(|_| Over)?;
                self.carries_out(&row, at);
            }
            ServerFrame::Gone { consultation, .. } => self.to_confirm.retain(|(_, one), _| *one != consultation),
            _ => {}
        }
        Ok(())
    }

    /// Sounds or shows a notification, once for each step, and is going to say so unless somebody has.
    fn carries_out(&mut self, row: &QueueRow, now: u64) {
        let consultation = row.consultation;
        let step = row.alert.filter(|_| row.claimed_by.is_none() && !row.alert_heard);
        self.to_confirm
            .retain(|(_, one), known| *one != consultation || Some(*known) == step);
        let mine = |step: &Step| matches!(step, Step::Sound | Step::Notification);
        let Some(step) = step.filter(mine) else { return };
        if self.carried_out.insert((consultation, step)) {
            let own = clock::command_id().0.as_u128() % u128::from(SPREAD_MICROS);
            let at = now + u64::try_from(own).unwrap_or(0);
            self.to_confirm.insert((at, consultation), step);
        }
    }

    async fn confirms(&mut self, socket: &mut Socket) {
        let now = clock::micros();
        while let Some(entry) = self.to_confirm.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((_, consultation), step) = entry.remove_entry();
            let command = ClientFrame::Command {
                id: clock::command_id(),
                consultation,
                command: Command::HearAlert { step },
            };
            socket.sends(&command).await;
        }
    }
}
