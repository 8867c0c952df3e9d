//! Cached lists: when pages are fetched, and how long they are kept.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::super::{Client, List, id};
use super::server::{Act, Seen, Server, error, json};
use super::{client, settings};

static LIST: List = List {
    path: "user",
    query: &[],
    paged: true,
    changed_by: &["user"],
    keys: &["users"],
    row: |row| match row {
        Value::Object(fields) => Some((id(fields.get("id")?)?.to_string(), fields)),
        _ => None,
    },
    unique: true,
    least: 2,
};

/// A page of two of the six users, or one user.
fn answer(seen: &Seen) -> Act {
    let offset =
        seen.line.split_once("offset=").map(|(_, offset)| offset.parse::<usize>().unwrap());
    match offset {
        Some(first) => {
            let rows: Vec<_> = (first..6.min(first + 2)).map(|id| json!({ "id": id })).collect();
            json(200, &json!({ "users": rows, "page": { "total": 6 } }).to_string())
        }
        None => json(200, "{}"),
    }
}

/// Reads these users concurrently. Returns the number of rows that the list had for each.
async fn read<const N: usize>(client: &Client, ids: [usize; N]) -> Vec<Option<usize>> {
    let mut reads = JoinSet::new();
    for id in ids {
        let session = client.session();
        reads.spawn(async move { session.listed(&LIST, &[id.to_string()]).await });
    }
    let mut found: Vec<_> = reads.join_all().await;
    found.sort_by_key(|listed| listed.as_ref().map(|it| it.rows.len()));
    found.into_iter().map(|listed| Some(listed?.rows.len())).collect()
}

fn lines(server: &Server) -> Vec<String> {
    let line = |seen: Seen| seen.line.replace("limit=1000&", "");
    server.seen().into_iter().map(line).collect()
}

#[tokio::test]
async fn pages_are_fetched_as_far_as_they_are_needed() {
    let server = Server::new(|_, seen| answer(seen)).await;
    let client = client(settings(&server.url));
    assert_eq!(read(&client, [0]).await, [None], "a lone one is read by itself");
    assert_eq!(read(&client, [1]).await, [Some(1)]);
    assert_eq!(lines(&server), ["GET /user?offset=0"]);
    assert_eq!(read(&client, [3]).await, [Some(1)], "two pages are left, and it is the third");
    assert_eq!(read(&client, [2, 9, 5]).await, [Some(0), Some(1), Some(1)], "9 is nowhere");
    let pages = ["GET /user?offset=0", "GET /user?offset=2", "GET /user?offset=4"];
    assert_eq!(lines(&server), pages);
}

#[tokio::test]
async fn a_write_clears_the_cache() {
    let server = Server::new(|_, seen| answer(seen)).await;
    let client = client(settings(&server.url));
    let session = client.session();
    for (path, ends) in
        [("user", true), ("user/7/role", true), ("users", false), ("account/user", false)]
    {
        assert!(read(&client, [0, 1]).await.contains(&Some(1)));
        session.put(path, &json!({})).await.expect("a write");
        let expected = if ends { None } else { Some(1) };
        assert_eq!(read(&client, [0]).await, [expected], "{path}");
    }
    session.delete("user/0").await.expect("a write");
    assert_eq!(read(&client, [0]).await, [None]);
    session.post("user", &json!({})).await.expect("a write");
    assert_eq!(read(&client, [0]).await, [None]);
}

#[tokio::test]
async fn a_page_is_dropped_if_a_write_begins_meanwhile() {
    let gates = [(); 2].map(|()| Arc::new(Semaphore::new(0)));
    let [page, write] = gates.clone();
    let server = Server::new(move |_, seen| {
        let gate = if seen.line.starts_with("GET") { &page } else { &write };
        Act::Wait(Arc::clone(gate), Box::new(answer(seen)))
    })
    .await;
    let client = client(settings(&server.url));
    let [page, write] = gates;

    let reader = client.clone();
    let reads = tokio::spawn(async move { read(&reader, [0, 1]).await });
    server.until(1).await;
    let session = client.session();
    let writes = tokio::spawn(async move { session.put("user/1", &json!({})).await });
    server.until(2).await;
    page.add_permits(9);
    assert_eq!(reads.await.unwrap()[0], None, "it was asked for before the write");
    // A list that is read while the write is under way may or may not have it.
    assert!(read(&client, [2, 3]).await.contains(&Some(1)));
    write.add_permits(1);
    writes.await.unwrap().expect("a write");
    assert_eq!(read(&client, [2]).await, [None]);
}

