//! Each act of the table is refused to somebody who has every right but the one it needs, and nothing has changed.
//!
//! `attempt` names every act without a last arm for "all others": whoever adds an act to the table is told by the
//! compiler to add how it is refused.

use std::collections::BTreeSet;

use acts::record::Asked;
use acts::sign_in::SignInError;
use acts::{ACTS, ActError, ActKind, Actor, Acts, Part, RawRead, Right};
use devices::frame::Function;
use members::credential::Digest;
use members::credential::slip::SlipKind;
use members::household::Household;
use members::merge::{Choices, Pair};
use members::own::Typed;
use members::person::Person;
use members::request::{Answer, Channel, Matter, RequestKind};
use units::{DeviceName, Instant};

use crate::people;
use crate::scene::{ANA, BEN, Scene, keys};

/// Two who could be put together.
const TWO: Pair = Pair { kept: BEN, gone: ANA };

/// How an act was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Because this right was missing.
    Lacks(Right),
    /// Everybody has the right; what is wrong is told in another way.
    ForEverybody,
    /// It wants a session, which only whoever has signed in has.
    BySession,
    /// It is a step of acts that take two, and refused with them.
    WithItsAct,
    /// The test of its part walks the table too and tries each of its acts: `tests/money/rights.rs`,
    /// `tests/letters/refusals.rs`.
    InItsPart,
}

pub(crate) fn by_act<T>(answer: Result<T, ActError>) -> Refused {
    match answer {
        Err(ActError::NotAllowed(right)) => Refused::Lacks(right),
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("it was done"),
    }
}

fn by_door<T>(answer: Result<T, SignInError>) -> Refused {
    match answer {
        Err(SignInError::NotAllowed(right)) => Refused::Lacks(right),
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("it was done"),
    }
}

fn bus() -> DeviceName {
    DeviceName::parse("cupboard").expect("a good word")
}

fn registers() -> RawRead {
    RawRead {
        bus: bus(),
        unit: 1,
        function: Function::Input,
        address: 0,
        count: 2,
    }
}

async fn about_backups(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    match kind {
        ActKind::BackUp => by_act(acts.back_up(actor).await),
        _ => by_act(acts.new_recovery_phrase(actor, "because").await),
    }
}

