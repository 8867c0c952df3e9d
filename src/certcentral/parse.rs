//! Parsers for the text of settings.

use std::time::Duration;

use crate::secret::Secret;

/// An invalid value. The text is the rule, to be appended to the name of the setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSetting(pub(super) String);

/// An API key. White space around it, such as the line break at the end of a file, is removed.
///
/// # Errors
///
/// If the rest is empty or is not a key.
pub fn api_key(text: &str) -> Result<Secret, InvalidSetting> {
    let rule = |text: &str| Err(InvalidSetting(text.into()));
    let key = text.trim();
    if key.is_empty() {
        return rule("must not be empty");
    }
    if key.contains(['\r', '\n']) {
        return rule("must not contain a line break");
    }
    if !key.chars().all(|c| c.is_ascii_graphic()) {
        return rule("must contain only ASCII letters, digits and punctuation");
    }
    Ok(Secret::new(key))
}

/// A duration such as `500ms`, `30s`, `4m` or `1m 30s`, above zero and at most a day.
pub fn duration(text: &str) -> Result<Duration, InvalidSetting> {
    let duration = humantime::parse_duration(text)
        .map_err(|_| InvalidSetting("must be a duration such as 500ms, 30s or 4m".into()))?;
    if duration.is_zero() {
        return Err(InvalidSetting("must be a duration above zero".into()));
    }
    // No use needs more, and adding a day to a point in time cannot overflow.
    if duration > MAX_DURATION {
        return Err(InvalidSetting("must be a duration of at most 24h".into()));
    }
    Ok(duration)
}

const MAX_DURATION: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_and_bounds() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        for (text, rule) in [
            ("30", "such as 500ms"),
            ("", "such as 500ms"),
            ("-4m", "such as 500ms"),
            ("0s", "above zero"),
            ("25h", "at most 24h"),
            ("1000000000years", "24h"),
        ] {
            let error = duration(text).expect_err(text).to_string();
            assert!(error.contains(rule), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_key_is_one_line_and_may_have_white_space_around_it() {
        for text in ["A-KEY_1", " A-KEY_1", "A-KEY_1\r\n", "\n\tA-KEY_1 \u{a0}"] {
            let key = api_key(text).map(|key| key.expose().to_owned());
            assert_eq!(key.as_deref(), Ok("A-KEY_1"), "{text:?}");
        }
        for (text, rule) in [
            ("", "must not be empty"),
            (" \r\n", "must not be empty"),
            ("A-KEY_1\nANOTHER", "must not contain a line break"),
            ("A-KEY_1\rANOTHER", "must not contain a line break"),
            ("A KEY", "only ASCII letters"),
            ("\u{feff}A-KEY_1", "only ASCII letters"),
            ("A-K\u{c9}Y_1", "only ASCII letters"),
            ("A-KEY_1\0", "only ASCII letters"),
        ] {
            let error = api_key(text).map(drop).expect_err(text).to_string();
            assert!(error.contains(rule) && !error.contains("KEY"), "{text:?}: {error}");
        }
    }
}
