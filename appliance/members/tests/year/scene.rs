//! The made-up place: a book of people who share names and households, and a year of lines as banks write them, drawn from a
//! seed. Who paid each line is known, since it was drawn first.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use members::book::Book;
use members::household::Household;
use members::membership::{Membership, Move, Status};
use members::person::Person;
use members::statement::{Line, LineKind};
use units::{Currency, HouseholdId, Instant, Money, PersonId};

const GIVEN: [&str; 60] = [
    "Ana",
    "Ben",
    "Cleo",
    "David",
    "Elena",
    "Femi",
    "Grace",
    "Hannah",
    "Ibrahim",
    "Jane",
    "John",
    "Karim",
    "Leila",
    "Mary",
    "Michael",
    "Nadia",
    "Oliver",
    "Priya",
    "Quentin",
    "Rosa",
    "Samuel",
    "Sarah",
    "Thomas",
    "Uma",
    "Victor",
    "Wanda",
    "Xavier",
    "Yusuf",
    "Zoe",
    "Åsa",
    "Björn",
    "Chloé",
    "Dafydd",
    "Eilidh",
    "Fatima",
    "George",
    "Helen",
    "Isaac",
    "James",
    "Jack",
    "Jessica",
    "Kate",
    "Laura",
    "Maria",
    "Mohammed",
    "Nia",
    "Owen",
    "Peter",
    "Rachel",
    "Rhys",
    "Simon",
    "Susan",
    "Tariq",
    "Ursula",
    "Vera",
    "William",
    "Yasmin",
    "Елена",
    "Ólafur",
    "Siân",
];
const FAMILY: [&str; 100] = [
    "Smith",
    "Jones",
    "Williams",
    "Brown",
    "Taylor",
    "Davies",
    "Evans",
    "Wilson",
    "Thomas",
    "Roberts",
    "Johnson",
    "Lewis",
    "Walker",
    "Robinson",
    "Wood",
    "Thompson",
    "White",
    "Watson",
    "Jackson",
    "Wright",
    "Green",
    "Harris",
    "Cooper",
    "King",
    "Lee",
    "Martin",
    "Clarke",
    "James",
    "Morgan",
    "Hughes",
    "Edwards",
    "Hill",
    "Moore",
    "Clark",
    "Harrison",
    "Scott",
    "Young",
    "Morris",
    "Hall",
    "Ward",
    "Turner",
    "Carter",
    "Phillips",
    "Mitchell",
    "Patel",
    "Adams",
    "Campbell",
    "Anderson",
    "Allen",
    "Cook",
    "Bailey",
    "Parker",
    "Miller",
    "Davis",
    "Murphy",
    "Price",
    "Bell",
    "Baker",
    "Griffiths",
    "Kelly",
    "Simpson",
    "Marshall",
    "Collins",
    "Bennett",
    "Cox",
    "Richardson",
    "Fox",
    "Gray",
    "Rose",
    "Chapman",
    "Hunt",
    "Robertson",
    "Shaw",
    "Reynolds",
    "Lloyd",
    "Ellis",
    "Richards",
    "Russell",
    "Wilkinson",
    "Khan",
    "Graham",
    "Stewart",
    "Reid",
    "Murray",
    "Powell",
    "Palmer",
    "Holmes",
    "Rogers",
    "Stevens",
    "Walsh",
    "Hunter",
    "Öberg",
    "Okafor",
    "O'Brien",
    "Nguyễn",
    "García",
    "Łukasik",
    "Иванова",
    "Al-Hassan",
    "Müller",
];
const NOISE: [&str; 12] = [
    "RAFFLE TAKINGS",
    "CASH IN BRANCH",
    "HMRC GIFT AID",
    "INTEREST GROSS",
    "ROOM HIRE",
    "GRANT COMMUNITY FUND",
    "CAFE TAKINGS",
    "DONATION",
    "AMAZON REFUND",
    "ELECTRIC REBATE",
    "BOOK SALE",
    "WORKSHOP FEES",
];

/// A line, and who paid it.
#[derive(Debug, Clone)]
pub(crate) struct Paid {
    pub(crate) line: Line,
    pub(crate) payer: Option<PersonId>,
}

/// A book, what is due, and a year of lines.
pub(crate) struct Scene {
    pub(crate) book: Book,
    pub(crate) due: BTreeMap<PersonId, Money>,
    pub(crate) lines: Vec<Paid>,
}

