//! One cell of the matrix: a call that meets a fault.

use super::*;

/// One cell of the matrix.
pub(super) struct Case {
    pub(super) call: &'static Call,
    pub(super) class: &'static Class,
    /// The fault stays, or strikes once.
    pub(super) lasting: bool,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Call { resource, operation, method, path, .. } = self.call;
        let how = if self.lasting { "lasting" } else { "once" };
        write!(f, "{resource} {operation:?}: {method} {path}: {} ({how})", self.class.name)
    }
}

impl Case {
    #[tokio::main(flavor = "current_thread")]
    pub(super) async fn run(self) {
        let sim = crate::fixtures::sim();
        let mut arguments = json!({ "max_retries": 1, "rate_limits": [] });
        if self.class.name == "time-out" {
            arguments["request_timeout"] = json!("1s");
        }
        if (self.call.method, self.call.path) == ("GET", "/account") {
            // What Configure has found out is not asked again.
            sim.fault(Fault::new("GET", "/account", FaultKind::status(503)));
        }
        let mut host = Host::start(&sim, arguments).await;
        sim.clear_faults();
        let [first, second] = configurations(self.call.resource);
        let made = match self.call.operation {
            Operation::Create => Object::default(),
            _ => {
                host.apply(self.call.resource, &Object::default(), Some(&first))
                    .await
                    .succeeded()
                    .object
            }
        };
        sim.take_requests();
        sim.fault(self.fault());
        let answered = match self.call.operation {
            Operation::Create => host.apply(self.call.resource, &made, Some(&first)).await,
            Operation::Read => host.read(self.call.resource, &made).await,
            Operation::Update => host.apply(self.call.resource, &made, Some(&second)).await,
            Operation::Delete => host.apply(self.call.resource, &made, None).await,
        };
        sim.clear_faults();
        self.judge(&answered, &sim.requests());
    }

    /// A POST whose answer holds a key is given five minutes: a unit test of the client, on a clock
    /// that is paused, shows how it ends.
    pub(super) fn takes_minutes(&self) -> bool {
        let returns_key = matches!(
            (self.call.resource, self.call.method),
            ("digicert_api_key" | "digicert_service_user" | "digicert_subaccount", "POST")
        );
        self.class.name == "time-out" && returns_key
    }

    /// Whether another case shows the same: a read has no effect, and a refusal at once is the same whether the
    /// fault passes or not.
    pub(super) fn is_redundant(&self) -> bool {
        let is_read = self.call.method == "GET";
        (is_read && self.class.effect)
            || (self.lasting && !self.call.shared && !self.call.advisory && self.fate() == Refused)
    }

    fn fault(&self) -> Fault {
        let fault = Fault::new(self.call.method, self.call.path, (self.class.kind)());
        let fault = if self.class.effect { fault.with_effect() } else { fault };
        let fault = fault.after(self.call.after);
        if self.lasting { fault } else { fault.times(1) }
    }

    /// What it must come to.
    fn fate(&self) -> Fate {
        let fate = match self.call.method {
            "GET" => self.class.read,
            "POST" => self.class.post,
            _ => self.class.repeatable,
        };
        // A call with a success that makes no sense is not known to have failed.
        let is_success = matches!(self.class.name, "HTML" | "empty");
        match fate {
            _ if self.call.advisory && (!self.lasting || !self.call.afterwards) => Fine,
            Refused if self.call.deactivates && matches!(self.class.name, "400" | "409") => Fine,
            Refused | Absent if self.call.shared && !self.lasting => Fine,
            // Its own answer is empty, too.
            Unknown if self.call.listed && self.class.name == "empty" && !self.call.returns_id => {
                Fine
            }
            Unknown if (self.call.looked_for || self.call.listed) && self.class.effect => Fine,
            Repeated if !self.lasting || (self.call.listed && self.class.effect) => Fine,
            Unknown if self.call.looked_for && is_success => Unknown,
            Unknown if self.call.looked_for && !self.lasting => Fine,
            Unknown if self.call.looked_for => Repeated,
            Absent => self.call.absence,
            fate => fate,
        }
    }

    fn judge(&self, answered: &Answered, requests: &[Recorded]) {
        let (errors, warnings) = (answered.errors.join("\n"), answered.warnings.join("\n"));
        let exists = answered.object.state.is_some();
        let effects = requests.iter().filter(|it| it.method == "POST" && it.effect).count();
        assert!(effects <= 1, "a POST took effect {effects} times");
        match self.fate() {
            Fine => {
                assert_eq!(errors, "");
                assert_eq!(exists, self.call.operation != Operation::Delete);
            }
            Absent => {
                assert_eq!(errors, "");
                assert!(!exists, "the object is gone");
            }
            _ if self.call.afterwards => {
                assert_eq!(errors, "", "nothing fails after the effect");
                assert!(exists && !warnings.is_empty(), "{warnings}");
            }
            fate => {
                let says = match fate {
                    Unknown => "may have been",
                    // In the words of the resource, or as the API's code.
                    _ if self.class.read == Absent => "not found",
                    _ => self.class.says,
                };
                let errors = errors.replace("not_found", "not found");
                assert!(contains_parts(&errors, says), "{errors}");
                assert_eq!(exists, self.call.operation != Operation::Create, "state is kept");
                let calls =
                    requests.iter().filter(|it| it.method == self.call.method && self.matches(it));
                // A list that only saves requests is tried once.
                let attempts = 1 + usize::from(fate == Repeated);
                let expected = attempts + usize::from(self.call.shared);
                assert_eq!(calls.count() - self.call.after, expected, "times the call was made");
            }
        }
    }

    fn matches(&self, request: &Recorded) -> bool {
        match self.call.path.split_once('*') {
            Some((prefix, suffix)) => {
                request.path.starts_with(prefix) && request.path.ends_with(suffix)
            }
            None => request.path == self.call.path,
        }
    }
}
