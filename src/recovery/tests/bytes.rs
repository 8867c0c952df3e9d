//! Records as a crash, a person or a stranger may leave them.

use super::*;

#[test]
fn every_torn_write_is_recognised() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    let intent = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    let answer = intent + content::answer(ANSWER).len();
    for cut in 0..=answer {
        // Behind the cut there is the room kept free, as it was, or the end of a file that lost it.
        let roomy = [&whole[..cut], &vec![b' '; whole.len() - cut]].concat();
        for torn in [&whole[..cut], &roomy] {
            let of_cut = match Content::parse(torn).unwrap() {
                Content::Torn => cut < intent,
                Content::Unfinished(_) => (intent..answer).contains(&cut),
                Content::Finished(_, found) => cut == answer && found.as_slice() == ANSWER,
            };
            assert!(of_cut, "cut at {cut} of {intent} and {answer}");
        }
    }
}

#[test]
fn a_torn_intent_was_never_sent() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    for torn in ["", "{\"version\":1,\"acc", "\0\0\0\0"] {
        fs::write(&file, torn).unwrap();
        let record = fresh(begin(&fixture.process(), "b"));
        assert_eq!(record.file(), file, "the torn one has gone");
        record.refused();
        fs::write(&file, torn).unwrap();
    }
}

#[test]
fn damaged_records_stop_and_are_kept() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
    for damaged in [
        "\n".to_owned(),
        "nonsense\n".to_owned(),
        "{}\n".to_owned(),
        whole.replacen("\"version\":1", "\"version\":2", 1),
        whole.replacen("\"account\":1", "\"account\":-1", 1),
    ] {
        fs::write(&file, &damaged).unwrap();
        let text = problem(begin_as(&fixture.process(), 1, "Another Ltd", "b"));
        assert!(text.contains("cannot be understood") && text.contains("move it"), "{text}");
        assert!(text.contains(file.to_str().unwrap()), "{text}");
        assert!(!text.contains("EXAMPLE-ONLY-ONCE"), "{text}");
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
        fixture.process().settle(|_| true).unwrap();
        fresh(begin_as(&fixture.process(), 2, "Example Ltd", "a").unwrap()).refused();
    }
}

#[test]
fn hostile_headers_do_no_harm() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let whole = fs::read(fixture.only_file()).unwrap();
    let intent = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    for header in [
        "\n",
        " \n",
        "18446744073709551616 0\n",
        "18446744073709551615 cbf29ce484222325\n",
        "-1 cbf29ce484222325\n",
        "0 +bf29ce484222325\n",
        "1 cbf29ce484222325\n",
        "0 0000000000000000\n",
    ] {
        let bytes = [&whole[..intent], header.as_bytes(), b"x"].concat();
        assert!(matches!(Content::parse(&bytes), Ok(Content::Unfinished(_))), "{header:?}");
    }
}
