//! `openapi.json` and the API say the same: every route is described, every described route answers, and every
//! field of an answer is described with the kind of value it has.

use std::collections::BTreeSet;

use serde_json::Value;
use web::server::Limits;

use crate::house::House;

/// The routes as they stand in the code.
fn routes() -> BTreeSet<String> {
    let code = include_str!("../../src/api.rs");
    let named = code
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    named
        .filter(|path| path.starts_with("/api/v1/"))
        .map(str::to_owned)
        .collect()
}

/// The address of a described route with the examples of its parameters put in.
fn example(path: &str, operation: &Value) -> String {
    let (mut address, mut query) = (path.to_owned(), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name");
        let example = match &parameter["example"] {
            Value::String(text) => text.clone(),
            Value::Null => continue,
            other => other.to_string(),
        };
        match parameter["in"].as_str() {
            Some("path") => address = address.replace(&format!("{{{name}}}"), &example),
            _ => query.push(format!("{name}={example}")),
        }
    }
    if query.is_empty() {
        address
    } else {
        format!("{address}?{}", query.join("&"))
    }
}

/// Says where a value is not as it is described.
fn differences(place: &str, value: &Value, schema: &Value, all: &Value) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/components/schemas/");
        return match &all[name] {
            Value::Null => vec![format!("{place}: {name} is not described")],
            schema => differences(place, value, schema, all),
        };
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices
            .iter()
            .any(|choice| differences(place, value, choice, all).is_empty());
        return if fits {
            Vec::new()
        } else {
            vec![format!("{place}: fits no choice: {value}")]
        };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        return vec![format!("{place}: {kind} is not {kinds:?}")];
    }
    match value {
        Value::Object(_) => fields(place, value, schema, all),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, item)| {
                let own = &schema["prefixItems"][at];
                let schema = if own.is_null() { &schema["items"] } else { own };
                differences(&format!("{place}[]"), item, schema, all)
            })
            .collect(),
        Value::String(_) if schema["enum"].is_array() => {
            let known = schema["enum"]
                .as_array()
                .is_some_and(|known| known.contains(value));
            if known {
                Vec::new()
            } else {
                vec![format!("{place}: {value} is not among the words")]
            }
        }
        _ => Vec::new(),
    }
}

fn fields(place: &str, value: &Value, schema: &Value, all: &Value) -> Vec<String> {
    let names = |object: &Value| -> BTreeSet<String> {
        object
            .as_object()
            .map(|object| object.keys().cloned().collect())
            .unwrap_or_default()
    };
    let (has, described) = (names(value), names(&schema["properties"]));
    let required: BTreeSet<String> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect();
    let mut found: Vec<String> = has
        .difference(&described)
        .map(|name| format!("{place}.{name} is not described"))
        .collect();
    found.extend(
        described
            .difference(&has)
            .map(|name| format!("{place}.{name} is described and not there")),
    );
    found.extend(
        described
            .symmetric_difference(&required)
            .map(|name| format!("{place}.{name} is always there")),
    );
    for name in has.intersection(&described) {
        found.extend(differences(
            &format!("{place}.{name}"),
            &value[name],
            &schema["properties"][name],
            all,
        ));
    }
    found
}

#[tokio::test]
async fn the_description_is_true() {
    let house = House::open(Limits::default()).await;
    house
        .store
        .audit(store::AuditEntry {
            actor: "somebody at the page".to_owned(),
            via: "page".to_owned(),
            subject: "site.toml".to_owned(),
            ..store::AuditEntry::new(units::Instant::from_millis(crate::house::NOON), "reload")
        })
        .expect("written");
    let reply = house.get("/api/openapi.json").await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, "application/json")
    );
    let description = reply.json();
    let paths = description["paths"].as_object().expect("paths");
    assert_eq!(paths.keys().cloned().collect::<BTreeSet<_>>(), routes());
    let schemas = &description["components"]["schemas"];
    for (path, operations) in paths {
        let operation = &operations["get"];
        let answer = house.get(&example(path, operation)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let value = answer.json();
        assert_ne!(value, serde_json::json!([]), "{path} shows nothing to compare");
        let found = differences(path, &value, schema, schemas);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[tokio::test]
async fn a_field_that_is_not_described_is_noticed() {
    let house = House::open(Limits::default()).await;
    let description = house.get("/api/openapi.json").await.json();
    let mut schemas = description["components"]["schemas"].clone();
    let power = house.get("/api/v1/power").await.json();
    let schema = serde_json::json!({ "$ref": "#/components/schemas/Power" });
    assert!(differences("power", &power, &schema, &schemas).is_empty());
    schemas["Power"]["properties"]
        .as_object_mut()
        .expect("fields")
        .remove("production_w");
    assert!(!differences("power", &power, &schema, &schemas).is_empty());
    let other = serde_json::json!({ "type": "string" });
    assert_eq!(
        differences("power", &power["at_ms"], &other, &schemas),
        ["power: integer is not [\"string\"]"]
    );
}
