//! Devices on which somebody has signed in: what they are called, whose names they show, and who is known there.

use jiff::civil::Date;
use units::PersonId;

use super::Digest;
use crate::record::record;

record! {
    /// A browser that carries a cookie of ours for long. It lets nobody in; it only says that somebody of the book
    /// has been in here, so that strangers who guess at their name elsewhere do not lock them out.
    pub struct KnownDevice in "known-devices" by Digest {
        /// What it is, as far as it says so itself: "Firefox on Android".
        1 name: String => "Device", SignIn, LegitimateInterest, AfterEntry(1);
        /// Who has signed in here.
        2 people: Vec<PersonId> => "Who signed in there", SignIn, LegitimateInterest, AfterEntry(1);
        /// Whose name it offers to whoever sits down here, because they wished so.
        3 offers: Vec<PersonId> => "Whose name it shows", SignIn, Consent, AfterEntry(1);
        /// The last day on which somebody signed in here.
        4 used: Date => "Last used", SignIn, LegitimateInterest, AfterEntry(1);
    }
}

/// The most people whom one device remembers; who has not been here for longest is forgotten first.
const MOST_PEOPLE: usize = 40;

impl KnownDevice {
    /// Notes that `person` has signed in here.
    pub fn came(&mut self, person: PersonId, today: Date) {
        self.people.retain(|known| *known != person);
        if self.people.len() >= MOST_PEOPLE {
            let gone = self.people.remove(0);
            self.offers.retain(|known| *known != gone);
        }
        self.people.push(person);
        self.used = today;
    }

    /// Offers the name of `person` from now on, if they have been in here.
    pub fn offer(&mut self, person: PersonId) {
        if self.people.contains(&person) && !self.offers.contains(&person) {
            self.offers.push(person);
        }
    }

    /// Forgets `person`.
    pub fn forget(&mut self, person: PersonId) {
        self.people.retain(|known| *known != person);
        self.offers.retain(|known| *known != person);
    }

    /// Whether nobody is known here any more, or nobody has been here for a year.
    pub fn is_over(&self, today: Date) -> bool {
        self.people.is_empty()
            || self
                .used
                .checked_add(jiff::Span::new().days(365))
                .is_ok_and(|until| until < today)
    }
}

/// Browsers by what stands in their user agent, the more particular first: nearly all of them name others as well.
const BROWSERS: [(&str, &str); 11] = [
    ("SamsungBrowser/", "Samsung Internet"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems likewise.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("KAIOS", "a KaiOS phone"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Ubuntu", "Ubuntu"),
    ("Linux", "Linux"),
];

/// What a device is in plain words, by what its browser says of itself. Nothing of what it says is kept as it stands:
/// it could say anything, and the exact version would single somebody out.
pub fn named(user_agent: &str) -> String {
    let find = |list: &[(&str, &'static str)]| {
        let found = list.iter().find(|(sign, _)| user_agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    let browser = find(&BROWSERS).unwrap_or("A browser");
    match find(&SYSTEMS) {
        Some(system) => format!("{browser} on {system}"),
        None => browser.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use units::PersonId;

    use super::{KnownDevice, MOST_PEOPLE, named};
    use crate::record::Newer;

    #[test]
    fn devices_are_named_in_plain_words() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
                "Firefox on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
                "Chrome on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Chrome on a Chromebook",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Firefox on Linux",
            ),
            ("curl/8.5.0", "A browser"),
            ("", "A browser"),
            ("<script>Linux", "A browser on Linux"),
        ] {
            assert_eq!(named(agent), name, "{agent}");
        }
    }

    fn device() -> KnownDevice {
        KnownDevice {
            name: "Firefox on Linux".to_owned(),
            people: Vec::new(),
            offers: Vec::new(),
            used: date(2026, 1, 1),
            newer: Newer::default(),
        }
    }

    #[test]
    fn only_who_was_here_is_offered_and_whoever_is_forgotten_is_not() {
        let mut device = device();
        let (ana, ben) = (PersonId::new(1), PersonId::new(2));
        device.came(ana, date(2026, 1, 2));
        device.offer(ana);
        device.offer(ana);
        device.offer(ben);
        assert_eq!(device.offers, [ana]);
        device.forget(ana);
        assert!(device.offers.is_empty() && device.is_over(date(2026, 1, 2)));
    }

    #[test]
    fn a_device_remembers_so_many_people_and_for_a_year() {
        let mut device = device();
        for number in 0..100 {
            device.came(PersonId::new(number), date(2026, 1, 1));
            device.offer(PersonId::new(number));
        }
        assert_eq!(device.people.len(), MOST_PEOPLE);
        assert_eq!(device.offers, device.people);
        assert_eq!(device.people.last(), Some(&PersonId::new(99)));
        assert!(!device.is_over(date(2027, 1, 1)));
        assert!(device.is_over(date(2027, 1, 2)));
    }
}
