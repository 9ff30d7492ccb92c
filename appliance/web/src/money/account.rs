//! `/money/payer/{payer}`: what one payer owes and paid, what was agreed, and their Gift Aid declarations.

use acts::money::{AccountPage, NewTerm};
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use members::money::{Declaration, Heard, Payer, Scheme, TierKind, Way};
use units::Currency;

use super::form::{Answers, Input, Kind, Sent, Wrong, refuse};
use super::lines::{DueRow, PaidRow, dues};
use super::{here, says};
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// One payer's money.
#[derive(Template)]
#[template(path = "money/account.html")]
pub(crate) struct AccountSheet {
    layout: Layout,
    done: String,
    name: String,
    /// The page of the person in the book, for whoever may look into it.
    person: Option<String>,
    standing: String,
    pay: Option<String>,
    paid_by: Option<(String, String)>,
    people: Vec<String>,
    dues: Vec<DueRow>,
    payments: Vec<PaidRow>,
    ahead: String,
    agreed: String,
    agree: Form,
    reminders: Vec<String>,
    gift_aid: Option<GiftAid>,
}

/// A form of this page.
struct Form {
    action: String,
    token: String,
    fields: Vec<Input>,
}

impl Form {
    /// Whether something in it was refused, so that it stands open.
    fn is_refused(&self) -> bool {
        self.fields.iter().any(|field| !field.refusal.is_empty())
    }
}

/// A person's declarations.
struct GiftAid {
    declarations: Vec<Declared>,
    declare: Form,
}

/// One declaration.
struct Declared {
    told: String,
    number: u32,
    cancel: Option<Form>,
}

/// What of the page is shown again when something was refused.
#[derive(Default)]
struct Refused {
    agree: Option<(Answers, Wrong)>,
    declare: Option<(Answers, Wrong)>,
}

/// `GET /money/payer/{payer}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(payer): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut sheet = sheet(&app, &visit, &signed, parsed(&payer)?, Refused::default()).await?;
    sheet.done = match () {
        () if done.is("entered") => say("pay-done"),
        () if done.is("again") => say("pay-again"),
        () if done.is("agreed") => say("account-done-agreed"),
        () if done.is("declared") => say("account-done-declared"),
        () if done.is("cancelled") => say("account-done-cancelled"),
        () => String::new(),
    };
    html(&sheet)
}

/// `GET` where only forms are sent leads to the page.
pub(crate) async fn back(Path(payer): Path<String>) -> Redirect {
    Redirect::to(&urls::money_payer(&payer))
}

/// `POST /money/payer/{payer}/agree`
pub(crate) async fn agree(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(payer): Path<String>,
    sent: Sent,
) -> Result<Response, PageError> {
    let (payer, answers) = (parsed(&payer)?, Answers::of(sent));
    let (currency, _) = here(&app)?;
    let account = app.acts.look_account(&signed.actor, payer).await?;
    signed.check(&purpose_of_agreeing(&account), answers.get("token"))?;
    let agreed = match term(&answers, currency) {
        Err(wrong) => Err(wrong),
        Ok(new) => match app.acts.agree_dues(&signed.actor, payer, new).await {
            Err(ActError::BadInput(why)) => Err(Wrong::new("amount", &why)),
            other => other.map_err(PageError::from).map(Ok)?,
        },
    };
    let Err(wrong) = agreed else {
        return Ok(done(payer, "agreed"));
    };
    let refused = Refused {
        agree: Some((answers, wrong)),
        ..Refused::default()
    };
    let sheet = sheet(&app, &visit, &signed, payer, refused).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&sheet)?).into_response())
}

/// `POST /money/payer/{payer}/gift-aid`
pub(crate) async fn declare(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(payer): Path<String>,
    sent: Sent,
) -> Result<Response, PageError> {
    let (payer, answers) = (parsed(&payer)?, Answers::of(sent));
    let person = payer
        .person()
        .ok_or_else(|| PageError::NotThere(say("money-no-payer")))?;
    let declarations = app.acts.declarations(&signed.actor, person).await?;
    signed.check(&purpose_of_declaring(payer, &declarations), answers.get("token"))?;
    let read = || {
        let heard = answers.one_of("heard", Heard::parse)?;
        Ok::<_, Wrong>((answers.date("given")?, answers.date("from")?, heard))
    };
    let declared = match read() {
        Err(wrong) => Err(wrong),
        Ok((given, from, heard)) => match app
            .acts
            .declare_gift_aid(&signed.actor, person, given, from, heard)
            .await
        {
            Err(ActError::BadInput(why)) => Err(Wrong::new("from", &why)),
            other => other.map_err(PageError::from).map(Ok)?,
        },
    };
    let Err(wrong) = declared else {
        return Ok(done(payer, "declared"));
    };
    let refused = Refused {
        declare: Some((answers, wrong)),
        ..Refused::default()
    };
    let sheet = sheet(&app, &visit, &signed, payer, refused).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&sheet)?).into_response())
}

