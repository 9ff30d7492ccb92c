//! Sessions: how they begin, who is signed in, and how they end.

use std::collections::BTreeMap;

use members::credential::device::{self, KnownDevice};
use members::credential::session::{Custody, MOST_OF_ONE, Session, WayIn};
use members::credential::{Digest, Token};
use members::record::Newer;
use store::{RowChange, Store};
use units::{Instant, PersonId};

use super::fleeting::can_be_repeated;
use super::{Entered, Knock, SignIn, SignInError, Who};
use crate::rows::{all, becomes, get, go};
use crate::table::ActKind;

/// How many sessions are followed more closely than the card knows them.
const FOLLOWED: usize = 4096;

/// When somebody was last seen in a session, better than the card knows it: that is written once an hour at most.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<Digest, Instant>);

impl Seen {
    fn of(&self, session: &Session, key: &Digest) -> Instant {
        self.0.get(key).copied().unwrap_or(session.seen)
    }

    fn note(&mut self, key: Digest, now: Instant) {
        if self.0.len() >= FOLLOWED && !self.0.contains_key(&key) {
            let oldest = self.0.iter().min_by_key(|(_, seen)| **seen).map(|(key, _)| *key);
            oldest.and_then(|oldest| self.0.remove(&oldest));
        }
        self.0.insert(key, now);
    }

    fn forget(&mut self, key: &Digest) {
        self.0.remove(key);
    }
}

/// A session as its person sees it among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSeen {
    /// By what it is ended.
    pub key: Digest,
    /// The device.
    pub device: String,
    /// Since when.
    pub begun: Instant,
    /// When its person was last seen, to the hour.
    pub seen: Instant,
    /// Whose device it is.
    pub custody: Custody,
    /// How they came in.
    pub way: WayIn,
    /// Whether it is the one in which this is asked.
    pub here: bool,
}

impl SignIn {
    /// Who has this token in their cookie, if they are still signed in. A session that is over ends here.
    pub async fn who(&self, token: &Token) -> Result<Option<Who>, SignInError> {
        let (key, now) = (token.digest(), self.now());
        let fleeting = self.fleeting_session(&key).await;
        let kept = match fleeting {
            Some(_) => None,
            None => get::<Session>(&self.shared.store, &key)?,
        };
        let is_kept = kept.is_some();
        let Some(session) = kept.or(fleeting) else {
            return Ok(None);
        };
        let seen = self.seen().of(&session, &key);
        if let Some(over) = session.over(seen, now) {
            tracing::debug!(?over, "a session is over");
            self.seen().forget(&key);
            self.fleeting().end(&key, session.person);
            // Of two requests at once the other may have ended it.
            let _ = self.change(vec![becomes(&key, Some(&session), None)], None).await;
            return Ok(None);
        }
        self.seen().note(key, now);
        if is_kept && session.is_to_write(now) {
            let later = Session {
                seen: now,
                ..session.clone()
            };
            // Whether it is written decides nothing but how long the session lasts after a start.
            let _ = self
                .change(vec![becomes(&key, Some(&session), Some(&later))], None)
                .await;
        }
        Ok(Some(Who {
            person: session.person,
            session: key,
            custody: session.custody,
            way: session.way,
            begun: session.begun,
        }))
    }

