//! Files built into the program: kept by browsers for a year under their hashed name, small, and the same in every
//! dress.

use web::embed::url;
use web::server::Limits;

use crate::house::House;

/// A file that is always there.
const NAME: &str = "api/openapi.json";

#[tokio::test]
async fn a_hashed_name_may_be_kept_for_a_year() {
    let house = House::open(Limits::default()).await;
    let name = url(NAME);
    let hash = name
        .strip_prefix("/assets/api/openapi.")
        .and_then(|rest| rest.strip_suffix(".json"))
        .expect("a hash");
    assert!(
        hash.len() == 8 && hash.chars().all(|letter| letter.is_ascii_hexdigit()),
        "{name}"
    );
    let plain = house.get(name).await;
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for coding in ["br", "gzip"] {
        let packed = house.ask("GET", name, &[("accept-encoding", coding)]).await;
        assert_eq!(
            (packed.header("content-encoding"), packed.header("vary")),
            (coding, "accept-encoding")
        );
        assert_eq!(packed.text(), plain.text());
        assert!(packed.body.len() * 3 < plain.body.len());
        assert_ne!(
            packed.header("etag"),
            plain.header("etag"),
            "other bytes, another version"
        );
        let again = house
            .ask(
                "GET",
                name,
                &[
                    ("accept-encoding", coding),
                    ("if-none-match", packed.header("etag")),
                ],
            )
            .await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        let head = house.ask("HEAD", name, &[("accept-encoding", coding)]).await;
        assert_eq!(
            (head.header("content-length"), head.body.len()),
            (packed.header("content-length"), 0)
        );
    }
    let best = house
        .ask("GET", name, &[("accept-encoding", "gzip, deflate, br")])
        .await;
    assert_eq!(best.header("content-encoding"), "br");
}

#[tokio::test]
async fn a_plain_name_leads_to_the_present_one() {
    let house = House::open(Limits::default()).await;
    let reply = house.get(&format!("/assets/{NAME}")).await;
    assert_eq!((reply.status, reply.header("location")), (307, url(NAME)));
}

#[tokio::test]
async fn nothing_else_is_served() {
    let house = House::open(Limits::default()).await;
    for path in [
        "/assets/",
        "/assets/missing",
        "/assets/api/openapi.00000000.json",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets//etc/passwd",
        "/assets/pages/home/today.html",
        "/assets/words/en/frame.ftl",
    ] {
        assert_eq!(house.get(path).await.status, 404, "{path}");
    }
    assert_eq!(url("style/nowhere.css"), "/assets/missing");
}

#[tokio::test]
async fn the_first_page_is_small_and_its_files_may_be_kept() {
    let house = House::open(Limits::default()).await;
    let accepted = [("accept-encoding", "gzip, deflate, br")];
    let page = house.ask("GET", "/", &accepted).await;
    let (text, mut bytes, mut files) = (page.text(), page.body.len(), 0);
    for name in text.split('"').filter(|part| part.starts_with("/assets/")) {
        let file = house.ask("GET", name, &accepted).await;
        assert_eq!(file.status, 200, "{name}");
        assert!(file.header("cache-control").ends_with("immutable"), "{name}");
        // Scripts come after the first paint.
        if !name.ends_with(".js") {
            bytes += file.body.len();
        }
        files += 1;
    }
    assert!(files >= 2, "the page names {files} files");
    assert!(bytes <= 14 * 1_024, "{bytes} bytes before the first paint");
}