/// `POST /money/payer/{payer}/gift-aid/cancel`
pub(crate) async fn cancel(
    State(app): State<App>,
    signed: SignedIn,
    Path(payer): Path<String>,
    sent: Sent,
) -> Result<Response, PageError> {
    let (payer, answers) = (parsed(&payer)?, Answers::of(sent));
    let person = payer
        .person()
        .ok_or_else(|| PageError::NotThere(say("money-no-payer")))?;
    let declarations = app.acts.declarations(&signed.actor, person).await?;
    signed.check(&purpose_of_declaring(payer, &declarations), answers.get("token"))?;
    let bad = |wrong: Wrong| PageError::BadQuestion(wrong.why);
    let number: u32 = answers.number("number").map_err(bad)?;
    let from = answers.date(&cancelled_from(number)).map_err(bad)?;
    app.acts
        .cancel_gift_aid(&signed.actor, person, number, from)
        .await?;
    Ok(done(payer, "cancelled"))
}

fn done(payer: Payer, what: &str) -> Response {
    Redirect::to(&urls::done(&urls::money_payer(&payer.word()), what)).into_response()
}

fn parsed(word: &str) -> Result<Payer, PageError> {
    word.parse()
        .map_err(|_| PageError::NotThere(say("money-no-payer")))
}

/// With what was agreed until now, so that two stewards do not agree on two things at once.
fn purpose_of_agreeing(account: &AccountPage) -> String {
    format!(
        "{} {:?}",
        urls::money_agree(&account.payer.word()),
        account.agreement
    )
}

fn purpose_of_declaring(payer: Payer, declarations: &[(u32, Declaration)]) -> String {
    format!("{} {declarations:?}", urls::money_declare(&payer.word()))
}

/// What is chosen in the field "step": the number of the dues and the place of the step, or "nothing".
const NOTHING: &str = "nothing";

fn term(answers: &Answers, currency: Currency) -> Result<NewTerm, Wrong> {
    let step = |word: &str| match word {
        NOTHING => Some(None),
        word => {
            let (scheme, tier) = word.split_once('-')?;
            Some(Some((scheme.parse().ok()?, tier.parse().ok()?)))
        }
    };
    Ok(NewTerm {
        from: answers.date("agreed-from")?,
        chosen: answers.one_of("step", step)?,
        amount: match answers.get("amount") {
            "" => None,
            _ => Some(answers.money("amount", currency)?),
        },
        way: answers.one_of("way", Way::parse)?,
    })
}

async fn sheet(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    payer: Payer,
    refused: Refused,
) -> Result<AccountSheet, PageError> {
    let account = app.acts.look_account(&signed.actor, payer).await?;
    let declarations = match payer.person() {
        Some(person) if account.house.gift_aid => Some(app.acts.declarations(&signed.actor, person).await?),
        _ => None,
    };
    let layout = Layout {
        back: urls::money_payer(&payer.word()),
        ..Layout::new(&app.look(), visit, Here::Members)
    };
    let may = signed.actor.may(Right::ChangeMoney);
    let token = |purpose: &str| signed.token(purpose);
    let person = payer.person().filter(|_| signed.actor.may(Right::LookPeople));
    Ok(AccountSheet {
        person: person.map(|person| urls::person(person.number())),
        ..AccountSheet::new(layout, &account, declarations, (&token, may), refused)
    })
}

