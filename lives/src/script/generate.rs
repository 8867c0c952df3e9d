//! Random lives.

use std::time::Duration;

use certcentral_sim::{Fault, FaultKind};
use fastrand::Rng;
use serde_json::{Map, Value as Json, json};

use super::{ImportBy, Renamed, Run, Script, Step};
use crate::core::Address;
use crate::kinds::KINDS;
use crate::network::Interruption;

/// The life with this seed.
pub fn generate(seed: u64) -> Script {
    let mut random = Rng::with_seed(seed);
    let options = options(&mut random);
    let provider = json!({
        "max_retries": random.u8(..3),
        "rate_limits": if random.u8(..8) == 0 { json!(["20/5s"]) } else { json!([]) },
        "refresh_from_lists": random.u8(..6) == 0,
    });
    let recovery = random.u8(..3) > 0;
    let mut steps = Vec::new();
    // Few kinds in a life, so that their mechanisms meet.
    let kinds = random.usize(1..4);
    let kinds: Vec<_> = (0..kinds).map(|_| random.usize(..KINDS.len())).collect();
    let labels = ['a', 'b'];
    let mut addresses = Vec::new();
    for of in &kinds {
        let kind = &KINDS[*of];
        let objects = random.usize(1..=kind.objects.min(2));
        for (number, label) in labels.into_iter().enumerate().take(objects) {
            let address = Address { of: kind.of, label };
            addresses.push((address, number));
            steps.push(configure(&mut random, address, number));
        }
    }
    for round in 0..random.usize(1..6) {
        if round > 0 {
            for _ in 0..random.usize(..4) {
                steps.push(event(&mut random, &mut addresses));
            }
        }
        if random.u8(..5) < 2 {
            for _ in 0..random.usize(1..3) {
                steps.push(Step::Fault(fault(&mut random)));
            }
        }
        steps.push(Step::Run(run(&mut random, &addresses)));
    }
    Script { options, provider, recovery, steps }
}

fn configure(random: &mut Rng, address: Address, number: usize) -> Step {
    let (seed, create_before_destroy) = (random.u64(..1000), random.u8(..3) == 0);
    Step::Configure { address, number, seed, create_before_destroy }
}

fn event(random: &mut Rng, addresses: &mut Vec<(Address, usize)>) -> Step {
    let (address, number) = addresses[random.usize(..addresses.len())];
    match random.u8(..20) {
        0 | 1 => Step::Remove(address),
        2 | 3 => {
            let to = ['a', 'b', 'c', 'd', 'e'][random.usize(..5)];
            addresses.push((Address { label: to, ..address }, number));
            let with = [Renamed::Moved, Renamed::Bare, Renamed::Imported][random.usize(..3)];
            Step::Rename { from: address, to, with }
        }
        4 => {
            let import = match random.u8(..4) {
                0 => None,
                1 => Some(ImportBy::Id),
                _ => Some(ImportBy::Identity { with_account: random.bool() }),
            };
            Step::Forget { address, import }
        }
        5 => Step::Taint(address),
        6..=8 => Step::EditElsewhere { address, seed: random.u64(..1000) },
        9 | 10 => Step::RemoveElsewhere(address),
        11 => Step::Wait { days: random.u64(1..40) },
        12 => Step::CreateElsewhere,
        _ => configure(random, address, number),
    }
}

fn run(random: &mut Rng, addresses: &[(Address, usize)]) -> Run {
    let one_of = |random: &mut Rng, n: u8| {
        (random.u8(..n) == 0).then(|| addresses[random.usize(..addresses.len())].0)
    };
    let at = random.usize(..40);
    Run {
        seed: random.u64(..1000),
        refresh: random.u8(..6) > 0,
        target: one_of(random, 10),
        replace: one_of(random, 12),
        interruption: match random.u8(..12) {
            0 => Interruption::KillProvider(at),
            1 => Interruption::KillBoth(at),
            2 => Interruption::Stop(at),
            _ => Interruption::None,
        },
        meddling: (random.u8(..10) == 0).then(|| {
            let address = addresses[random.usize(..addresses.len())].0;
            (random.usize(..20), address, random.bool().then(|| random.u64(..1000)))
        }),
        unreached: if random.u8(..10) == 0 { 100 } else { 0 },
    }
}

/// Paths of the API. A star stands for any text.
const PATHS: &[(&str, &[&str])] = &[
    (
        "GET",
        &[
            "*",
            "/user",
            "/user/*",
            "/user/me",
            "/key",
            "/key/*",
            "/container",
            "/container/*",
            "/account",
            "/organization/*",
            "/account/subaccount",
            "/account/subaccount/*",
            "/account/subaccount/invite",
            "/account/metadata",
            "/webhook",
        ],
    ),
    ("POST", &["*", "*", "*", "/user", "/key/user/*", "/account", "/account/subaccount/invite"]),
    (
        "PUT",
        &[
            "*",
            "*",
            "/user/*",
            "/key/*/status",
            "/key/*",
            "/account/subaccount/invite/*/status",
            "/container/*",
        ],
    ),
    ("DELETE", &["*"]),
];

