//! Which household lives in which metered home, and from when to when: its energy is theirs for this time alone, so no
//! two households have one home on one day.

use std::collections::BTreeSet;

use members::credential::Digest;
use members::day;
use members::edit::{Refusal, Typed};
use members::household::{Household, Occupancy};
use members::record::Newer;
use units::{Audience, HomeName, HouseholdId};

use super::household::told;
use super::{Saved, Whole};
use crate::act::{ActError, allowed};
use crate::rows::becomes;
use crate::table::ActKind;
use crate::{Actor, Acts};

impl Acts {
    /// The homes that have meters of their own, as the site's file names them.
    pub(super) fn metered_homes(&self) -> Vec<HomeName> {
        let site = self.site.borrow();
        let homes = site.devices.iter().filter_map(|device| match &device.audience {
            Audience::Household(home) => Some(home.clone()),
            Audience::Everyone | Audience::Stewards => None,
        });
        homes.collect::<BTreeSet<HomeName>>().into_iter().collect()
    }

    /// A household moves into a metered home, or the time of its stay is put right: the stay in the same home that
    /// begins on the same day is replaced.
    pub async fn settle(
        &self,
        actor: &Actor,
        id: HouseholdId,
        typed: &Typed,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::ChangeHousehold)?;
        let whole = self.whole().await?;
        let before = whole.unchanged(id, looked_at)?;
        let stay = match read(&self.metered_homes(), typed) {
            Ok(stay) => stay,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        let mut after = before.clone();
        after
            .homes
            .retain(|other| (&other.home, other.from) != (&stay.home, stay.from));
        if let Some(who) = whole.in_the_way(id, &after, &stay) {
            let why = format!(
                "{who} has this home in a part of this time. End that stay first, or choose other days"
            );
            return Ok(Saved::Refused(vec![refusal("from", &why)]));
        }
        after.homes.push(stay);
        after
            .homes
            .sort_by(|a, b| (a.from, &a.home).cmp(&(b.from, &b.home)));
        let rows = vec![becomes(&id, Some(before), Some(&after))];
        self.keep(actor, ActKind::ChangeHousehold, rows, told(&whole, id, "homes"))
            .await?;
        Ok(Saved::Kept(()))
    }
}

impl Whole {
    /// Who has the home of this stay on some day of it.
    fn in_the_way(&self, id: HouseholdId, itself: &Household, stay: &Occupancy) -> Option<String> {
        let meets = |household: &Household| {
            let of_home = household.homes.iter().filter(|other| other.home == stay.home);
            of_home.into_iter().any(|other| other.meets(stay))
        };
        if meets(itself) {
            return Some("This household itself".to_owned());
        }
        let mut others = self.book.households.iter().filter(|(other, _)| **other != id);
        others
            .find(|(_, household)| meets(household))
            .map(|(other, _)| self.book.household_name(*other))
    }
}

fn refusal(input: &str, why: &(impl ToString + ?Sized)) -> Refusal {
    Refusal {
        input: input.to_owned(),
        why: why.to_string(),
    }
}

fn read(homes: &[HomeName], typed: &Typed) -> Result<Occupancy, Vec<Refusal>> {
    let raw = |input: &str| typed.get(input).map_or("", String::as_str);
    let mut refusals = Vec::new();
    let home = homes.iter().find(|home| home.as_str() == raw("home"));
    if home.is_none() {
        refusals.push(refusal("home", "Choose one of the homes"));
    }
    let from = day::parse(raw("from"))
        .map_err(|why| refusals.push(refusal("from", &why)))
        .ok();
    let until = day::optional(raw("until"))
        .map_err(|why| refusals.push(refusal("until", &why)))
        .ok();
    let (Some(home), Some(from), Some(until)) = (home, from, until) else {
        return Err(refusals);
    };
    if until.is_some_and(|until| until <= from) {
        return Err(vec![refusal(
            "until",
            "The stay must end after the day on which it begins",
        )]);
    }
    Ok(Occupancy {
        home: home.clone(),
        from,
        until,
        newer: Newer::default(),
    })
}
