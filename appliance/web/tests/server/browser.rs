//! A browser without script: it keeps cookies, sends forms with what stands in them, and goes where it is told.

use std::collections::BTreeMap;

use acts::{Actor, Right};
use members::book::Numbers;
use members::credential::Token;
use members::credential::slip::SlipKind;
use members::person::Person;
use members::record::Newer;
use members::role::Duty;
use units::{Instant, PersonId};
use web::server::Limits;

use crate::client::{self, Reply};
use crate::house::{House, NOON};

pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);
pub(crate) const ANAS: &str = "grandma's blue teapot";

/// A house with Ana and Ben in its book.
pub(crate) async fn house() -> House {
    house_with(Limits::default()).await
}

/// The same with these limits.
pub(crate) async fn house_with(limits: Limits) -> House {
    let house = House::open(limits).await;
    // A hash that takes no time.
    house.store.put_meta("sign-in/cost", b"8,1").expect("written");
    let given = Numbers {
        given: BEN.number(),
        newer: Newer::default(),
    };
    house.put(&"people".to_owned(), &given);
    for (person, name) in [(ANA, "Ana Öberg"), (BEN, "Ben Okafor")] {
        let record = Person::named(name, Instant::from_millis(NOON)).expect("a name");
        house.put(&person, &record);
    }
    house
}

/// Gives somebody these roles, as if others had decided it.
pub(crate) fn give_roles(house: &House, person: PersonId, roles: &[&str]) {
    let duty = Duty {
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        newer: Newer::default(),
    };
    house.put(&person, &duty);
}

/// Somebody who is signed in and has these roles.
pub(crate) async fn signed_in<'a>(house: &'a House, person: PersonId, roles: &[&str]) -> Browser<'a> {
    give_roles(house, person, roles);
    let mut browser = Browser::new(house);
    browser.come_in_by_slip(person).await;
    browser
}

/// A browser on some device.
pub(crate) struct Browser<'a> {
    house: &'a House,
    host: &'static str,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(house: &'a House) -> Self {
        Self::at(house, "localhost")
    }

    /// A browser that opened the box by this name.
    pub(crate) fn at(house: &'a House, host: &'static str) -> Self {
        Self {
            house,
            host,
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) fn cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Its cookies as it sends them.
    pub(crate) fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// What a form of a page of this session carries for this purpose; nothing where nobody is signed in.
    pub(crate) fn token(&self, purpose: &str) -> String {
        let session = self.cookies.get("session");
        let session = session.and_then(|cookie| Token::parse(cookie));
        session
            .map(|session| session.form(purpose).hex())
            .unwrap_or_default()
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, "", "").await
    }

    /// Sends a form of a page, with what is hidden in it.
    pub(crate) async fn submit(&mut self, action: &str, page: &str, filled: &[(&str, &str)]) -> Reply {
        let hidden = ["token", "back"].map(|name| (name, hidden(page, action, name)));
        let mut form: Vec<(&str, &str)> = filled.to_vec();
        let given = |name: &str| filled.iter().any(|(filled, _)| *filled == name);
        form.extend(
            hidden
                .iter()
                .filter(|(name, _)| !given(name))
                .map(|(name, value)| (*name, value.as_str())),
        );
        self.post(action, &form).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        self.send(
            "POST",
            path,
            "application/x-www-form-urlencoded",
            &pairs.join("&"),
        )
        .await
    }

    /// Sends the first form of a page that takes a file, with this file.
    pub(crate) async fn upload(&mut self, action: &str, page: &str, (name, file): (&str, &str)) -> Reply {
        let token = hidden(page, action, "token");
        let part = |head: &str, body: &str| {
            format!("--part\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let body = format!(
            "{}{}--part--\r\n",
            part("name=\"token\"", &token),
            part(&format!("name=\"file\"; filename=\"{name}\""), file)
        );
        self.send("POST", action, "multipart/form-data; boundary=part", &body)
            .await
    }

    pub(crate) async fn json(&mut self, path: &str, body: &serde_json::Value) -> Reply {
        self.send("POST", path, "application/json", &body.to_string())
            .await
    }

    /// Sends whatever body, as whatever it is said to be.
    pub(crate) async fn send(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Reply {
        let cookies = self.cookies();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        if !cookies.is_empty() {
            head.push_str(&format!("cookie: {cookies}\r\n"));
        }
        if method == "POST" {
            head.push_str(&format!(
                "origin: http://{}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n",
                self.host,
                body.len()
            ));
        }
        let request = format!("{head}connection: close\r\n\r\n{body}");
        let reply = client::send(self.house.address, request.as_bytes())
            .await
            .expect("an answer");
        self.keep(&reply);
        reply
    }

    fn keep(&mut self, reply: &Reply) {
        for (_, cookie) in reply.headers.iter().filter(|row| row.0 == "set-cookie") {
            let (pair, rules) = cookie.split_once(';').expect("rules");
            let (name, value) = pair.split_once('=').expect("a pair");
            if rules.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The words of a new slip.
    pub(crate) async fn slip_for(&self, person: PersonId) -> String {
        let steward = Actor::Member {
            person: BEN,
            rights: Right::ALL.iter().copied().collect(),
        };
        let slip = self
            .house
            .acts
            .give_slip(&steward, person, SlipKind::First)
            .await
            .expect("given");
        slip.words.words().join(" ")
    }

    /// Somebody gets a slip and comes in with it.
    pub(crate) async fn come_in_by_slip(&mut self, person: PersonId) -> Reply {
        let words = self.slip_for(person).await;
        let page = self.get("/sign-in/slip").await.text();
        let reply = self.submit("/sign-in/slip", &page, &[("words", &words)]).await;
        assert_eq!(
            reply.header("location"),
            "/sign-in/passphrase",
            "{}",
            reply.text()
        );
        reply
    }
}

/// What is hidden under `name` in the first form with this action; nothing if there is no such thing.
pub(crate) fn hidden(page: &str, action: &str, name: &str) -> String {
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("action=\"{action}\"")));
    let form = form
        .and_then(|form| form.split("</form>").next())
        .unwrap_or_default();
    let field = form
        .split(&format!("type=\"hidden\" name=\"{name}\" value=\""))
        .nth(1);
    field
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

/// An attribute of the element with this id.
pub(crate) fn attribute(page: &str, id: &str, name: &str) -> String {
    let element = page.split(&format!("id=\"{id}\"")).nth(1).expect("the element");
    let value = element
        .split(&format!("{name}=\""))
        .nth(1)
        .expect("the attribute");
    value.split('"').next().expect("its end").to_owned()
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