async fn attempt(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    match kind {
        ActKind::NameBox => by_act(acts.name_box(actor, "oak").await),
        ActKind::RenamePlace => by_act(acts.rename_place(actor, "Another").await),
        ActKind::RenameDevice => by_act(acts.rename_device(actor, "roof", "Another").await),
        ActKind::Reload => by_act(acts.reload(actor).await),
        ActKind::ReadRegisters => by_act(acts.read_registers(actor, registers()).await),
        ActKind::WatchBus => by_act(acts.watch_bus(actor, &bus()).await),
        ActKind::CheckLedger | ActKind::ExportLedger => about_the_ledger(acts, kind, actor).await,
        ActKind::BackUp | ActKind::NewRecoveryPhrase => about_backups(acts, kind, actor).await,
        ActKind::ShowCode => by_door(acts.show_code(actor).await),
        ActKind::Claim | ActKind::SignIn | ActKind::UseSlip => Refused::ForEverybody,
        ActKind::SignOut
        | ActKind::SignOutEverywhere
        | ActKind::EndSession
        | ActKind::OfferName
        | ActKind::ChoosePassphrase
        | ActKind::AddPasskey
        | ActKind::RemovePasskey => Refused::BySession,
        ActKind::GiveSlip => by_door(acts.give_slip(actor, ANA, SlipKind::First).await),
        ActKind::LookForSlip => by_act(acts.name_for_slip(actor, ANA).await),
        ActKind::ListPeople => by_act(acts.look_through(actor, "everybody").await),
        #[rustfmt::skip] ActKind::LookPerson | ActKind::AddPerson | ActKind::ChangePerson | ActKind::ChangeHousehold
        | ActKind::LookHousehold | ActKind::SearchPeople | ActKind::KeepSearch | ActKind::TakeList
        | ActKind::DefineField | ActKind::DefineTag | ActKind::DefineClass => people::attempt(acts, kind, actor).await,
        #[rustfmt::skip] ActKind::Apply | ActKind::EnterApplication | ActKind::DecideMembership | ActKind::GiveNotice
        | ActKind::Object | ActKind::ChangeShares | ActKind::LookRegister | ActKind::OpenRegister => people::on_membership(acts, kind, actor).await,
        #[rustfmt::skip] ActKind::LookMoney | ActKind::FindPayer | ActKind::LookAccount | ActKind::ListArrears
        | ActKind::EnterPayment | ActKind::WaiveDues | ActKind::ReversePayment | ActKind::AgreeDues
        | ActKind::ChangeDues | ActKind::ChangeMoneyRules | ActKind::LookCashBook | ActKind::CloseCashDay
        | ActKind::MakeReceipt | ActKind::ShowReceipt | ActKind::Remind | ActKind::DeclareGiftAid
        | ActKind::CancelGiftAid | ActKind::ListGiftAid | ActKind::ClaimGiftAid | ActKind::ExportGiftAid => Refused::InItsPart,
        #[rustfmt::skip] ActKind::WriteLetter | ActKind::RemoveLetter | ActKind::LookReach | ActKind::SendLetter | ActKind::LookRun
        | ActKind::PrintLetters | ActKind::PrintList | ActKind::LookMails | ActKind::MailAgain | ActKind::StopMail
        | ActKind::CarryMail | ActKind::ChangeMailServer | ActKind::TryMail => Refused::InItsPart,
        ActKind::ReadRecord
        | ActKind::CheckRecord
        | ActKind::ChangeOwn
        | ActKind::ChangeOwnHousehold
        | ActKind::CopyOwn
        | ActKind::CopyData
        | ActKind::LookErasure
        | ActKind::Erase
        | ActKind::AskAboutData
        | ActKind::LookRequests
        | ActKind::TakeDownRequest
        | ActKind::AnswerRequest
        | ActKind::SayOwn
        | ActKind::TakeDownConsent
        | ActKind::ChangeWording
        | ActKind::Leave
        | ActKind::LetGo
        | ActKind::LookKeeping => about_data(acts, kind, actor).await,
        ActKind::HandInStatement
        | ActKind::LookDraft
        | ActKind::ForgetStatement
        | ActKind::MapStatement
        | ActKind::ReadStatement
        | ActKind::ListStatements
        | ActKind::LookStatement
        | ActKind::DecideLines
        | ActKind::BookStatement
        | ActKind::UndoStatement => Refused::InItsPart,
        ActKind::TryTable => by_act(acts.preview_import(actor).await),
        ActKind::ImportTable => by_act(acts.import_table(actor, "").await),
        ActKind::UndoImport => by_act(acts.undo_import(actor, 1, acts::import::Others::Wait).await),
        ActKind::ExportAll => by_act(acts.export_all(actor, "because").await),
        ActKind::GiveRoles
        | ActKind::ChangeRole
        | ActKind::LookRoles
        | ActKind::ListUsers
        | ActKind::BindUser
        | ActKind::AskForTwo
        | ActKind::Agree
        | ActKind::Refuse
        | ActKind::TakeBack => about_roles(acts, kind, actor).await,
        _ => about_merging(acts, kind, actor).await,
    }
}

async fn about_the_ledger(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    match kind {
        ActKind::CheckLedger => by_act(acts.check_ledger(actor).await),
        _ => by_act(acts.ledger_statement(actor, acts::ledger::Asked::default()).await),
    }
}

async fn about_merging(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    match kind {
        ActKind::ListTwins => by_act(acts.twins(actor).await),
        ActKind::LookMerge => by_act(acts.side_by_side(actor, TWO).await),
        ActKind::Merge => by_act(
            acts.merge(actor, TWO, Choices::new(), &Digest::new([0; 32]))
                .await,
        ),
        ActKind::UndoMerge => by_act(acts.undo_merge(actor, 1).await),
        ActKind::TellApart => by_act(acts.tell_apart(actor, TWO).await),
        ActKind::NotApart => by_act(acts.not_apart(actor, TWO).await),
        other => panic!("{other:?} is not about merging"),
    }
}

