//! `load`: measures the desk without a browser, or keeps it busy while browsers measure.

use clap::{Parser, Subcommand};
use load::{
    crowd::{self, Crowd, Stage},
    desk::{Card, Desk, bare_web_dir},
    floor,
    measure::{self, Chats},
};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

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
    /// Start a desk on one processor, fill it with families and desks, and print figures; for each crowd in turn.
    Crowd {
        /// The binary to measure.
        #[arg(long, value_name = "FILE")]
        soudan: PathBuf,
        /// Its processor; this program should be kept to another one.
        #[arg(long)]
        processor: Option<u32>,
        /// How many wait, and how many desks look on; may be given again.
        #[arg(long = "with", value_name = "FAMILIES/DESKS", value_parser = crowd_of, default_values = ["1000/100", "10000/500"])]
        crowds: Vec<Crowd>,
        /// After so long it gives up.
        #[arg(long, default_value_t = 480)]
        seconds: u64,
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

fn crowd_of(text: &str) -> Result<Crowd, String> {
    let numbers = text
        .split_once('/')
        .map(|(families, desks)| (families.parse(), desks.parse()));
    match numbers {
        Some((Ok(families), Ok(desks))) if families > crowd::TAKEN && desks > 0 => Ok(Crowd { families, desks }),
        _ => Err("two numbers, as in 1000/100".to_owned()),
    }
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
        What::Crowd {
            soudan,
            processor,
            crowds,
            seconds,
        } => {
            let measured = measure_crowds(&soudan, processor, crowds);
            let in_time = tokio::time::timeout(Duration::from_secs(seconds), measured).await;
            in_time.unwrap_or_else(|_| Err(std::io::Error::other("it took too long")))
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

async fn measure_crowds(soudan: &Path, processor: Option<u32>, crowds: Vec<Crowd>) -> std::io::Result<()> {
    let web = bare_web_dir()?;
    let stage = Stage {
        soudan,
        web: web.path(),
        processor,
    };
    for crowd in crowds {
        let mut figures = crowd::measure(stage, crowd).await?;
        for figure in &mut figures {
            figure.with = Some(crowd.to_string());
        }
        print(&figures)?;
    }
    Ok(())
}

fn print(figures: &[load::figures::Figure]) -> std::io::Result<()> {
    figures.iter().try_for_each(load::figures::Figure::print)
}
