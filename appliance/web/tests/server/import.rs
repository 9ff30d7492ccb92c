//! A table of people from the file to the book and back again, as stewards do it without script; and what must be
//! refused.

use store::RowChange;
use units::PersonId;

use crate::browser::{ANA, BEN, Browser, hidden, house, signed_in};
use crate::house::House;

const IMPORT: &str = "/members/import";
const TABLE: &str = "/members/import/table";
const PREVIEW: &str = "/members/import/preview";
const COMMIT: &str = "/members/import/commit";

const PEOPLE: &str = "Name,Email,Joined,Class,Note\nAna Öberg,ana@example.org,25/12/2019,member,=1+1\n\
    Cy Ng,cy@example.org,1/2/2020,member,\nDee,,31/2/2020,youth,<b>\n,x@example.org,,,\n";

/// Every row of the book that an import may change.
fn book(house: &House) -> Vec<(&'static str, store::Row)> {
    let tables = ["people", "households", "memberships", "register"];
    let rows = tables.into_iter().flat_map(|table| {
        let rows = house.store.rows(table, (&[], None), 10_000).expect("readable");
        rows.into_iter().map(move |row| (table, row))
    });
    rows.collect()
}

async fn hand_in(browser: &mut Browser<'_>, file: &str) -> String {
    let page = browser.get(IMPORT).await.text();
    let reply = browser.upload(IMPORT, &page, ("members.csv", file)).await;
    assert_eq!(reply.header("location"), TABLE, "{}", reply.text());
    browser.get(TABLE).await.text()
}

/// What stands chosen in the form of the columns.
fn chosen(page: &str) -> Vec<(String, String)> {
    let selects = page.split("<select id=\"").skip(1);
    let form = selects.map(|select| {
        let name = select.split('"').next().expect("a name").to_owned();
        let select = select.split("</select>").next().expect("an end");
        let option = select
            .split("<option value=\"")
            .find(|option| option.contains("\" selected"));
        let value = option
            .and_then(|option| option.split('"').next())
            .unwrap_or_default();
        (name, value.to_owned())
    });
    form.collect()
}

async fn say_columns(browser: &mut Browser<'_>, page: &str, other: &[(&str, &str)]) -> crate::client::Reply {
    let form = chosen(page);
    let said = |name: &str| {
        other
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    };
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), said(name).unwrap_or(value)))
        .collect();
    browser.submit(TABLE, page, &form).await
}

async fn read_in(browser: &mut Browser<'_>, file: &str) -> crate::client::Reply {
    let page = hand_in(browser, file).await;
    let reply = say_columns(browser, &page, &[]).await;
    assert_eq!(reply.header("location"), PREVIEW, "{}", reply.text());
    let page = browser.get(PREVIEW).await.text();
    let seen = hidden(&page, COMMIT, "seen");
    browser.submit(COMMIT, &page, &[("seen", &seen)]).await
}

/// What the record says, the newest first.
fn record(house: &House) -> Vec<String> {
    let lines = house.store.audit_entries(None, 100).expect("readable");
    let said = lines
        .into_iter()
        .map(|line| format!("{} {} {}", line.entry.act, line.entry.subject, line.entry.detail));
    said.collect()
}

