//! What can be typed after `hearth`: definitions and help texts only. What is done about it is in `command` and in `run`.

mod audit;
mod backup;
mod ledger;
mod members;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use simulator::Event;
use simulator::fault::Rates;
use units::Instant;

use crate::command::{Exit, event, moment, number};
pub use audit::{Audit, AuditAsk, Which};
pub use backup::{Backup, BackupAsk};
pub use ledger::LedgerAsk;
pub use members::{HouseholdAsk, Members, MembersAsk, SomebodyAsk};

/// Hearth: the energy monitor of a community place.
#[derive(Debug, Parser)]
#[command(name = "hearth", version, max_term_width = 80, infer_subcommands = true)]
#[command(after_help = "Every command has its own help: hearth COMMAND --help")]
pub struct Cli {
    /// What goes for every command.
    #[command(flatten)]
    pub shared: Shared,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What goes for every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Shared {
    /// The box's folder [default: $HEARTH_STATE or ./state]
    #[arg(long, global = true, value_name = "DIR", help_heading = "For every command")]
    pub state: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long, global = true, help_heading = "For every command")]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the box until it is stopped
    Run(Run),
    /// Simulate a building with devices to read from
    Simulate(Box<Simulate>),
    /// Fill an empty box with the simulated building's past
    Fill(Fill),
    /// Questions to a box, and what needs none.
    #[command(flatten)]
    Ask(Ask),
}

/// What is asked of a running box, and what needs none.
#[derive(Debug, Subcommand)]
pub enum Ask {
    /// How the box is doing, and the power flows
    Status,
    /// All devices
    Devices,
    /// One device with all its values
    Device {
        /// Its name in site.toml
        name: String,
    },
    /// Read registers of a device in the raw
    Read(Read),
    /// Look at a bus
    Bus {
        /// What to look at
        #[command(subcommand)]
        what: BusAsk,
    },
    /// Readings of a channel; without one, the channels there are
    Readings(Readings),
    /// Energy of a day, week, month or year
    Energy {
        /// 2026-06-16, 2026-W25, 2026-06 or 2026 [default: today]
        period: Option<String>,
    },
    /// Device profiles that Hearth knows; with a name, one in full
    Profiles {
        /// Its name, such as eastron-sdm630
        id: Option<String>,
    },
    /// Check a site.toml without starting anything
    CheckConfig {
        /// The file [default: site.toml in the box's folder]
        file: Option<PathBuf>,
    },
    /// Make the box read site.toml again
    Reload,
    /// The code with which the first steward takes charge of the box
    Claim,
    /// Who can do what here
    Acts,
    /// The members' book: people, roles, and what takes two people
    Members(Members),
    /// What the box has logged
    Logs(Logs),
    /// Who did what, newest first
    Audit(Audit),
    /// The ledger: whether it is whole, statements that can be proven
    Ledger {
        /// What to do with it
        #[command(subcommand)]
        what: LedgerAsk,
    },
    /// Backups: make, list, verify, restore
    Backup(Backup),
    /// Write everything of a backup into files that any program reads
    Export {
        /// The folder, which must be empty or not there
        to: PathBuf,
        /// The backup, or where it lies; its phrase is asked for
        #[arg(long, value_name = "BACKUP")]
        from: PathBuf,
    },
    /// Print a script that completes commands in your shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// The version of this program
    Version,
}

/// Run the box until it is stopped.
#[derive(Debug, Args)]
pub struct Run {
    /// The site's file [default: site.toml in the folder]
    #[arg(long, value_name = "FILE")]
    pub site: Option<PathBuf>,
    /// Another port for the plain door; 0: free ones for both
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Another port for the safe door; 0 takes any free one
    #[arg(long, value_name = "PORT")]
    pub safe_port: Option<u16>,
}

/// Fill an empty box with the simulated building's past.
#[derive(Debug, Args)]
pub struct Fill {
    /// How many days back
    #[arg(long, default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3_660))]
    pub days: u16,
    /// Seconds between two readings
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=900))]
    pub step: u32,
}

/// Simulate a building with devices to read from.
#[derive(Debug, Args)]
#[command(next_line_help = true)]
#[command(
    after_help = "Times: 2026-06-16T00:00:00Z. Faults: late, lost, doubled, cut, split, shifted,
