//! Acts that take two people: one asks, another agrees. The table of acts says which they are (`together` in its line),
//! and nothing else does them: `Acts::keep` refuses them.
//!
//! An act of this kind makes a [`Wish`] (the rows that would change, and words for whoever is to decide) and gives it to
//! [`Acts::together`]. If somebody else has the same right and can sign in, the wish waits for seven days as a record of
//! the book; whoever agrees does the act, with the rows as they were wished for. What changed in the meantime makes it a
//! conflict, and nothing happens. Where there is nobody else, as on a new box, it is done at once, and the record says so.
//!
//! A wish without rows is a permission: after the other has agreed, whoever asked calls the same act once more with the
//! same wish, and gets [`Together::Done`] once. So a copy of everything is made by the one who asked for it.

use members::person::Person;
use members::record::{Newer, Opaque};
use members::waiting::{OF_WAITING, RowToBe, WAITS, Waiting};
use store::{RowChange, Store, Whose};
use units::{Instant, PersonId};

use crate::act::allowed;
use crate::book::Told;
use crate::roles::change::reason;
use crate::roles::stewards::{self, Roll};
use crate::rows::{all, becomes, get, next_number};
use crate::table::{ACTS, ActKind, ActRow, row};
use crate::{ActError, Actor, Acts};

/// What became of an act that takes two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// It is done, or may be done now.
    Done,
    /// It waits for a second person, under this number.
    Waits(u32),
}

/// What is to be done when two people want it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// The rows that change; none where the wish is a permission.
    pub(crate) rows: Vec<RowChange>,
    /// What is to be done, for whoever decides: "gets the role Treasurer". It names no person.
    pub(crate) words: String,
    /// To what it is done, for the record.
    pub(crate) subject: String,
    /// Whose data it is.
    pub(crate) whose: Whose,
    /// Keys and counts, for the record.
    pub(crate) detail: String,
    /// Why.
    pub(crate) why: Option<String>,
}

/// An act that waits, for those whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WaitingView {
    /// Its number.
    pub number: u32,
    /// The act's name.
    pub act: &'static str,
    /// Who asked for it.
    pub by: u32,
    /// What they are called.
    pub by_name: String,
    /// Whom it is about, if it is about one person.
    pub person: Option<u32>,
    /// What they are called.
    pub person_name: Option<String>,
    /// What is to be done.
    pub words: String,
    /// Why, in the words of whoever asked.
    pub why: Option<String>,
    /// When it was asked for, UTC milliseconds.
    pub at_ms: i64,
    /// When it ends, UTC milliseconds.
    pub until_ms: i64,
    /// Whether somebody agreed already, and whoever asked is still to do it.
    pub agreed: bool,
    /// Whether the onlooker asked for it.
    pub mine: bool,
    /// Whether the onlooker may agree or refuse.
    pub may_decide: bool,
}

impl Acts {
    /// Does what takes two people, or has it wait for the second.
    pub(crate) async fn together(
        &self,
        actor: &Actor,
        kind: ActKind,
        wish: Wish,
    ) -> Result<Together, ActError> {
        allowed(actor, kind)?;
        let right = row(kind).right;
        let by = actor.person().ok_or(ActError::TakesTwo(right))?;
        if let Some((number, agreed)) = self.permission(kind, by, &wish).await? {
            let second = agreed.agreed.map(|second| second.to_string()).unwrap_or_default();
            let told = wish.told(&format!("agreed to by {second}"));
            let rows = vec![becomes(&number, Some(&agreed), None)];
            self.commit(rows, vec![self.told(actor, kind, told)]).await?;
            return Ok(Together::Done);
        }
        let rows = wish.rows.clone();
        let (alone, more) = self
            .on_card(move |store| {
                stewards::remain(store, &rows)?;
                let (now, then) = (Roll::now(store)?, Roll::after(store, &rows)?);
                let more = !then.rights_of(by).is_subset(&now.rights_of(by));
                Ok((now.with(right).iter().all(|other| *other == by), more))
            })
            .await?;
        if !alone {
            return self.wait(actor, kind, by, wish).await.map(Together::Waits);
        }
        if more {
            return Err(ActError::OwnRights);
        }
        let told = wish.told("alone, since nobody else here may do this and can sign in");
        let line = self.told(actor, kind, told);
        self.commit(wish.rows, vec![line]).await?;
        Ok(Together::Done)
    }