    /// Begins a session for `person`, together with `rows` that change because of it.
    pub(super) async fn enter(
        &self,
        knock: &Knock,
        person: PersonId,
        way: WayIn,
        mut rows: Vec<RowChange>,
    ) -> Result<Entered, SignInError> {
        let now = self.now();
        let token = self.token();
        let session = Session {
            person,
            begun: now,
            seen: now,
            device: device::named(&knock.agent),
            custody: knock.custody,
            way,
            newer: Newer::default(),
        };
        let others = self.on_card(move |store| sessions_of(store, person)).await?;
        rows.extend(go(too_many(&others)));
        rows.push(becomes(&token.digest(), None, Some(&session)));
        let (device, row) = self.came(knock, person)?;
        rows.push(row);
        let kind = match way {
            WayIn::Passphrase | WayIn::Passkey => ActKind::SignIn,
            WayIn::Slip => ActKind::UseSlip,
            WayIn::Claim => ActKind::Claim,
        };
        let line = self.line(kind, person, &format!("{}, {}", way.word(), knock.custody.word()));
        match self.change(rows, Some(line.clone())).await {
            // What is used up by coming in must be written down as used up.
            Err(SignInError::Store(error)) if error.is_of_the_card() && can_be_repeated(way) => {
                self.begin_fleeting(token.digest(), session, line);
            }
            written => written?,
        }
        self.seen().note(token.digest(), now);
        Ok(Entered {
            person,
            session: token,
            device,
            way,
        })
    }

    /// That somebody has been on this device. A cookie that the box does not know is given up for a new one.
    fn came(&self, knock: &Knock, person: PersonId) -> Result<(Token, RowChange), SignInError> {
        let known = match &knock.device {
            Some(token) => get::<KnownDevice>(&self.shared.store, &token.digest())?,
            None => None,
        };
        let (token, before) = match (&knock.device, known) {
            (Some(token), Some(known)) => (token.clone(), Some(known)),
            _ => (self.token(), None),
        };
        let today = self.today();
        let mut after = before.clone().unwrap_or_else(|| KnownDevice {
            name: device::named(&knock.agent),
            people: Vec::new(),
            offers: Vec::new(),
            used: today,
            newer: Newer::default(),
        });
        after.came(person, today);
        let row = becomes(&token.digest(), before.as_ref(), Some(&after));
        Ok((token, row))
    }

    /// The day by universal time: what is kept by the day needs no zone.
    pub(super) fn today(&self) -> jiff::civil::Date {
        let moment = jiff::Timestamp::from_millisecond(self.now().as_millis()).unwrap_or_default();
        jiff::tz::TimeZone::UTC.to_datetime(moment).date()
    }

    /// Ends the session in which this is asked.
    pub async fn sign_out(&self, who: &Who) -> Result<(), SignInError> {
        self.end(who, &who.session, ActKind::SignOut).await
    }

    /// Ends one of the person's sessions.
    pub async fn end_session(&self, who: &Who, key: &Digest) -> Result<(), SignInError> {
        self.end(who, key, ActKind::EndSession).await
    }

    async fn end(&self, who: &Who, key: &Digest, kind: ActKind) -> Result<(), SignInError> {
        if self.fleeting().end(key, who.person) {
            self.seen().forget(key);
            return Ok(());
        }
        let session = get::<Session>(&self.shared.store, key)?;
        let session = session
            .filter(|session| session.person == who.person)
            .ok_or(SignInError::Gone)?;
        let line = self.line(kind, who.person, "");
        self.change(vec![becomes(key, Some(&session), None)], Some(line))
            .await?;
        self.seen().forget(key);
        Ok(())
    }

    /// Ends all sessions of the person, this one too, and has every device forget them.
    pub async fn sign_out_everywhere(&self, who: &Who) -> Result<(), SignInError> {
        let person = who.person;
        self.fleeting().end_all(person);
        let rows = self
            .on_card(move |store| {
                let mut rows = go(&sessions_of(store, person)?);
                rows.extend(devices_without(store, person)?);
                Ok(rows)
            })
            .await?;
        let line = self.line(ActKind::SignOutEverywhere, person, "");
        self.change(rows, Some(line)).await
    }

    /// Where the person is signed in, the newest first.
    pub fn sessions(&self, who: &Who) -> Result<Vec<SessionSeen>, SignInError> {
        let now = self.now();
        let mut sessions = sessions_of(&self.shared.store, who.person)?;
        sessions.extend(self.fleeting().of(who.person));
        let seen = self.seen();
        let mut shown: Vec<SessionSeen> = sessions
            .into_iter()
            .filter(|(key, session)| session.over(seen.of(session, key), now).is_none())
            .map(|(key, session)| SessionSeen {
                here: key == who.session,
                key,
                device: session.device,
                begun: session.begun,
                seen: session.seen,
                custody: session.custody,
                way: session.way,
            })
            .collect();
        shown.sort_by_key(|session| std::cmp::Reverse(session.begun));
        Ok(shown)
    }