/// How somebody's lines look at the bank: mostly the same from month to month.
#[derive(Debug, Clone)]
struct Habit {
    payer: PersonId,
    text: String,
    account: Option<String>,
    pence: i64,
    day: i8,
    from: i8,
}

impl Scene {
    /// The place of this seed, with at least so many lines.
    pub(crate) fn drawn(seed: u64, lines: usize) -> Self {
        let mut draw = fastrand::Rng::with_seed(seed);
        let mut scene = Self {
            book: Book::default(),
            due: BTreeMap::new(),
            lines: Vec::new(),
        };
        let people = lines / 10;
        for number in 1..=people {
            scene.person(&mut draw, number);
        }
        let habits: Vec<Habit> = scene
            .members()
            .into_iter()
            .map(|(id, name)| scene.habit(&mut draw, id, &name))
            .collect();
        for month in 1..=12 {
            scene.month(&mut draw, month, &habits);
        }
        while scene.lines.len() < lines {
            let month = draw.i8(1..=12);
            scene.noise(&mut draw, month);
        }
        scene.lines.sort_by_key(|paid| paid.line.date);
        scene
    }

    /// The lines, month by month.
    pub(crate) fn months(&self) -> impl Iterator<Item = &[Paid]> {
        self.lines
            .chunk_by(|one, other| one.line.date.month() == other.line.date.month())
    }

    fn person(&mut self, draw: &mut fastrand::Rng, number: usize) {
        let id = PersonId::new(u32::try_from(number).expect("few people"));
        let given = GIVEN[draw.usize(..GIVEN.len())];
        let mut family = FAMILY[draw.usize(..FAMILY.len())].to_owned();
        if draw.u8(..10) == 0 {
            family = format!("{} {family}", GIVEN[draw.usize(..GIVEN.len())]);
        }
        let mut person =
            Person::named(&format!("{given} {family}"), Instant::from_millis(0)).expect("a name");
        // One in four lives with the person before, and bears the same name.
        if let Some((_, before)) = self.book.people.last_key_value().filter(|_| draw.u8(..4) == 0) {
            let last = before.name.rsplit(' ').next().unwrap_or_default().to_owned();
            person = Person::named(&format!("{given} {last}"), Instant::from_millis(0)).expect("a name");
            person.household = before.household;
        } else {
            let household = HouseholdId::new(id.number());
            self.book.households.insert(household, Household::new());
            person.household = Some(household);
        }
        self.book.people.insert(id, person);
        let status = match draw.u8(..20) {
            0 | 1 => Status::Left,
            2 => return,
            _ => Status::Member,
        };
        let step = |to, on| Move {
            to,
            class: Some("member".to_owned()),
            on,
            why: Some("because".to_owned()),
            by: None,
            at: Instant::from_millis(0),
        };
        let mut membership = Membership::begin(step(Status::Member, date(2020, 1, 1))).expect("a beginning");
        if status == Status::Left {
            membership = membership
                .moved(step(Status::Left, date(2025, 6, 1)))
                .expect("a step");
        } else {
            let pence = [500, 500, 500, 300, 1000, 250][draw.usize(..6)];
            self.due.insert(id, Money::new(pence, Currency::GBP));
        }
        membership.number = Some(1000 + id.number());
        self.book.memberships.insert(id, membership);
    }

    fn members(&self) -> Vec<(PersonId, String)> {
        let is_member = |(id, _): &(&PersonId, &Person)| self.book.is_member(**id);
        let people = self.book.people.iter().filter(is_member);
        people.map(|(id, person)| (*id, person.name.clone())).collect()
    }