    /// What this person asked for and another agreed to, where it is still to be done.
    async fn permission(
        &self,
        kind: ActKind,
        by: PersonId,
        wish: &Wish,
    ) -> Result<Option<(u32, Waiting)>, ActError> {
        if !wish.rows.is_empty() {
            return Ok(None);
        }
        let (now, words) = (self.effects.now(), wish.words.clone());
        self.on_card(move |store| {
            let mut waiting = all::<Waiting>(store)?.into_iter();
            Ok(waiting.find(|(_, waiting)| {
                let same = waiting.act == row(kind).name && waiting.by == by && waiting.words == words;
                same && waiting.agreed.is_some() && !waiting.is_over(now)
            }))
        })
        .await
    }

    /// Writes down what is asked for. What has ended by now goes.
    async fn wait(&self, actor: &Actor, kind: ActKind, by: PersonId, wish: Wish) -> Result<u32, ActError> {
        let now = self.effects.now();
        let waiting = wish.waiting(kind, by, now);
        let again = waiting.clone();
        let (number, mut rows) = self
            .on_card(move |store| {
                let all = all::<Waiting>(store)?;
                let mut over = all.iter().filter(|(_, waiting)| waiting.is_over(now));
                let rows: Vec<RowChange> = over
                    .by_ref()
                    .map(|(key, gone)| becomes(key, Some(gone), None))
                    .collect();
                let same = |waiting: &Waiting| {
                    waiting.act == again.act && waiting.subject == again.subject && waiting.rows == again.rows
                };
                if all
                    .iter()
                    .any(|(_, waiting)| !waiting.is_over(now) && same(waiting))
                {
                    let sentence = "This has been asked for already, and waits for a second person";
                    return Err(ActError::BadInput(sentence.to_owned()));
                }
                let (number, given) = next_number(store, OF_WAITING)?;
                Ok((number, [rows, vec![given]].concat()))
            })
            .await?;
        rows.push(becomes(&number, None, Some(&waiting)));
        let told = Told {
            subject: format!("act {number}: {}", wish.subject),
            whose: wish.whose,
            detail: format!("{} {}", row(kind).name, wish.detail)
                .trim_end()
                .to_owned(),
            why: wish.why,
        };
        let line = self.told(actor, ActKind::AskForTwo, told);
        self.commit(rows, vec![line]).await?;
        Ok(number)
    }

    /// Agrees as the second person to what waits under this number; then it is done.
    pub async fn agree(&self, actor: &Actor, number: u32) -> Result<Together, ActError> {
        let (waiting, act, by) = self.to_decide(actor, ActKind::Agree, number).await?;
        let (asker, right) = (waiting.by, act.right);
        if asker == by {
            return Err(ActError::OwnWish);
        }
        let still = self
            .on_card(move |store| Ok(Roll::now(store)?.rights_of(asker).contains(&right)))
            .await?;
        if !still {
            let sentence = "Whoever asked for this may not do it themselves any more. Refuse it";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let mut lines = vec![self.told(actor, ActKind::Agree, told_of(number, &waiting, None))];
        let mut rows = rows_of(&waiting)?;
        if rows.is_empty() {
            let agreed = Waiting {
                agreed: Some(by),
                ..waiting.clone()
            };
            rows.push(becomes(&number, Some(&waiting), Some(&agreed)));
        } else {
            rows.push(becomes(&number, Some(&waiting), None));
            let told = Told {
                subject: waiting.subject.clone(),
                whose: whose(&waiting),
                detail: format!("{}; asked for by {asker}, agreed to by {by}", waiting.detail),
                why: waiting.why.clone(),
            };
            lines.push(self.told(actor, act.kind, told));
        }
        self.commit(rows, lines).await?;
        Ok(Together::Done)
    }

    /// Refuses what waits under this number; whoever asked for it takes it back.
    pub async fn refuse(&self, actor: &Actor, number: u32, why: &str) -> Result<(), ActError> {
        let why = reason(why)?;
        let (waiting, _, by) = self.to_decide(actor, ActKind::Refuse, number).await?;
        let kind = if waiting.by == by {
            ActKind::TakeBack
        } else {
            ActKind::Refuse
        };
        let line = self.told(actor, kind, told_of(number, &waiting, why));
        self.commit(vec![becomes(&number, Some(&waiting), None)], vec![line])
            .await
    }

    /// What waits under this number, for somebody who may decide it.
    async fn to_decide(
        &self,
        actor: &Actor,
        step: ActKind,
        number: u32,
    ) -> Result<(Waiting, &'static ActRow, PersonId), ActError> {
        allowed(actor, step)?;
        let now = self.effects.now();
        let waiting = self
            .on_card(move |store| Ok(get::<Waiting>(store, &number)?))
            .await?;
        let gone = || {
            let sentence = "This waits no longer: it was decided, taken back, or has ended";
            ActError::NotThere(sentence.to_owned())
        };
        let waiting = waiting.filter(|waiting| !waiting.is_over(now)).ok_or_else(gone)?;
        let act = act_of(&waiting).ok_or_else(gone)?;
        let by = actor.person().ok_or(ActError::TakesTwo(act.right))?;
        // Whoever asked may take it back, also after having lost the right.
        if waiting.by != by {
            allowed(actor, act.kind)?;
        }
        if step == ActKind::Agree && waiting.agreed.is_some() {
            return Err(gone());
        }
        Ok((waiting, act, by))
    }

    /// What waits, as far as it concerns the actor: to decide, asked for by them, or about them.
    pub async fn waiting(&self, actor: &Actor) -> Result<Vec<WaitingView>, ActError> {
        let (now, actor) = (self.effects.now(), actor.clone());
        self.on_card(move |store| {
            let me = actor.person();
            let all = all::<Waiting>(store)?.into_iter();
            let mut seen = Vec::new();
            for (number, waiting) in all.filter(|(_, waiting)| !waiting.is_over(now)) {
                let Some(act) = act_of(&waiting) else { continue };
                let (mine, about_me) = (me == Some(waiting.by), me.is_some() && me == waiting.whose);
                let may = me.is_some() && actor.may(act.right);
                if mine || about_me || may {
                    seen.push(WaitingView {
                        may_decide: may && !mine && waiting.agreed.is_none(),
                        mine,
                        ..view(store, number, waiting, act)?
                    });
                }
            }
            Ok(seen)
        })
        .await
    }
}

impl Wish {
    fn told(&self, how: &str) -> Told {
        let detail = if self.detail.is_empty() {
            how.to_owned()
        } else {
            format!("{}; {how}", self.detail)
        };
        Told {
            subject: self.subject.clone(),
            whose: self.whose.clone(),
            detail,
            why: self.why.clone(),
        }
    }

