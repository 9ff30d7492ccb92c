//! One person as text, and what is typed about them.

use expect_test::expect;
use system::control::{
    AddedView, FieldView, FormView, GroupView, MembershipView, OnePersonView, OtherView, TheirHouseholdView,
};

use super::super::Exit;
use super::super::out::Paint;
use super::super::samples::{NOW_MS, read, wall};

fn field(field: &str, value: &str, choices: &[&str]) -> FieldView {
    FieldView {
        field: field.to_owned(),
        label: None,
        value: value.to_owned(),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
    }
}

fn ways() -> GroupView {
    let kinds = ["phone", "mobile", "e-mail", "other"];
    GroupView {
        group: "ways",
        fields: vec![
            field(
                "reach",
                "phone",
                &["post", "phone", "text", "e-mail", "in person", "not at all"],
            ),
            field("way-kind-1", "mobile", &kinds),
            field("way-1", "07700 900123", &[]),
            field("way-note-1", "evenings", &[]),
            field("way-kind-2", "mobile", &kinds),
            field("way-2", "", &[]),
            field("way-note-2", "", &[]),
        ],
    }
}

fn other(number: u32, name: &str, what: &str) -> OtherView {
    OtherView {
        number,
        name: name.to_owned(),
        what: what.to_owned(),
    }
}

#[test]
fn a_person_is_shown_with_what_is_filled() {
    let groups = vec![
        GroupView {
            group: "name",
            fields: vec![
                field("name", "Cleo Marsh", &[]),
                field("called", "", &[]),
                field("kind", "person", &["person", "organisation"]),
            ],
        },
        ways(),
        GroupView {
            group: "notes",
            fields: vec![field("note", "", &[])],
        },
    ];
    let cleo = OnePersonView {
        number: 12,
        name: "Cleo Marsh".to_owned(),
        entered_ms: NOW_MS,
        membership: Some(MembershipView {
            status: "member",
            class: "youth".to_owned(),
            class_label: "Youth".to_owned(),
            since: Some("2026-03-01".to_owned()),
            card: Some(7),
            shares: 0,
        }),
        household: Some(TheirHouseholdView {
            number: 3,
            name: "Marsh and Okafor".to_owned(),
            people: vec![other(4, "Ben Okafor", "")],
        }),
        post: Some(vec![
            "12 Mill Lane".to_owned(),
            "Bristol".to_owned(),
            "BS5 0AA".to_owned(),
        ]),
        groups,
        relations: vec![other(1, "Ana Öberg", "child of")],
        related: vec![other(4, "Ben Okafor", "knows")],
    };
    let text = super::person(&read(&cleo), &wall(), Paint::Off);
    expect![[r#"
        Cleo Marsh (12)
          membership  member, Youth, since 2026-03-01, card 7
          household   Marsh and Okafor (3), with Ben Okafor (4)
          post to     12 Mill Lane, Bristol, BS5 0AA
          child of    Ana Öberg (1)
          known to    Ben Okafor (4) as: knows
          entered     2026-06-16 14:03

        name
          name  Cleo Marsh
          kind  person

        ways
          reach   phone
          mobile  07700 900123 (evenings)
    "#]]
    .assert_eq(&text);
    let alone = OnePersonView {
        membership: None,
        household: None,
        post: None,
        groups: Vec::new(),
        relations: Vec::new(),
        related: Vec::new(),
        ..cleo
    };
    expect![[r#"
        Cleo Marsh (12)
          membership  none
          household   none
          post to     none
          entered     2026-06-16 14:03
    "#]]
    .assert_eq(&super::person(&read(&alone), &wall(), Paint::Off));
}

#[test]
fn a_group_is_shown_with_what_may_stand_in_it() {
    let mut form = FormView {
        number: 12,
        name: "Cleo Marsh".to_owned(),
        group: ways(),
    };
    expect![[r#"
        Cleo Marsh (12): ways
        FIELD       NOW           MAY BE
        reach       phone         post, phone, text, e-mail, in person, not at all
        way-kind-1  mobile        phone, mobile, e-mail, other
        way-1       07700 900123
        way-note-1  evenings
        way-kind-2  mobile        phone, mobile, e-mail, other
        way-2
        way-note-2
    "#]]
    .assert_eq(&super::form(&read(&form), Paint::Off));
    form.group = GroupView {
        group: "tags",
        fields: Vec::new(),
    };
    assert_eq!(
        super::form(&read(&form), Paint::Off),
        "Cleo Marsh (12): tags\nnothing: the house has made no such fields\n"
    );
}

#[test]
fn somebody_new_has_a_name_that_may_be_read_from_the_input_too() {
    let typed = super::somebody("Ana", &[], true, "".as_bytes()).expect("a name");
    assert_eq!(
        (typed["name"].as_str(), typed["another"].as_str()),
        ("Ana", "yes")
    );
    let typed = super::somebody("-", &[], false, "name=Ana\nborn=1990-01-02\n".as_bytes());
    let typed = typed.expect("a name");
    assert_eq!((typed["name"].as_str(), typed.len()), ("Ana", 2));
    expect![[r#"
        In the book under the number 13: hearth members show 13
    "#]]
    .assert_eq(&super::added(&read(&AddedView { number: 13 })));
}

#[test]
fn fields_are_typed_or_read_from_the_input() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let input = "access=a ramp\n\nlines=12 Mill Lane\n".as_bytes();
    let typed = super::fields(&words(&["born=", "-", "lines=Bristol", "note=a=b"]), input).expect("fields");
    assert_eq!(
        typed.into_iter().collect::<Vec<_>>(),
        [
            ("access", "a ramp"),
            ("born", ""),
            ("lines", "12 Mill Lane\nBristol"),
            ("note", "a=b")
        ]
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
    );
    for wrong in ["mobile", "=x"] {
        let fault = super::fields(&words(&[wrong]), "".as_bytes()).expect_err(wrong);
        assert_eq!(fault.exit, Exit::Usage);
        assert!(fault.cause.contains("is no field with its value"), "{fault:?}");
    }
    let fault = super::fields(&words(&["-"]), &b"name=\xff\n"[..]).expect_err("no text");
    assert_eq!(fault.exit, Exit::Data);
}
