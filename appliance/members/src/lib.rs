//! The members' book: people and households, membership, money, consents, imports and letters.
//!
//! Pure: bytes, moments and randomness come in as arguments, values go out. Who may see or do something is decided in
//! `acts`; where rows lie is the store's affair.

pub mod book;
pub mod credential;
pub mod day;
pub mod edit;
pub mod erasure;
pub mod find;
pub mod holding;
pub mod house;
pub mod household;
pub mod import;
pub mod keeping;
pub mod letters;
pub mod membership;
pub mod mention;
pub mod merge;
pub mod money;
pub mod own;
pub mod person;
pub mod record;
pub mod register;
pub mod request;
pub mod role;
pub mod search;
pub mod sheet;
pub mod statement;
pub mod tables;
pub mod text;
pub mod waiting;

tables::tables! {
    person::Person,
    household::Household,
    membership::Membership,
    credential::Passphrase,
    credential::Passkey,
    credential::slip::Slip,
    credential::session::Session,
    credential::device::KnownDevice,
    book::Numbers,
    role::Role,
    role::Duty,
    money::Scheme,
    money::Agreement,
    money::Payment,
    money::PaymentOf,
    money::FormDone,
    money::Account,
    request::Request,
    request::Wording,
    request::Consent,
    money::CashDay,
    money::Receipt,
    money::HouseRules,
    money::Reminder,
    money::Declaration,
    money::Claim,
    waiting::Waiting,
    role::SystemUser,
    statement::kept::StatementFile,
    statement::kept::KeptLine,
    statement::kept::KnownLine,
    statement::mapping::Mapping,
    statement::kept::Draft,
    statement::kept::Counterparty,
    house::CustomField,
    house::Tag,
    house::Class,
    search::Search,
    register::Entry,
    register::Inspection,
    letters::Letter,
    letters::Run,
    letters::Mail,
    letters::MailServer,
    import::mapping::Mapping,
    import::record::Import,
    import::record::ImportRow,
    merge::Merged,
    merge::Apart,
}