impl AccountSheet {
    fn new(
        layout: Layout,
        account: &AccountPage,
        declarations: Option<Vec<(u32, Declaration)>>,
        (token, may): (&dyn Fn(&str) -> String, bool),
        refused: Refused,
    ) -> Self {
        let word = account.payer.word();
        let household = matches!(account.payer, Payer::Household(_));
        Self {
            layout,
            done: String::new(),
            name: account.name.clone(),
            person: None,
            standing: says::standing(&account.standing),
            pay: may.then(|| urls::money_pay(&word)),
            paid_by: account
                .paid_by
                .map(|by| (urls::money_payer(&by.word()), say("account-paid-by"))),
            people: match household {
                true => account.people.iter().map(|(_, name)| name.clone()).collect(),
                false => Vec::new(),
            },
            dues: dues(account),
            payments: account.payments.iter().rev().map(PaidRow::of).collect(),
            ahead: ahead(account),
            agreed: agreed(account),
            agree: agree_form(account, token, refused.agree),
            reminders: reminders(account),
            gift_aid: declarations.map(|all| gift_aid(account, &all, token, refused.declare)),
        }
    }

    /// Somebody who owes for two months.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let form = |action: String, fields| Form {
            action,
            token: "0".repeat(64),
            fields,
        };
        let mut fields = agree_fields(&std::collections::BTreeMap::new(), &Answers::default());
        refuse(&mut fields, &Wrong::new("amount", &"it is too little"));
        Self {
            layout: Layout::sample(),
            done: say("account-done-agreed"),
            name: "Ana <Öberg>".to_owned(),
            person: Some(urls::person(1)),
            standing: say("standing-never"),
            pay: Some(urls::money_pay("person-1")),
            paid_by: Some((urls::money_payer("household-1"), say("account-paid-by"))),
            people: vec!["Ana".to_owned()],
            dues: vec![DueRow::sample()],
            payments: vec![PaidRow::sample(urls::money_payment("2026-06-16-1"))],
            ahead: say_with("account-ahead", [("sum", "£1.00".into())]),
            agreed: say("account-agreed-usual"),
            agree: form(urls::money_agree("person-1"), fields),
            reminders: vec!["<once>".to_owned()],
            gift_aid: Some(GiftAid {
                declarations: vec![Declared {
                    told: say("heard-paper"),
                    number: 1,
                    cancel: Some(form(
                        urls::money_undeclare("person-1"),
                        cancel_fields(1, jiff::civil::date(2026, 6, 16)),
                    )),
                }],
                declare: form(
                    urls::money_declare("person-1"),
                    declare_fields(&Answers::default()),
                ),
            }),
        }
    }
}

/// What was paid ahead, as a sentence; empty where nothing was.
pub(super) fn ahead(account: &AccountPage) -> String {
    let ahead = account.allocation.ahead;
    match ahead.minor() > 0 {
        true => say_with("account-ahead", [("sum", ahead.to_string().into())]),
        false => String::new(),
    }
}

/// A sentence for each reminder, the newest first.
pub(super) fn reminders(account: &AccountPage) -> Vec<String> {
    let said = account.reminders.iter().rev().map(|reminder| {
        let places = [
            ("day", says::day(reminder.on).into()),
            ("channel", says::channel(reminder.channel).into()),
            ("owed", reminder.owed.to_string().into()),
        ];
        say_with("account-reminded", places)
    });
    said.collect()
}

fn step_name(scheme: &Scheme, tier: u16) -> String {
    let tier = scheme
        .tier(tier)
        .map(|tier| tier.name.as_str())
        .unwrap_or_default();
    format!("{}: {tier}", scheme.name)
}

/// What holds now, as a sentence.
pub(super) fn agreed(account: &AccountPage) -> String {
    let Some(term) = account
        .agreement
        .as_ref()
        .and_then(|agreement| agreement.terms.last())
    else {
        return say("account-agreed-usual");
    };
    let from = says::day(term.from);
    let Some(scheme) = term.scheme.and_then(|number| account.schemes.get(&number)) else {
        return say_with("account-agreed-none", [("from", from.into())]);
    };
    let amount = term
        .amount
        .or_else(|| scheme.tier(term.tier)?.amount(account.today));
    let places = [
        ("from", from.into()),
        ("step", step_name(scheme, term.tier).into()),
        (
            "amount",
            amount.map(|amount| amount.to_string()).unwrap_or_default().into(),
        ),
        ("way", says::way(term.way).into()),
    ];
    say_with("account-agreed", places)
}

