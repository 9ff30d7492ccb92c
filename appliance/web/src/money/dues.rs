//! `/money/dues`: the rules of dues, and what the house decided about money beside them.

use std::collections::BTreeSet;

use acts::money::{NewPrice, NewScheme};
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use members::money::{Every, HouseRules, Joining, Per, Scheme, TierKind};
use units::Currency;

use super::form::{Answers, Input, Kind, Sent, Wrong, refuse};
use super::{here, says};
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// All rules of dues.
#[derive(Template)]
#[template(path = "money/dues.html")]
pub(crate) struct DuesPage {
    layout: Layout,
    done: String,
    schemes: Vec<Told>,
    token: String,
    fields: Vec<Input>,
    may_change: bool,
}

/// Rules of dues in words.
struct Told {
    url: String,
    name: String,
    sentence: String,
    steps: Vec<String>,
}

/// One set of rules.
#[derive(Template)]
#[template(path = "money/scheme.html")]
pub(crate) struct SchemePage {
    layout: Layout,
    heading: String,
    action: String,
    token: String,
    fields: Vec<Input>,
}

/// The word in the address for rules that are not there yet.
const NEW: &str = "new";
/// So many steps can be written at most, and so many empty ones are offered beside those that are there.
const STEPS: usize = 12;
const EMPTY_STEPS: usize = 2;

/// `GET /money/dues`
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = dues_page(&app, &visit, &signed, None).await?;
    page.done = match () {
        () if done.is("changed") => say("dues-done"),
        () if done.is("decided") => say("rules-done"),
        () => String::new(),
    };
    html(&page)
}

async fn dues_page(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    refused: Option<(&Answers, &Wrong)>,
) -> Result<DuesPage, PageError> {
    let (schemes, rules) = app.acts.dues_rules(&signed.actor).await?;
    let mut fields = match refused {
        Some((answers, _)) => rules_fields(answers),
        None => rules_fields(&answers_of(&rules)),
    };
    if let Some((_, wrong)) = refused {
        refuse(&mut fields, wrong);
    }
    Ok(DuesPage {
        layout: Layout {
            back: urls::MONEY_DUES.to_owned(),
            ..Layout::new(&app.look(), visit, Here::Members)
        },
        done: String::new(),
        schemes: schemes
            .iter()
            .map(|(number, scheme)| Told::of(*number, scheme))
            .collect(),
        token: signed.token(&rules_purpose(&rules)),
        fields,
        may_change: signed.actor.may(Right::ChangeRules),
    })
}

fn rules_purpose(rules: &HouseRules) -> String {
    format!("{} {rules:?}", urls::MONEY_DUES)
}

const YES: &str = "yes";
const NO: &str = "no";

fn yes_or_no(is: bool) -> &'static str {
    if is { YES } else { NO }
}

fn answers_of(rules: &HouseRules) -> Answers {
    Answers::from(&[
        ("remind-every", &rules.remind_every.to_string()),
        (
            "not-worth",
            &rules.not_worth.map(units::Money::plain).unwrap_or_default(),
        ),
        ("gift-aid", yes_or_no(rules.gift_aid)),
        ("dues-are-gifts", yes_or_no(rules.dues_are_gifts)),
        ("year-ends-day", &rules.year_ends_day.to_string()),
        ("year-ends-month", &rules.year_ends_month.to_string()),
    ])
}