    fn waiting(&self, kind: ActKind, by: PersonId, now: Instant) -> Waiting {
        let whose = match &self.whose {
            Whose::People(people) => people.first().copied(),
            Whose::Nobody | Whose::Everybody => None,
        };
        let rows = self.rows.iter().map(|row| RowToBe {
            table: row.table.to_owned(),
            key: Opaque(row.key.clone()),
            before: row.before.clone().map(Opaque),
            after: row.after.clone().map(Opaque),
            newer: Newer::default(),
        });
        Waiting {
            act: row(kind).name.to_owned(),
            by,
            whose,
            subject: self.subject.clone(),
            words: self.words.clone(),
            why: self.why.clone(),
            at: now,
            until: now + WAITS,
            rows: rows.collect(),
            agreed: None,
            detail: self.detail.clone(),
            newer: Newer::default(),
        }
    }
}

fn act_of(waiting: &Waiting) -> Option<&'static ActRow> {
    ACTS.iter().find(|row| row.name == waiting.act)
}

fn whose(waiting: &Waiting) -> Whose {
    waiting
        .whose
        .map_or(Whose::Nobody, |person| Whose::People(vec![person]))
}

fn told_of(number: u32, waiting: &Waiting, why: Option<String>) -> Told {
    Told {
        subject: format!("act {number}: {}", waiting.subject),
        whose: whose(waiting),
        detail: format!("{} {}", waiting.act, waiting.detail)
            .trim_end()
            .to_owned(),
        why,
    }
}

fn rows_of(waiting: &Waiting) -> Result<Vec<RowChange>, ActError> {
    let rows = waiting.rows.iter().map(|row| {
        let known = members::TABLES.iter().find(|known| **known == row.table);
        let strange = || {
            ActError::Failed(
                "this was asked for in another version of Hearth. Refuse it, and ask again".to_owned(),
            )
        };
        Ok(RowChange {
            table: known.ok_or_else(strange)?,
            key: row.key.0.clone(),
            before: row.before.as_ref().map(|bytes| bytes.0.clone()),
            after: row.after.as_ref().map(|bytes| bytes.0.clone()),
        })
    });
    rows.collect()
}

fn view(store: &Store, number: u32, waiting: Waiting, act: &'static ActRow) -> Result<WaitingView, ActError> {
    let name = |person: PersonId| {
        let found = get::<Person>(store, &person)?;
        Ok::<_, ActError>(found.map_or_else(|| person.to_string(), |found| found.name))
    };
    Ok(WaitingView {
        number,
        act: act.name,
        by: waiting.by.number(),
        by_name: name(waiting.by)?,
        person: waiting.whose.map(PersonId::number),
        person_name: waiting.whose.map(name).transpose()?,
        words: waiting.words,
        why: waiting.why,
        at_ms: waiting.at.as_millis(),
        until_ms: waiting.until.as_millis(),
        agreed: waiting.agreed.is_some(),
        mine: false,
        may_decide: false,
    })
}
