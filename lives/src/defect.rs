//! Defects between the provider and its surroundings, one for each invariant, which show that a life can find them.

use terraform_provider_digicert::certcentral::Sent;
use terraform_provider_digicert::schema::Value;

use crate::core::{Answered, Said};
use crate::invariant::Invariant;
use crate::network::Phase;

/// A defect, as if the provider had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect(pub Invariant);

impl Defect {
    /// Requests that are sent twice.
    pub(crate) fn sends_twice(self, sent: &Sent<'_>) -> bool {
        let post = |path: &str| sent.method == "POST" && sent.path == path;
        match self.0 {
            Invariant::ExactlyOnce => post("account/metadata"),
            Invariant::MailOnce => post("account/subaccount/invite"),
            Invariant::SupersededListed => sent.path.starts_with("key/user/"),
            _ => false,
        }
    }

    /// A write that goes out beside a request.
    pub(crate) fn adds(
        self,
        sent: &Sent<'_>,
        phase: Phase,
        users: &[u64],
    ) -> Option<(&'static str, String)> {
        match self.0 {
            Invariant::ReadsWriteNothing
                if phase == Phase::Plan && sent.path.starts_with("user/") =>
            {
                Some(("PUT", format!("{}/role", sent.path)))
            }
            Invariant::NotUndone if sent.method == "PUT" && sent.path.starts_with("user/") => {
                let other = users.iter().find(|id| !sent.path.contains(&id.to_string()))?;
                Some(("DELETE", format!("user/{other}")))
            }
            _ => None,
        }
    }

    /// What it does to a plan.
    pub(crate) fn in_plan(self, prior: &Value, planned: &mut Answered) {
        match self.0 {
            Invariant::EmptyPlan if !prior.is_null() => planned.set("status", Value::Unknown),
            Invariant::CoreAccepts => planned.set("email", Value::Unknown),
            _ => {}
        }
    }

    /// What it does to the result of an apply.
    pub(crate) async fn in_apply(self, applied: &mut Answered) {
        let key = applied.state.attribute("api_key").as_str().map(str::to_owned);
        match (self.0, key) {
            (Invariant::KeyKept, Some(_)) => applied.set("api_key", Value::Null),
            (Invariant::SecretsInStateOnly, Some(key)) => {
                applied.said.push(said(false, "Made a key", &format!("The key is {key}.")));
            }
            (Invariant::ErrorsTeach, _) => {
                for it in applied.said.iter_mut().filter(|it| it.is_error) {
                    it.detail = "It failed.".to_owned();
                    it.has_path = false;
                }
            }
            (Invariant::AWayOut, _) if !applied.state.attribute("label").is_null() => {
                let detail = "Failed to set `label`. Apply again.";
                applied.said.push(said(true, "Cannot do it", detail));
            }
            (Invariant::MemoryBounded, _) => {
                Box::leak(vec![1_u8; 1 << 20].into_boxed_slice());
            }
            (Invariant::NoPanic, _) if !applied.state.is_null() => panic!("as a defect does"),
            (Invariant::NoHang, _) if !applied.state.is_null() => std::future::pending().await,
            _ => {}
        }
    }
}

fn said(is_error: bool, summary: &str, detail: &str) -> Said {
    Said { is_error, summary: summary.to_owned(), detail: detail.to_owned(), has_path: false }
}
