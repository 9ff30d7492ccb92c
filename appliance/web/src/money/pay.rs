//! `/money/pay`: money is taken. A few letters of the name, Enter; the amount stands there already, Enter; the receipt.

use acts::money::{AccountPage, PayerFound};
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use members::money::{For, NewPayment, NoPayment, Payer, Way};
use serde::Deserialize;
use units::Currency;

use super::form::{Answers, Input, Kind, Sent, Wrong, refuse};
use super::{here, says};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Where money is taken.
#[derive(Template)]
#[template(path = "money/pay.html")]
pub(crate) struct PayPage {
    layout: Layout,
    typed: String,
    refusal: String,
    told: String,
    found: Vec<Found>,
    sheet: Option<Sheet>,
}

/// Somebody who was found.
struct Found {
    url: String,
    name: String,
    home: String,
    standing: String,
    household: bool,
}

/// The form for one payment.
struct Sheet {
    payer: String,
    name: String,
    account: Option<String>,
    standing: String,
    people: Vec<(String, String)>,
    token: String,
    form: String,
    fields: Vec<Input>,
}

/// What is asked.
#[derive(Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    payer: Option<String>,
    other: Option<String>,
}

/// `GET /money/pay`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    if !signed.actor.may(Right::ChangeMoney) {
        return Err(ActError::NotAllowed(Right::ChangeMoney).into());
    }
    let mut page = PayPage::empty(Layout::new(&app.look(), &visit, Here::Members));
    if let Some(payer) = &asked.payer {
        let payer = parsed(payer)?;
        page.sheet = Some(sheet(&app, &signed, Some(payer), None).await?);
    } else if asked.other.is_some() {
        page.sheet = Some(sheet(&app, &signed, None, None).await?);
    } else if let Some(words) = asked.q {
        match app.acts.find_payers(&signed.actor, &words).await {
            // Nobody else is meant: the form at once.
            Ok(found) if found.len() == 1 => {
                return Ok(Redirect::to(&urls::money_pay(&found[0].payer.word())).into_response());
            }
            Ok(found) => page.found(&found),
            Err(ActError::BadInput(why)) => page.refusal = crate::show::sentence(&why),
            Err(error) => return Err(error.into()),
        }
        page.typed = words;
    }
    html(&page)
}

