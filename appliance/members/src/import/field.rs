//! What a column can mean, and the first guess at it by the words in its header. A guess is a proposal: the steward
//! sees it and chooses. Age and sex have no field here, so that nobody is ever told apart by them.

use crate::record::words;
use crate::text::folded;

words! {
    /// What a column means.
    pub enum Field {
        /// The whole name.
        1 Name = "name";
        /// The part of the name that stands first.
        2 First = "first name";
        /// The part of the name under which it stands in lists.
        3 Last = "last name";
        /// The name of an organisation.
        4 Organisation = "organisation";
        /// How to be addressed.
        5 Called = "known as";
        /// Any telephone.
        6 Phone = "telephone";
        /// A telephone that takes text messages.
        7 Mobile = "mobile telephone";
        /// An e-mail address.
        8 Email = "e-mail";
        /// One line of the address, or all of it.
        9 Address = "address";
        /// The town, a line of the address.
        10 Town = "town";
        /// The postcode.
        11 Postcode = "postcode";
        /// The country.
        12 Country = "country";
        /// The name of the household.
        13 Household = "household";
        /// The number on the membership card.
        14 MemberNumber = "membership number";
        /// The class of membership.
        15 Class = "class of membership";
        /// The state of the membership.
        16 Status = "state of membership";
        /// The day of joining.
        17 Joined = "date of joining";
        /// The day of leaving.
        18 Left = "date of leaving";
        /// Tags, parted by commas.
        19 Tags = "tags";
        /// Notes.
        20 Note = "notes";
        /// The day of birth.
        21 Born = "day of birth";
        /// Languages, parted by commas.
        22 Languages = "languages";
        /// What helps to take part.
        23 Access = "what helps to take part";
        /// The wished way to be reached.
        24 Reach = "how to be reached";
        /// Pronouns.
        25 Pronouns = "pronouns";
        /// Letters in large print, yes or no.
        26 LargePrint = "large print";
        /// Under what the name stands in lists.
        27 Sort = "name in lists";
    }
}

/// The words of headers, folded and without signs, the more exact before the less exact.
const HEADERS: &[(Field, &[&str])] = &[
    (
        Field::MemberNumber,
        &[
            "membership number",
            "member number",
            "membership no",
            "member no",
            "member id",
            "membership id",
            "mem no",
            "card number",
            "mitgliedsnummer",
            "numero adherent",
        ],
    ),
    (
        Field::First,
        &[
            "first name",
            "firstname",
            "forename",
            "forenames",
            "given name",
            "given names",
            "first",
            "christian name",
            "vorname",
            "prenom",
            "nombre",
        ],
    ),
    (
        Field::Last,
        &[
            "last name",
            "lastname",
            "surname",
            "family name",
            "second name",
            "last",
            "nachname",
            "nom de famille",
            "apellido",
            "apellidos",
        ],
    ),
    (
        Field::Called,
        &[
            "known as",
            "preferred name",
            "nickname",
            "salutation",
            "how to address",
            "called",
            "likes to be called",
        ],
    ),
    (Field::Sort, &["name in lists", "sort name", "sort as", "file as"]),
    (
        Field::Organisation,
        &[
            "organisation",
            "organization",
            "company",
            "organisation name",
            "organization name",
            "company name",
            "group name",
            "firma",
        ],
    ),
    (
        Field::Name,
        &[
            "name",
            "full name",
            "fullname",
            "member name",
            "members name",
            "member",
            "contact name",
            "display name",
            "names",
            "person",
            "nom",
            "name of member",
        ],
    ),
    (
        Field::Mobile,
        &[
            "mobile",
            "mobile phone",
            "mobile number",
            "mobile no",
            "mobile telephone",
            "cell",
            "cell phone",
            "cellphone",
            "mob",
            "handy",
            "text number",
        ],
    ),
    (
        Field::Phone,
        &[
            "phone",
            "telephone",
            "phone number",
            "telephone number",
            "tel",
            "tel no",
            "home phone",
            "landline",
            "phone no",
            "work phone",
            "contact number",
            "phones",
            "home telephone",
            "home tel",
            "telefon",
            "telephone no",
            "phone 1",
            "phone 2",
            "phone2",
            "phone1",
        ],
    ),
    (
        Field::Email,
        &[
            "email",
            "e mail",
            "email address",
            "e mail address",
            "mail",
            "emails",
            "email 1",
            "email 2",
            "primary email",
            "contact email",
        ],
    ),
    (
        Field::Address,
        &[
            "address",
            "street",
            "address line 1",
            "address line 2",
            "address line 3",
            "address 1",
            "address 2",
            "address 3",
            "address1",
            "address2",
            "address3",
            "street address",
            "postal address",
            "home address",
            "addr",
            "addr1",
            "addr2",
            "adresse",
            "strasse",
            "address line1",
            "address line2",
            "house",
            "house name or number",
            "mailing address",
        ],
    ),
    (
        Field::Town,
        &[
            "town",
            "city",
            "town city",
            "city town",
            "town or city",
            "locality",
            "post town",
            "ort",
            "ville",
        ],
    ),
    (
        Field::Postcode,
        &[
            "postcode",
            "post code",
            "zip",
            "zip code",
            "zipcode",
            "postal code",
            "plz",
            "code postal",
        ],
    ),
    (Field::Country, &["country", "land", "pays"]),
    (Field::Household, &["household", "household name", "family"]),
    (
        Field::Class,
        &[
            "class",
            "membership type",
            "member type",
            "class of membership",
            "membership class",
            "category",
            "membership category",
            "type",
            "membership level",
            "membership",
        ],
    ),
    (
        Field::Status,
        &[
            "status",
            "membership status",
            "member status",
            "state",
            "state of membership",
            "active",
            "current member",
        ],
    ),
    (
        Field::Joined,
        &[
            "joined",
            "join date",
            "date joined",
            "joined on",
            "member since",
            "since",
            "start date",
            "joining date",
            "date of joining",
            "membership start",
            "membership start date",
            "date of admission",
        ],
    ),
    (
        Field::Left,
        &[
            "left",
            "left on",
            "date left",
            "leaving date",
            "date of leaving",
            "leave date",
            "resigned on",
        ],
    ),
    (Field::Tags, &["tags", "tag", "groups", "interests", "labels"]),
    (
        Field::Note,
        &[
            "notes",
            "note",
            "comments",
            "comment",
            "remarks",
            "remark",
            "further information",
        ],
    ),
    (
        Field::Born,
        &[
            "day of birth",
            "date of birth",
            "dob",
            "birthday",
            "born",
            "birth date",
            "birthdate",
            "geburtsdatum",
        ],
    ),
    (
        Field::Languages,
        &["languages", "language", "sprachen", "first language"],
    ),
    (
        Field::Access,
        &[
            "what helps to take part",
            "access needs",
            "access",
            "accessibility",
            "access requirements",
            "support needs",
        ],
    ),
    (
        Field::Reach,
        &[
            "how to be reached",
            "contact preference",
            "preferred contact",
            "preferred contact method",
            "contact method",
            "contact by",
            "communication preference",
        ],
    ),
    (Field::Pronouns, &["pronouns", "pronoun"]),
    (
        Field::LargePrint,
        &["large print", "largeprint", "letters in large print"],
    ),
];

