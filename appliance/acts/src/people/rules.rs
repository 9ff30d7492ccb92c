//! What the house decides about its book: its own questions, its tags, its classes of membership. Questions and tags are
//! daily work; who votes, and who may become a member, is not, so that classes take two people.

use members::edit::{Refusal, Typed};
use members::house::{Class, House, Tag, class_of, field_of, key_for, tag_of};
use members::person::Person;
use members::text::folded;
use store::{RowChange, Whose};
use units::PersonId;

use super::{Saved, Whole, house};
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::rows::becomes;
use crate::table::ActKind;
use crate::together::Wish;
use crate::{Actor, Acts, Together};

impl Acts {
    /// What the house decided, for whoever may change it.
    pub async fn rules_of_the_book(&self, actor: &Actor) -> Result<House, ActError> {
        allowed(actor, ActKind::DefineField)?;
        self.on_card(|store| Ok(house(store)?)).await
    }

    /// Adds a question of the house's own, or changes the one with this key.
    pub async fn define_field(
        &self,
        actor: &Actor,
        key: Option<&str>,
        typed: &Typed,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::DefineField)?;
        let whole = self.whole().await?;
        let fields = &whole.house.fields;
        let field = match field_of(typed) {
            Ok(field) => field,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        let same = fields
            .iter()
            .find(|(_, other)| folded(&other.label) == folded(&field.label));
        if same.is_some_and(|(other, _)| Some(other.as_str()) != key) {
            return Ok(refused("label", "There is a question with these words already"));
        }
        let before = key.map(|key| fields.get(key).ok_or_else(no_such)).transpose()?;
        let key = key.map_or_else(
            || key_for(&field.label, |key| fields.contains_key(key)),
            str::to_owned,
        );
        let answers = whole.with_answer(&key);
        if before.is_some_and(|before| before.kind != field.kind) && !answers.is_empty() {
            let why = format!(
                "{} people have answered already, so the kind of answer stays",
                answers.len()
            );
            return Ok(refused("kind", &why));
        }
        let rows = vec![becomes(&key, before, Some(&field))];
        self.keep(actor, ActKind::DefineField, rows, rule(&key, "a question"))
            .await?;
        Ok(Saved::Kept(()))
    }

    /// Takes a question away, with everything that was answered to it.
    pub async fn remove_field(&self, actor: &Actor, key: &str) -> Result<(), ActError> {
        allowed(actor, ActKind::DefineField)?;
        let whole = self.whole().await?;
        let before = whole.house.fields.get(key).ok_or_else(no_such)?;
        let people = whole.with_answer(key);
        let rows = people.iter().map(|(id, before)| {
            let mut after = (*before).clone();
            after.custom.remove(key);
            becomes(*id, Some(*before), Some(&after))
        });
        let mut rows: Vec<RowChange> = rows.collect();
        rows.push(becomes(&key.to_owned(), Some(before), None));
        let told = Told {
            whose: Whose::People(people.iter().map(|(id, _)| **id).collect()),
            ..rule(key, "a question, taken away with its answers")
        };
        self.keep(actor, ActKind::DefineField, rows, told).await
    }

