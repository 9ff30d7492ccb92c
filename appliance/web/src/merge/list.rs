//! `/members/merge`: entries that may be one person, and those that were put together before.

use acts::merge::TwinsSeen;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use members::merge::Sign;

use crate::error::PageError;
use crate::import::Line;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// So many pairs stand on the page; who looks through them all comes again for the rest.
const MOST: usize = 100;

/// Entries that may be one person.
#[derive(Template)]
#[template(path = "merge/list.html")]
pub(crate) struct TwinsPage {
    layout: Layout,
    done: Done,
    told: String,
    pairs: Vec<Pair>,
    apart: Vec<Pair>,
    past: Vec<Line>,
}

/// Two of them.
struct Pair {
    url: String,
    names: String,
    signs: String,
}

/// `GET /members/merge`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let found = app.acts.twins(&signed.actor).await?;
    let look = app.look();
    let past = app.acts.imports(&signed.actor).await?;
    let merges = past.iter().filter(|past| past.import.merge.is_some());
    let past = merges.map(|past| {
        Line::of(
            past,
            &show::moment(&look.place().zone, look.now(), past.import.at),
        )
    });
    let layout = Layout::new(&look, &visit, Here::Members);
    html(&TwinsPage {
        done,
        ..TwinsPage::new(layout, &found, past.collect())
    })
}

impl TwinsPage {
    fn new(layout: Layout, found: &[TwinsSeen], past: Vec<Line>) -> Self {
        let (apart, found): (Vec<_>, Vec<_>) = found.iter().partition(|twins| twins.apart);
        let shown = found.len().min(MOST);
        Self {
            layout,
            told: say_with(
                "merge-list-told",
                [("found", found.len().into()), ("shown", shown.into())],
            ),
            done: Done::default(),
            pairs: found.into_iter().take(MOST).map(Pair::of).collect(),
            apart: apart.into_iter().take(MOST).map(Pair::of).collect(),
            past,
        }
    }

    /// Two pairs, and one that was put together.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let pair = |signs: &[Sign]| TwinsSeen {
            twins: members::merge::Twins {
                one: units::PersonId::new(1),
                other: units::PersonId::new(7),
                signs: signs.to_vec(),
            },
            one: "Ana <Öberg>".to_owned(),
            other: "Öberg, Ana".to_owned(),
            apart: signs.is_empty(),
        };
        let found = [
            pair(&[Sign::Name, Sign::Way, Sign::Address]),
            pair(&[Sign::AlikeName, Sign::Way]),
            pair(&[]),
        ];
        let past = vec![Line::of(&crate::import::sample_merge(), "Tuesday 16 June, 14:00")];
        Self::new(Layout::sample(), &found, past)
    }
}

impl Pair {
    fn of(found: &TwinsSeen) -> Self {
        let twins = &found.twins;
        let signs = twins.signs.iter().map(|sign| {
            say(match sign {
                Sign::Name => "merge-sign-name",
                Sign::AlikeName => "merge-sign-alike",
                Sign::Way => "merge-sign-way",
                Sign::Address => "merge-sign-address",
            })
        });
        let signs = signs.collect::<Vec<_>>().join(", ");
        let key = if twins.is_likely() {
            "merge-likely"
        } else {
            "merge-perhaps"
        };
        Self {
            url: urls::merge_pair(twins.one.number(), twins.other.number()),
            names: say_with(
                "merge-names",
                [
                    ("one", found.one.clone().into()),
                    ("other", found.other.clone().into()),
                ],
            ),
            signs: say_with(key, [("signs", signs.into())]),
        }
    }
}
