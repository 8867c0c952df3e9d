//! A life: plays a script against the provider and the simulator, and judges every step.

mod advice;
mod happen;
mod judge;
mod records;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certcentral_sim::{InProcess, Options};
use serde_json::{Value as Json, json};
use terraform_provider_digicert::schema::Value;

use crate::core::{Address, Config, Import, State};
use crate::defect::Defect;
use crate::invariant::{Invariant, Violation};
use crate::network::Interruption;
use crate::script::{Run, Script, Step};

/// What lives were made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics {
    /// Commands: applies, with their plans.
    pub runs: u64,
    /// Requests to CertCentral.
    pub requests: u64,
    /// Times that something was killed or interrupted.
    pub interruptions: u64,
    /// Errors that were reported.
    pub errors: u64,
}

impl Statistics {
    /// Adds those of other lives.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.requests += other.requests;
        self.interruptions += other.interruptions;
        self.errors += other.errors;
    }
}

/// A life that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was broken.
    pub violation: Violation,
    /// What happened, a line each.
    pub story: Vec<String>,
}

/// An object of the model: its type and which of its kind it is.
type Which = (&'static str, usize);

/// Plays a script. `directory` is an empty directory of its own, for records.
///
/// # Errors
///
/// The invariant that does not hold.
pub fn play(
    script: &Script,
    defect: Option<Defect>,
    directory: &Path,
) -> Result<Statistics, Box<Failure>> {
    let mut life = Life::new(script, defect, directory);
    match life.live(script) {
        Ok(()) => Ok(life.statistics),
        Err(violation) => Err(Box::new(Failure { violation, story: life.story })),
    }
}

struct Life {
    sim: Arc<InProcess>,
    provider: Json,
    recovery: Option<PathBuf>,
    defect: Option<Defect>,
    config: Config,
    /// Blocks as they were applied last, without errors.
    applied: Config,
    state: State,
    imports: Vec<Import>,
    moved: Vec<(Address, Address)>,
    /// What an error said to replace.
    replace: Option<Address>,
    /// Objects that nobody manages, for a reason: their state was lost, or their create had no response.
    abandoned: BTreeSet<(&'static str, u64)>,
    /// Keys of rotations that were killed: the next rotation of the object settles them.
    unsettled: BTreeSet<u64>,
    /// The key that the state of an object must have.
    keys: BTreeMap<Which, String>,
    /// Which object an address stands for, as long as the life lasts.
    numbers: BTreeMap<Address, usize>,
    /// Objects of other people, which nothing may touch.
    others: Vec<(&'static str, u64)>,
    /// Addresses that were sent to again for a value of their trigger, in applies that failed.
    resent: BTreeSet<(String, String)>,
    statistics: Statistics,
    story: Vec<String>,
}

impl Life {
    fn new(script: &Script, defect: Option<Defect>, directory: &Path) -> Self {
        let mut options: Options =
            serde_json::from_value(script.options.clone()).expect("options of the simulator");
        options.api_key = Some("KEY-OF-THE-ADMINISTRATOR-OF-A-LIFE".to_owned());
        let sim = Arc::new(InProcess::new(options));
        let mut provider = script.provider.clone();
        provider["api_key"] = sim.api_key().into();
        provider["base_url"] = "http://127.0.0.1:1/services/v2".into();
        let recovery = script.recovery.then(|| directory.join("records"));
        if let Some(recovery) = &recovery {
            provider["recovery_dir"] = json!(recovery);
        }
        Self {
            sim,
            provider,
            recovery,
            defect,
            config: Config::new(),
            applied: Config::new(),
            state: State::default(),
            imports: Vec::new(),
            moved: Vec::new(),
            replace: None,
            abandoned: BTreeSet::new(),
            unsettled: BTreeSet::new(),
            keys: BTreeMap::new(),
            numbers: BTreeMap::new(),
            others: Vec::new(),
            resent: BTreeSet::new(),
            statistics: Statistics::default(),
            story: Vec::new(),
        }
    }

    fn live(&mut self, script: &Script) -> Result<(), Violation> {
        let mut faults = Vec::new();
        for step in &script.steps {
            self.story.push(step.to_string());
            match step {
                Step::Run(run) => {
                    self.run(run, &faults)?;
                    self.sim.clear_faults();
                    faults.clear();
                }
                Step::Fault(fault) => {
                    self.sim.fault(fault.clone());
                    faults.push(fault.clone());
                }
                other => self.happen(other),
            }
        }
        self.sim.clear_faults();
        self.settle()
    }

    /// Applies without faults, follows the errors, and plans once more.
    fn settle(&mut self) -> Result<(), Violation> {
        let mut last = Vec::new();
        for seed in 0..10 {
            let run = Run { seed, replace: self.replace.take(), ..settled() };
            self.story.push("settle: terraform apply".to_owned());
            let done = self.run(&run, &[])?;
            if !done.has_errors() && !done.has_restored() {
                return self.judge_end();
            }
            let errors = done.errors();
            if errors == last {
                let again = self.story.len()
                    - self
                        .story
                        .iter()
                        .rev()
                        .position(|it| it.starts_with("settle"))
                        .map_or(0, |it| it + 1);
                self.story.truncate(again);
                self.story.push("settle: the same errors again".to_owned());
            }
            last = errors;
            self.follow(&done);
        }
        Err(Violation::new(Invariant::AWayOut, last.join("\n")))
    }
}

fn settled() -> Run {
    Run {
        seed: 0,
        refresh: true,
        target: None,
        replace: None,
        interruption: Interruption::None,
        meddling: None,
        unreached: 0,
    }
}

/// The one-time key in a state, if it has one.
fn api_key(value: &Value) -> Option<&str> {
    value.attribute("api_key").as_str()
}
