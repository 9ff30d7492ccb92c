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
        ActKind::RenameDevice => acts
            .rename_device(&TECHNICIAN, "street", "Way out")
            .await
            .map(drop),
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
        ActKind::CheckLedger => acts.check_ledger(&TECHNICIAN).await.map(drop),
        ActKind::ExportLedger => {
            let asked = acts::ledger::Asked::default();
            acts.ledger_statement(&TECHNICIAN, asked).await.map(drop)
        }
        other => unreachable!("{other:?} is walked in tests/sign_in"),
    }
}

/// One line for each act: whether it was done, whether the file changed, and what was recorded.
async fn all_where(fails: Option<Deed>) -> Vec<String> {
    let mut lines = Vec::new();
    for row in ACTS.iter().filter(|row| row.part == acts::Part::Site) {
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
        let recorded = scene
            .store
            .audit_entries(None, 10)
            .expect("the record can be read");
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
    lines
}

/// The lines of those acts that this failure changes.
async fn changed_by(fails: Deed) -> String {
    let calm = all_where(None).await;
    let mut lines = all_where(Some(fails)).await;
    lines.retain(|line| !calm.contains(line));
    lines.join("\n")
}

#[tokio::test]
async fn what_each_act_records_and_changes() {
    expect![[r#"
        rename-place: done; file changed; ["rename-place by user 1000 of the system (command): place: The Barn"]
        rename-device: done; file changed; ["rename-device by user 1000 of the system (command): street: Way out"]
        reload: done; file as it was; ["reload by user 1000 of the system (command): site.toml: "]
        read-registers: done; file as it was; ["read-registers by user 1000 of the system (command): cupboard: unit 1, 4 registers from 0x0034"]
        watch-bus: done; file as it was; ["watch-bus by user 1000 of the system (command): cupboard: "]
        check-ledger: done; file as it was; ["check-ledger by user 1000 of the system (command): : it is whole"]
        export-ledger: done; file as it was; ["export-ledger by user 1000 of the system (command): all devices: all closed days"]"#]].assert_eq(&all_where(None).await.join("\n"));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_or_written_is_neither_changed_nor_recorded_as_such() {
    expect![[r#"
        rename-place: failed (the world fails: ReadFile); file as it was; []
        rename-device: failed (the world fails: ReadFile); file as it was; []"#]]
    .assert_eq(&changed_by(Deed::ReadFile).await);
    expect![[r#"
        rename-place: failed (the world fails: WriteFile); file as it was; []
        rename-device: failed (the world fails: WriteFile); file as it was; []"#]]
    .assert_eq(&changed_by(Deed::WriteFile).await);
}

/// What was tried is recorded before it is done, so that nothing happens without a trace.
#[tokio::test]
async fn what_fails_after_it_was_recorded_is_told() {
    expect![[r#"
        rename-place: failed (the world fails: Reload); file changed; ["rename-place by user 1000 of the system (command): place: The Barn"]
        rename-device: failed (the world fails: Reload); file changed; ["rename-device by user 1000 of the system (command): street: Way out"]
        reload: failed (the world fails: Reload); file as it was; ["reload by user 1000 of the system (command): site.toml: "]"#]].assert_eq(&changed_by(Deed::Reload).await);
    expect![[r#"read-registers: failed (the world fails: ReadBus); file as it was; ["read-registers by user 1000 of the system (command): cupboard: unit 1, 4 registers from 0x0034"]"#]].assert_eq(&changed_by(Deed::ReadBus).await);
    expect!["watch-bus: not there (the world fails: WatchBus); file as it was; []"]
        .assert_eq(&changed_by(Deed::WatchBus).await);
}
