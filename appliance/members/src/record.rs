//! What is kept about people, as data: each record is a list of numbered fields, and each field says why it is kept, on
//! which lawful ground, for how long, and what it is called when somebody asks for their data.
//!
//! [`record!`] is the only way to make a kept struct, and it wants all four for every field: one without them does
//! not compile. From the same list come the bytes in the store, the subject-access export and the page "what we keep".
//! A record keeps the fields of a newer Hearth as it found them.

mod value;
mod whose;

use units::PersonId;
use units::bytes::{Bytes, put_counted};

pub use value::{Atom, Damaged, Opaque, Value};
pub use whose::{Named, Naming};

/// The marker that every record begins with.
const MARKER: u8 = 1;

/// Why a field is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To run the membership.
    Membership,
    /// To reach somebody in the way they chose.
    Contact,
    /// So that everybody can take part.
    Access,
    /// To keep the place's accounts.
    Money,
    /// Because the law asks for it.
    Statute,
    /// To let the right person in, and nobody else.
    SignIn,
    /// So that what is done with people's data can be answered for.
    Accountability,
    /// To show a home its own energy.
    Energy,
    /// It says how the place works, and nothing of a person.
    Rules,
}

/// The lawful ground on which a field is kept: UK GDPR, articles 6 and 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The membership is an agreement that needs it: article 6(1)(b).
    Contract,
    /// A law asks for it: article 6(1)(c).
    LegalObligation,
    /// The place has good reason, and the person's interests do not outweigh it: article 6(1)(f).
    LegitimateInterest,
    /// The person said yes and can take it back: article 6(1)(a).
    Consent,
    /// The person said yes to this very thing, which tells of health or belief: article 9(2)(a).
    ExplicitConsent,
    /// It is not about a person.
    NotPersonal,
}

/// How long a field is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keep {
    /// Until so many years after somebody left.
    AfterLeaving(u8),
    /// Until so many years after it was written.
    AfterEntry(u8),
    /// Until it is changed, taken back, or has run out.
    WhileInForce,
}

/// Everything that is said of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRule {
    /// Its number in the bytes; never used again for something else.
    pub number: u8,
    /// Its name in files for machines.
    pub name: &'static str,
    /// The type of what stands in it.
    pub holds: &'static str,
    /// What it is called for people.
    pub label: &'static str,
    /// Why it is kept.
    pub purpose: Purpose,
    /// On which ground.
    pub basis: Basis,
    /// For how long.
    pub keep: Keep,
}

/// One field of a record as it is told to the person whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What is said of the field.
    pub rule: &'static FieldRule,
    /// What stands in it; nothing if it is empty.
    pub values: Vec<String>,
    /// Whom it names.
    pub named: Named,
}

/// Fields that a newer Hearth wrote, kept as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newer(Vec<(u8, Vec<u8>)>);

impl Newer {
    /// Those of `fields` whose number no rule knows.
    pub fn of(fields: &[(u8, &[u8])], rules: &[FieldRule]) -> Self {
        let unknown = |number: u8| rules.iter().all(|rule| rule.number != number);
        let kept = fields.iter().filter(|(number, _)| unknown(*number));
        Self(kept.map(|(number, value)| (*number, value.to_vec())).collect())
    }

    /// Writes them behind the others.
    pub fn write(&self, out: &mut Vec<u8>) {
        for (number, value) in &self.0 {
            put_field(out, *number, value);
        }
    }
}

/// Something kept, made by [`record!`].
pub trait Record: Sized {
    /// What is said of its fields, in the order of their numbers in the code.
    const FIELDS: &'static [FieldRule];

    /// Its bytes. The same record has the same bytes always.
    fn encode(&self) -> Vec<u8>;

    /// The record of these bytes.
    fn decode(bytes: &[u8]) -> Result<Self, Damaged>;

    /// Its fields as they are told to people.
    fn told(&self) -> Vec<Told>;

    /// Adds whom and which days its fields name: what [`Record::told`] names too, without its words.
    fn names(&self, named: &mut Named);

    /// The same with only those fields whose rule is kept; of the others nothing is left, but where something must
    /// stand.
    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self;

    /// The same with a person named otherwise or not at all; `None` where it cannot be without them. Who answers for
    /// something stays named, by number.
    fn renamed(self, naming: Naming) -> Option<Self>;
}

/// A record that has a table of its own.
pub trait Kept: Record {
    /// The name of its table.
    const TABLE: &'static str;
    /// What its rows are found by.
    type Key: Key;
}

/// What a row is found by: bytes whose order is the order that people expect.
pub trait Key: Sized {
    /// Its bytes.
    fn to_key(&self) -> Vec<u8>;
    /// Adds whom it names: whose row it is.
    fn names(&self, named: &mut Named);
    /// The same with a person named by another number.
    fn moved(self, _from: PersonId, _to: PersonId) -> Self {
        self
    }
    /// The key of these bytes.
    fn from_key(bytes: &[u8]) -> Option<Self>;
}

/// Begins the bytes of a record.
pub fn begin() -> Vec<u8> {
    vec![MARKER]
}

/// Appends one field.
pub fn put_field(out: &mut Vec<u8>, number: u8, value: &[u8]) {
    out.push(number);
    put_counted(out, value);
}

/// The fields of a record's bytes, in the order in which they stand.
pub fn fields<'a>(bytes: &'a [u8], what: &'static str) -> Result<Vec<(u8, &'a [u8])>, Damaged> {
    let mut reader = Bytes::new(bytes);
    if reader.byte() != Some(MARKER) {
        return Err(Damaged(what));
    }
    let mut found = Vec::new();
    while let Some(number) = reader.byte() {
        found.push((number, reader.take_counted().ok_or(Damaged(what))?));
    }
    Ok(found)
}