/// `POST /money/pay`
pub(crate) async fn enter(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    sent: Sent,
) -> Result<Response, PageError> {
    let answers = Answers::of(sent);
    signed.check(&purpose(answers.get("form")), answers.get("token"))?;
    let (currency, today) = here(&app)?;
    let payer = match answers.get("payer") {
        "" => None,
        word => Some(parsed(word)?),
    };
    let entered = match read(&answers, payer, currency, today) {
        Err(wrong) => Err(wrong),
        Ok(new) => match app
            .acts
            .enter_payment(&signed.actor, answers.get("form"), new)
            .await
        {
            Err(ActError::BadInput(why)) => Err(Wrong::new("day", &why)),
            other => Ok(other?),
        },
    };
    let wrong = match entered {
        Ok(entered) => {
            let what = if entered.again { "again" } else { "entered" };
            let to = match (entered.receipt, payer) {
                (Some(receipt), _) => urls::money_receipt(&receipt.to_string()),
                (None, Some(payer)) => urls::money_payer(&payer.word()),
                (None, None) => urls::MONEY.to_owned(),
            };
            return Ok(Redirect::to(&urls::done(&to, what)).into_response());
        }
        Err(wrong) => wrong,
    };
    let mut page = PayPage::empty(Layout {
        back: urls::MONEY_PAY.to_owned(),
        ..Layout::new(&app.look(), &visit, Here::Members)
    });
    let mut sheet = sheet(&app, &signed, payer, Some(&answers)).await?;
    refuse(&mut sheet.fields, &wrong);
    page.sheet = Some(sheet);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

fn parsed(word: &str) -> Result<Payer, PageError> {
    word.parse()
        .map_err(|_| PageError::NotThere(say("money-no-payer")))
}

/// What a form is for: one payment.
fn purpose(form: &str) -> String {
    format!("{} {form}", urls::MONEY_PAY)
}

fn read(
    answers: &Answers,
    payer: Option<Payer>,
    currency: Currency,
    today: Date,
) -> Result<NewPayment, Wrong> {
    let filled = |name: &str| {
        Some(answers.get(name))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let new = NewPayment {
        day: answers.date("day")?,
        payer,
        outsider: filled("outsider"),
        amount: answers.money("amount", currency)?,
        way: answers.one_of("way", Way::parse)?,
        purpose: answers.one_of("purpose", For::parse)?,
        reference: filled("reference"),
        line: None,
    };
    new.checked(currency, today)
        .map_err(|error| Wrong::new(field(&error), &error))
}

/// In which field it stands.
fn field(error: &NoPayment) -> &'static str {
    match error {
        NoPayment::NotYet(_) | NoPayment::LongAgo(_) => "day",
        NoPayment::Nobody | NoPayment::TwoPayers => "outsider",
        NoPayment::NoReason | NoPayment::Unfit(_) => "reference",
        NoPayment::NotCash => "way",
        NoPayment::Nothing
        | NoPayment::TooMuch(_)
        | NoPayment::OtherCurrency(..)
        | NoPayment::NotWaivable
        | NoPayment::Sum(_) => "amount",
    }
}

/// The form for somebody, with what was sent, else with what is due.
async fn sheet(
    app: &App,
    signed: &SignedIn,
    payer: Option<Payer>,
    sent: Option<&Answers>,
) -> Result<Sheet, PageError> {
    let (_, today) = here(app)?;
    let account = match payer {
        Some(payer) => Some(app.acts.look_account(&signed.actor, payer).await?),
        None => None,
    };
    let form = match sent {
        Some(sent) => sent.get("form").to_owned(),
        None => app.acts.fresh_form(),
    };
    let answers = match sent {
        Some(sent) => sent.clone(),
        None => suggested(account.as_ref(), today),
    };
    Ok(Sheet {
        payer: payer.map(Payer::word).unwrap_or_default(),
        name: match &account {
            Some(account) => account.name.clone(),
            None => say("pay-other"),
        },
        account: payer.map(|payer| urls::money_payer(&payer.word())),
        standing: account
            .as_ref()
            .map(|account| says::standing(&account.standing))
            .unwrap_or_default(),
        people: account.as_ref().map(others).unwrap_or_default(),
        token: signed.token(&purpose(&form)),
        fields: fields(&answers, payer.is_none()),
        form,
    })
}

/// Who else the money may be from: a household's people, or the household that pays for a person.
fn others(account: &AccountPage) -> Vec<(String, String)> {
    match account.payer {
        Payer::Household(_) => {
            let people = account.people.iter();
            people
                .map(|(person, name)| (urls::money_pay(&Payer::Person(*person).word()), name.clone()))
                .collect()
        }
        Payer::Person(_) => {
            let by = account.paid_by.iter();
            by.map(|by| (urls::money_pay(&by.word()), say("pay-household")))
                .collect()
        }
    }
}

fn suggested(account: Option<&AccountPage>, today: Date) -> Answers {
    let amount = account.and_then(|account| account.standing.suggested());
    let amount = amount.map(units::Money::plain).unwrap_or_default();
    let purpose = match account {
        Some(account) if account.paid_by.is_none() => For::Dues,
        Some(_) => For::Gift,
        None => For::Other,
    };
    Answers::from(&[
        ("amount", &amount),
        ("way", Way::Cash.word()),
        ("purpose", purpose.word()),
        ("day", &today.to_string()),
    ])
}

fn fields(answers: &Answers, outsider: bool) -> Vec<Input> {
    let mut fields = Vec::new();
    let mut purposes = vec![For::Dues, For::Gift, For::Other];
    let mut ways = Way::ALL.to_vec();
    if outsider {
        fields.push(
            Input::line("outsider", say("pay-outsider"), answers.get("outsider"))
                .hint(say("pay-outsider-hint")),
        );
        purposes.remove(0);
        ways.retain(|way| *way != Way::Waiver);
    }
    fields.push(Input::amount("amount", say("pay-amount"), answers.get("amount")));
    let ways = says::options(&ways, Way::word, says::way);
    fields.push(Input::choice("way", say("pay-way"), answers.get("way"), ways));
    let purposes = says::options(&purposes, For::word, says::purpose);
    fields.push(Input::choice(
        "purpose",
        say("pay-purpose"),
        answers.get("purpose"),
        purposes,
    ));
    fields.push(Input::day("day", say("pay-day"), answers.get("day")));
    let reference = Input::line("reference", say("pay-reference"), answers.get("reference"));
    fields.push(reference.hint(say("pay-reference-hint")));
    fields
}

impl PayPage {
    fn empty(layout: Layout) -> Self {
        Self {
            layout,
            typed: String::new(),
            refusal: String::new(),
            told: String::new(),
            found: Vec::new(),
            sheet: None,
        }
    }

    fn found(&mut self, found: &[PayerFound]) {
        self.told = say_with("pay-found", [("count", found.len().into())]);
        self.found = found
            .iter()
            .map(|found| Found {
                url: urls::money_pay(&found.payer.word()),
                name: found.name.clone(),
                home: found.home.clone().unwrap_or_default(),
                standing: says::standing(&found.standing),
                household: matches!(found.payer, Payer::Household(_)),
            })
            .collect();
    }

    /// A payment that was refused.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let answers = Answers::from(&[
            ("amount", "<3>"),
            ("way", "cash"),
            ("purpose", "dues"),
            ("day", "2026-06-16"),
        ]);
        let mut fields = fields(&answers, true);
        refuse(
            &mut fields,
            &Wrong::new("amount", &"\"<3>\" is no amount of money"),
        );
        let found = Found {
            url: urls::money_pay("person-1"),
            name: "Ana <Öberg>".to_owned(),
            home: "12 High Street".to_owned(),
            standing: say("standing-never"),
            household: true,
        };
        Self {
            typed: "ana".to_owned(),
            refusal: "Write at least two letters of the name.".to_owned(),
            told: say_with("pay-found", [("count", 1.into())]),
            found: vec![found],
            sheet: Some(Sheet {
                payer: "person-1".to_owned(),
                name: "Ana <Öberg>".to_owned(),
                account: Some(urls::money_payer("person-1")),
                standing: say("standing-never"),
                people: vec![(urls::money_pay("household-1"), say("pay-household"))],
                token: "0".repeat(64),
                form: "0".repeat(32),
                fields,
            }),
            ..Self::empty(Layout::sample())
        }
    }
}