#[tokio::test]
async fn a_table_is_looked_at_read_in_and_undone_to_the_byte() {
    let house = house().await;
    let before = book(&house);
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let columns = hand_in(&mut steward, PEOPLE).await;
    assert!(
        columns.contains("members.csv") && columns.contains("4 rows, as text in UTF-8, parted by a comma."),
        "{columns}"
    );
    assert!(
        columns.contains("<option value=\"date of joining\" selected>"),
        "{columns}"
    );
    assert_eq!(
        steward.get(TABLE).await.text().len(),
        columns.len(),
        "it survives a reload"
    );
    let reply = say_columns(&mut steward, &columns, &[]).await;
    assert_eq!(reply.header("location"), PREVIEW, "{}", reply.text());
    let page = steward.get(PREVIEW).await.text();
    for told in [
        "New: 2",
        "Not taken: 2",
        "There is no name in this row",
        "may be the same person",
        "Date of joining: this is no day that there is",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(book(&house), before, "a look changes nothing");
    let reply = steward.submit(PREVIEW, &page, &[("row-2", "person-1")]).await;
    assert_eq!(reply.header("location"), PREVIEW, "{}", reply.text());
    let page = steward.get(PREVIEW).await.text();
    assert!(
        page.contains("Changes person 1: notes, e-mail, state of membership"),
        "{page}"
    );
    let report = steward.get("/members/import/preview.csv").await;
    assert!(report.header("content-disposition").contains("import-report.csv"));
    let seen = hidden(&page, COMMIT, "seen");
    let reply = steward.submit(COMMIT, &page, &[("seen", &seen)]).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=in",
        "{}",
        reply.text()
    );
    assert_eq!(book(&house).len(), before.len() + 8);
    let past = steward.get("/members/import/1").await.text();
    assert!(
        past.contains("2 new, 1 changed") && past.contains("Row 5: There is no name"),
        "{past}"
    );
    // A form that is sent twice reads nothing in twice.
    let again = steward.submit(COMMIT, &page, &[("seen", &seen)]).await;
    assert_eq!(again.status, 404, "{}", again.text());
    // The columns are remembered, and the same table says nothing new.
    let columns = hand_in(&mut steward, PEOPLE).await;
    say_columns(&mut steward, &columns, &[]).await;
    let page = steward.get(PREVIEW).await.text();
    assert!(page.contains("Nothing in this table is new"), "{page}");
    let undo = steward.submit("/members/import/1/undo", &past, &[]).await;
    assert_eq!(
        undo.header("location"),
        "/members/import/1?done=undone",
        "{}",
        undo.text()
    );
    assert_eq!(book(&house), before);
    let record = record(&house);
    assert!(
        record.contains(&"undo-import import 1 9 rows undone, 0 stayed".to_owned()),
        "{record:?}"
    );
    assert!(
        record.contains(&"import-table import 1 2 new, 1 changed, 1 not taken".to_owned()),
        "{record:?}"
    );
}

#[tokio::test]
async fn whoever_comes_in_as_a_member_stands_in_the_register_until_it_is_undone() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let before = book(&house);
    let registered = || {
        let entries = book(&house).into_iter().filter(|(table, _)| *table == "register");
        entries.count()
    };
    read_in(
        &mut steward,
        "Name,Class,Joined\nCy Ng,member,25/12/2019\nDee,,\n",
    )
    .await;
    assert_eq!(registered(), 1, "Cy, and nobody who is no member");
    let page = steward.get("/members/register").await.text();
    assert!(page.contains("Cy Ng"), "{page}");
    let past = steward.get("/members/import/1").await.text();
    steward.submit("/members/import/1/undo", &past, &[]).await;
    assert_eq!(book(&house), before);
}

#[tokio::test]
async fn whoever_may_not_is_refused_and_nothing_changes() {
    let house = house().await;
    let mut member = signed_in(&house, ANA, &[]).await;
    let before = book(&house);
    for path in [
        IMPORT,
        TABLE,
        PREVIEW,
        "/members/import/1",
        "/members/import/preview.csv",
    ] {
        assert_eq!(member.get(path).await.status, 403, "{path}");
    }
    let reply = member.upload(IMPORT, "", ("a.csv", PEOPLE)).await;
    assert_eq!(reply.status, 403, "{}", reply.text());
    for path in [TABLE, PREVIEW, COMMIT, "/members/import/1/undo"] {
        let status = member.post(path, &[("token", "x")]).await.status;
        assert!(status == 403, "{path}: {status}");
    }
    let mut stranger = Browser::new(&house);
    let reply = stranger.upload(IMPORT, "", ("a.csv", PEOPLE)).await;
    assert_eq!(reply.status, 303);
    assert_eq!(book(&house), before);
}