    fn habit(&self, draw: &mut fastrand::Rng, payer: PersonId, name: &str) -> Habit {
        let bank = as_banks_write(name);
        let (given, family) = bank.rsplit_once(' ').unwrap_or(("", &bank));
        let initial = given.chars().next().unwrap_or('A');
        let number = 1000 + payer.number();
        let own = match draw.u8(..20) {
            0..=5 => bank.clone(),
            6..=9 => format!("{family} {given}"),
            10..=13 => format!("{initial} {family}"),
            14 | 15 => format!("MR {initial} {family}"),
            16 => misspelt(draw, &bank),
            // A joint account: somebody else's letter stands first.
            17 => format!(
                "MR & MRS {} & {initial} {family}",
                char::from(b'A' + draw.u8(..26))
            ),
            // Somebody else pays: a parent, an employer.
            18 => format!(
                "{} {}",
                GIVEN[draw.usize(..28)].to_uppercase(),
                FAMILY[draw.usize(..90)].to_uppercase()
            ),
            _ => family.to_owned(),
        };
        let reference = match draw.u8(..10) {
            0..=2 => "SUBS".to_owned(),
            3 | 4 => "MEMBERSHIP".to_owned(),
            5 | 6 => format!("M{number}"),
            7 => number.to_string(),
            8 => bank.split(' ').next().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        // Banks cut off at eighteen letters.
        let shown: String = own.chars().take(18).collect();
        let kind = ["FPI", "BGC", "STO", "TFR"][draw.usize(..4)];
        Habit {
            payer,
            text: format!("{kind} {shown} {reference}").trim().to_owned(),
            account: (draw.u8(..10) < 3).then(|| format!("20-00-00 {:08}", draw.u32(..100_000_000))),
            pence: self.due.get(&payer).map_or(500, |due| due.minor()),
            day: draw.i8(1..=28),
            from: if draw.u8(..5) == 0 { draw.i8(1..=6) } else { 1 },
        }
    }

    fn month(&mut self, draw: &mut fastrand::Rng, month: i8, habits: &[Habit]) {
        for habit in habits.iter().filter(|habit| habit.from <= month) {
            // Some miss a month, some pay twice on one day, some pay another sum, some write other words.
            let times = match draw.u8(..50) {
                0 => 0,
                1 => 2,
                _ => 1,
            };
            for _ in 0..times {
                let pence = if draw.u8(..30) == 0 {
                    draw.i64(1..40) * 50
                } else {
                    habit.pence
                };
                let text = match draw.u8(..40) {
                    0 => misspelt(draw, &habit.text),
                    1 => format!(
                        "{} {}",
                        habit.text,
                        ["THANKS", "JAN", "HAPPY NEW YEAR", "LATE SORRY"][draw.usize(..4)]
                    ),
                    _ => habit.text.clone(),
                };
                self.push(
                    date(2026, month, habit.day),
                    pence,
                    &text,
                    habit.account.clone(),
                    Some(habit.payer),
                );
            }
            if draw.u8(..200) == 0 {
                self.push(
                    date(2026, month, habit.day),
                    -habit.pence,
                    &habit.text,
                    habit.account.clone(),
                    Some(habit.payer),
                );
            }
        }
        for _ in 0..12 {
            self.noise(draw, month);
        }
    }

    /// What no member paid: takings, grants, strangers whose names are like those of members.
    fn noise(&mut self, draw: &mut fastrand::Rng, month: i8) {
        let day = date(2026, month, draw.i8(1..=28));
        let stranger = format!(
            "{} {}",
            char::from(b'A' + draw.u8(..26)),
            FAMILY[draw.usize(..90)].to_uppercase()
        );
        let text = match draw.u8(..4) {
            0 => format!("FPI {stranger} TICKETS"),
            _ => format!(
                "{} {}",
                NOISE[draw.usize(..NOISE.len())],
                draw.u32(100_000..999_999)
            ),
        };
        let sign = if draw.bool() { 1 } else { -1 };
        self.push(day, sign * draw.i64(100..50_000), &text, None, None);
    }

    fn push(&mut self, day: Date, pence: i64, text: &str, account: Option<String>, payer: Option<PersonId>) {
        let mut line = Line::new(day, Money::new(pence, Currency::GBP));
        line.texts = vec![text.to_owned()];
        line.account = account;
        line.kind = LineKind::Payment;
        // Money that goes back is a person's to look at, and counts for neither side.
        let payer = payer.filter(|_| pence > 0);
        self.lines.push(Paid { line, payer });
    }
}

/// Capital letters without marks, in Latin script.
fn as_banks_write(name: &str) -> String {
    let latin = [
        ("Å", "A"),
        ("ö", "o"),
        ("Ö", "O"),
        ("é", "e"),
        ("í", "i"),
        ("ễ", "e"),
        ("Ł", "L"),
        ("ü", "u"),
        ("Ó", "O"),
        ("â", "a"),
        ("Елена", "Elena"),
        ("Иванова", "Ivanova"),
        ("'", ""),
        ("-", " "),
    ];
    let plain = latin
        .iter()
        .fold(name.to_owned(), |name, (from, to)| name.replace(from, to));
    plain.to_uppercase()
}

/// One letter left out, doubled, or two turned round.
fn misspelt(draw: &mut fastrand::Rng, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 6 {
        return text.to_owned();
    }
    let at = draw.usize(4..letters.len() - 1);
    match draw.u8(..3) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}
