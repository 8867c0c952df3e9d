//! `PUT /account/settings`. The API has no request to read the settings.
//!
//! <https://dev.digicert.com/certcentral-apis/services-api/account/update-account-notification-settings.html>

use serde_json::{Value, json};

use crate::call::Call;
use crate::options::SettingsAnswer;
use crate::reply::{Outcome, Problem, Refusal, Reply};
use crate::rules::{Checked, Field, Kind, UNLIMITED, are_some_of, check, required};
use crate::world::World;

const UPDATE: &[Field] = &[required("account_settings", Kind::Objects(SETTING))];

const SETTING: &[Field] = &[required("name", Kind::Text(UNLIMITED)), required("value", Kind::Any)];

/// Format of the value of a setting.
enum Encoding {
    /// A JSON array of recipients, as a string.
    Recipients,
    /// A JSON object with one preference, as a string.
    Preference,
    /// 1 or 0.
    Switch,
}

const SETTINGS: [(&str, Encoding); 8] = [
    ("confirmation_email_recipients", Encoding::Recipients),
    ("rejection_email_recipients", Encoding::Recipients),
    ("approval_email_recipients", Encoding::Recipients),
    ("renewal_email_recipients", Encoding::Recipients),
    ("email_preference", Encoding::Preference),
    ("account_fund_expiry_notices", Encoding::Switch),
    ("account_fund_adjustment_notices", Encoding::Switch),
    ("no_top_level_container_in_email", Encoding::Switch),
];

const RECIPIENTS: [&str; 4] = ["admin", "tech-contact", "org-contact", "order-users"];

/// Changes the settings in the request.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    call.query.allow(&[])?;
    let settings: Vec<Checked<'_>> =
        check(UPDATE, &call.body)?.objects("account_settings").collect();
    let problems: Vec<Problem> = settings
        .iter()
        .enumerate()
        .filter_map(|(index, it)| problem(&settings, index, *it))
        .collect();
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems));
    }
    if let SettingsAnswer::Body { status } = &call.options.settings_answer {
        let reply = json!({ "status": status, "message": "Account settings." });
        if status == "success" {
            store(world, call, &settings);
        }
        return Ok(Reply::ok(reply));
    }
    store(world, call, &settings);
    Ok(Reply::no_content())
}

fn store(world: &mut World, call: &Call<'_>, settings: &[Checked<'_>]) {
    let stored = world.settings.entry(call.caller.account_id).or_default();
    for setting in settings {
        let value = setting.value("value").cloned().unwrap_or_default();
        stored.insert(setting.required_text("name"), value);
    }
}

fn problem(settings: &[Checked<'_>], index: usize, setting: Checked<'_>) -> Option<Problem> {
    let name = setting.required_text("name");
    let path = format!("account_settings[{index}]");
    let Some((_, encoding)) = SETTINGS.iter().find(|(it, _)| *it == name) else {
        return Some(Problem::invalid_field(&format!("{path}.name"), "must name a setting"));
    };
    if settings[..index].iter().any(|it| it.required_text("name") == name) {
        return Some(Problem::invalid_field(&format!("{path}.name"), "was sent before"));
    }
    let rule = violated(encoding, setting.value("value")?)?;
    Some(Problem::invalid_field(&format!("{path}.value"), rule))
}

/// The rule a value breaks.
fn violated(encoding: &Encoding, value: &Value) -> Option<&'static str> {
    let inside = || value.as_str().and_then(|it| serde_json::from_str::<Value>(it).ok());
    let (holds, rule) = match encoding {
        Encoding::Recipients => (
            inside().is_some_and(|it| are_some_of(&RECIPIENTS, &it)),
            "must be a JSON array of recipients, each once, as a string",
        ),
        Encoding::Preference => (
            inside().is_some_and(|it| {
                it == json!({ "org-approval": [] }) || it == json!({ "org-approval": ["all"] })
            }),
            r#"must be {"org-approval":["all"]} or {"org-approval":[]} as a string"#,
        ),
        Encoding::Switch => (matches!(value.as_u64(), Some(0 | 1)), "must be 1 or 0"),
    };
    (!holds).then_some(rule)
}