flipped, noise.
Events: 30s:grid-meter:reboot=20s starts a device again, silent for 20 s;
2h:flat-3:counters=0 sets its counters to so many Wh. The first is the time from
the start, by the building's clock. Devices: roof-inverter, battery, grid-meter,
battery-meter, flat-1 to flat-6"
)]
pub struct Simulate {
    /// The number from which weather and habits are drawn
    #[arg(long, default_value_t = crate::demonstration::SEED, value_name = "NUMBER")]
    pub seed: u64,
    /// When the building's time begins [default: 30 days before now]
    #[arg(long, value_name = "TIME", value_parser = moment::rfc3339)]
    pub since: Option<Instant>,
    /// What its clock shows at the start; the time between is lived first
    #[arg(long, value_name = "TIME", value_parser = moment::rfc3339)]
    pub now: Option<Instant>,
    /// How many times as fast as real time, or max
    #[arg(long, default_value = "1", value_name = "TIMES", value_parser = number::speed)]
    pub speed: u32,
    /// Where Modbus TCP listens [default: 127.0.0.1:1502 if free]
    #[arg(long, value_name = "ADDRESS")]
    pub tcp: Option<String>,
    /// Speed of the serial line
    #[arg(long, default_value_t = crate::demonstration::BAUD, value_name = "BAUD")]
    pub baud: u32,
    /// At night the inverter says zero, nan or nothing (silent)
    #[arg(long, value_enum, default_value_t = Night::Zero, hide_possible_values = true, hide_default_value = true)]
    pub night: Night,
    /// The inverter writes integers or floats
    #[arg(long, value_enum, default_value_t = Numbers::Integers, hide_possible_values = true)]
    pub numbers: Numbers,
    /// The battery shows itself as a bank or as plain storage
    #[arg(long, value_enum, default_value_t = Battery::Bank, hide_possible_values = true)]
    pub battery: Battery,
    /// Where SunSpec's registers begin
    #[arg(long, default_value_t = 40_000, value_name = "REGISTER")]
    pub sunspec_base: u16,
    /// Play a CSV of real power as an inverter, instead of the building
    #[arg(long, value_name = "FILE")]
    pub play: Option<PathBuf>,
    /// Its column of power [default: the first that looks like it]
    #[arg(long, value_name = "NAME", requires = "play")]
    pub column: Option<String>,
    /// The clock of the place
    #[arg(long, default_value = "Europe/London", value_name = "ZONE")]
    pub zone: String,
    /// Percent of replies with a fault, as late=1,lost=0.25
    #[arg(long, default_value = "", hide_default_value = true, value_name = "RATES", value_parser = Rates::parse)]
    pub faults: Rates,
    /// What befalls a device, and when; may be given again and again
    #[arg(long = "event", value_name = "EVENT", value_parser = event::read, conflicts_with = "play")]
    pub events: Vec<Event>,
    /// Write the true totals into this file again and again
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,
}

/// What the simulated inverter says at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Night {
    /// Zero everywhere
    Zero,
    /// "Not implemented" everywhere
    Nan,
    /// Nothing
    Silent,
}

/// How the simulated inverter writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Numbers {
    /// Integers with scale factors
    Integers,
    /// Floating point
    Floats,
}

/// How the simulated battery shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Battery {
    /// As a bank of batteries
    Bank,
    /// As plain storage
    Storage,
}

/// Read registers of a device in the raw.
#[derive(Debug, Args)]
pub struct Read {
    /// The bus
    pub bus: String,
    /// The device's address on the bus
    pub unit: u8,
    /// The first register, counted from 0: 72 or 0x48
    #[arg(value_parser = number::register)]
    pub register: u16,
    /// How many, 1 to 125
    #[arg(value_parser = number::register)]
    pub count: u16,
    /// Holding registers (function 3), not input registers (4)
    #[arg(long)]
    pub holding: bool,
}

/// What to look at on a bus.
#[derive(Debug, Subcommand)]
pub enum BusAsk {
    /// Show frames as they go over the bus, until Ctrl-C
    Watch {
        /// The bus
        bus: String,
    },
}

/// Readings of a channel; without one, the channels there are.
#[derive(Debug, Args)]
#[command(after_help = "Times: \"2026-06-16 14:00\", 14:00, -2h, -30m, -3d or 2026-06-16T14:00:00Z")]
pub struct Readings {
    /// The channel, such as grid-meter/power
    pub channel: Option<String>,
    /// From when [default: -1h]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, requires = "channel")]
    pub from: Option<String>,
    /// Up to when [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, requires = "channel")]
    pub to: Option<String>,
}