fn fault(random: &mut Rng) -> Fault {
    let (method, paths) = PATHS[random.usize(..PATHS.len())];
    let path = paths[random.usize(..paths.len())];
    let statuses = [400, 403, 404, 409, 429, 500, 502, 503];
    let kind = match random.u8(..14) {
        0..=2 => FaultKind::status(statuses[random.usize(..statuses.len())]),
        3 => FaultKind::too_many_requests(Some(["1", "20", "600"][random.usize(..3)])),
        4 | 5 => FaultKind::Reset,
        6 => FaultKind::Close,
        7 => FaultKind::Truncated { bytes: random.usize(..200) },
        8 => html(if random.bool() { 404 } else { 200 }),
        9 => FaultKind::Body {
            status: 200,
            content_type: "application/json".into(),
            body: "{}".into(),
        },
        10 => FaultKind::Delay(Duration::from_secs(random.u64(..100))),
        11 => FaultKind::Hang,
        12 => other_object(path),
        _ => FaultKind::Storm {
            probability: 0.3,
            seed: random.u64(..1000),
            statuses: vec![429, 503],
            retry_after: Some("2".into()),
        },
    };
    let is_write = method != "GET";
    // A write on another object would be the simulator's own doing.
    let kind = match kind {
        FaultKind::OtherObject { .. } if is_write => FaultKind::Reset,
        kind => kind,
    };
    // In place of a list it would be an empty one.
    let is_object = is_write || path.ends_with("/*");
    let kind = match kind {
        FaultKind::Body { body, .. } if body == "{}" && !is_object => html(200),
        kind => kind,
    };
    // An absence of what a write is about would be another one.
    let kind = match kind {
        FaultKind::Status { status: 404, .. } if is_write => FaultKind::status(400),
        kind => kind,
    };
    let is_refusal = match &kind {
        FaultKind::Status { status, .. } | FaultKind::Body { status, .. } => {
            (400..500).contains(status)
        }
        _ => false,
    };
    // A success that did nothing would be a lie that no client can notice.
    let is_success = match &kind {
        FaultKind::Body { body, .. } => body == "{}",
        kind => matches!(kind, FaultKind::Truncated { .. }),
    };
    let has_effect = is_write
        && !is_refusal
        && !matches!(kind, FaultKind::Storm { .. })
        && (is_success || random.bool());
    let fault = Fault::new(method, path, kind).after(random.usize(..4)).times(random.usize(1..4));
    if has_effect { fault.with_effect() } else { fault }
}

/// The response is about another object of the same kind.
fn other_object(path: &str) -> FaultKind {
    let others = [
        ("/user/*", 110_001),
        ("/organization/*", 300_002),
        ("/container/*", 1002),
        ("/key/*", 700_001),
    ];
    let other = others.iter().find(|it| it.0 == path);
    other.map_or(FaultKind::Reset, |it| FaultKind::OtherObject { id: it.1 })
}

fn html(status: u16) -> FaultKind {
    FaultKind::Body { status, content_type: "text/html".into(), body: "<p>Maintenance</p>".into() }
}

/// What DigiCert's documentation leaves open, and the account does not refuse altogether.
const OPTIONS: &[(&str, &[&str])] = &[
    ("ids_as_strings", &["true"]),
    ("bools_as_numbers", &["true"]),
    ("null_for_unset", &["true"]),
    ("lower_case_emails", &["true"]),
    ("lower_case_location", &["true"]),
    ("deleted_with_ok", &["true"]),
    ("page_limit_default", &["2", "1000"]),
    ("omitted_account_email_clears", &["true"]),
    ("subaccount_list_has_child_name", &["true"]),
    ("subaccount_created_with_ok", &["true"]),
    ("canceled_spelling", &["\"cancelled\""]),
    ("invite_status_filter", &["\"canceled\""]),
    ("username_availability", &["false"]),
    ("user_list_has_optional_fields", &["false"]),
    ("user_list_has_service_users", &["true"]),
    ("user_list_status_filter", &["false"]),
    ("new_users_inherit_limits", &["true"]),
    ("omitted_saml_sso_only_resets", &["true"]),
    ("service_users_path", &["\"service_user\""]),
    ("service_user_list_has_assignments", &["false"]),
    ("key_list_has_revoked", &["false"]),
    ("key_list_user_filter", &["false"]),
    ("unrestricted_key_has_role", &["true"]),
    ("omitted_key_restriction_resets", &["true"]),
    ("container_list_has_details", &["false"]),
    ("container_list_has_inactive", &["false"]),
    ("empty_list_for_all_domains", &["true"]),
    ("container_created_with_ok", &["true"]),
    ("container_assigned_with_ok", &["true"]),
    ("omitted_container_description_clears", &["true"]),
    ("technical_contact", &["\"object\"", "\"list\""]),
    ("language_id_readable", &["true"]),
    ("pending_validation_has_date", &["true"]),
    ("webhook_settings_have_defaults", &["true"]),
    ("omitted_webhook_fields_reset", &["true"]),
    ("custom_field_active_by_default", &["false"]),
    ("custom_field_created_with_no_content", &["true"]),
    ("custom_field_update_returns_field", &["true"]),
    ("omitted_custom_field_values_reset", &["true"]),
];

fn options(random: &mut Rng) -> Json {
    let mut options = Map::new();
    for (name, values) in OPTIONS {
        if random.u8(..6) == 0 {
            let value = values[random.usize(..values.len())];
            options.insert((*name).to_owned(), serde_json::from_str(value).expect("JSON"));
        }
    }
    options.into()
}