fn agree_form(
    account: &AccountPage,
    token: &dyn Fn(&str) -> String,
    refused: Option<(Answers, Wrong)>,
) -> Form {
    let (answers, wrong) = match refused {
        Some((answers, wrong)) => (answers, Some(wrong)),
        None => {
            let today = account.today.first_of_month().to_string();
            (
                Answers::from(&[("agreed-from", &today), ("way", Way::StandingOrder.word())]),
                None,
            )
        }
    };
    let mut fields = agree_fields(&account.schemes, &answers);
    if let Some(wrong) = &wrong {
        refuse(&mut fields, wrong);
    }
    Form {
        action: urls::money_agree(&account.payer.word()),
        token: token(&purpose_of_agreeing(account)),
        fields,
    }
}

fn agree_fields(schemes: &std::collections::BTreeMap<u32, Scheme>, answers: &Answers) -> Vec<Input> {
    let mut steps = Vec::new();
    for (number, scheme) in schemes {
        for (place, tier) in (0_u16..).zip(&scheme.tiers) {
            let amount = tier
                .prices
                .last()
                .map(|price| price.amount.to_string())
                .unwrap_or_default();
            let from = match tier.kind {
                TierKind::AsYouCan => say_with("account-step-from", [("amount", amount.into())]),
                TierKind::Full | TierKind::Concession => amount,
            };
            steps.push((
                format!("{number}-{place}"),
                format!("{}, {from}", step_name(scheme, place)),
            ));
        }
    }
    steps.push((NOTHING.to_owned(), say("account-step-none")));
    let ways = says::options(&Way::ALL[..6], Way::word, says::way);
    let amount = Input::amount("amount", say("account-amount"), answers.get("amount"));
    vec![
        Input::choice("step", say("account-step"), answers.get("step"), steps),
        amount.hint(say("account-amount-hint")),
        Input::choice("way", say("account-way"), answers.get("way"), ways),
        Input::day("agreed-from", say("account-from"), answers.get("agreed-from")),
    ]
}

fn declare_fields(answers: &Answers) -> Vec<Input> {
    let ways = says::options(Heard::ALL, Heard::word, says::heard);
    vec![
        Input::day("given", say("gift-aid-given"), answers.get("given")),
        Input::day("from", say("gift-aid-from"), answers.get("from")).hint(say("gift-aid-from-hint")),
        Input::choice("heard", say("gift-aid-heard"), answers.get("heard"), ways),
    ]
}

/// The name of the field with the day from which a declaration is cancelled: each has a form of its own.
fn cancelled_from(number: u32) -> String {
    format!("cancelled-{number}")
}

fn cancel_fields(number: u32, today: Date) -> Vec<Input> {
    vec![Input::day(
        &cancelled_from(number),
        say("gift-aid-cancel-from"),
        &today.to_string(),
    )]
}

fn gift_aid(
    account: &AccountPage,
    all: &[(u32, Declaration)],
    token: &dyn Fn(&str) -> String,
    refused: Option<(Answers, Wrong)>,
) -> GiftAid {
    let (word, token) = (
        account.payer.word(),
        token(&purpose_of_declaring(account.payer, all)),
    );
    let today = account.today.to_string();
    let usual = || Answers::from(&[("given", &today), ("from", &today)]);
    let (answers, wrong) = match refused {
        Some((answers, wrong)) => (answers, Some(wrong)),
        None => (usual(), None),
    };
    let mut fields = declare_fields(&answers);
    if let Some(wrong) = &wrong {
        refuse(&mut fields, wrong);
    }
    let declarations = all.iter().map(|(number, declaration)| {
        let places = [
            ("given", says::day(declaration.given).into()),
            ("from", says::day(declaration.from).into()),
            ("heard", says::heard(declaration.heard).into()),
            ("wording", declaration.wording.clone().into()),
            ("until", says::maybe_day(declaration.cancelled).into()),
        ];
        let open = declaration.cancelled.is_none();
        Declared {
            told: say_with(
                if open {
                    "gift-aid-told"
                } else {
                    "gift-aid-told-cancelled"
                },
                places,
            ),
            number: *number,
            cancel: open.then(|| Form {
                action: urls::money_undeclare(&word),
                token: token.clone(),
                fields: cancel_fields(*number, account.today),
            }),
        }
    });
    GiftAid {
        declarations: declarations.collect(),
        declare: Form {
            action: urls::money_declare(&word),
            token: token.clone(),
            fields,
        },
    }
}
