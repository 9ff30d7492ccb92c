//! `hearth members`: the members' book from the command line, by the same acts as the pages.

use serde::Deserialize;
use system::client::Client;
use system::members::MembersQuestion;

use super::answers::Done;
use super::moment::Wall;
use super::out::{Form, Out, Paint};
use super::table::{Stand, Table, hang, more};
use super::{Fault, household, person, wall};
use crate::cli::{Members, MembersAsk};

/// A page of the people who were found.
#[derive(Debug, Clone, Deserialize)]
struct People {
    people: Vec<Person>,
    found: usize,
    page: usize,
    pages: usize,
}

/// One person.
#[derive(Debug, Clone, Deserialize)]
struct Person {
    number: u32,
    name: String,
    membership: Option<String>,
    class: Option<String>,
    household: Option<String>,
    telephone: Option<String>,
}

/// Every role.
#[derive(Debug, Clone, Deserialize)]
struct Roles {
    roles: Vec<Role>,
}

/// One role.
#[derive(Debug, Clone, Deserialize)]
struct Role {
    key: String,
    name: String,
    people: Vec<(u32, String)>,
}

/// Something that waits.
#[derive(Debug, Clone, Deserialize)]
struct Waiting {
    number: u32,
    by_name: String,
    person_name: Option<String>,
    words: String,
    until_ms: i64,
    agreed: bool,
    mine: bool,
}

/// The words of a slip.
#[derive(Debug, Clone, Deserialize)]
struct Slip {
    words: Vec<String>,
    until_ms: i64,
}

/// A user of the system.
#[derive(Debug, Clone, Deserialize)]
struct User {
    uid: u32,
    person: u32,
    name: String,
}

pub(super) async fn answer(client: &Client, asked: &Members, out: &mut Out) -> Result<(), Fault> {
    let answer = client.members(&question(asked)?, &asked.why).await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let paint = out.paint;
    let text = match &asked.what {
        MembersAsk::List { .. } | MembersAsk::Find { .. } => people(&serde_json::from_str(&answer)?, paint),
        MembersAsk::Household(asked) => household::text(asked, &answer, paint)?,
        MembersAsk::Somebody(asked) => person::text(asked, &answer, &wall(client).await?, paint)?,
        MembersAsk::Roles => roles(&serde_json::from_str(&answer)?, paint),
        MembersAsk::Waiting => {
            let list: Vec<Waiting> = serde_json::from_str(&answer)?;
            waiting(&list, &wall(client).await?)
        }
        MembersAsk::Slip { .. } => slip(&serde_json::from_str(&answer)?, &wall(client).await?),
        MembersAsk::Users => users(&serde_json::from_str::<Vec<User>>(&answer)?, paint),
        MembersAsk::GiveRoles { .. }
        | MembersAsk::Agree { .. }
        | MembersAsk::Refuse { .. }
        | MembersAsk::BindUser { .. }
        | MembersAsk::UnbindUser { .. } => serde_json::from_str::<Done>(&answer)?.words(),
    };
    out.text(&text)
}

fn question(asked: &Members) -> Result<MembersQuestion, Fault> {
    let why = asked.why.clone();
    Ok(match &asked.what {
        MembersAsk::List { page } => MembersQuestion::Find {
            typed: String::new(),
            page: *page,
        },
        MembersAsk::Find { words, page } => MembersQuestion::Find {
            typed: words.join(" "),
            page: *page,
        },
        MembersAsk::Household(asked) => household::question(asked)?,
        MembersAsk::Somebody(asked) => person::question(asked, why)?,
        MembersAsk::Roles => MembersQuestion::Roles,
        MembersAsk::GiveRoles { person, roles } => MembersQuestion::GiveRoles {
            person: *person,
            roles: roles.clone(),
            why,
        },
        MembersAsk::Waiting => MembersQuestion::Waiting,
        MembersAsk::Agree { number } => MembersQuestion::Agree { number: *number },
        MembersAsk::Refuse { number } => MembersQuestion::Refuse { number: *number, why },
        MembersAsk::Slip { person, recovery } => MembersQuestion::Slip {
            person: *person,
            recovery: *recovery,
        },
        MembersAsk::Users => MembersQuestion::Users,
        MembersAsk::BindUser { uid, person } => MembersQuestion::BindUser {
            uid: *uid,
            person: Some(*person),
        },
        MembersAsk::UnbindUser { uid } => MembersQuestion::BindUser {
            uid: *uid,
            person: None,
        },
    })
}

