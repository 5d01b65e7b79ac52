//! `soudan`: serve the desk, own its public ports, run a demo of it, add cities and staff, check the log.

use clap::{Args, Parser, Subcommand};
use server::{
    check_log, city,
    clock::{SystemClock, TestClock, World},
    config::{self, Config},
    demo, doctor, edge, files,
    identity::Identity,
    open_files,
    render::AsJson,
    rules::command::{self as rules, RulesCommand},
    seal::Keys,
    serve, staff,
    storage::Store,
    telemetry,
};
use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

/// Gives memory back. A password takes 19 MB to hash, on whatever thread is free; the system's allocator kept up to 58 MB of that
/// for every thread, some 500 MB after a shift had signed in.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The consultation desk for families: queue, chat, voice and video, records and figures.
#[derive(Parser)]
#[command(name = "soudan", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the desk. Refuses a demo's database.
    #[command(after_long_help = config::help())]
    Serve(ConfigArgs),
    /// Own the public ports: TLS for pages and TURN on one port, TURN over UDP and TCP. Calls outlive a restart of `serve`.
    #[command(after_long_help = config::help())]
    Edge(EdgeArgs),
    /// Look whether everything works that a call needs: configuration, database, TLS, clock, WebSocket, and each relay over
    /// each transport. Names what mends it, and fails when something is wrong.
    Doctor(DoctorArgs),
    /// Run a demo: two made-up cities with staff, passphrases and open hours, on this machine only unless --lan is given.
    Demo(DemoArgs),
    /// Accounts of the staff.
    Staff {
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Municipalities of a real desk: add one, give out a 合言葉, set the hours.
    City {
        #[command(subcommand)]
        command: city::CityCommand,
    },
    /// Check that the log is whole: every chain, every checkpoint. Names the first event that is broken or missing.
    CheckLog(CheckLogArgs),
    /// Red-flag rules as files: check one before it is used (`rules check FILE` names line and reason), print their schema.
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
}

#[derive(Args)]
struct ConfigArgs {
    /// TOML file; every key is listed by `soudan serve --help`.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args)]
struct EdgeArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// A demo has started this: end when it has gone.
    #[arg(long, hide = true)]
    beside_demo: bool,
}

#[derive(Args)]
struct DoctorArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// How families reach the desk, to be tried as well.
    #[arg(long, value_name = "https://HOST[:PORT]")]
    url: Option<String>,
    /// A certificate authority (PEM) to be believed besides the world's; `tls.authority_file` when missing.
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
}

#[derive(Args)]
struct DemoArgs {
    #[command(subcommand)]
    command: Option<DemoCommand>,
    /// Directory of the database and its secrets; made when missing.
    #[arg(long, value_name = "DIR", default_value = "data", global = true)]
    data: PathBuf,
    /// Address and port to serve on, 127.0.0.1:8080 when left out, 0.0.0.0:8080 with --lan. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// What browsers download, made by `cargo xtask web`.
    #[arg(long, value_name = "DIR", default_value = "dist")]
    web_dir: PathBuf,
    /// Serve https on the local network, so that a phone can try it. Makes a certificate authority of its own.
    #[arg(long)]
    lan: bool,
    /// Also run `soudan edge` beside it, with TLS on this port and TURN on the next: https, and calls that need a relay.
    #[arg(long, value_name = "PORT")]
    edge: Option<u16>,
    /// For tests: begin at this time of the city (2027-01-12T21:30). Lines of seconds, written to the socket `clock` in the data
    /// directory, put it forward; a later start goes on from there. On this machine only, in a directory that was begun so.
    #[arg(long, value_name = "TIME", value_parser = demo::test_clock::parse, conflicts_with_all = ["lan", "edge"])]
    test_clock: Option<signaling::time::At>,
}

#[derive(Subcommand)]
enum DemoCommand {
    /// Print the current 6-digit code of a demo account.
    Code {
        /// Login name as printed by `soudan demo`.
        name: String,
    },
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Add an account and print the link with which its owner chooses a password and adds the second factor.
    Add(staff::AddArgs),
}

#[derive(Args)]
struct CheckLogArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// An export of checkpoints that was kept elsewhere: finds what was cut off even if the database was rewritten.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Write all checkpoints to this file, to be kept elsewhere.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

type Anything = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => failed(error.as_ref()),
    }
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    // Nothing can be said when even standard error is gone.
    let _ = writeln!(std::io::stderr(), "soudan: {error}");
    ExitCode::FAILURE
}

