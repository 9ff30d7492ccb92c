//! The `hearth` command's questions: to a running box over its control socket, and those that need none.
//!
//! Each question has one file that asks and puts the answer into a table; with `--json` the box's own words are
//! printed as they came. Tables fit 80 columns; colours appear only on a terminal and say nothing that words do not.

mod answers;
mod audit;
mod backup;
mod check;
mod claim;
mod device;
mod devices;
pub mod event;
mod exit;
mod folder;
mod household;
mod ledger;
mod logs;
pub mod moment;
pub mod number;
mod out;
mod people;
mod person;
mod profiles;
mod raw;
mod readings;
mod rights;
#[cfg(test)]
mod samples;
mod status;
mod table;
mod totals;
mod watch;

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use energy::calendar::Zone;
use serde::Deserialize;
use system::client::{Client, ClientError};

use crate::cli::{Ask, BusAsk, Cli, Shared};
use crate::clock;
use crate::state::trusted_elsewhere;
pub use exit::{Exit, Fault};
pub use folder::state_folder;
use moment::Wall;
use out::{Form, Out};

/// Answers a question on the standard output; what went wrong is told on the error output.
pub async fn run(shared: &Shared, question: Ask) -> ExitCode {
    let mut out = Out::standard(shared);
    let answered = ask(&question, shared, &mut out).await;
    // What was written before a fault is part of the answer too.
    let flushed = out.flush();
    match answered.and(flushed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fault.tell(),
    }
}

async fn ask(question: &Ask, shared: &Shared, out: &mut Out) -> Result<(), Fault> {
    let state = state_folder(shared);
    match question {
        Ask::Profiles { id } => return profiles::answer(id.as_deref(), out),
        Ask::CheckConfig { file } => {
            return check::answer(file.as_ref().unwrap_or(&state.join("site.toml")), out);
        }
        Ask::Logs(logs) => return logs::answer(logs, &state, out).await,
        Ask::Audit(asked) => return audit::answer(asked, &state, out).await,
        Ask::Ledger { what } => return ledger::answer(what, &state, out).await,
        Ask::Backup(asked) => return backup::answer(asked, &state, out).await,
        Ask::Export { to, from } => return backup::export(from, to, out).await,
        Ask::Completions { shell } => return completions(*shell, out),
        Ask::Version => return version(out),
        _ => {}
    }
    let client = connect(&state).await?;
    match question {
        Ask::Status => status::answer(&client, out).await,
        Ask::Devices => devices::answer(&client, clock::now(), out).await,
        Ask::Device { name } => device::answer(&client, name, clock::now(), out).await,
        Ask::Read(read) => raw::answer(&client, read, out).await,
        Ask::Bus {
            what: BusAsk::Watch { bus },
        } => watch::answer(&client, bus, out).await,
        Ask::Readings(asked) => readings::answer(&client, asked, out).await,
        Ask::Energy { period } => totals::answer(&client, period.as_deref().unwrap_or(""), out).await,
        Ask::Reload => reload(&client, out).await,
        Ask::Claim => claim::answer(&client, out).await,
        Ask::Acts => rights::answer(&client, out).await,
        Ask::Members(asked) => people::answer(&client, asked, out).await,
        Ask::Profiles { .. }
        | Ask::CheckConfig { .. }
        | Ask::Logs(_)
        | Ask::Audit(_)
        | Ask::Ledger { .. }
        | Ask::Backup(_)
        | Ask::Export { .. }
        | Ask::Completions { .. }
        | Ask::Version => Ok(()),
    }
}

/// Connects to the box of a folder; its socket is elsewhere where the folder takes none.
async fn connect(state: &Path) -> Result<Client, ClientError> {
    let error = match Client::connect(&state.join(system::SOCKET)).await {
        Ok(client) => return Ok(client),
        Err(error) => error,
    };
    let Some(elsewhere) = trusted_elsewhere(state) else {
        return Err(error);
    };
    Client::connect(&elsewhere).await.map_err(|_| error)
}

async fn reload(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let sentence = client.reload().await.map_err(|error| match error {
        // The box refuses a reload when the new file is not in order; the old one stays in force.
        ClientError::Refused {
            kind: system::client::Kind::Failed,
            sentence,
        } => Fault::new(Exit::Config, sentence, "Then try `hearth reload` again."),
        other => other.into(),
    })?;
    match out.form {
        Form::Json => out.line(&serde_json::json!({ "sentence": sentence }).to_string()),
        Form::Tables => out.line(&sentence),
    }
}

fn completions(shell: clap_complete::Shell, out: &mut Out) -> Result<(), Fault> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "hearth", &mut script);
    out.text(&String::from_utf8_lossy(&script))
}

fn version(out: &mut Out) -> Result<(), Fault> {
    let version = env!("CARGO_PKG_VERSION");
    match out.form {
        Form::Json => out.line(&serde_json::json!({ "version": version }).to_string()),
        Form::Tables => out.line(&format!("hearth {version}")),
    }
}

/// The clock on the wall of the place, as the box has it.
async fn wall(client: &Client) -> Result<Wall, Fault> {
    #[derive(Deserialize)]
    struct Answer {
        time_zone: String,
    }
    let answer: Answer = serde_json::from_str(&client.status().await?)?;
    Ok(Wall {
        zone: zone(&answer.time_zone)?,
        now: clock::now(),
    })
}

fn zone(name: &str) -> Result<Zone, Fault> {
    Zone::parse(name).map_err(|error| ClientError::Strange(error.to_string()).into())
}