/// Makes a kept struct of a list of fields: number, name, type, then what the field is called, why it is kept, on
/// which ground, and how long. With `in "table" by Key` it has a table of its own.
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $(in $table:literal by $key:ty)? {
            $(
                $(#[$field_doc:meta])*
                $number:literal $field:ident: $type:ty => $label:literal, $purpose:ident, $basis:ident, $keep:expr;
            )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                pub $field: $type,
            )*
            /// What a newer Hearth wrote beside these.
            pub newer: $crate::record::Newer,
        }

        impl $crate::record::Record for $name {
            const FIELDS: &'static [$crate::record::FieldRule] = &[
                $(
                    $crate::record::FieldRule {
                        number: $number,
                        name: stringify!($field),
                        holds: stringify!($type),
                        label: $label,
                        purpose: $crate::record::Purpose::$purpose,
                        basis: $crate::record::Basis::$basis,
                        keep: { #[allow(unused_imports, clippy::allow_attributes, reason = "not every record names each")] use $crate::record::Keep::{AfterEntry, AfterLeaving, WhileInForce}; $keep },
                    },
                )*
            ];

            fn encode(&self) -> Vec<u8> {
                let mut out = $crate::record::begin();
                $( $crate::record::Value::write(&self.$field, $number, &mut out); )*
                self.newer.write(&mut out);
                out
            }

            fn decode(bytes: &[u8]) -> Result<Self, $crate::record::Damaged> {
                let fields = $crate::record::fields(bytes, stringify!($name))?;
                Ok(Self {
                    $( $field: $crate::record::Value::read(&fields, $number, concat!(stringify!($name), ".", stringify!($field)))?, )*
                    newer: $crate::record::Newer::of(&fields, Self::FIELDS),
                })
            }

            fn told(&self) -> Vec<$crate::record::Told> {
                let mut rules = Self::FIELDS.iter();
                let mut told = Vec::new();
                $(
                    let values = $crate::record::Value::say(&self.$field);
                    let mut named = $crate::record::Named::default();
                    $crate::record::Value::names(&self.$field, &mut named);
                    told.extend(rules.next().map(|rule| $crate::record::Told { rule, values, named }));
                )*
                told
            }

            fn names(&self, named: &mut $crate::record::Named) {
                $( $crate::record::Value::names(&self.$field, named); )*
            }

            fn pruned(self, keep: &dyn Fn(&$crate::record::FieldRule) -> bool) -> Self {
                let mut rules = Self::FIELDS.iter();
                Self {
                    $(
                        $field: if rules.next().is_some_and(|rule| keep(rule)) {
                            $crate::record::Value::pruned(self.$field, keep)
                        } else {
                            $crate::record::Value::blanked(&self.$field)
                                .unwrap_or_else(|| $crate::record::Value::pruned(self.$field, keep))
                        },
                    )*
                    newer: self.newer,
                }
            }

            fn renamed(self, naming: $crate::record::Naming) -> Option<Self> {
                Some(Self {
                    $(
                        $field: match (naming, $crate::record::Purpose::$purpose) {
                            ($crate::record::Naming::Gone(_), $crate::record::Purpose::Accountability) => self.$field,
                            _ => $crate::record::Value::renamed(self.$field, naming)?,
                        },
                    )*
                    newer: self.newer,
                })
            }
        }

        impl $crate::record::Atom for $name {
            fn to_bytes(&self) -> Vec<u8> {
                $crate::record::Record::encode(self)
            }

            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                $crate::record::Record::decode(bytes).ok()
            }

            fn say(&self) -> String {
                let told = $crate::record::Record::told(self);
                let said = told.iter().filter(|field| !field.values.is_empty());
                let said: Vec<String> = said
                    .map(|field| format!("{}: {}", field.rule.label, field.values.join(", ")))
                    .collect();
                said.join("; ")
            }

            fn names(&self, named: &mut $crate::record::Named) {
                let mut own = $crate::record::Named::default();
                $crate::record::Record::names(self, &mut own);
                named.within(own);
            }

            fn pruned(self, keep: &dyn Fn(&$crate::record::FieldRule) -> bool) -> Self {
                $crate::record::Record::pruned(self, keep)
            }

            fn renamed(self, naming: $crate::record::Naming) -> Option<Self> {
                $crate::record::Record::renamed(self, naming)
            }
        }

        $(
            impl $crate::record::Kept for $name {
                const TABLE: &'static str = $table;
                type Key = $key;
            }
        )?
    };
}

/// Makes an enum whose cases have a number in the bytes and a word for people.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $( $(#[$case_doc:meta])* $number:literal $case:ident = $word:literal; )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$case_doc])* $case, )*
        }

        impl $name {
            /// Every case, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$( Self::$case, )*];

            /// The word for people and for files.
            pub const fn word(self) -> &'static str {
                match self {
                    $( Self::$case => $word, )*
                }
            }

            /// The case with this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|case| case.word() == word)
            }
        }

        impl $crate::record::Atom for $name {
            fn to_bytes(&self) -> Vec<u8> {
                vec![match self {
                    $( Self::$case => $number, )*
                }]
            }

            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                match bytes {
                    $( [$number] => Some(Self::$case), )*
                    _ => None,
                }
            }

            fn say(&self) -> String {
                self.word().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

pub(crate) use {record, words};

#[cfg(test)]
mod tests;