#[tokio::test]
async fn a_file_that_is_too_large_or_no_table_is_refused_beside_its_field() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let page = steward.get(IMPORT).await.text();
    let large = "x".repeat((8 << 20) + 1);
    let reply = steward.upload(IMPORT, &page, ("a.csv", &large)).await;
    let text = reply.text();
    assert_eq!(reply.status, 413, "{text}");
    assert!(
        text.contains("larger than 8 MB") && text.contains("aria-invalid=\"true\""),
        "{text}"
    );
    for (file, told) in [
        ("", "No file was chosen"),
        ("%PDF-1.7", "This is a PDF"),
        ("PK\u{3}\u{4}xx", "This file is damaged"),
    ] {
        let reply = steward.upload(IMPORT, &page, ("a.csv", file)).await;
        let text = reply.text();
        assert!(
            matches!(reply.status, 400 | 422) && text.contains(told),
            "{told}: {text}"
        );
    }
    let reply = steward.post(IMPORT, &[("token", "x")]).await;
    assert_eq!(reply.status, 400, "{}", reply.text());
}

#[tokio::test]
async fn days_that_can_be_read_in_two_ways_are_asked_for() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let page = hand_in(&mut steward, "Name,Joined,Class\nCy,1/2/2020,member\n").await;
    let reply = say_columns(&mut steward, &page, &[]).await;
    let text = reply.text();
    assert_eq!(reply.status, 422, "{text}");
    assert!(
        text.contains("whether the day or the month stands first"),
        "{text}"
    );
    let reply = say_columns(&mut steward, &page, &[("order", "day first")]).await;
    assert_eq!(reply.header("location"), PREVIEW, "{}", reply.text());
}

#[tokio::test]
async fn the_tables_of_two_stewards_do_not_mix() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let mut ana = signed_in(&house, ANA, &["membership"]).await;
    hand_in(&mut ben, "Name\nCy\n").await;
    let of_ana = hand_in(&mut ana, "Name\nDee\n").await;
    let of_ben = ben.get(TABLE).await.text();
    assert!(of_ben.contains("Cy") && !of_ben.contains("Dee"));
    assert!(of_ana.contains("Dee") && !of_ana.contains("Cy"));
    // What was seen before somebody else read a table in is looked at again.
    say_columns(&mut ben, &of_ben, &[]).await;
    let page = ben.get(PREVIEW).await.text();
    read_in(&mut ana, "Name\nCy\n").await;
    let seen = hidden(&page, COMMIT, "seen");
    let reply = ben.submit(COMMIT, &page, &[("seen", &seen)]).await;
    assert_eq!(reply.status, 409, "{}", reply.text());
}

#[tokio::test]
async fn a_row_that_changed_since_stays_and_is_told() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let before = book(&house);
    read_in(&mut steward, "Name,Tags\nCy,a\nDee,b\n").await;
    let cy = PersonId::new(3);
    let key = members::record::Key::to_key(&cy);
    let now = house.store.row("people", &key).expect("readable");
    let mut record =
        <members::person::Person as members::record::Record>::decode(now.as_deref().expect("there"))
            .expect("sound");
    record.note = Some("came by".to_owned());
    let row = RowChange {
        table: "people",
        key,
        before: now,
        after: Some(members::record::Record::encode(&record)),
    };
    let (rows, lines) = (vec![row], Vec::new());
    house
        .store
        .change(store::Change { rows, lines })
        .expect("written");
    let page = steward.get("/members/import/1").await.text();
    assert!(
        page.contains("<li>Cy</li>") && page.contains("Undo all the others"),
        "{page}"
    );
    let all = steward.submit("/members/import/1/undo", &page, &[]).await;
    assert_eq!(all.status, 409, "{}", all.text());
    let others = steward
        .submit("/members/import/1/undo", &page, &[("others", "yes")])
        .await;
    assert_eq!(others.status, 303, "{}", others.text());
    assert_eq!(book(&house).len(), before.len() + 1);
    let page = steward.get("/members/import/1").await.text();
    assert!(page.contains("but for rows that had changed since: 1"), "{page}");
}

