//! `hearth check-config`: every fault of a `site.toml` with its place, without a running box.

use std::path::Path;

use acts::{Site, SiteFault};
use system::control::FaultView;

use super::out::{Form, Out};
use super::{Exit, Fault};
use crate::site_file;

pub(super) fn answer(file: &Path, out: &mut Out) -> Result<(), Fault> {
    let text = site_file::read(file)
        .map_err(|error| Fault::new(Exit::NoInput, format!("{} {error}", file.display()), ""))?;
    let checked = Site::parse(&text);
    let faults = checked.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    match (out.form, &checked) {
        (Form::Json, _) => {
            let views: Vec<FaultView> = faults.iter().cloned().map(FaultView::from).collect();
            out.line(&serde_json::to_string(&views)?)?;
        }
        (Form::Tables, Ok(site)) => out.text(&fine(file, site))?,
        (Form::Tables, Err(faults)) => out.text(&show(file, faults))?,
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Fault::said(Exit::Config))
    }
}

fn fine(file: &Path, site: &Site) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    let buses = count(site.buses.len(), "bus", "buses");
    let devices = count(site.devices.len(), "device", "devices");
    format!("{} is in order: {buses}, {devices}\n", file.display())
}

/// One line for each fault, as editors and compilers write them.
fn show(file: &Path, faults: &[SiteFault]) -> String {
    let line = |fault: &SiteFault| {
        let SiteFault {
            line,
            column,
            what,
            remedy,
        } = fault;
        format!("{}:{line}:{column}: {what}. {remedy}.\n", file.display())
    };
    faults.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use acts::Site;
    use expect_test::expect;

    use super::{answer, fine, show};
    use crate::cli::Shared;
    use crate::command::{Exit, out::Out};

    const PLACE: &str = "[place]\nname = \"Old Fire Station\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\nlatitude = 51.4\nlongitude = -2.6\n";

    #[test]
    fn every_fault_is_a_line_with_its_place() {
        let text = PLACE.replace("GBP", "pounds").replace("51.4", "251.4");
        let faults = Site::parse(&text).expect_err("two faults");
        expect![[r#"
            site.toml:4:12: "pounds" is no currency. Write its three letters, such as "GBP".
            site.toml:5:12: 251.4 is outside of -90 to 90 degrees. Write degrees with a point: 51.46.
        "#]]
        .assert_eq(&show(Path::new("site.toml"), &faults));
    }

    #[test]
    fn a_good_file_is_said_to_be_good() {
        let bus = "[[bus]]\nname = \"network\"\nkind = \"tcp\"\naddress = \"127.0.0.1:1502\"\n";
        let site = Site::parse(&format!("{PLACE}{bus}")).expect("a good site");
        assert_eq!(
            fine(Path::new("site.toml"), &site),
            "site.toml is in order: 1 bus, 0 devices\n"
        );
    }

    #[test]
    fn a_missing_file_is_no_fault_of_the_site() {
        let mut out = Out::standard(&Shared::default());
        let fault = answer(Path::new("/nowhere/site.toml"), &mut out).expect_err("it is not there");
        assert_eq!(fault.exit, Exit::NoInput);
        assert!(
            fault.cause.starts_with("/nowhere/site.toml is not there"),
            "{}",
            fault.cause
        );
    }
}
