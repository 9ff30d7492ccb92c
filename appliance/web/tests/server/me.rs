//! One's own pages from outside: what is kept is shown with its reasons, put right with a form, and whoever looked is
//! named.

use acts::{Actor, Right};
use members::household::Household;
use members::person::Person;
use members::record::{Key, Record};
use store::{Change, RowChange};
use units::HouseholdId;

use crate::browser::{ANA, BEN, house, signed_in};
use crate::house::House;
use crate::people::with_seen;

/// Ana lives in a household, alone.
fn with_household(house: &House) {
    let home = HouseholdId::new(1);
    let row = |table, key: Vec<u8>, after| RowChange {
        table,
        before: house.store.row(table, &key).expect("readable"),
        key,
        after: Some(after),
    };
    let bytes = house.store.row("people", &ANA.to_key()).expect("readable");
    let mut ana = Person::decode(&bytes.expect("in the book")).expect("sound");
    ana.household = Some(home);
    let rows = vec![
        row("people", ANA.to_key(), ana.encode()),
        row("households", home.to_key(), Household::new().encode()),
    ];
    let lines = Vec::new();
    house.store.change(Change { rows, lines }).expect("written");
}

#[tokio::test]
async fn people_see_everything_kept_about_them_with_its_reasons() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let hub = ana.get("/me").await.text();
    assert!(hub.contains("Hello, Ana Öberg"), "{hub}");
    let page = ana.get("/me/data").await;
    assert_eq!(page.header("cache-control"), "no-store");
    let page = page.text();
    for wanted in [
        "Ana Öberg",
        "Your membership needs it.",
        "It goes a year after you leave.",
        "Where somebody is signed in",
        "Devices where somebody signed in",
        "Slips to sign in with",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert!(!page.contains("Ben Okafor"), "nobody else stands there");
}

#[tokio::test]
async fn people_put_themselves_right_and_a_form_works_once() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/entry").await.text();
    let form = [
        ("name", "Ana Berg"),
        ("email", "ana@example.org"),
        ("address", "1 High Street"),
        ("listing", "name shown to members"),
    ];
    let reply = ana.submit("/me/entry", &page, &form).await;
    assert_eq!(reply.header("location"), "/me?done=entry", "{}", reply.text());
    let after = ana.get("/me?done=entry").await.text();
    assert!(after.contains("It stands in the members’ book now."));
    let again = ana.submit("/me/entry", &page, &form).await;
    assert_eq!(again.status, 403, "the page is older than the entry");
    let shown = ana.get("/me/entry").await.text();
    let bad = [("name", "  "), ("email", "<ana>")];
    let refused = ana.submit("/me/entry", &shown, &bad).await;
    assert_eq!(refused.status, 422);
    let refused = refused.text();
    assert!(refused.contains("An e-mail address has an @ in it"));
    assert!(
        refused.contains("value=\"&#60;ana&#62;\""),
        "what was typed stays"
    );
    let lines = ana.get("/me/looks?own=true").await.text();
    assert!(
        lines.contains("Ana Berg changed what is written about themselves") && lines.contains("name, ways"),
        "{lines}"
    );
}

#[tokio::test]
async fn people_answer_the_questions_that_are_marked_as_theirs() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let rules = ben.get("/members/rules").await.text();
    let own = [
        ("label", "Shirt <size>"),
        ("why", "To order shirts"),
        ("kind", "one of these answers"),
        ("choices", "small\nlarge"),
        ("own", "yes"),
    ];
    let remark = [("label", "Remark"), ("why", "For the desk"), ("kind", "words")];
    for question in [&own[..], &remark[..]] {
        let kept = ben.submit("/members/rules/question", &rules, question).await;
        assert_eq!(kept.status, 303, "{}", kept.text());
    }
    let edit = "/people/1/edit/custom";
    let page = ben.get(edit).await.text();
    let written = with_seen(&page, edit, &[("custom-remark", "rings twice")]);
    assert_eq!(ben.submit(edit, &page, &written).await.status, 303);

    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/entry").await.text();
    assert!(
        page.contains("Shirt &#60;size&#62;") && page.contains("Why we ask: To order shirts."),
        "{page}"
    );
    assert!(
        !page.contains("Remark") && !page.contains("rings twice"),
        "{page}"
    );
    let kept_of_ana = ana.get("/me/data").await.text();
    assert!(
        kept_of_ana.contains("rings twice"),
        "everybody reads all that is written of them: {kept_of_ana}"
    );
    let wrong = [("name", "Ana Öberg"), ("custom-shirt-size", "<huge>")];
    let refused = ana.submit("/me/entry", &page, &wrong).await;
    assert!(
        refused.status == 422 && refused.text().contains("Choose one of the list."),
        "{}",
        refused.text()
    );
    let answered = [
        ("name", "Ana Öberg"),
        ("custom-shirt-size", "large"),
        ("custom-remark", "nothing"),
    ];
    let kept = ana.submit("/me/entry", &page, &answered).await;
    assert_eq!(kept.header("location"), "/me?done=entry", "{}", kept.text());
    let one = ben.get("/people/1").await.text();
    assert!(
        one.contains("<bdi>large</bdi>") && one.contains("<bdi>rings twice</bdi>"),
        "{one}"
    );
}

#[tokio::test]
async fn a_household_is_changed_by_its_adults() {
    let house = house().await;
    with_household(&house);
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/household").await.text();
    assert!(page.contains("Here live: Ana Öberg."), "{page}");
    let form = [("name", "The Bergs"), ("letters", "one for each")];
    let reply = ana.submit("/me/household", &page, &form).await;
    assert_eq!(reply.header("location"), "/me?done=household", "{}", reply.text());
    let mut ben = signed_in(&house, BEN, &[]).await;
    assert_eq!(ben.get("/me/household").await.status, 404);
}

