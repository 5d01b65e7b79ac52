//! `load`: measures the desk without a browser, or keeps it busy while browsers measure.

use clap::{Parser, Subcommand};
use load::{
    desk::{Card, Desk, bare_web_dir},
    floor,
    measure::{self, Chats},
};
use std::{io::Write, path::PathBuf, process::ExitCode, time::Duration};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: What,
}

#[derive(Subcommand)]
enum What {
    /// Start a desk and print figures, one line of JSON each.
    Measure {
        /// The binary to measure.
        #[arg(long, value_name = "FILE")]
        soudan: PathBuf,
        /// Families that wait at once.
        #[arg(long, default_value_t = 2000)]
        waiting: usize,
        /// Consultations that chat at once.
        #[arg(long, default_value_t = 200)]
        chats: usize,
        /// Families that arrive at an open desk.
        #[arg(long, default_value_t = 200)]
        arrivals: usize,
    },
    /// Chat at a running demo for some time; says `talking` once all are connected.
    Chat {
        /// Its data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Consultations.
        #[arg(long, default_value_t = 200)]
        chats: usize,
        /// Leave the desks of this role to others.
        #[arg(long, value_name = "ROLE")]
        leave: Option<String>,
        /// So long; whoever started it may end it earlier.
        #[arg(long, default_value_t = 600)]
        seconds: u64,
    },
    /// The floor's server; `measure` starts it.
    #[command(name = floor::COMMAND, hide = true)]
    Floor,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody may be reading.
            let _ = writeln!(std::io::stderr(), "load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(what: What) -> std::io::Result<()> {
    match what {
        What::Measure {
            soudan,
            waiting,
            chats,
            arrivals,
        } => {
            let web = bare_web_dir()?;
            // Each on a desk of its own: what one leaves behind is no load of the next.
            let desk = Desk::start(&soudan, web.path()).await?;
            print(&measure::waiting_sockets(&desk, waiting).await)?;
            let desk = Desk::start(&soudan, web.path()).await?;
            print(&measure::arrivals(&desk, arrivals).await)?;
            let desk = Desk::start(&soudan, web.path()).await?;
            print(&measure::chats(&desk, chats).await)
        }
        What::Chat {
            data,
            chats,
            leave,
            seconds,
        } => {
            let mut city = Card::read(&data)?.city();
            city.clinicians.retain(|account| leave.as_ref() != Some(&account.role));
            let chats = Chats::begin(&city, chats).await;
            writeln!(std::io::stdout(), "talking")?;
            chats.talk(Duration::from_secs(seconds)).await;
            Ok(())
        }
        What::Floor => floor::serve().await,
    }
}

fn print(figures: &[load::figures::Figure]) -> std::io::Result<()> {
    figures.iter().try_for_each(load::figures::Figure::print)
}
