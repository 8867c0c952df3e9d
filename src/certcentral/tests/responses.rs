//! Conversion of responses into answers and errors.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::super::{Answer, Error, Id};
use super::server::{Act, Server, answer, error, json};
use super::session;

#[tokio::test]
async fn a_request_is_what_the_api_expects() {
    let server = Server::script(vec![json(200, "{}")]).await;
    let session = session(&server.url);
    session.get("user", &[("filters[search]", "%ä")]).await.expect("read");
    session.put("/user/1", &json!({"a": 1})).await.expect("change");
    session.post("user", &json!({})).await.expect("make");
    session.delete("user/1").await.expect("delete");

    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line.as_str()).collect();
    let read = "GET /user?filters%5Bsearch%5D=%25%C3%A4";
    assert_eq!(lines, [read, "PUT /user/1", "POST /user", "DELETE /user/1"]);
    assert_eq!(seen[1].body, r#"{"a":1}"#);
    for request in &seen {
        assert_eq!(request.headers["x-dc-devkey"], super::KEY);
        assert_eq!(request.headers["accept"], "application/json");
        assert_eq!(request.headers["content-type"], "application/json");
        assert!(request.headers["user-agent"].starts_with("terraform-provider-digicert/"));
    }
    assert_eq!(seen[0].port, seen[1].port, "connections are kept open");
    assert_ne!(seen[1].port, seen[2].port, "a POST opens a connection");
}

