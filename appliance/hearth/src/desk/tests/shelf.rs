//! The desk and what was written before: batches that come back, buses that start again, a card that does not answer.

use super::*;

/// The meter to the street, read every ten seconds; its counter grows by 20 Wh each time.
struct Street<'a> {
    memory: &'a Memory,
    desk: Desk<&'a Memory>,
    round: i64,
}

impl<'a> Street<'a> {
    fn new(memory: &'a Memory) -> Self {
        Self {
            memory,
            desk: Desk::new(site(), memory, NIGHT, CLOCK_FLOOR),
            round: 0,
        }
    }

    fn now(&self) -> Instant {
        NIGHT + Span::from_secs(10 * self.round)
    }

    fn read(&mut self, rounds: i64) {
        for _ in 0..rounds {
            self.round += 1;
            let counter = number(5_000_000 + 20 * self.round);
            let update = update("street", self.now(), &[(Quantity::EnergyForward, counter)]);
            self.desk.take(update, self.now());
        }
    }

    /// Reads while the card is full: every batch comes back.
    fn read_in_vain(&mut self, rounds: i64) {
        for _ in 0..rounds / 10 {
            self.read(10);
            let refused = self.desk.batch().expect("something waits");
            self.desk.give_back(refused);
        }
    }

    fn write(&mut self) {
        self.memory.keep(self.desk.batch().expect("something waits"));
    }

    fn booked(&self) -> i64 {
        self.memory.booked("street", Flow::Import)
    }

    /// All but the first reading's own value, and the last step, which no later reading has confirmed yet.
    fn truth(&self) -> i64 {
        20 * (self.round - 2)
    }
}

#[test]
fn a_bus_that_starts_again_while_the_card_is_full_books_nothing_twice() {
    let memory = Memory::default();
    let mut street = Street::new(&memory);
    street.read(30);
    street.write();
    street.read_in_vain(200);
    let mut not_walked_yet = update("street", street.now() + Span::SECOND, &[]);
    not_walked_yet.points = Arc::new([]);
    street.desk.take(not_walked_yet, street.now() + Span::SECOND);
    street.read(30);
    street.write();
    assert_eq!(street.booked(), street.truth());
}

#[test]
fn a_reload_that_drops_a_desk_drops_nothing_that_waits() {
    let memory = Memory::default();
    let mut street = Street::new(&memory);
    street.read(30);
    street.write();
    street.read_in_vain(200);
    let aside = SITE.replacen("rated_power = 20000", "rated_power = 20000\ncounted = false", 1);
    for text in [aside.as_str(), SITE] {
        let site = Arc::new(Site::parse(text).expect("a good site"));
        street.desk.reconfigure(site, street.now());
    }
    street.read(30);
    street.write();
    assert_eq!(street.booked(), street.truth());
}

#[test]
fn a_card_that_does_not_answer_at_the_start_costs_nothing_that_was_remembered() {
    let memory = Memory::default();
    let mut street = Street::new(&memory);
    street.read(30);
    street.write();
    street.round += 360;
    memory.failing.set(5);
    street.desk = Desk::new(site(), &memory, street.now(), CLOCK_FLOOR);
    street.read(1);
    let note = street.desk.devices()[0].notes.concat();
    assert!(note.contains("the card does not answer"), "{note:?}");
    if let Some(batch) = street.desk.batch() {
        memory.keep(batch);
    }
    street.read(60);
    street.write();
    assert_eq!(street.booked(), street.truth());
    assert_eq!(street.desk.devices()[0].notes, Vec::<String>::new());
}

#[test]
fn a_card_that_does_not_answer_in_between_replaces_no_quarter() {
    let memory = Memory::default();
    let mut street = Street::new(&memory);
    for round in 0..40 {
        street.read(10);
        street.write();
        if round % 3 == 0 {
            // The account knows the running quarters by itself; after another start it has to ask.
            street.desk = Desk::new(site(), &memory, street.now(), CLOCK_FLOOR);
            street.round += 60 * (round % 2);
            memory
                .failing
                .set(1 + u32::try_from(round % 4).expect("a small number"));
        }
    }
    memory.failing.set(0);
    street.read(60);
    street.write();
    assert_eq!(street.booked(), street.truth());
}

#[test]
fn what_a_newer_hearth_remembers_is_never_written_over() {
    let memory = Memory::default();
    let mut street = Street::new(&memory);
    street.read(30);
    street.write();
    let key = (DeviceName::parse("street").expect("a good name"), Flow::Import);
    let mut newer = memory.memories.borrow()[&key].clone();
    newer[0] = 99;
    memory.memories.borrow_mut().insert(key.clone(), newer.clone());
    let before = street.booked();
    street.desk = Desk::new(site(), &memory, street.now(), CLOCK_FLOOR);
    street.read(60);
    street.write();
    assert_eq!(memory.memories.borrow()[&key], newer);
    assert_eq!(
        street.booked(),
        before,
        "its meter counts on, and the newer Hearth books it"
    );
    let note = street.desk.devices()[0].notes.concat();
    assert!(note.contains("newer Hearth"), "{note:?}");
}