#[tokio::test]
async fn whoever_looked_is_named_to_the_person_and_to_nobody_else() {
    let house = house().await;
    let steward = Actor::Member {
        person: BEN,
        rights: [Right::LookPeople].into(),
    };
    house
        .acts
        .look_through(&steward, "a list")
        .await
        .expect("they may");
    let mut ana = signed_in(&house, ANA, &[]).await;
    let looks = ana.get("/me/looks").await.text();
    assert!(
        looks.contains("Ben Okafor looked through the members&#39; book")
            && looks.contains("It was about everybody, so about you too."),
        "{looks}"
    );
    let public = house.get("/api/v1/audit?count=500").await.text();
    assert!(!public.contains("looked through"), "{public}");
    for path in ["/me", "/me/data", "/me/entry", "/me/household", "/me/looks"] {
        let asked = house.get(path).await;
        assert!(asked.header("location").starts_with("/sign-in"), "{path}");
    }
}

#[tokio::test]
async fn people_take_their_data_along_as_a_letter_and_as_a_file() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/copy").await.text();
    let letter = ana.submit("/me/copy", &page, &[]).await;
    assert_eq!(letter.header("cache-control"), "no-store");
    let letter = letter.text();
    assert!(
        letter.contains("What we keep about Ana Öberg") && letter.contains("Where somebody is signed in"),
        "{letter}"
    );
    let file = ana.submit("/me/copy.json", &page, &[]).await;
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"my-data.json\""
    );
    assert_eq!(file.json()["name"], "Ana Öberg");
}

#[tokio::test]
async fn people_ask_complain_say_yes_and_leave() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/requests").await.text();
    let wordless = ana
        .submit("/me/requests", &page, &[("kind", "complaint"), ("words", " ")])
        .await;
    assert_eq!(wordless.status, 422);
    let form = [("kind", "complaint"), ("words", "You looked <too> often")];
    let asked = ana.submit("/me/requests", &page, &form).await;
    assert_eq!(asked.header("location"), "/me/requests?done=asked");
    let replayed = ana.submit("/me/requests", &page, &form).await;
    assert_eq!(replayed.status, 403, "a form works once");
    let page = ana.get("/me/requests?done=asked").await.text();
    assert!(
        page.contains("30 days left") && page.contains("You looked &#60;too&#62; often"),
        "{page}"
    );
    let page = ana.get("/me/consents").await.text();
    let yes = [("matter", "news"), ("answer", "yes")];
    let said = ana.submit("/me/consents", &page, &yes).await;
    assert_eq!(said.header("location"), "/me/consents?done=said");
    let page = ana.get("/me/consents").await.text();
    assert!(
        page.contains("Yes on Tuesday 16 June 2026 (page)") && page.contains("Take it back"),
        "{page}"
    );
    let page = ana.get("/me/leave").await.text();
    assert!(page.contains("You are no member here"), "{page}");
    assert_eq!(ana.get("/me/members").await.status, 404);
}

#[tokio::test]
async fn a_steward_copies_answers_and_erases_and_others_may_not() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/requests").await.text();
    let form = [("kind", "erasure"), ("words", "Forget me")];
    ana.submit("/me/requests", &page, &form).await;
    for path in [
        "/data",
        "/people/2/data",
        "/people/2/erase",
        "/data/keeping",
        "/record",
    ] {
        assert_eq!(ana.get(path).await.status, 403, "{path}");
    }
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let desk = ben.get("/data").await.text();
    assert!(desk.contains("1. Being forgotten: Ana Öberg"), "{desk}");
    let page = ben.get("/people/1/data").await.text();
    let no_reason = ben.submit("/people/1/data/copy", &page, &[("why", " ")]).await;
    assert_eq!(no_reason.status, 422);
    let copied = ben
        .submit(
            "/people/1/data/copy",
            &page,
            &[("why", "she asked"), ("format", "file")],
        )
        .await;
    assert_eq!(copied.json()["person"], 1);
    let wrote = [("kind", "copy"), ("channel", "phone"), ("asked", "2026-06-01")];
    let taken = ben.submit("/people/1/data/request", &page, &wrote).await;
    assert_eq!(
        taken.header("location"),
        "/people/1/data?done=request",
        "{}",
        taken.text()
    );
    let record = ben.get("/record?person=1&check=true").await.text();
    assert!(
        record.contains("are as they were written.") && record.contains("Why: she asked"),
        "{record}"
    );
    let table = ben.get("/record/file?act=copy-data&format=csv").await.text();
    assert!(
        table.contains("copy-data") && !table.contains("sign-in"),
        "{table}"
    );
    let lines = ben.get("/record/file?format=json").await.text();
    assert!(lines.lines().count() > 5 && lines.starts_with('{'), "{lines}");
    let page = ben.get("/people/1/erase").await.text();
    assert!(
        page.contains("Where somebody is signed in: one entry")
            && page.contains("Requests: 2 entries, until"),
        "{page}"
    );
    let erased = ben
        .submit("/people/1/erase", &page, &[("why", "she asked")])
        .await
        .text();
    assert!(erased.contains("It is erased"), "{erased}");
    assert_eq!(ben.get("/people/1/erase").await.status, 404);
    let gone = ana.get("/me").await;
    assert!(
        gone.header("location").starts_with("/sign-in"),
        "their session went too"
    );
    let keeping = ben.get("/data/keeping").await.text();
    assert!(keeping.contains("Nothing was let go yet."), "{keeping}");
}