    /// Shows the person's name on this device to whoever sits down there, or no longer.
    pub async fn offer_name(&self, who: &Who, device: &Token, offer: Offer) -> Result<(), SignInError> {
        let key = device.digest();
        let before = get::<KnownDevice>(&self.shared.store, &key)?.ok_or(SignInError::Gone)?;
        let mut after = before.clone();
        match offer {
            Offer::Show => after.offer(who.person),
            Offer::Hide => after.offers.retain(|person| *person != who.person),
        }
        if before == after {
            return Ok(());
        }
        let line = self.line(ActKind::OfferName, who.person, offer.word());
        self.change(vec![becomes(&key, Some(&before), Some(&after))], Some(line))
            .await
    }

    /// The people whose names this device may show.
    pub fn offered(&self, device: &Token) -> Result<Vec<PersonId>, SignInError> {
        let known = get::<KnownDevice>(&self.shared.store, &device.digest())?;
        Ok(known.map(|known| known.offers).unwrap_or_default())
    }

    /// Takes away what nobody needs any more: sessions that are over, slips long used or run out, devices on which
    /// nobody has been for a year. Answers with how many rows went.
    pub async fn sweep(&self) -> Result<usize, SignInError> {
        let (now, today) = (self.now(), self.today());
        let seen = self.seen().0.clone();
        let rows = self
            .on_card(move |store| {
                let sessions = all::<Session>(store)?;
                let over = |key: &Digest, session: &Session| {
                    session
                        .over(seen.get(key).copied().unwrap_or(session.seen), now)
                        .is_some()
                };
                let mut rows = go(sessions.iter().filter(|(key, session)| over(key, session)));
                rows.extend(super::slips::forgotten(store, now)?);
                let devices = all::<KnownDevice>(store)?;
                rows.extend(go(devices.iter().filter(|(_, device)| device.is_over(today))));
                Ok(rows)
            })
            .await?;
        let count = rows.len();
        if count > 0 {
            self.change(rows, None).await?;
        }
        Ok(count)
    }
}

/// Whether a device shows somebody's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It does.
    Show,
    /// It does not.
    Hide,
}

impl Offer {
    fn word(self) -> &'static str {
        match self {
            Self::Show => "shown",
            Self::Hide => "hidden",
        }
    }
}

/// All sessions of one person.
pub(super) fn sessions_of(store: &Store, person: PersonId) -> Result<Vec<(Digest, Session)>, SignInError> {
    let mut sessions = all::<Session>(store)?;
    sessions.retain(|(_, session)| session.person == person);
    Ok(sessions)
}

/// Those that must go so that one more may begin: the ones not seen for longest.
fn too_many(sessions: &[(Digest, Session)]) -> Vec<&(Digest, Session)> {
    let mut by_age: Vec<_> = sessions.iter().collect();
    by_age.sort_by_key(|(_, session)| session.seen);
    by_age.truncate((sessions.len() + 1).saturating_sub(MOST_OF_ONE));
    by_age
}

/// Every device that knows the person, without them.
fn devices_without(store: &Store, person: PersonId) -> Result<Vec<RowChange>, SignInError> {
    let devices = all::<KnownDevice>(store)?;
    let knowing = devices
        .iter()
        .filter(|(_, device)| device.people.contains(&person));
    let changed = knowing.map(|(key, before)| {
        let mut after = before.clone();
        after.forget(person);
        let after = (!after.people.is_empty()).then_some(after);
        becomes(key, Some(before), after.as_ref())
    });
    Ok(changed.collect())
}
