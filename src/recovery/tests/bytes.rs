//! Records as a crash, a person or a stranger may leave them.

use super::*;

#[test]
fn every_torn_write_is_recognised() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    let intent = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    let answer = intent + content::answer(ANSWER).unwrap().len();
    for cut in 0..=answer {
        // Behind the cut there is the room kept free, as it was, or the end of a file that lost it.
        let roomy = [&whole[..cut], &vec![b' '; whole.len() - cut]].concat();
        for torn in [&whole[..cut], &roomy] {
            let of_cut = match Content::parse(torn).unwrap() {
                Content::Torn => cut < intent,
                Content::Unfinished(_) => (intent..answer).contains(&cut),
                Content::Finished(_, found) => cut == answer && found == ANSWER,
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
    for torn in ["", "{\"version\":1,\"sco", "\0\0\0\0"] {
        fs::write(&file, torn).unwrap();
        let record = fresh(begin(&fixture.process(), "b"));
        assert_eq!(record.file(), file, "the torn one has gone");
        discard(record);
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
        whole.replacen("\"scope\":1", "\"scope\":-1", 1),
    ] {
        fs::write(&file, &damaged).unwrap();
        let text = error(begin_as(&fixture.process(), 1, "Another Ltd", "b"));
        assert!(text.contains("is invalid") && text.contains("move it"), "{text}");
        assert!(text.contains(file.to_str().unwrap()), "{text}");
        assert!(!text.contains("EXAMPLE-ONLY-ONCE"), "{text}");
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
        forget(&fixture.process(), |_| true).unwrap();
        discard(fresh(begin_as(&fixture.process(), 2, "Example Ltd", "a").unwrap()));
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

#[test]
fn what_is_larger_than_any_record_is_refused_unread() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    // Four gigabytes, of which the disk has only the beginning.
    File::options().write(true).open(&file).unwrap().set_len(1 << 32).unwrap();
    let text = error(begin_as(&fixture.process(), 1, "Another Ltd", "b"));
    assert!(text.contains("it is larger than 1024 KiB"), "{text}");
    forget(&fixture.process(), |_| true).unwrap();
    assert_eq!(fixture.only_file(), file);
    fs::write(&file, whole).unwrap();
    assert_eq!(adopted(begin(&fixture.process(), "a")), ANSWER);
}

#[test]
fn no_record_is_written_that_could_not_be_read() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let text = error(begin_as(&process, 1, "Example Ltd", &"a".repeat(1 << 20)));
    assert!(text.contains("the request is larger than 512 KiB"), "{text}");
    assert!(fixture.files().is_empty());

    let name = "a".repeat(500 << 10);
    let mut record = fresh(begin(&process, &name));
    let unwritten = wait(async { record.answered(&[b' '; 1 << 20]).await }).unwrap_err();
    assert!(unwritten.to_string().contains("the answer is larger than 512 KiB"), "{unwritten}");
    let largest = [b' '; 512 << 10];
    wait(async { record.answered(&largest).await }).unwrap();
    drop((record, process));
    assert_eq!(adopted(begin(&fixture.process(), &name)), largest);
}