async fn about_roles(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    match kind {
        ActKind::GiveRoles => by_act(acts.give_roles(actor, ANA, keys(&["auditor"]), "").await),
        ActKind::ChangeRole => {
            let rights = BTreeSet::from([Right::LookPeople]);
            let refused = by_act(acts.drop_role(actor, "own-1", "").await);
            assert_eq!(
                by_act(acts.change_role(actor, None, "Desk", rights, "").await),
                refused
            );
            refused
        }
        ActKind::LookRoles => by_act(acts.roles_of(actor, ANA).await),
        ActKind::ListUsers => by_act(acts.users(actor).await),
        ActKind::BindUser => by_act(acts.bind_user(actor, 1000, Some(ANA)).await),
        ActKind::AskForTwo => Refused::WithItsAct,
        ActKind::Agree => by_act(acts.agree(actor, 1).await),
        ActKind::Refuse | ActKind::TakeBack => by_act(acts.refuse(actor, 1, "").await),
        other => panic!("{other:?} is not about roles"),
    }
}

/// The same for what people may ask about their data.
async fn about_data(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    let nothing = Typed::new();
    let because = "because";
    let said = (Matter::News, Answer::Yes, Channel::Paper);
    match kind {
        ActKind::ReadRecord => by_act(acts.read_record(actor, Asked::default()).await),
        ActKind::CheckRecord => by_act(acts.check_record(actor).await),
        ActKind::ChangeOwn => {
            let person = Person::named("Ana", Instant::from_millis(0)).expect("a name");
            by_act(acts.change_mine(actor, &person, &nothing).await)
        }
        ActKind::ChangeOwnHousehold => {
            by_act(acts.change_my_household(actor, &Household::new(), &nothing).await)
        }
        ActKind::CopyOwn => by_act(acts.copy_of_mine(actor).await),
        ActKind::CopyData => by_act(acts.copy_of(actor, ANA, because).await),
        ActKind::LookErasure => by_act(acts.erasure_of(actor, ANA).await),
        ActKind::Erase => by_act(acts.erase(actor, ANA, because).await),
        ActKind::AskAboutData => by_act(acts.ask_about_data(actor, RequestKind::Copy, "").await),
        ActKind::LookRequests => by_act(acts.all_requests(actor).await),
        ActKind::TakeDownRequest => by_act(acts.take_down_request(actor, ANA, &nothing).await),
        ActKind::AnswerRequest => by_act(acts.answer_request(actor, 1, because).await),
        ActKind::SayOwn => by_act(acts.say(actor, said.0, said.1).await),
        ActKind::TakeDownConsent => by_act(acts.take_down_consent(actor, ANA, said).await),
        ActKind::ChangeWording => by_act(acts.change_wording(actor, said.0, because).await),
        ActKind::Leave => by_act(acts.leave(actor, because).await),
        ActKind::LetGo => by_act(acts.let_go(actor).await),
        ActKind::LookKeeping => by_act(acts.keeping(actor).await),
        _ => Refused::ForEverybody,
    }
}

/// Somebody who may do everything but this.
fn without(right: Right) -> Actor {
    if right == Right::OwnAccount {
        return Actor::Visitor;
    }
    let mut rights: BTreeSet<Right> = Right::ALL.iter().copied().collect();
    rights.remove(&right);
    Actor::Member { person: BEN, rights }
}

#[tokio::test]
async fn whoever_lacks_the_right_of_an_act_is_refused_and_nothing_has_changed() {
    let scene = Scene::new();
    for row in ACTS {
        let actor = without(row.right);
        let before = scene.everything();
        let refused = attempt(&scene.acts, row.kind, &actor).await;
        assert_eq!(scene.everything(), before, "{} left something behind", row.name);
        match refused {
            Refused::Lacks(right) => assert_eq!(right, row.right, "{}", row.name),
            Refused::ForEverybody => assert_eq!(row.right, Right::SignIn, "{}", row.name),
            Refused::BySession => assert_eq!(row.right, Right::OwnAccount, "{}", row.name),
            Refused::InItsPart => {
                assert!(matches!(row.part, Part::Money | Part::Letters), "{}", row.name);
            }
            Refused::WithItsAct => {}
        }
    }
}

#[test]
fn each_act_has_a_name_a_sentence_and_a_right_in_words() {
    let names: BTreeSet<&str> = ACTS.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), ACTS.len());
    for row in ACTS {
        assert!(
            row.sentence.len() > 5 && !row.sentence.ends_with('.'),
            "{}",
            row.name
        );
        assert!(row.right.words().len() > 5, "{}", row.name);
    }
}
