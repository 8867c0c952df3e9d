//! Retired phrases do not occur in the texts that people read.
//!
//! Texts use the words of Terraform's and DigiCert's documentation. A phrase is in the list if it is wrong in
//! every context. It is found as whole words, in upper or lower case, also across line ends.

use std::fs;
use std::path::{Path, PathBuf};

/// Whether the doc comments and string literals of `src/`, and the pages generated from them, are checked too.
const CHECKS_SOURCES: bool = true;

/// Each retired phrase in lower case, and what to write instead.
const RETIRED: &[(&str, &str)] = &[
    // Names of things.
    ("behind the api key", "the account the API key belongs to"),
    ("behind the key", "the account the key belongs to"),
    ("number of the account", "ID of the account"),
    ("number of the api key", "ID of the API key"),
    ("number of the contact", "ID of the contact"),
    ("number of the container", "ID of the container"),
    ("number of the invite", "ID of the invite"),
    ("number of the organization", "ID of the organization"),
    ("number of the role", "ID of the role"),
    ("number of the subaccount", "ID of the subaccount"),
    ("number of the user", "ID of the user"),
    ("numbers of the containers", "IDs of the containers"),
    ("numbers of the invites", "IDs of the invites"),
    ("numbers of invites", "invite IDs"),
    ("folder", "directory"),
    ("folders", "directories"),
    ("plan's output", "plan output"),
    // What an argument is and does.
    ("letter case carries no meaning", "Case-insensitive."),
    ("no characters but", "May contain only …"),
    ("written in decimal digits", "must be a numeric ID"),
    ("number of decimal digits", "must be numeric"),
    ("code of two letters", "two-letter code"),
    ("makes a new object", "Changing this forces a new resource to be created."),
    ("in place of this one", "Changing this forces a new resource to be created."),
    ("own value stands", "If omitted, CertCentral's default applies."),
    ("where it is left out", "if omitted"),
    ("if left out", "if omitted; default: …"),
    ("left out is left", "if omitted, … is not changed"),
    ("leaving it out", "omitting it"),
    ("leave a block out", "omit the block"),
    ("leave the argument out", "omit the argument"),
    ("nothing in it can be changed", "None of its arguments can be changed after creation."),
    ("sent whole", "all fields are sent"),
    ("any texts", "arbitrary values"),
    ("words of your own", "custom text"),
    // What happens.
    ("lets go", "removes from the state"),
    ("let go", "removed from the state"),
    ("letting go", "removing from the state"),
    ("to let this one go", "to stop managing this one"),
    ("takes it out of the state", "removes it from the state"),
    ("take it out of the state", "remove it from the state"),
    ("taken out of the state", "removed from the state"),
    ("only forgets", "only removes from the state"),
    ("only forgotten", "only removed from the state"),
    ("forgotten with it", "removed from the state with it"),
    ("calls nothing", "makes no API call"),
    ("nothing is called", "no API call is made"),
    ("for good", "permanently"),
    ("cannot be had", "cannot be recovered"),
    ("anew", "again"),
    ("mended", "fixed"),
    ("mend it", "update it"),
    ("came about", "the connection failed"),
    ("comes to be", "is created"),
    ("in vain", "without success"),
    ("stays unnoticed", "is not detected"),
    ("goes unnoticed", "is not detected"),
    ("go unnoticed", "are not detected"),
    ("made elsewhere", "made outside Terraform"),
    ("changed elsewhere", "changed outside Terraform"),
    ("mailed again", "sent again"),
    ("mailing again", "sending again"),
    ("mail tells", "notifications about …"),
    ("has not canceled", "did not cancel"),
    ("what was done before that is done", "earlier changes remain in effect"),
    ("outlives a run", "on persistent storage"),
    ("outlives the job", "persistent"),
    ("a run that is killed", "an interrupted run"),
    ("killed halfway", "terminated"),
    ("opens tls", "intercepts TLS"),
    // Software does not speak, know or see.
    ("was answered with", "HTTP 403 from `POST /user`"),
    ("is answered with", "fails with HTTP 429"),
    ("are answered with", "fail with HTTP 503"),
    ("answer came", "no response was received"),
    ("answer comes", "no response is received"),
    ("said no", "rejected"),
    ("certcentral says", "CertCentral returns"),
    ("certcentral shows", "the API returns"),
    ("certcentral cannot show", "the API does not return"),
    ("certcentral does not show", "the API does not return"),
    ("certcentral may not show", "the API may not return"),
    ("certcentral does not tell", "the API does not report"),
    ("shows it only once", "returns it only once"),
    ("shows a key again", "returns a key a second time"),
    ("terraform says", "Terraform reports"),
    ("terraform knows", "the state contains"),
    ("the error says", "the error states"),
    ("the api says", "the API returns"),
    ("simulator was asked", "requests"),
    ("is told of", "recipients of … notifications"),
    ("who is told", "recipients of … notifications"),
    ("what became of", "status of"),
    ("what becomes of", "result"),
    // Turns of phrase.
    ("beside", "in addition to, alongside, next to"),
    ("that is there", "existing"),
    ("is there already", "exists"),
    ("was there already", "existed"),
    ("whoever", "anyone who"),
    ("as good as nothing", "the same as omitting it"),
    ("worth reading", "a heading names its subject"),
    ("finding out more", "a heading names its subject"),
    ("handing it over", "passing the key to the provider"),
    ("passing it on", "using the key"),
    ("the way of a", "how … is processed"),
    ("the life of a", "life cycle of …"),
    ("where the megabytes go", "binary size and memory"),
    ("map of the code", "code layout"),
    ("what an import cannot give", "what cannot be imported"),
    ("go one at a time", "are sent one at a time"),
    ("goes one at a time", "is sent one at a time"),
    ("a way around", "a violation of"),
    ("a sentence of defence", "a reason"),
];