fn people(found: &People, paint: Paint) -> String {
    if found.people.is_empty() {
        return "nothing: nobody was found\n".to_owned();
    }
    let mut table = Table::new(&[
        ("NUMBER", Stand::Right),
        ("NAME", Stand::Left),
        ("MEMBERSHIP", Stand::Left),
        ("HOUSEHOLD", Stand::Wrap),
        ("TELEPHONE", Stand::Left),
    ]);
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    for person in &found.people {
        let membership = match (&person.membership, &person.class) {
            (Some(state), Some(class)) if state != class => format!("{state}, {class}"),
            (Some(state), _) => state.clone(),
            (None, _) => "-".to_owned(),
        };
        table.row([
            person.number.to_string().into(),
            person.name.as_str().into(),
            membership.into(),
            or_none(&person.household).into(),
            or_none(&person.telephone).into(),
        ]);
    }
    table.show(paint) + &more(found.found, found.page, found.pages)
}

fn roles(view: &Roles, paint: Paint) -> String {
    let mut table = Table::new(&[
        ("KEY", Stand::Left),
        ("ROLE", Stand::Left),
        ("WHO HAS IT", Stand::Wrap),
    ]);
    for role in &view.roles {
        let people: Vec<String> = role
            .people
            .iter()
            .map(|(number, name)| format!("{name} ({number})"))
            .collect();
        let people = if people.is_empty() {
            "nobody".to_owned()
        } else {
            people.join(", ")
        };
        table.row([role.key.as_str().into(), role.name.as_str().into(), people.into()]);
    }
    table.show(paint)
}

fn waiting(list: &[Waiting], wall: &Wall) -> String {
    if list.is_empty() {
        return "nothing waits for a second person\n".to_owned();
    }
    let line = |waiting: &Waiting| {
        let about = waiting
            .person_name
            .as_ref()
            .map(|name| format!("{name}: "))
            .unwrap_or_default();
        let state = match (waiting.agreed, waiting.mine) {
            (true, _) => "somebody agreed",
            (false, true) => "somebody else must agree",
            (false, false) => "it waits",
        };
        let said = format!(
            "{about}{}. Asked for by {}; {state}; it ends {}",
            waiting.words,
            waiting.by_name,
            wall.minute(waiting.until_ms)
        );
        hang(&format!("{:>4}  ", waiting.number), &said)
    };
    list.iter().map(line).collect()
}

fn slip(slip: &Slip, wall: &Wall) -> String {
    format!(
        "The slip: {}\nIt is good once, until {}. It cannot be shown again.\n",
        slip.words.join(" "),
        wall.minute(slip.until_ms)
    )
}

fn users(list: &[User], paint: Paint) -> String {
    if list.is_empty() {
        return "nothing: no user of the system is a person of the book\n".to_owned();
    }
    let mut table = Table::new(&[
        ("USER", Stand::Right),
        ("PERSON", Stand::Right),
        ("NAME", Stand::Left),
    ]);
    for user in list {
        table.row([
            user.uid.to_string().into(),
            user.person.to_string().into(),
            user.name.as_str().into(),
        ]);
    }
    table.show(paint)
}

#[cfg(test)]
mod tests {
    use acts::roles::{RoleView, RolesView, UserView};
    use acts::together::WaitingView;
    use expect_test::expect;
    use system::control::{PeopleView, PersonView, SlipView, TogetherView};

    use super::super::answers::Done;
    use super::super::out::Paint;
    use super::super::samples::{read, wall};
    use super::{User, Waiting};

    fn page(people: Vec<PersonView>) -> PeopleView {
        PeopleView {
            found: 102,
            in_the_book: 5_000,
            page: 2,
            pages: 3,
            people,
        }
    }

