//! Somebody who is signed in at the place and may change the site: what they send carries what the page gave them.

use acts::sign_in::Knock;
use acts::{Actor, Right};
use members::credential::limits::Source;
use members::credential::session::Custody;
use members::credential::slip::SlipKind;
use members::person::Person;
use members::record::{Key, Newer, Record};
use members::role::Duty;
use store::{Change, RowChange};
use units::{Instant, PersonId};

use super::Served;
use super::client::{self, Reply};
use super::place::AFTERNOON;

const ANA: PersonId = PersonId::new(1);

/// Their browser.
pub(crate) struct Steward<'a> {
    served: &'a Served,
    cookie: String,
}

impl Served {
    /// Ana, who looks after the energy here, signs in.
    pub(crate) async fn steward(&self) -> Steward<'_> {
        let store = &self.place.store;
        store.put_meta("sign-in/cost", b"8,1").expect("written");
        let ana = Person::named("Ana", Instant::from_millis(AFTERNOON)).expect("a name");
        let duty = Duty {
            roles: ["energy".to_owned()].into(),
            newer: Newer::default(),
        };
        let row = |table, after: Vec<u8>| RowChange {
            table,
            key: ANA.to_key(),
            before: None,
            after: Some(after),
        };
        let change = Change {
            rows: vec![row("people", ana.encode()), row("duties", duty.encode())],
            lines: Vec::new(),
        };
        store.change(change).expect("written");
        let giver = Actor::Member {
            person: ANA,
            rights: Right::ALL.iter().copied().collect(),
        };
        let acts = &self.place.acts;
        let slip = acts.give_slip(&giver, ANA, SlipKind::First).await.expect("given");
        let knock = Knock {
            source: Source::V4([127, 0, 0, 1]),
            device: None,
            agent: "Firefox".to_owned(),
            custody: Custody::Own,
        };
        let entered = acts.sign_in().by_slip(&knock, &slip.words.fragment()).await;
        let cookie = format!("session={}", entered.expect("let in").session.cookie());
        Steward { served: self, cookie }
    }
}

impl Steward<'_> {
    /// A page as text.
    pub(crate) async fn page(&self, path: &str) -> String {
        let reply = self.served.get_with(path, &[("cookie", &self.cookie)]).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text().replace('\u{a0}', " ")
    }

    /// Sends the form of a page that leads to `path`.
    pub(crate) async fn post(&self, page: &str, path: &str, form: &str) -> Reply {
        let text = self.page(page).await;
        let token = token(&text, path);
        self.send(path, &format!("token={token}&{form}")).await
    }

    /// Sends a form as it is.
    pub(crate) async fn send(&self, path: &str, form: &str) -> Reply {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.cookie,
            form.len()
        );
        client::send(self.served.address, (head + form).as_bytes())
            .await
            .expect("an answer")
    }
}

/// What the form of a page that leads to `path` carries.
pub(crate) fn token(page: &str, path: &str) -> String {
    let form = page
        .split(&format!("action=\"{path}\""))
        .nth(1)
        .expect("the form");
    let value = form.split("name=\"token\" value=\"").nth(1).expect("its token");
    value.split('"').next().expect("its end").to_owned()
}