#[tokio::test]
async fn an_unexpected_response_to_a_read_is_described() {
    for (act, expected) in [
        (answer(200, "", ""), "HTTP 200 without a body"),
        (answer(204, "", ""), "HTTP 204 without a body"),
        (
            answer(200, "Content-Type: text/html\r\n", "<title>Log in"),
            "text/html; the body begins with \"Log in\"",
        ),
        (json(200, r#"{"a":"#), "invalid JSON"),
        (Act::Flood(2), "the body is larger than 1 MiB"),
        (
            json(200, &format!("[{}0]", "0,".repeat(60_000))),
            "the body has more than 50000 JSON values",
        ),
    ] {
        let server = Server::script(vec![act]).await;
        let result = session(&server.url).get("x", &[]).await.map(Answer::into_json);
        let error = result.expect_err(expected);
        assert!(matches!(error, Error::Decode { .. }) && !error.effect_unknown());
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn the_response_to_a_write_may_be_empty_but_not_html() {
    let server = Server::script(vec![answer(204, "", ""), answer(201, "", "")]).await;
    let empty = session(&server.url);
    let null = |result: Result<Answer, Error>| result.map(Answer::into_json).expect("null");
    assert_eq!(null(empty.put("x", &json!({})).await), Value::Null);
    assert_eq!(null(empty.post("x", &json!({})).await), Value::Null);

    let server = Server::script(vec![answer(200, "", "<title>Log in</title>")]).await;
    let foreign = session(&server.url);
    for error in [
        foreign.put("x", &json!({})).await.map(drop).expect_err("HTML"),
        foreign.delete("x").await.expect_err("HTML"),
    ] {
        assert!(error.effect_unknown() && error.to_string().contains("Log in"), "{error}");
    }
}

#[tokio::test]
async fn a_success_whose_body_is_an_error_is_an_error() {
    let body = r#"{"errors":[{"code":"not_found|user","message":"No."}],"users":[],"id":null}"#;
    let server = Server::script(vec![json(200, body)]).await;
    let it = session(&server.url);
    let read = |result: Result<Answer, Error>| result.map(drop).expect_err("an error");
    for (error, is_write) in [
        (read(it.get("user/1", &[]).await), false),
        (it.object("user", Id::from(1), "id").await.map(drop).expect_err("an error"), false),
        (it.list("user", &[], &["users"], all).await.map(drop).expect_err("an error"), false),
        (read(it.put("user/1", &json!({})).await), true),
        (it.delete("user/1").await.map(drop).expect_err("an error"), true),
    ] {
        assert!(matches!(error, Error::Reported { .. }) && !error.is_not_found(), "{error}");
        assert_eq!(error.effect_unknown(), is_write, "{error}");
        let text = error.to_string();
        assert!(text.starts_with("HTTP 200 from `"), "{text}");
        assert!(text.contains("`, but the body is an error: not_found|user: No"), "{text}");
    }
    for body in [r#"{"errors":[]}"#, r#"{"errors":null,"id":1}"#, r#"{"errors":{}}"#] {
        let server = Server::script(vec![json(200, body)]).await;
        session(&server.url).get("user/1", &[]).await.expect(body);
    }
}

#[tokio::test]
async fn a_created_object_is_returned_although_the_body_has_an_error() {
    let created = r#"{"id":7,"api_key":"EXAMPLE-ONLY-ONCE","errors":[{"code":"mail_failed"}]}"#;
    let failed = r#"{"errors":[{"code":"mail_failed"}]}"#;
    let server = Server::script(vec![json(201, created)]).await;
    let it = session(&server.url);
    let answer = it.post("user", &json!({})).await.expect("created");
    assert_eq!(
        (answer.id("id").ok(), answer.reported().as_deref()),
        (Some(Id::from(7)), Some("mail_failed"))
    );
    let answer = it.post_once("account", &json!({}), |_| ()).await.expect("created");
    assert!(answer.api_key.is_some());
    assert_eq!(answer.answer.and_then(|it| it.reported()).as_deref(), Some("mail_failed"));

    let server = Server::script(vec![json(200, failed)]).await;
    let it = session(&server.url);
    for error in [
        it.post("user", &json!({})).await.map(drop).expect_err("nothing created"),
        it.post_once("account", &json!({}), |_| ()).await.map(drop).expect_err("nothing created"),
    ] {
        assert!(error.effect_unknown() && error.to_string().contains("mail_failed"), "{error}");
    }
    assert_eq!(server.count(), 2, "neither is sent again");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::script(vec![json(200, "{}")]).await;
    for (location, host) in
        [(elsewhere.url.as_str(), "127.0.0.1"), ("//evil.example/x", "evil.example")]
    {
        let act = answer(307, &format!("Location: {location}\r\n"), "");
        let server = Server::script(vec![act]).await;
        let error = session(&server.url).get("x", &[]).await.map(drop).expect_err("redirected");
        assert!(matches!(error, Error::Redirected { .. }), "{error}");
        assert!(error.to_string().contains(&format!("redirects to {host}")), "{error}");
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn an_object_that_does_not_exist_is_no_error() {
    let gone = Server::script(vec![error(404, "not_found|user")]).await;
    assert!(user(&gone, 1).await.expect("absent").is_none());
    session(&gone.url).delete("user/1").await.expect("gone already");

    for act in
        [error(404, "not_found|route"), answer(404, "", "<html>"), error(403, "access_denied")]
    {
        let server = Server::script(vec![act]).await;
        user(&server, 1).await.map(drop).expect_err("no absence");
        session(&server.url).delete("user/1").await.expect_err("no absence");
    }
}

async fn user(server: &Server, id: u64) -> Result<Option<Answer>, Error> {
    session(&server.url).object("user", Id::from(id), "id").await
}

#[tokio::test]
async fn a_response_about_another_object_is_an_error() {
    for body in [r#"{"id":5}"#, r#"{"id":"5"}"#] {
        let server = Server::script(vec![json(200, body)]).await;
        assert!(user(&server, 5).await.is_ok_and(|found| found.is_some()), "{body}");
        assert_eq!(server.seen()[0].line, "GET /user/5");
    }
    for (body, expected) in [
        (r#"{"id":6}"#, "is about 6 instead of 5 (field id); the state is kept"),
        (r#"{"account_id":5}"#, "has no ID in the field id"),
        (r#"{"id":null}"#, "has no ID in the field id"),
        (r#"[{"id":5}]"#, "has no ID in the field id"),
    ] {
        let server = Server::script(vec![json(200, body)]).await;
        let error = user(&server, 5).await.map(drop).expect_err(body);
        assert!(matches!(error, Error::OtherObject { .. }) && !error.effect_unknown(), "{error}");
        let text = error.to_string();
        assert!(text.starts_with("GET user/5: the response ") && text.contains(expected), "{text}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_key_is_found_in_an_incomplete_or_damaged_response() {
    let whole = r#"{"id":7,"user":{"id":9},"api_key":"EXAMPLE-ONLY-ONCE"}"#;
    let cut = r#"{"id":7,"api_key":"EXAMPLE-ONLY-ONCE","user":{"#;
    let marked = format!("\u{feff}<br />Warning: {{closure}}\n{whole}");
    let broken = format!("HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{cut}");
    for (act, body, complete) in [
        (json(200, whole), whole, true),
        (Act::Cut(broken), cut, false),
        (json(201, cut), cut, false),
        (json(201, &marked), &marked, true),
    ] {
        let server = Server::script(vec![act]).await;
        let recorded = Mutex::new(Vec::new());
        let record = |bytes: &[u8]| recorded.lock().unwrap().extend_from_slice(bytes);
        let answer = session(&server.url).post_once("account", &json!({}), record).await;
        let answer = answer.expect("what there is");
        assert_eq!(answer.id, Some(Id::from(7)));
        assert_eq!(answer.api_key.expect("the key").expose(), "EXAMPLE-ONLY-ONCE");
        assert_eq!(answer.answer.is_some(), complete);
        assert_eq!(recorded.into_inner().unwrap(), body.as_bytes());
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_success_without_id_and_key_is_no_response() {
    for act in [answer(201, "", ""), answer(200, "", "<html>"), json(200, r#"{"user":{"id":9}}"#)] {
        let server = Server::script(vec![act]).await;
        let result = session(&server.url).post_once("account", &json!({}), |_| ()).await;
        let error = result.map(drop).expect_err("nothing in it");
        assert!(matches!(error, Error::NoAnswer { .. }) && error.effect_unknown(), "{error}");
        assert_eq!(server.count(), 1);
    }
}

fn all(row: Answer) -> Result<Option<Answer>, Error> {
    Ok(Some(row))
}

#[tokio::test]
async fn the_size_of_a_list_in_memory_is_limited() {
    let row = format!(r#"{{"id":1,"name":"{}"}}"#, "x".repeat(100_000));
    let page = format!(r#"{{"page":{{}},"rows":[{}]}}"#, vec![row; 30].join(","));
    let server = Server::script(vec![json(200, &page)]).await;
    let it = session(&server.url);
    let error = it.list("x", &[], &["rows"], all).await.map(drop).expect_err("too long");
    assert!(error.to_string().contains("the list is too large to be kept in memory"), "{error}");
    assert_eq!(server.count(), 3);
    let kept = it.list_within("x", &[], &["rows"], 5, |_| Ok(None::<()>)).await.expect("read");
    assert!(kept.is_none(), "it has more than five pages, of which nothing is kept");
    assert_eq!(server.count(), 8);
}

#[tokio::test]
async fn a_list_is_followed_to_its_end() {
    // The server returns two rows per page, whatever the limit in the request.
    let server = Server::new(|_, seen| {
        let offset: u64 = seen.line.rsplit_once("offset=").unwrap().1.parse().unwrap();
        let rows: Vec<_> = (offset..5).take(2).map(|n| json!({ "id": n })).collect();
        let name = if seen.line.contains("/old") { "child_accounts" } else { "subaccounts" };
        let page = match &seen.line {
            line if line.contains("/total") => json!({"page": {"total": "5"}, name: rows}),
            line if line.contains("/whole") => json!({ name: rows }),
            _ => json!({"page": {"limit": 2}, name: rows}),
        };
        json(200, &page.to_string())
    })
    .await;
    let session = session(&server.url);
    let keys = ["subaccounts", "child_accounts"];
    for (path, rows, requests) in [("total", 5, 3), ("whole", 2, 1), ("old", 5, 4)] {
        let before = server.count();
        let list = session.list(path, &[("sort", "id")], &keys, all).await.expect(path);
        let ids: Vec<_> = list.iter().map(|row| row.id("id").map(u64::from).unwrap()).collect();
        assert_eq!(ids, (0..rows).collect::<Vec<_>>(), "{path}");
        assert_eq!(server.count() - before, requests, "{path}");
    }
    assert_eq!(server.seen()[1].line, "GET /total?sort=id&limit=1000&offset=2");

    // With a total, the first page shows whether the list is short enough.
    for (path, pages, whole, requests) in
        [("total", 3, true, 3), ("total", 2, false, 1), ("whole", 1, true, 1), ("old", 2, false, 2)]
    {
        let before = server.count();
        let list = session.list_within(path, &[], &keys, pages, all).await.expect(path);
        assert_eq!(list.is_some(), whole, "{path} within {pages}");
        assert_eq!(server.count() - before, requests, "{path} within {pages}");
    }

    let missing =
        session.list("total", &[], &["users"], all).await.map(drop).expect_err("no users");
    assert_eq!(missing.to_string(), "GET total: unexpected response: users is missing");
    let page = session.list("total", &[], &["page"], all).await.map(drop).expect_err("an object");
    assert_eq!(page.to_string(), "GET total: unexpected response: page is not a list");
}