    #[test]
    fn people_are_a_table_that_fits_the_terminal() {
        let person = |number, name: &str, household: Option<&str>| PersonView {
            number,
            name: name.to_owned(),
            membership: Some("member"),
            class: Some("youth".to_owned()),
            household: household.map(str::to_owned),
            telephone: None,
        };
        let long = "Wolfeschlegelsteinhausenbergerdorff";
        let found = page(vec![
            person(1, "Ana Öberg", Some("Öberg and Okafor")),
            person(2_000, long, Some(long)),
        ]);
        let text = super::people(&read(&found), Paint::Off);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        expect![[r#"
            NUMBER  NAME                                 MEMBERSHIP     HOUSEHOLD  TELEPHONE
                 1  Ana Öberg                            member, youth  Öberg and  -
                                                                        Okafor
              2000  Wolfeschlegelsteinhausenbergerdorff  member, youth  Wolfeschl  -
                                                                        egelstein
                                                                        hausenber
                                                                        gerdorff
            102 found; this is page 2 of 3: --page
        "#]]
        .assert_eq(&text);
        assert_eq!(
            super::people(&read(&page(Vec::new())), Paint::Off),
            "nothing: nobody was found\n"
        );
    }

    #[test]
    fn roles_say_who_has_them() {
        let role = |key: &str, name: &str, people: &[(u32, &str)]| RoleView {
            key: key.to_owned(),
            name: name.to_owned(),
            own: false,
            rights: Vec::new(),
            allows: Vec::new(),
            people: people
                .iter()
                .map(|(number, name)| (*number, (*name).to_owned()))
                .collect(),
        };
        let roles = vec![
            role("steward", "Steward", &[(1, "Ana Öberg"), (2, "Ben Okafor")]),
            role("own-1", "Front desk", &[]),
        ];
        expect![[r"
            KEY      ROLE        WHO HAS IT
            steward  Steward     Ana Öberg (1), Ben Okafor (2)
            own-1    Front desk  nobody
        "]]
        .assert_eq(&super::roles(&read(&RolesView { roles }), Paint::Off));
    }

    #[test]
    fn what_waits_says_for_whom_and_until_when() {
        let view = WaitingView {
            number: 7,
            act: "give-roles",
            by: 1,
            by_name: "Ana Öberg".to_owned(),
            person: Some(2),
            person_name: Some("Ben Okafor".to_owned()),
            words: "gets the role Treasurer".to_owned(),
            why: None,
            at_ms: 1_781_615_000_000,
            until_ms: 1_782_219_800_000,
            agreed: false,
            mine: true,
            may_decide: false,
        };
        assert_eq!(
            super::waiting(&read::<Vec<Waiting>>(&vec![view]), &wall()),
            "   7  Ben Okafor: gets the role Treasurer. Asked for by Ana Öberg; somebody else\n      \
             must agree; it ends 2026-06-23 14:03\n"
        );
        assert_eq!(
            super::waiting(&[], &wall()),
            "nothing waits for a second person\n"
        );
    }

    #[test]
    fn what_was_done_is_said_in_a_line() {
        let together = |waits: Option<u32>| TogetherView {
            done: waits.is_none(),
            waits,
        };
        assert_eq!(read::<Done>(&together(None)).words(), "Done.\n");
        assert_eq!(
            read::<Done>(&together(Some(7))).words(),
            "It waits for a second person as number 7: hearth members agree 7\n"
        );
        let code = SlipView {
            words: ["acid", "bamboo", "fox", "garden"],
            until_ms: 1_781_618_700_000,
        };
        expect![[r"
            The slip: acid bamboo fox garden
            It is good once, until 2026-06-16 15:05. It cannot be shown again.
        "]]
        .assert_eq(&super::slip(&read(&code), &wall()));
        let user = UserView {
            uid: 1000,
            person: 12,
            name: "Cleo Marsh".to_owned(),
        };
        expect![[r"
            USER  PERSON  NAME
            1000      12  Cleo Marsh
        "]]
        .assert_eq(&super::users(&read::<Vec<User>>(&vec![user]), Paint::Off));
    }
}