/// What the box has logged.
#[derive(Debug, Args)]
pub struct Logs {
    /// How many of the last lines
    #[arg(short = 'n', long = "lines", default_value_t = 50, value_name = "LINES")]
    pub lines: usize,
    /// Go on with new lines, until Ctrl-C
    #[arg(short, long)]
    pub follow: bool,
}

impl Cli {
    /// Reads what was typed. Help goes to the output and ends well; a fault is told with its usage.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, ExitCode> {
        Self::try_parse_from(words).map_err(|error| {
            // Nothing can be done about an output that is closed.
            let _ = error.print();
            if error.use_stderr() {
                Exit::Usage.into()
            } else {
                ExitCode::SUCCESS
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use simulator::{Device, Event, Trouble};
    use units::{Span, WattHours};

    use super::{Ask, Cli, Command};

    fn typed(words: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(words.split(' '))
    }

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_and_option_has_a_help_that_fits_the_terminal() {
        let mut open = vec![Cli::command()];
        while let Some(mut command) = open.pop() {
            let helps = [
                command.render_help().to_string(),
                command.render_long_help().to_string(),
            ]
            .concat();
            let wide: Vec<&str> = helps.lines().filter(|line| line.chars().count() > 80).collect();
            assert!(
                wide.is_empty(),
                "in the help of {}: {wide:#?}",
                command.get_name()
            );
            assert!(
                command.get_about().is_some(),
                "{} has no help",
                command.get_name()
            );
            let mute = command
                .get_arguments()
                .find(|argument| argument.get_help().is_none());
            assert!(
                mute.is_none(),
                "{} of {} has no help",
                mute.map_or("", |a| a.get_id().as_str()),
                command.get_name()
            );
            open.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn every_command_is_in_the_document() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/technicians/command.md");
        let document = std::fs::read_to_string(file).expect("the document");
        for command in Cli::command().get_subcommands() {
            let name = format!("hearth {}", command.get_name());
            assert!(
                document.contains(&name),
                "{name} is not in docs/technicians/command.md"
            );
        }
    }

    #[test]
    fn registers_are_typed_in_either_way_and_wrong_ones_refused() {
        let read = typed("hearth read cupboard 1 0x48 2 --holding --state here").expect("it is right");
        assert_eq!(read.shared.state.as_deref(), Some(std::path::Path::new("here")));
        let Command::Ask(Ask::Read(read)) = read.command else {
            unreachable!("it was a read");
        };
        assert_eq!((read.register, read.count, read.holding), (72, 2, true));
        for wrong in [
            "hearth read cupboard 256 0 1",
            "hearth read cupboard 1 70000 1",
            "hearth read cupboard",
            "hearth audit -n 0",
        ] {
            assert!(typed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_before_now_is_not_taken_for_an_option() {
        let asked = typed("hearth readings grid-meter/power --from -2h --to -1h").expect("it is right");
        let Command::Ask(Ask::Readings(asked)) = asked.command else {
            unreachable!("it was a question for readings");
        };
        assert_eq!(
            (asked.from.as_deref(), asked.to.as_deref()),
            (Some("-2h"), Some("-1h"))
        );
    }

    #[test]
    fn a_simulation_is_typed_with_its_faults() {
        assert!(
            typed("hearth simulate --seed 3 --speed max --faults late=1,lost=0.25 --night silent").is_ok()
        );
        let befalls = "hearth simulate --event 2h:flat-3:counters=0 --event 500ms:grid-meter:reboot=20s";
        let Command::Simulate(asked) = typed(befalls).expect("it is right").command else {
            unreachable!("it was a simulation");
        };
        assert_eq!(
            asked.events,
            [
                Event {
                    after: Span::HOUR.times(2),
                    device: Device::Flat(3),
                    trouble: Trouble::Counters(WattHours(0)),
                },
                Event {
                    after: Span::from_millis(500),
                    device: Device::GridMeter,
                    trouble: Trouble::Reboot(Span::from_secs(20)),
                },
            ]
        );
        for wrong in [
            "--faults early=1",
            "--speed 0",
            "--night dark",
            "--column power",
            "--since yesterday",
            "--event reboot",
            "--event 30s:attic:reboot=20s",
            "--event soon:flat-1:reboot=20s",
            "--event 30s:flat-1:explode=1s",
            "--event 30s:flat-1:counters=-1",
            "--event 30s:flat-1:reboot=20s --play power.csv",
        ] {
            assert!(typed(&format!("hearth simulate {wrong}")).is_err(), "{wrong}");
        }
    }
}
