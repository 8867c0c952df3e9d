//! Incomplete, damaged and hostile records.

use super::*;

#[test]
fn every_incomplete_write_is_recognized() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    let intent = whole.iter().position(|it| *it == b'\n').unwrap() + 1;
    let answer = intent + content::response(RESPONSE).unwrap().len();
    for cut in 0..=answer {
        // After the cut there is the room for the response, or the end of the file.
        let padded = [&whole[..cut], &vec![b' '; whole.len() - cut]].concat();
        for incomplete in [&whole[..cut], &padded] {
            let is_expected = match Content::parse(incomplete).unwrap() {
                Content::Incomplete => cut < intent,
                Content::Unfinished(_) => (intent..answer).contains(&cut),
                Content::Finished(_, found) => cut == answer && found == RESPONSE,
            };
            assert!(is_expected, "cut at {cut} of {intent} and {answer}");
        }
    }
}

#[test]
fn a_record_with_an_incomplete_intent_is_removed() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    for incomplete in ["", "{\"version\":1,\"sco", "\0\0\0\0"] {
        fs::write(&file, incomplete).unwrap();
        let record = fresh(begin(&fixture.process(), "b"));
        assert_eq!(record.file(), file, "the incomplete record was removed");
        discard(record);
        fs::write(&file, incomplete).unwrap();
    }
}

#[test]
fn damaged_records_are_errors_and_kept() {
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
fn hostile_headers_are_incomplete_responses() {
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
fn a_file_that_is_too_large_is_not_read() {
    let fixture = Fixture::new();
    fixture.leave_finished("a");
    let file = fixture.only_file();
    let whole = fs::read(&file).unwrap();
    // A sparse file of four gigabytes.
    File::options().write(true).open(&file).unwrap().set_len(1 << 32).unwrap();
    let text = error(begin_as(&fixture.process(), 1, "Another Ltd", "b"));
    assert!(text.contains("it is larger than 1024 KiB"), "{text}");
    forget(&fixture.process(), |_| true).unwrap();
    assert_eq!(fixture.only_file(), file);
    fs::write(&file, whole).unwrap();
    assert_eq!(adopted(begin(&fixture.process(), "a")), RESPONSE);
}

#[test]
fn no_record_is_written_that_is_too_large_to_be_read() {
    let fixture = Fixture::new();
    let process = fixture.process();
    let text = error(begin_as(&process, 1, "Example Ltd", &"a".repeat(1 << 20)));
    assert!(text.contains("the request is larger than 512 KiB"), "{text}");
    assert!(fixture.files().is_empty());

    let name = "a".repeat(500 << 10);
    let mut record = fresh(begin(&process, &name));
    let unwritten = wait(async { record.write_response(&[b' '; 1 << 20]).await }).unwrap_err();
    assert!(unwritten.to_string().contains("the response is larger than 512 KiB"), "{unwritten}");
    let largest = [b' '; 512 << 10];
    wait(async { record.write_response(&largest).await }).unwrap();
    drop((record, process));
    assert_eq!(adopted(begin(&fixture.process(), &name)), largest);
}
