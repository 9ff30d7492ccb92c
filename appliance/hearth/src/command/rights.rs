//! `hearth acts`: every act, what right it needs, and who has it, from the table of acts.

use serde::Deserialize;
use system::client::Client;

use super::Fault;
use super::out::{Form, Out, Paint, Tone};
use super::table::{Cell, Stand, Table};

/// A right within one part of the house.
#[derive(Debug, Clone, Deserialize)]
struct Right {
    part: String,
    allows: String,
    who: String,
    roles: Vec<String>,
    people: Vec<String>,
    acts: Vec<Act>,
}

/// One act.
#[derive(Debug, Clone, Deserialize)]
struct Act {
    name: String,
    takes_two: bool,
}

pub(super) async fn answer(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let answer = client.who_can().await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    out.text(&show(&serde_json::from_str::<Vec<Right>>(&answer)?, out.paint))
}

fn show(rights: &[Right], paint: Paint) -> String {
    let mut table = Table::new(&[
        ("PART", Stand::Left),
        ("ACT", Stand::Left),
        ("TAKES", Stand::Left),
        ("WHO", Stand::Wrap),
    ]);
    for right in rights {
        let who = who(right);
        for (at, act) in right.acts.iter().enumerate() {
            let takes = if act.takes_two {
                Cell::toned(Tone::Warn, "two")
            } else {
                "one".into()
            };
            // Who may is said once for the acts that stand together.
            let who = if at == 0 { who.as_str() } else { "\"" };
            table.row([
                right.part.as_str().into(),
                act.name.as_str().into(),
                takes,
                who.into(),
            ]);
        }
    }
    table.show(paint)
}

fn who(right: &Right) -> String {
    match right.who.as_str() {
        "everybody" => "everybody".to_owned(),
        "signed-in" => "everybody who is signed in".to_owned(),
        "at-the-machine" => "whoever is at the machine".to_owned(),
        _ if right.roles.is_empty() => format!("no role may {}", right.allows),
        _ => {
            let people = if right.people.is_empty() {
                String::new()
            } else {
                format!(" ({})", right.people.join(", "))
            };
            format!("{}{people}", right.roles.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use acts::roles::{ActView, RightView, WhoMay};
    use expect_test::expect;

    use super::super::out::Paint;
    use super::super::samples::read;
    use super::{Right, show};

    fn right(who: WhoMay, roles: &[&str], people: &[&str]) -> RightView {
        let act = |name, takes_two| ActView {
            name,
            sentence: "did it",
            takes_two,
        };
        RightView {
            part: "roles",
            right: "change-roles",
            allows: "give and take roles",
            who,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            people: people.iter().map(|name| (*name).to_owned()).collect(),
            acts: vec![act("give-roles", true), act("bind-user", false)],
        }
    }

    #[test]
    fn each_act_says_who_may_do_it() {
        let rights = [
            right(
                WhoMay::Roles,
                &["Steward", "Front desk"],
                &["Ana Öberg", "Ben Okafor"],
            ),
            right(WhoMay::SignedIn, &[], &[]),
            right(WhoMay::Roles, &[], &[]),
        ];
        expect![[r#"
            PART   ACT         TAKES  WHO
            roles  give-roles  two    Steward, Front desk (Ana Öberg, Ben Okafor)
            roles  bind-user   one    "
            roles  give-roles  two    everybody who is signed in
            roles  bind-user   one    "
            roles  give-roles  two    no role may give and take roles
            roles  bind-user   one    "
        "#]]
        .assert_eq(&show(&read::<Vec<Right>>(&rights.to_vec()), Paint::Off));
    }
}
