//! Answers that are made to fill a memory.

use super::server::{Asked, Body};

/// A kind of answer, given to every request of a provider.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whether it takes seconds with a build that is not optimized.
    pub(crate) quick: bool,
    pub(crate) answer: fn(&Asked) -> Body,
}

#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    Case { name: "8 MiB of `{\"a\":0},` in 11 KiB of gzip", quick: true, answer: |it| packed(object(it, "\"x\":[{}", r#",{"a":0}"#, 1 << 20, "]")) },
    Case { name: "64 MiB of `{\"a\":0},` in 90 KiB of gzip", quick: false, answer: |it| packed(object(it, "\"x\":[{}", r#",{"a":0}"#, 1 << 23, "]")) },
    Case { name: "900 KiB of `{\"a\":0},`", quick: true, answer: |it| object(it, "\"x\":[{}", r#",{"a":0}"#, 115 << 10, "]") },
    Case { name: "objects within objects", quick: false, answer: |it| object(it, "\"x\":", r#"{"a":"#, 1 << 21, "") },
    Case { name: "arrays within arrays", quick: false, answer: |it| object(it, "\"x\":", "[", 1 << 23, "") },
    Case { name: "millions of numbers in place of containers", quick: false, answer: |it| object(it, "\"container_assignments\":[0", ",#", 1 << 23, "]") },
    Case { name: "400,000 numbers in place of containers", quick: true, answer: |it| object(it, "\"container_assignments\":[0", ",1", 400_000, "]") },
    Case { name: "24,000 containers, which are just accepted", quick: true, answer: |it| object(it, "\"container_assignments\":[{}", r#",{"id":#}"#, 24_000, "]") },
    Case { name: "a text of 64 MiB", quick: false, answer: |it| object(it, "\"status\":\"", "0123456789abcdef", 1 << 22, "\"") },
    Case { name: "a text of 1000 KiB", quick: true, answer: |it| object(it, "\"status\":\"", "0123456789abcdef", 62 << 10, "\"") },
    Case { name: "a million members", quick: true, answer: |it| object(it, "\"x\":0", r#","m#":0"#, 1 << 20, "") },
    Case { name: "a million API keys", quick: false, answer: |it| object(it, "\"x\":[0", r#",{"api_key":"key-of-number-#"}"#, 1 << 20, "]") },
    Case { name: "20,000 API keys", quick: true, answer: |it| object(it, "\"x\":[0", r#",{"api_key":"key-of-number-#"}"#, 20_000, "]") },
    Case { name: "a refusal with a million reasons", quick: true, answer: |_| refusal(1 << 20) },
    Case { name: "a refusal with 15,000 reasons", quick: false, answer: |_| refusal(15_000) },
    Case { name: "lists of 40 pages, without a total", quick: true, answer: |it| list(it, 40, r#"{"page":{},"#, 1000, "") },
    Case { name: "lists of 9,000 pages", quick: true, answer: |it| list(it, 40, r#"{"page":{"total":9000000},"#, 1000, "") },
    Case { name: "lists that are said to end soon, and do not", quick: false, answer: |it| list(it, usize::MAX, &format!(r#"{{"page":{{"total":{}}},"#, it.offset + 2000), 1000, "") },
    Case { name: "lists of 12 pages of 7 MiB, without a total", quick: false, answer: |it| list(it, 12, r#"{"page":{},"#, 100, &"x".repeat(70_000)) },
    Case { name: "lists of pages of 7 MiB, said to end soon", quick: true, answer: |it| list(it, 12, &format!(r#"{{"page":{{"total":{}}},"#, it.offset + 700), 350, &"x".repeat(20_000)) },
    Case { name: "lists of millions of rows a page, in gzip", quick: true, answer: |it| packed(list(it, 40, r#"{"page":{"total":9000000},"#, 1 << 20, "")) },
    Case { name: "lists of millions of nothing a page, in gzip", quick: false, answer: |it| packed(object(it, "\"users\":[0", ",0", 1 << 24, "]")) },
];

fn packed(body: Body) -> Body {
    Body { gzip: true, ..body }
}

/// An object of the ID that was asked for, or a page, with this in it.
fn object(asked: &Asked, start: &str, again: &str, times: usize, end: &str) -> Body {
    let id = asked.id().unwrap_or(7);
    let account = if asked.path.starts_with("/account/subaccount/") { id } else { 7 };
    Body {
        status: 200,
        start: format!("{{\"id\":{id},\"account_id\":{account},\"page\":{{\"total\":1}},{start}"),
        again: again.to_owned(),
        times,
        end: format!("{end}}}"),
        gzip: false,
    }
}

fn refusal(times: usize) -> Body {
    let again = r#",{"code":"reason_#","message":"The reason."}"#.to_owned();
    let start = r#"{"errors":[{"code":"reason","message":"First."}"#.to_owned();
    Body { status: 400, start, again, times, end: "]}".to_owned(), gzip: false }
}

/// A page of rows that are everything a read may look for, and none behind so many pages; a single object
/// where one is asked for.
fn list(asked: &Asked, pages: usize, start: &str, rows: usize, filling: &str) -> Body {
    if asked.id().is_some() || !asked.method.eq("GET") {
        return object(asked, "\"x\":0", "", 0, "");
    }
    if asked.offset / rows >= pages {
        return object(
            asked,
            "\"users\":[],\"subaccounts\":[],\"containers\":[],\"organizations\":[],\"subaccount_invites\":[]",
            "",
            0,
            "",
        );
    }
    let first = asked.offset;
    let kind = r#""account_type":"managed","subaccount_type":"enterprise","status":"pending""#;
    let name = format!(
        r#""username":"hog","first_name":"{filling}","email":"hog@example.com","name":"hog""#
    );
    let again = format!(r#",{{"id":1{first}#,"account_id":1{first}#,{kind},{name}}}"#);
    let keys = r#""users":[],"subaccounts":[],"containers":[],"organizations":[],"#;
    let key = match &*asked.path {
        "/user" | "/user/api-only" => "users",
        "/account/subaccount" => "subaccounts",
        path if path.starts_with("/container") => "containers",
        "/organization" => "organizations",
        _ => "subaccount_invites",
    };
    let others = keys.replace(&format!("\"{key}\":[],"), "");
    let start =
        format!("{start}{others}\"{key}\":[{}", again.replace('#', "").trim_start_matches(','));
    Body { status: 200, start, again, times: rows, end: "]}".to_owned(), gzip: false }
}
