//! The `hearth` program: reads what was typed, and starts the box, the simulation, or a question.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hearth::cli::{self, Cli, Command};
use hearth::command::{self, Exit};
use hearth::fill::{FillOptions, fill};
use hearth::logging;
use hearth::machine;
use hearth::run::{RunOptions, run};
use hearth::simulate::{Simulation, simulate};
use hearth::state::StateFolder;
use jiff::tz::TimeZone;
use simulator::{BatteryForm, InverterForm, NightBehaviour, PlayOptions, SimulateError};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use units::Span;

fn main() -> ExitCode {
    let Cli { shared, command } = match Cli::read(std::env::args_os()) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    if let Command::Run(_) = command {
        machine::keep_little_memory();
    }
    let runtime = match Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(Exit::Software, &format!("the program cannot start: {error}")),
    };
    match command {
        Command::Run(options) => run_box(&runtime, &shared, options),
        Command::Simulate(options) => run_simulation(&runtime, &shared, *options),
        Command::Fill(options) => run_fill(&runtime, &shared, &options),
        Command::Ask(ask) => runtime.block_on(command::run(&shared, ask)),
    }
}

fn run_box(runtime: &Runtime, shared: &cli::Shared, options: cli::Run) -> ExitCode {
    let state = command::state_folder(shared);
    // Before the log makes its own in it, so that it is born with its rights; what is wrong with it `run` will say.
    // A folder that is not there is made only for a site that is elsewhere.
    if options.site.is_some() || state.exists() {
        let _told_later = StateFolder::open(&state);
        if let Err(error) = logging::init(&state) {
            eprintln!("hearth: no log can be written: {error}");
        }
    }
    let options = RunOptions {
        state,
        site: options.site,
        port: options.port,
        safe_port: options.safe_port,
    };
    match runtime.block_on(run(options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run_fill(runtime: &Runtime, shared: &cli::Shared, options: &cli::Fill) -> ExitCode {
    let options = FillOptions {
        state: command::state_folder(shared),
        days: options.days,
        step: Span::from_secs(i64::from(options.step)),
    };
    let (folder, days) = (options.state.display().to_string(), options.days);
    let (tell, told) = oneshot::channel();
    runtime.block_on(async {
        let Ok(stopped) = stopped() else {
            return failed(Exit::Software, "the system does not tell of signals");
        };
        // On a thread of its own, which the end of the program need not wait for.
        std::thread::spawn(move || {
            let _nobody_waits_any_more = tell.send(fill(&options));
        });
        tokio::select! {
            number = stopped => {
                eprintln!("hearth: the filling was cut short. Delete the folder {folder} before you fill it again");
                ExitCode::from(number.saturating_add(128))
            }
            filled = told => match filled {
                Ok(Ok(count)) => {
                    println!("{days} days of the past are there: {count} readings.");
                    ExitCode::SUCCESS
                }
                Ok(Err(error)) => failed(Exit::Data, &format!("{error:#}")),
                Err(_) => failed(Exit::Software, "the filling broke off"),
            },
        }
    })
}

/// From now on waits for the signal that ends the program, and gives its number.
fn stopped() -> std::io::Result<impl Future<Output = u8>> {
    let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
    let (mut interrupted, mut terminated) = (signal(interrupt)?, signal(terminate)?);
    Ok(async move {
        let number = tokio::select! {
            _ = interrupted.recv() => interrupt.as_raw_value(),
            _ = terminated.recv() => terminate.as_raw_value(),
        };
        u8::try_from(number).unwrap_or(u8::MAX)
    })
}

fn run_simulation(runtime: &Runtime, shared: &cli::Shared, options: cli::Simulate) -> ExitCode {
    let zone = match TimeZone::get(&options.zone) {
        Ok(zone) => zone,
        Err(_) => {
            return failed(
                Exit::Usage,
                &format!(
                    "there is no time zone {:?}; write one as Europe/London",
                    options.zone
                ),
            );
        }
    };
    let simulation = Simulation {
        state: command::state_folder(shared),
        seed: options.seed,
        since: options.since,
        now: options.now,
        speed: options.speed,
        tcp: options.tcp,
        baud: options.baud,
        night: match options.night {
            cli::Night::Zero => NightBehaviour::Zero,
            cli::Night::Nan => NightBehaviour::NotANumber,
            cli::Night::Silent => NightBehaviour::Silent,
        },
        numbers: match options.numbers {
            cli::Numbers::Integers => InverterForm::Integers,
            cli::Numbers::Floats => InverterForm::Floats,
        },
        battery: match options.battery {
            cli::Battery::Bank => BatteryForm::Bank,
            cli::Battery::Storage => BatteryForm::BasicStorage,
        },
        sunspec_base: options.sunspec_base,
        faults: options.faults,
        events: options.events,
        play: options.play.map(|file| PlayOptions {
            file,
            column: options.column,
            zone,
        }),
        truth: options.truth,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let (interrupt, terminate) = {
        let _entered = runtime.enter();
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    };
    let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) else {
        return failed(Exit::Software, "the system does not tell of signals");
    };
    // The simulation runs on its own threads; this one waits for it, a worker for the signals.
    runtime.spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        told.store(true, Ordering::Relaxed);
    });
    match simulate(simulation, &stop) {
        Ok(()) => ExitCode::SUCCESS,
        // A simulation's own sentence holds what the system said; others are told with their causes.
        Err(error) if error.is::<SimulateError>() => failed(exit_of(&error), &error.to_string()),
        Err(error) => failed(exit_of(&error), &format!("{error:#}")),
    }
}

/// How a simulation ends that could not be had.
fn exit_of(error: &anyhow::Error) -> Exit {
    match error.downcast_ref::<SimulateError>() {
        Some(SimulateError::Recording { .. }) => Exit::Data,
        Some(SimulateError::NoRecording { .. }) => Exit::NoInput,
        Some(SimulateError::File { .. } | SimulateError::Output(_)) => Exit::Io,
        _ => Exit::Unavailable,
    }
}

/// Says what is wrong and ends with the exit code for it.
fn failed(exit: Exit, sentence: &str) -> ExitCode {
    eprintln!("hearth: {sentence}");
    exit.into()
}