#[tokio::test]
async fn a_list_that_fails_is_not_tried_again() {
    for broken in [error(403, "access_denied"), json(200, r#"{"users":[{}],"page":{"total":6}}"#)] {
        let server = Server::new(move |_, seen| match seen.line.ends_with("offset=2") {
            true => broken.clone(),
            false => answer(seen),
        })
        .await;
        let client = client(settings(&server.url));
        assert_eq!(read(&client, [3, 4, 1, 0]).await, [None, None, Some(1), Some(1)]);
        client.session().put("user/1", &json!({})).await.expect("a write");
        assert_eq!(read(&client, [0, 1, 2]).await, [None; 3]);
        let seen = ["GET /user?offset=0", "GET /user?offset=2", "PUT /user/1"];
        assert_eq!(lines(&server), seen);
    }
}

#[tokio::test]
async fn a_failed_page_is_not_retried_and_delays_no_read() {
    let server = Server::new(|_, seen| match seen.line.contains("offset=") {
        true => error(503, ""),
        false => json(200, "{}"),
    })
    .await;
    // The usual retries, whose pauses would take seconds.
    let mut settings = settings(&server.url);
    settings.max_retries = 5;
    let client = Client::new(settings).unwrap();
    let begin = std::time::Instant::now();
    assert_eq!(read(&client, [0, 1, 2, 3, 4, 5, 6, 7]).await, [None; 8]);
    assert_eq!(lines(&server), ["GET /user?offset=0"]);
    assert!(begin.elapsed().as_millis() < 500, "no pause: {:?}", begin.elapsed());
}

#[tokio::test]
async fn cached_rows_expire_after_a_minute() {
    let server = Server::new(|index, seen| match index {
        0 => error(503, ""),
        _ => answer(seen),
    })
    .await;
    let client = client(settings(&server.url));
    assert_eq!(read(&client, [0, 1]).await, [None; 2], "it failed");
    later(59).await;
    assert_eq!(read(&client, [0, 1]).await, [None; 2], "and is not tried again");
    later(2).await;
    assert!(read(&client, [0, 1]).await.contains(&Some(1)), "for a minute");
    later(59).await;
    assert_eq!(read(&client, [0, 1]).await, [Some(1); 2]);
    assert_eq!(server.count(), 2);
    later(2).await;
    assert_eq!(read(&client, [0]).await, [None], "a lone one is read by itself again");
    assert!(read(&client, [0, 1]).await.contains(&Some(1)));
    assert_eq!(server.count(), 3);
}

/// Advances the clock.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_list_covers_a_field_that_some_row_has() {
    let rows = r#"{"users":[{"id":1,"title":null},{"id":2}],"page":{"total":2}}"#;
    let server = Server::script(vec![json(200, rows)]).await;
    let client = client(settings(&server.url));
    let names = [1, 2].map(|id| id.to_string());
    let listed = client.session().listed(&LIST, &names).await.expect("two reads pay for a page");
    for row in &listed.rows {
        assert!(listed.covers(row, "title") && !listed.covers(row, "number"), "{row}");
    }
}

#[tokio::test]
async fn a_list_without_a_total_is_not_cached() {
    let server = Server::new(|_, _| json(200, r#"{"users":[{"id":1}],"page":{}}"#)).await;
    let client = client(settings(&server.url));
    assert_eq!(read(&client, [1, 2, 3]).await, [None; 3]);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_stop_ends_the_waits_and_keeps_cached_rows() {
    let gate = Arc::new(Semaphore::new(1));
    let gated = Arc::clone(&gate);
    let server =
        Server::new(move |_, seen| Act::Wait(Arc::clone(&gated), Box::new(answer(seen)))).await;
    let client = client(settings(&server.url));
    let reader = client.clone();
    let reads = tokio::spawn(async move { read(&reader, [5, 4, 3, 2]).await });
    server.until(2).await;
    client.stop();
    assert_eq!(reads.await.unwrap(), [None; 4]);
    gate.add_permits(9);
    assert_eq!(read(&client, [5, 1, 2]).await, [Some(1); 3]);
    assert_eq!(lines(&server)[2..], ["GET /user?offset=2", "GET /user?offset=4"]);
}

/// The number of all rows.
async fn read_all(client: &Client) -> usize {
    client.session().listed_all(&LIST).await.expect("a list").len()
}

#[tokio::test]
async fn a_complete_list_and_reads_share_pages() {
    let server = Server::new(|_, seen| answer(seen)).await;
    let client = client(settings(&server.url));
    assert_eq!(read(&client, [0]).await, [None], "a lone one is read by itself");
    assert_eq!(read(&client, [1]).await, [Some(1)]);
    assert_eq!((read_all(&client).await, read_all(&client).await), (6, 6));
    assert_eq!(read(&client, [5]).await, [Some(1)]);
    let pages = ["GET /user?offset=0", "GET /user?offset=2", "GET /user?offset=4"];
    assert_eq!(lines(&server), pages);
}

#[tokio::test]
async fn a_complete_list_is_read_without_the_cache_after_a_failure() {
    let server = Server::new(|number, seen| match number {
        1 => error(503, "service_unavailable"),
        _ => answer(seen),
    })
    .await;
    let client = client(settings(&server.url));
    assert_eq!(read_all(&client).await, 6);
    let line = "GET /user?offset=";
    let again = [0, 2, 2, 4].map(|offset| format!("{line}{offset}"));
    assert_eq!(lines(&server), again);
}

#[tokio::test]
async fn a_complete_list_that_begins_after_a_write_sees_it() {
    let server = Server::new(|_, seen| answer(seen)).await;
    let client = client(settings(&server.url));
    assert_eq!(read_all(&client).await, 6);
    client.session().put("user/1", &json!({})).await.expect("an update");
    assert_eq!(read_all(&client).await, 6);
    assert_eq!(lines(&server).len(), 7, "{:?}", lines(&server));
}

#[tokio::test]
async fn a_list_without_pages_is_one_request_and_may_be_an_empty_object() {
    static FIELDS: List = List {
        path: "fields",
        changed_by: &["fields"],
        keys: &["fields"],
        paged: false,
        least: 1,
        ..LIST
    };
    let answers = ["{}", r#"{"fields":[{"id":1}]}"#];
    let server = Server::new(move |seen, _| json(200, answers[seen.min(1)])).await;
    let client = client(settings(&server.url));
    let session = client.session();
    for id in ["1", "2"] {
        let listed = session.listed(&FIELDS, &[id.to_owned()]).await;
        assert_eq!(listed.map(|it| it.rows.len()), Some(0));
    }
    assert_eq!(lines(&server), ["GET /fields"]);
    session.put("fields/1", &json!({})).await.expect("an answer");
    assert_eq!(session.listed_all(&FIELDS).await.expect("a list").len(), 1);
    let unlisted = session.list("fields", &[], &["others"], |row| Ok(Some(row))).await;
    assert!(unlisted.is_err(), "other lists have an array");
}