async fn run(command: Command) -> Result<ExitCode, Anything> {
    match command {
        Command::Serve(args) => serve_desk(&args).await,
        Command::Edge(args) => run_edge(&args).await,
        Command::Doctor(args) => see_doctor(&args).await,
        Command::Demo(DemoArgs {
            command: Some(DemoCommand::Code { name }),
            data,
            ..
        }) => {
            let code = demo::code(&data, &name, World::new(SystemClock)).await?;
            writeln!(std::io::stdout(), "{code}")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo(args) => run_demo(&args).await,
        Command::Staff {
            command: StaffCommand::Add(args),
        } => {
            let config = read_config(args.config.as_deref())?;
            let (store, keys, world) = open(&config).await?;
            let link = staff::add(&store, &keys, &world, &config, &args).await?;
            writeln!(std::io::stdout(), "{link}")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::City { command } => change_city(command).await,
        Command::CheckLog(args) => check(&args).await,
        Command::Rules { command } => look_through_rules(&command),
    }
}

async fn serve_desk(args: &ConfigArgs) -> Result<ExitCode, Anything> {
    let config = read_config(args.config.as_deref())?;
    telemetry::start(&config.log_filter, config.log_json);
    open_files::raise();
    let (store, keys, world) = open(&config).await?;
    demo::refuse_demo(&store).await?;
    let listener = serve::listen(config.listen)?;
    tracing::info!(listen = %listener.local_addr()?, database = ?config.database_url, "serving");
    let app = serve::assemble(config, store, keys, world, false)?;
    serve::run(app, listener, told_to_stop()).await?;
    Ok(ExitCode::SUCCESS)
}

async fn run_edge(args: &EdgeArgs) -> Result<ExitCode, Anything> {
    let config = read_config(args.config.config.as_deref())?;
    telemetry::start(&config.log_filter, config.log_json);
    open_files::raise();
    let edge = edge::start(&config, World::new(SystemClock)).await?;
    let stop = async {
        tokio::select! {
            () = told_to_stop() => {}
            () = demo::left_alone(config.edge.serve), if args.beside_demo => {}
        }
    };
    edge.run(stop).await;
    Ok(ExitCode::SUCCESS)
}

async fn see_doctor(args: &DoctorArgs) -> Result<ExitCode, Anything> {
    let config = read_config(args.config.config.as_deref())?;
    let world = World::new(SystemClock);
    let authority = args.authority.as_deref().or(config.authority.as_deref());
    let findings = doctor::examine(&config, args.url.as_deref(), authority, &world).await;
    write!(std::io::stdout(), "{findings}")?;
    Ok(if findings.are_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn run_demo(args: &DemoArgs) -> Result<ExitCode, Anything> {
    telemetry::start("warn,server=info", false);
    open_files::raise();
    let place = demo::Place {
        data: args.data.clone(),
        web_dir: args.web_dir.clone(),
        listen: args.listen.unwrap_or_else(|| {
            let everywhere = if args.lan { [0, 0, 0, 0] } else { [127, 0, 0, 1] };
            SocketAddr::from((everywhere, 8080))
        }),
        lan: args.lan,
        edge_port: args.edge,
        test_clock: args.test_clock.map(TestClock::at),
        sockets_over_http2: false,
    };
    let started = demo::start(&place).await?;
    writeln!(std::io::stdout(), "{}", started.links)?;
    let edge = started.edge.map(|config| tokio::spawn(demo::keep_running(config)));
    let served = serve::run(started.app, started.listener, told_to_stop()).await;
    if let Some(edge) = edge {
        edge.abort();
    }
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn change_city(command: city::CityCommand) -> Result<ExitCode, Anything> {
    let config = read_config(command.which().config.as_deref())?;
    let (store, keys, world) = open(&config).await?;
    demo::refuse_demo(&store).await?;
    let identity = Identity::new(
        store.clone(),
        &keys,
        world.clone(),
        Arc::new(AsJson),
        config.is_public_https(),
    );
    let said = city::run(&store, &identity, &world, command).await?;
    writeln!(std::io::stdout(), "{said}")?;
    Ok(ExitCode::SUCCESS)
}

fn look_through_rules(command: &RulesCommand) -> Result<ExitCode, Anything> {
    let said = rules::run(command)?;
    write!(std::io::stdout(), "{}", said.text)?;
    Ok(if said.is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn check(args: &CheckLogArgs) -> Result<ExitCode, Anything> {
    let config = read_config(args.config.config.as_deref())?;
    let (store, keys, _) = open(&config).await?;
    if let Some(file) = &args.export {
        let mut exported = Vec::new();
        check_log::export(&store, &mut exported).await?;
        files::write_private(file, &exported)?;
    }
    let kept = args.against.as_ref().map(std::fs::read_to_string).transpose()?;
    let report = check_log::check(&store, &keys, kept.as_deref()).await?;
    writeln!(std::io::stdout(), "{report}")?;
    Ok(if report.is_intact() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn read_config(file: Option<&std::path::Path>) -> Result<Config, Anything> {
    let text = match file {
        Some(file) => std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?,
        None => String::new(),
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the environment is read"
    )]
    let environment = |name: &str| std::env::var(name).ok();
    Ok(config::read(&text, environment)?)
}

async fn open(config: &Config) -> Result<(Store, Keys, World), Anything> {
    let Some(file) = &config.master_key_file else {
        return Err(
            "master_key_file is not set; make one with: openssl rand -hex 32 > master.key && chmod 600 master.key"
                .into(),
        );
    };
    let keys = Keys::new(&files::read_key(file)?);
    let store = Store::open(&config.database_url.0).await?;
    Ok((store, keys, World::new(SystemClock)))
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
}
