//! The other way round: pysunspec2 reads our simulated devices, and sees what we read of them and what is true.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use devices::frame::{Reply, Request};
use devices::plan::{Answer, Direction, LineCost, Now, Plan, PlanOptions};
use hearth::demonstration::Demonstration;
use serde_json::Value;
use simulator::serve::{TcpOptions, tcp};
use simulator::{BatteryForm, Clock, InverterForm, Line, Running, SimulatedSite, Site as _};
use units::{DeviceName, Instant, Span, Unit};

use crate::peers::read_sunspec;

/// A sunny noon in June.
const NOON: Instant = Instant::from_millis(1_781_604_000_000);

/// The simulated devices at a noon that stands still.
fn standing_still(inverter: InverterForm, battery: BatteryForm) -> Result<Arc<Running>> {
    let demonstration = Demonstration {
        since_ms: (NOON - Span::DAY).as_millis(),
        seed: 7,
        tcp: String::new(),
    };
    let mut options = demonstration.site()?;
    options.inverter = inverter;
    options.battery = battery;
    let mut site = SimulatedSite::new(options);
    site.advance(NOON);
    Ok(Arc::new(Running::new(site, Clock::held(NOON))))
}

/// What our own plan reads of a unit on the network, without a wire: the value and the scale of each point.
fn read_ourselves(site: &Running, unit: u8, profile: &str) -> Result<BTreeMap<String, (i64, Unit)>> {
    let profile = devices::profile::find(profile).context("a profile of ours")?;
    let options = PlanOptions {
        unit,
        fast: Span::SECOND,
        slow: Span::SECOND,
        reversed: Direction::Usual,
    };
    let cost = LineCost {
        byte_us: 10,
        overhead_bytes: 60,
        turnaround_us: 1_000,
    };
    let mut plan = Plan::new(&DeviceName::parse("asked")?, Arc::clone(&profile), options, cost);
    let mut values = BTreeMap::new();
    for second in 0..20 {
        let now = Now {
            tick: Span::from_secs(second),
            utc: NOON,
        };
        while let Some(request) = plan.poll_request(now.tick) {
            let readings = match answer(site, &request)? {
                Reply::Words(words) => plan.handle_answer(Answer::Words(&words), now),
                Reply::Exception(code) => plan.handle_answer(Answer::Exception(code), now),
            };
            for reading in readings {
                let point = plan
                    .points()
                    .iter()
                    .find(|point| point.name.as_str() == reading.channel.point());
                if let (Ok(number), Some(point)) = (reading.outcome, point) {
                    values.insert(point.name.to_string(), (number.value, point.unit));
                }
            }
        }
    }
    Ok(values)
}

fn answer(site: &Running, request: &Request) -> Result<Reply> {
    site.answer(Line::Network, request)
        .with_context(|| format!("silence to {request:?}"))
}

/// Our integer as pysunspec2 gives it: in whole units, where factors of power are percent.
fn in_their_scale((value, unit): (i64, Unit)) -> Result<(f64, f64)> {
    let percent = if unit == Unit::Millifactor { 2 } else { 0 };
    let scale = 10_f64.powi(percent - i32::from(unit.decimals()));
    Ok((f64::from(i32::try_from(value)?) * scale, scale))
}

/// A model's points by their names with ours.
type Pairs = &'static [(&'static str, &'static str, &'static str)];

const INTEGERS: Pairs = &[
    ("power", "103", "W"),
    ("energy", "103", "WH"),
    ("voltage_l1", "103", "PhVphA"),
    ("voltage_l3", "103", "PhVphC"),
    ("current_l2", "103", "AphB"),
    ("frequency", "103", "Hz"),
    ("apparent_power", "103", "VA"),
    ("power_factor", "103", "PF"),
    ("dc_power", "103", "DCW"),
    ("temperature_cabinet", "103", "TmpCab"),
    ("state", "103", "St"),
    ("rated_power", "120", "WRtg"),
];
const FLOATS: Pairs = &[
    ("power", "113", "W"),
    ("energy", "113", "WH"),
    ("voltage_l2", "113", "PhVphB"),
    ("current_l1", "113", "AphA"),
    ("frequency", "113", "Hz"),
    ("dc_power", "113", "DCW"),
    ("state", "113", "St"),
];
const BANK: Pairs = &[
    ("power", "802", "W"),
    ("charge", "802", "SoC"),
    ("health", "802", "SoH"),
    ("voltage", "802", "V"),
    ("current", "802", "A"),
    ("cycles", "802", "NCyc"),
    ("state", "802", "State"),
    ("rated_power", "802", "WDisChaRteMax"),
];
const STORAGE: Pairs = &[
    ("charge_basic", "124", "ChaState"),
    ("voltage_basic", "124", "InBatV"),
    ("charge_state", "124", "ChaSt"),
];

/// Compares what the foreign client sees with what we read: never further apart than half a step of our scale.
fn agree(seen: &Value, ours: &BTreeMap<String, (i64, Unit)>, pairs: Pairs) -> Result<()> {
    for (point, model, name) in pairs {
        let theirs = seen[model][name]
            .as_f64()
            .with_context(|| format!("{model} {name} in {seen:#}"))?;
        let ours = ours.get(*point).with_context(|| format!("{point} in {ours:?}"))?;
        let (value, step) = in_their_scale(*ours)?;
        ensure!(
            (theirs - value).abs() <= step * 0.501,
            "{model} {name}: they read {theirs}, we {value}"
        );
    }
    Ok(())
}

#[test]
fn a_foreign_client_reads_our_devices_as_we_do() -> Result<()> {
    let forms = [
        (InverterForm::Integers, INTEGERS, BatteryForm::Bank, BANK),
        (InverterForm::Floats, FLOATS, BatteryForm::BasicStorage, STORAGE),
    ];
    for (inverter, of_inverter, battery, of_battery) in forms {
        let site = standing_still(inverter, battery)?;
        let server = tcp(Arc::<Running>::clone(&site), TcpOptions::new("127.0.0.1:0"), None)?;
        let port = server
            .address()
            .context("it is on the network")?
            .port()
            .to_string();
        let (roof, cellar) = (read_sunspec(&port, 1)?, read_sunspec(&port, 2)?);
        agree(&roof, &read_ourselves(&site, 1, "sunspec-inverter")?, of_inverter)?;
        agree(&cellar, &read_ourselves(&site, 2, "sunspec-battery")?, of_battery)?;

        // And both read what is true.
        let truth = site.now().truth();
        let power = roof[of_inverter[0].1]["W"].as_f64().context("power")?;
        let true_power = f64::from(i32::try_from(truth.milliwatts.production)?) / 1_000.0;
        assert!(true_power > 1_000.0, "a sunny noon: {true_power} W");
        assert!(
            (power - true_power).abs() <= 10.0,
            "they read {power} W of {true_power}"
        );
        let model = if battery == BatteryForm::Bank {
            ("802", "SoC")
        } else {
            ("124", "ChaState")
        };
        let charge = cellar[model.0][model.1].as_f64().context("charge")?;
        let true_charge = f64::from(i32::try_from(truth.charge_permille)?) / 10.0;
        assert!(
            (charge - true_charge).abs() <= 1.0,
            "they read {charge} % of {true_charge}"
        );
    }
    Ok(())
}