impl Field {
    /// The first guess at what a column means, by its header.
    pub fn guess(header: &str) -> Option<Self> {
        let words = header_words(header);
        let found = HEADERS.iter().find(|(_, known)| known.contains(&words.as_str()));
        found.map(|(field, _)| *field)
    }

    /// Whether several columns may mean this: they are put together.
    pub const fn several(self) -> bool {
        matches!(
            self,
            Self::Phone
                | Self::Mobile
                | Self::Email
                | Self::Address
                | Self::Tags
                | Self::Note
                | Self::Languages
                | Self::Access
        )
    }

    /// Whether it holds a day.
    pub const fn is_day(self) -> bool {
        matches!(self, Self::Joined | Self::Left | Self::Born)
    }

    /// Whether it tells of a membership.
    pub const fn of_membership(self) -> bool {
        matches!(
            self,
            Self::MemberNumber | Self::Class | Self::Status | Self::Joined | Self::Left
        )
    }
}

/// A header as plain small words: `E-Mail_Address*` is "e mail address", `firstName` is "first name".
pub fn header_words(header: &str) -> String {
    let mut spread = String::with_capacity(header.len() + 4);
    let mut small_before = false;
    for sign in header.chars() {
        if sign.is_uppercase() && small_before {
            spread.push(' ');
        }
        small_before = sign.is_lowercase();
        match sign {
            '\'' | '\u{2019}' | '.' => {}
            _ if sign.is_alphanumeric() => spread.push(sign),
            _ => spread.push(' '),
        }
    }
    folded(&spread)
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn headers_are_understood_in_the_ways_people_write_them() {
        for (header, field) in [
            ("Name", Some(Field::Name)),
            ("firstName", Some(Field::First)),
            ("SURNAME ", Some(Field::Last)),
            ("E-Mail_Address*", Some(Field::Email)),
            ("Tel. No.", Some(Field::Phone)),
            ("Mobile (text)", None),
            ("Post Code", Some(Field::Postcode)),
            ("Member's Name", Some(Field::Name)),
            ("Date of Birth", Some(Field::Born)),
            ("Prénom", Some(Field::First)),
            ("Gender", None),
            ("Sex", None),
            ("Age", None),
            ("Title", None),
            ("", None),
        ] {
            assert_eq!(Field::guess(header), field, "{header}");
        }
    }

    #[test]
    fn no_header_has_two_meanings() {
        let all: Vec<&str> = super::HEADERS
            .iter()
            .flat_map(|(_, words)| words.iter().copied())
            .collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        assert_eq!(super::HEADERS.len(), Field::ALL.len());
    }
}
