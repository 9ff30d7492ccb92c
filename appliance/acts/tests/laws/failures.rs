//! Every act in a world where one deed fails: what the actor is told, what is recorded, and that the file is whole.

use acts::{ACTS, ActError, ActKind, Actor, RawRead};
use devices::frame::Function;
use expect_test::expect;
use units::{DeviceName, Instant};

use crate::scene::{Deed, HEAD, Scene, nothing_yet};

const TECHNICIAN: Actor = Actor::Technician { uid: 1000 };
const DEVICE: &str = "[[device]]\nname = \"street\"\nbus = \"cupboard\"\nunit = 1\nprofile = \"eastron-sdm630\"\nrole = \"grid\"\n\
                      label = \"Street\"\nrated_power = 20000\n";

async fn act(scene: &Scene, kind: ActKind) -> Result<(), ActError> {
    let bus = DeviceName::parse("cupboard").expect("a good name");
    let acts = &scene.acts;
    match kind {
        ActKind::RenamePlace => acts.rename_place(&TECHNICIAN, " The Barn ").await.map(drop),
        ActKind::RenameDevice => acts.rename_device(&TECHNICIAN, "street", "Way out").await.map(drop),
        ActKind::Reload => acts.reload(&TECHNICIAN).await.map(drop),
        ActKind::WatchBus => acts.watch_bus(&TECHNICIAN, &bus).await.map(drop),
        ActKind::ReadRegisters => {
            let question = RawRead {
                bus,
                unit: 1,
                function: Function::Input,
                address: 52,
                count: 4,
            };
            acts.read_registers(&TECHNICIAN, question).await.map(drop)
        }
    }
}

/// One line for each act: whether it was done, whether the file changed, and what was recorded.
async fn all_where(fails: Option<Deed>) -> String {
    let mut lines = Vec::new();
    for row in &ACTS {
        let text = format!("{HEAD}{DEVICE}");
        let scene = Scene::new(&text, nothing_yet(Instant::from_millis(1_000)), fails);
        let told = match act(&scene, row.kind).await {
            Ok(()) => "done".to_owned(),
            Err(error @ ActError::Failed(_)) => format!("failed ({error})"),
            Err(error @ ActError::NotThere(_)) => format!("not there ({error})"),
            Err(other) => format!("{other:?}"),
        };
        let after = scene.world.text.lock().expect("nobody panics with it").clone();
        let file = if after == text { "as it was" } else { "changed" };
        let recorded = scene.store.audit_entries(None, 10).expect("the record can be read");
        let recorded: Vec<String> = recorded
            .iter()
            .map(|line| {
                let entry = &line.entry;
                let (via, subject, detail) = (&entry.via, &entry.subject, &entry.detail);
                format!("{} by {} ({via}): {subject}: {detail}", entry.act, entry.actor)
            })
            .collect();
        lines.push(format!("{}: {told}; file {file}; {recorded:?}", row.name));
    }
    lines.join("\n")
}

#[tokio::test]
async fn what_each_act_records_and_changes() {
    expect![[""]].assert_eq(&all_where(None).await);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_or_written_is_neither_changed_nor_recorded_as_such() {
    expect![[""]].assert_eq(&all_where(Some(Deed::ReadFile)).await);
    expect![[""]].assert_eq(&all_where(Some(Deed::WriteFile)).await);
}

/// What was tried is recorded before it is done, so that nothing happens without a trace.
#[tokio::test]
async fn what_fails_after_it_was_recorded_is_told() {
    expect![[""]].assert_eq(&all_where(Some(Deed::Reload)).await);
    expect![[""]].assert_eq(&all_where(Some(Deed::ReadBus)).await);
    expect![[""]].assert_eq(&all_where(Some(Deed::WatchBus)).await);
}