fn rules_fields(answers: &Answers) -> Vec<Input> {
    let yes_no = || {
        vec![
            (NO.to_owned(), say("money-no")),
            (YES.to_owned(), say("money-yes")),
        ]
    };
    let line = |name, label| Input::line(name, label, answers.get(name));
    let months = (1..=12).map(|month: u8| (month.to_string(), crate::show::month(month)));
    vec![
        line("remind-every", say("rules-remind-every")),
        Input::amount("not-worth", say("rules-not-worth"), answers.get("not-worth"))
            .hint(say("rules-not-worth-hint")),
        Input::choice(
            "gift-aid",
            say("rules-gift-aid"),
            answers.get("gift-aid"),
            yes_no(),
        ),
        Input::choice(
            "dues-are-gifts",
            say("rules-dues-are-gifts"),
            answers.get("dues-are-gifts"),
            yes_no(),
        )
        .hint(say("rules-dues-are-gifts-hint")),
        line("year-ends-day", say("rules-year-ends-day")),
        Input::choice(
            "year-ends-month",
            say("rules-year-ends-month"),
            answers.get("year-ends-month"),
            months.collect(),
        ),
    ]
}

/// `POST /money/dues`: what the house decides.
pub(crate) async fn decide(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    sent: Sent,
) -> Result<Response, PageError> {
    let answers = Answers::of(sent);
    let (_, before) = app.acts.dues_rules(&signed.actor).await?;
    signed.check(&rules_purpose(&before), answers.get("token"))?;
    let (currency, _) = here(&app)?;
    let wrong = match decided(&answers, before, currency) {
        Err(wrong) => wrong,
        Ok(rules) => match app.acts.change_money_rules(&signed.actor, rules).await {
            Ok(()) => return Ok(Redirect::to(&urls::done(urls::MONEY_DUES, "decided")).into_response()),
            Err(ActError::BadInput(why)) => Wrong::new("year-ends-day", &why),
            Err(error) => return Err(error.into()),
        },
    };
    let page = dues_page(&app, &visit, &signed, Some((&answers, &wrong))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

fn decided(answers: &Answers, before: HouseRules, currency: Currency) -> Result<HouseRules, Wrong> {
    Ok(HouseRules {
        remind_every: answers.number("remind-every")?,
        not_worth: match answers.get("not-worth") {
            "" => None,
            _ => Some(answers.money("not-worth", currency)?),
        },
        gift_aid: answers.get("gift-aid") == YES,
        dues_are_gifts: answers.get("dues-are-gifts") == YES,
        year_ends_day: answers.number("year-ends-day")?,
        year_ends_month: answers.number("year-ends-month")?,
        ..before
    })
}

/// `GET /money/dues/{number}`
pub(crate) async fn one(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let (_, today) = here(&app)?;
    let there = there(&app, &signed, &number).await?;
    let answers = match &there.scheme {
        Some(scheme) => answers_of_scheme(scheme, today),
        None => new_answers(today),
    };
    html(&SchemePage::new(
        &app,
        &visit,
        &signed,
        (&number, &there),
        &answers,
    ))
}

/// `POST /money/dues/{number}`
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<String>,
    sent: Sent,
) -> Result<Response, PageError> {
    let answers = Answers::of(sent);
    let there = there(&app, &signed, &number).await?;
    signed.check(&purpose(&number, &there), answers.get("token"))?;
    let (currency, _) = here(&app)?;
    let wrong = match read(&answers, currency) {
        Err(wrong) => wrong,
        Ok(new) => match app
            .acts
            .change_dues(&signed.actor, number.parse().ok(), new)
            .await
        {
            Ok(_) => return Ok(Redirect::to(&urls::done(urls::MONEY_DUES, "changed")).into_response()),
            Err(ActError::BadInput(why)) => Wrong::new("name", &why),
            Err(error) => return Err(error.into()),
        },
    };
    let mut page = SchemePage::new(&app, &visit, &signed, (&number, &there), &answers);
    refuse(&mut page.fields, &wrong);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// The rules that are looked at, where they are not new, and how many there are.
struct There {
    scheme: Option<Scheme>,
    all: usize,
}

async fn there(app: &App, signed: &SignedIn, number: &str) -> Result<There, PageError> {
    if !signed.actor.may(Right::ChangeRules) {
        return Err(ActError::NotAllowed(Right::ChangeRules).into());
    }
    let (mut schemes, _) = app.acts.dues_rules(&signed.actor).await?;
    let all = schemes.len();
    let scheme = number
        .parse()
        .ok()
        .and_then(|number: u32| schemes.remove(&number));
    if scheme.is_none() && number != NEW {
        return Err(PageError::NotThere(say("dues-none")));
    }
    Ok(There { scheme, all })
}

/// With the rules as they are and, for new ones, with how many there are: a form that is sent again makes none twice.
fn purpose(number: &str, there: &There) -> String {
    format!("{} {} {:?}", urls::money_scheme(number), there.all, there.scheme)
}

fn new_answers(today: Date) -> Answers {
    let first = Date::new(today.year(), 1, 1).unwrap_or(today).to_string();
    Answers::from(&[
        ("every", Every::Month.word()),
        ("per", Per::Person.word()),
        ("joining", Joining::Whole.word()),
        ("anchor", &first),
        ("prices-from", &first),
        ("grace", "30"),
    ])
}

fn answers_of_scheme(scheme: &Scheme, today: Date) -> Answers {
    let next = today.last_of_month().tomorrow().unwrap_or(today).to_string();
    let classes: Vec<&str> = scheme.classes.iter().map(String::as_str).collect();
    let (anchor, grace) = (scheme.anchor.to_string(), scheme.grace.to_string());
    let (until, classes) = (
        scheme.until.map(|until| until.to_string()).unwrap_or_default(),
        classes.join(", "),
    );
    let mut pairs: Vec<(String, String)> = [
        ("name", scheme.name.as_str()),
        ("classes", &classes),
        ("per", scheme.per.word()),
        ("every", scheme.every.word()),
        ("anchor", &anchor),
        ("joining", scheme.joining.word()),
        ("grace", &grace),
        ("prices-from", &next),
        ("until", &until),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (place, tier) in scheme.tiers.iter().enumerate() {
        let amount = tier
            .prices
            .last()
            .map(|price| price.amount.plain())
            .unwrap_or_default();
        pairs.push((format!("step-{place}"), tier.name.clone()));
        pairs.push((format!("kind-{place}"), tier.kind.word().to_owned()));
        pairs.push((format!("amount-{place}"), amount));
    }
    Answers::of(axum::Form(pairs))
}

fn read(answers: &Answers, currency: Currency) -> Result<NewScheme, Wrong> {
    let classes: BTreeSet<String> = answers
        .get("classes")
        .split(',')
        .map(str::trim)
        .filter(|class| !class.is_empty())
        .map(str::to_owned)
        .collect();
    let mut tiers = Vec::new();
    for place in 0..STEPS {
        let (name, amount) = (format!("step-{place}"), format!("amount-{place}"));
        if answers.get(&name).is_empty() && answers.get(&amount).is_empty() {
            continue;
        }
        tiers.push(NewPrice {
            name: answers.get(&name).to_owned(),
            kind: answers.one_of(&format!("kind-{place}"), TierKind::parse)?,
            amount: answers.money(&amount, currency)?,
        });
    }
    Ok(NewScheme {
        name: answers.get("name").to_owned(),
        classes,
        per: answers.one_of("per", Per::parse)?,
        every: answers.one_of("every", Every::parse)?,
        anchor: answers.date("anchor")?,
        joining: answers.one_of("joining", Joining::parse)?,
        grace: answers.number("grace")?,
        tiers,
        prices_from: answers.date("prices-from")?,
        until: match answers.get("until") {
            "" => None,
            _ => Some(answers.date("until")?),
        },
    })
}

fn fields(answers: &Answers, steps: usize) -> Vec<Input> {
    let line = |name, label| Input::line(name, label, answers.get(name));
    let day = |name, label| Input::day(name, label, answers.get(name));
    let choice = |name, label, options| Input::choice(name, label, answers.get(name), options);
    let mut fields = vec![
        line("name", say("dues-name")).hint(say("dues-name-hint")),
        choice(
            "every",
            say("dues-every"),
            says::options(Every::ALL, Every::word, says::every),
        ),
        choice(
            "per",
            say("dues-per"),
            says::options(Per::ALL, Per::word, says::per),
        ),
        line("classes", say("dues-classes")).hint(say("dues-classes-hint")),
        day("anchor", say("dues-anchor")).hint(say("dues-anchor-hint")),
        choice(
            "joining",
            say("dues-joining"),
            says::options(Joining::ALL, Joining::word, says::joining),
        ),
        line("grace", say("dues-grace")),
    ];
    for place in 0..steps {
        let number = place + 1;
        let said = |key| say_with(key, [("number", number.into())]);
        let kinds = says::options(TierKind::ALL, TierKind::word, says::tier_kind);
        let (name, kind, amount) = (
            format!("step-{place}"),
            format!("kind-{place}"),
            format!("amount-{place}"),
        );
        fields.push(Input::line(&name, said("dues-step"), answers.get(&name)));
        fields.push(Input::choice(&kind, said("dues-kind"), answers.get(&kind), kinds));
        fields.push(Input::amount(&amount, said("dues-amount"), answers.get(&amount)));
    }
    fields.push(day("prices-from", say("dues-prices-from")).hint(say("dues-prices-from-hint")));
    fields.push(day("until", say("dues-until")).hint(say("dues-until-hint")));
    fields
}

impl SchemePage {
    fn new(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        (number, there): (&str, &There),
        answers: &Answers,
    ) -> Self {
        let scheme = there.scheme.as_ref();
        let steps = scheme.map_or(0, |scheme| scheme.tiers.len());
        Self {
            layout: Layout {
                back: urls::money_scheme(number),
                ..Layout::new(&app.look(), visit, Here::Members)
            },
            heading: scheme.map_or_else(|| say("dues-new"), |scheme| scheme.name.clone()),
            action: urls::money_scheme(number),
            token: signed.token(&purpose(number, there)),
            fields: fields(answers, (steps + EMPTY_STEPS).min(STEPS)),
        }
    }

    /// New rules whose day was refused.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let mut fields = fields(&Answers::from(&[("name", "<Dues>")]), 2);
        refuse(&mut fields, &Wrong::new("anchor", &"this is no day"));
        Self {
            layout: Layout::sample(),
            heading: say("dues-new"),
            action: urls::money_scheme(NEW),
            token: "0".repeat(64),
            fields,
        }
    }
}

impl Told {
    fn of(number: u32, scheme: &Scheme) -> Self {
        let steps = scheme.tiers.iter().map(|tier| {
            let amount = tier
                .prices
                .last()
                .map(|price| price.amount.to_string())
                .unwrap_or_default();
            let (name, kind) = (tier.name.clone(), says::tier_kind(tier.kind));
            say_with(
                "dues-step-told",
                [
                    ("name", name.into()),
                    ("kind", kind.into()),
                    ("amount", amount.into()),
                ],
            )
        });
        let places = [
            ("every", says::every(scheme.every).into()),
            ("per", says::per(scheme.per).into()),
            ("anchor", says::day(scheme.anchor).into()),
            ("until", says::maybe_day(scheme.until).into()),
        ];
        let key = if scheme.until.is_some() {
            "dues-told-until"
        } else {
            "dues-told"
        };
        Self {
            url: urls::money_scheme(&number.to_string()),
            name: scheme.name.clone(),
            sentence: say_with(key, places),
            steps: steps.collect(),
        }
    }
}

impl DuesPage {
    /// One set of rules.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let told = Told {
            url: urls::money_scheme("1"),
            name: "<Dues>".to_owned(),
            sentence: say("every-month"),
            steps: vec!["Full".to_owned()],
        };
        Self {
            layout: Layout::sample(),
            done: say("dues-done"),
            schemes: vec![told],
            token: "0".repeat(64),
            fields: rules_fields(&answers_of(&HouseRules::usual())),
            may_change: true,
        }
    }
}