#[test]
fn retired_phrases_stay_out_of_documentation() {
    let mut found: Vec<_> =
        documents().iter().flat_map(|path| retired(path, &read(path))).collect();
    if CHECKS_SOURCES {
        let sources = below(&root().join("src"));
        let sources = sources.iter().filter(|path| !path.display().to_string().contains("tests"));
        found.extend(sources.flat_map(|path| retired(path, &prose(&read(path)))));
    }
    assert!(found.is_empty(), "retired phrases, and what to write instead:\n{}", found.join("\n"));
}

#[test]
fn a_retired_phrase_is_found() {
    let page = Path::new("page.md");
    for text in
        ["Letter case carries no meaning.", "# LETTER case\n# carries no  meaning", "a FOLDER"]
    {
        assert_eq!(retired(page, text).len(), 1, "{text}");
    }
    for text in ["Besides, a folderless world.", "folder_name", "`folder`", "let me go", ""] {
        assert_eq!(retired(page, text), <[String; 0]>::default(), "{text}");
    }
}

#[test]
fn prose_of_a_source_is_its_doc_comments_and_texts() {
    let source = r####"
//! Of the file.
use x; // a plain comment with a "text"
/// Of the item.
fn f<'a>(c: char) -> &'a str {
    if c == '"' || c == '\'' { "one \"two\" \
        three" } else { r#"raw "four""# }
}
#[cfg(test)]
mod tests { const IT: &str = "of a test"; }
"####;
    let words: Vec<_> = prose(source).split_whitespace().map(str::to_owned).collect();
    assert_eq!(words.join(" "), r#"Of the file. Of the item. one \"two\" three raw "four""#);
}

/// The files that are checked: those written by hand and, with [`CHECKS_SOURCES`], the generated pages.
fn documents() -> Vec<PathBuf> {
    let single = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
    let packages = ["benches/README.md", "certcentral-sim/README.md"];
    let mut paths: Vec<_> = single.iter().chain(&packages).map(|it| root().join(it)).collect();
    let docs = if CHECKS_SOURCES { "docs" } else { "docs/guides" };
    paths.extend([docs, "examples", ".github"].iter().flat_map(|it| below(&root().join(it))));
    assert!(paths.len() > 30, "{paths:?}");
    paths
}

/// The retired phrases in a text, and what to write instead.
fn retired(path: &Path, text: &str) -> Vec<String> {
    let words: Vec<_> = text.split_whitespace().filter(|it| !MARKS.contains(it)).collect();
    let text = words.join(" ").to_lowercase();
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "_`".contains(c));
    let has = |phrase: &str| {
        text.match_indices(phrase).any(|(at, _)| {
            let after = text[at + phrase.len()..].chars().next();
            !is_part(text[..at].chars().next_back()) && !is_part(after)
        })
    };
    let path = path.strip_prefix(root()).unwrap_or(path).display();
    let found = RETIRED.iter().filter(|(phrase, _)| has(phrase));
    found.map(|(phrase, instead)| format!("{path}: {phrase:?} ({instead})")).collect()
}

/// Marks at the beginning of lines: comments, lists, quotations.
const MARKS: &[&str] = &["#", "//", "///", "//!", ">", "-", "*"];

/// Doc comments and string literals of a source file, without those of its tests.
fn prose(source: &str) -> String {
    let mut rest = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut prose = String::new();
    while let Some(next) = rest.chars().next() {
        let (text, end) = if rest.starts_with("///") || rest.starts_with("//!") {
            let end = rest.find('\n').unwrap_or(rest.len());
            (&rest[3..end], end)
        } else if rest.starts_with("//") {
            ("", rest.find('\n').unwrap_or(rest.len()))
        } else if next == '"' {
            let end = closing_quote(rest);
            (&rest[1..end], end + 1)
        } else if rest.starts_with("r#\"") {
            let end = rest.find("\"#").unwrap_or(rest.len() - 2);
            (&rest[3..end], end + 2)
        } else if rest.starts_with("'\\") || rest.starts_with("'\"'") {
            ("", 3)
        } else {
            ("", next.len_utf8())
        };
        prose += &text.replace("\\\n", " ").replace("\\n", " ");
        prose += if text.is_empty() { "" } else { "\n" };
        rest = &rest[end..];
    }
    prose
}

/// The position of the quote that ends the string literal at the beginning of the text.
fn closing_quote(text: &str) -> usize {
    let mut is_escaped = false;
    let ends = |(_, c): &(usize, char)| {
        let ends = *c == '"' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        ends
    };
    text.char_indices().skip(1).find(ends).map_or(text.len(), |(at, _)| at)
}

/// Every file in a directory and those below it.
pub(crate) fn below(directory: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(directory).expect("a directory").map(|it| it.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