    /// Adds a tag, or changes what it stands for.
    pub async fn define_tag(&self, actor: &Actor, typed: &Typed) -> Result<Saved, ActError> {
        allowed(actor, ActKind::DefineTag)?;
        let whole = self.whole().await?;
        let tag = match tag_of(typed) {
            Ok(tag) => tag,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        let key = folded(&tag.name);
        let before = whole.house.tags.get(&key);
        // The word itself stays as people have it; what it stands for may change.
        let tag = Tag {
            name: before.map_or_else(|| tag.name.clone(), |before| before.name.clone()),
            ..tag
        };
        let rows = vec![becomes(&key, before, Some(&tag))];
        self.keep(actor, ActKind::DefineTag, rows, rule("", "a tag"))
            .await?;
        Ok(Saved::Kept(()))
    }

    /// Takes a tag away, from everybody who has it.
    pub async fn remove_tag(&self, actor: &Actor, key: &str) -> Result<(), ActError> {
        allowed(actor, ActKind::DefineTag)?;
        let whole = self.whole().await?;
        let before = whole.house.tags.get(key).ok_or_else(no_such)?;
        let people = whole
            .book
            .people
            .iter()
            .filter(|(_, person)| person.tags.contains(&before.name));
        let people: Vec<(&PersonId, &Person)> = people.collect();
        let rows = people.iter().map(|(id, person)| {
            let mut after = (*person).clone();
            after.tags.remove(&before.name);
            becomes(*id, Some(*person), Some(&after))
        });
        let mut rows: Vec<RowChange> = rows.collect();
        rows.push(becomes(&key.to_owned(), Some(before), None));
        let told = Told {
            whose: Whose::People(people.iter().map(|(id, _)| **id).collect()),
            ..rule("", "a tag, taken away")
        };
        self.keep(actor, ActKind::DefineTag, rows, told).await
    }

    /// Adds a class of membership, or changes the one with this key, once a second person agrees.
    pub async fn define_class(
        &self,
        actor: &Actor,
        key: Option<&str>,
        typed: &Typed,
    ) -> Result<Saved<Together>, ActError> {
        allowed(actor, ActKind::DefineClass)?;
        let whole = self.whole().await?;
        let class = match class_of(typed) {
            Ok(class) => class,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        let classes = &whole.house.classes;
        let same = classes
            .iter()
            .find(|(_, other)| folded(&other.label) == folded(&class.label));
        if same.is_some_and(|(other, _)| Some(other.as_str()) != key) {
            return Ok(refused("class-label", "There is a class with this name already"));
        }
        let was = key.map(|key| classes.get(key).ok_or_else(no_such)).transpose()?;
        if was == Some(&class) {
            return Ok(refused("class-label", "Nothing of this class is different"));
        }
        let words = match was {
            Some(was) => format!("the class {} becomes {}", told(was), told(&class)),
            None => format!("a new class {}", told(&class)),
        };
        let key = key.map_or_else(
            || key_for(&class.label, |key| classes.contains_key(key)),
            str::to_owned,
        );
        let wanted = key.clone();
        let before = self
            .on_card(move |store| Ok(crate::rows::get::<Class>(store, &wanted)?))
            .await?;
        let wish = Wish {
            rows: vec![becomes(&key, before.as_ref(), Some(&class))],
            words,
            subject: key,
            detail: "a class".to_owned(),
            ..Wish::default()
        };
        let together = self.together(actor, ActKind::DefineClass, wish).await?;
        Ok(Saved::Kept(together))
    }
}

/// What a class is, for whoever agrees to it.
fn told(class: &Class) -> String {
    let votes = if class.votes { "votes" } else { "does not vote" };
    let from = class.age_from.map(|age| format!("from {age} years on"));
    let below = class.age_below.map(|age| format!("below {age} years"));
    let admits = if class.by_decision {
        "a decision admits"
    } else {
        "whoever applies is admitted"
    };
    let closed = class.closed.then(|| "nobody new comes in".to_owned());
    let parts = [
        Some(votes.to_owned()),
        from,
        below,
        Some(admits.to_owned()),
        closed,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("“{}” ({})", class.label, parts.join(", "))
}

impl Whole {
    /// Whoever has answered a question of the house.
    fn with_answer(&self, key: &str) -> Vec<(&PersonId, &Person)> {
        let people = self.book.people.iter();
        people
            .filter(|(_, person)| person.custom.contains_key(key))
            .collect()
    }
}

fn rule(subject: &str, detail: &str) -> Told {
    Told {
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        ..Told::default()
    }
}

fn refused<T>(input: &str, why: &str) -> Saved<T> {
    Saved::Refused(vec![Refusal {
        input: input.to_owned(),
        why: why.to_owned(),
    }])
}

fn no_such() -> ActError {
    ActError::NotThere("This is not among the rules of the house, or no longer".to_owned())
}