#[tokio::test]
async fn a_number_of_something_else_is_not_taken_for_somebody_who_is_new() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let asked = members::request::Request {
        person: BEN,
        kind: members::request::RequestKind::Copy,
        asked: jiff::civil::date(2026, 6, 1),
        channel: members::request::Channel::Paper,
        words: None,
        acknowledged: None,
        closed: None,
        outcome: None,
        by: None,
        entered: units::Instant::from_millis(0),
        newer: members::record::Newer::default(),
    };
    // The third request, when the third person comes in.
    let row = RowChange {
        table: "requests",
        key: vec![0, 0, 0, 3],
        before: None,
        after: Some(members::record::Record::encode(&asked)),
    };
    let change = store::Change {
        rows: vec![row],
        lines: Vec::new(),
    };
    house.store.change(change).expect("written");
    let before = book(&house);
    let reply = read_in(&mut steward, "Name\nCy Ng\n").await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=in",
        "{}",
        reply.text()
    );
    assert!(book(&house).len() > before.len());
    let past = steward.get("/members/import/1").await.text();
    assert!(!past.contains("Somebody has changed these since"), "{past}");
    let undo = "/members/import/1/undo";
    let reply = steward.submit(undo, &past, &[]).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=undone",
        "{}",
        reply.text()
    );
    assert_eq!(book(&house), before);
}

#[tokio::test]
async fn questions_and_tags_of_the_house_come_in_with_a_table_and_go_again() {
    let house = house().await;
    let ben = acts::Actor::Member {
        person: BEN,
        rights: acts::Right::ALL.iter().copied().collect(),
    };
    let typed = |pairs: &[(&str, &str)]| {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        owned.collect()
    };
    let question = typed(&[
        ("label", "Shirt size"),
        ("why", "To order shirts"),
        ("kind", "one of these answers"),
        ("choices", "small\nlarge"),
    ]);
    house
        .acts
        .define_field(&ben, None, &question)
        .await
        .expect("defined");
    let tag = typed(&[("tag-name", "Choir"), ("tag-meaning", "Sings on Tuesdays")]);
    house.acts.define_tag(&ben, &tag).await.expect("defined");
    let before = book(&house);
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let table = "Name,Email,Shirt,Sings,Class\nCy,cy@example.org,LARGE,yes,Associate\nDee,dee@example.org,huge,perhaps,pirates\n";
    let columns = hand_in(&mut steward, table).await;
    assert!(
        columns.contains("<option value=\"question:shirt-size\">")
            && columns.contains("tag “Choir”, yes or no"),
        "{columns}"
    );
    let said = [
        ("c2", "question:shirt-size"),
        ("c3", "tag:Choir"),
        ("class", "member"),
    ];
    let reply = say_columns(&mut steward, &columns, &said).await;
    assert_eq!(reply.header("location"), PREVIEW, "{}", reply.text());
    let page = steward.get(PREVIEW).await.text();
    for told in [
        "Shirt size: this is none of the answers that the house offers: small, large",
        "Tag Choir: this is neither yes nor no",
        "Class of membership: the house has no class of membership of this name",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let seen = hidden(&page, COMMIT, "seen");
    let reply = steward.submit(COMMIT, &page, &[("seen", &seen)]).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=in",
        "{}",
        reply.text()
    );
    let all = house
        .acts
        .look_through(&ben, "everybody")
        .await
        .expect("readable");
    let cy = all.people.get(&PersonId::new(3)).expect("Cy");
    assert_eq!(cy.custom.get("shirt-size").map(String::as_str), Some("large"));
    assert!(cy.tags.contains("Choir"));
    let classes: Vec<&str> = all
        .memberships
        .values()
        .map(members::membership::Membership::class)
        .collect();
    assert_eq!(classes, ["associate", "member"]);
    let past = steward.get("/members/import/1").await.text();
    steward.submit("/members/import/1/undo", &past, &[]).await;
    assert_eq!(book(&house), before);
}
