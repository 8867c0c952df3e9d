//! A life: plays a script against the provider and the simulator, and judges every step.

mod advice;
mod judge;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use certcentral_sim::{InProcess, Options};
use fastrand::Rng;
use serde_json::{Value as Json, json};
use terraform_provider_digicert::schema::Value;

use self::judge::Done;
use crate::core::{self, Address, By, Config, Ended, Import, Order, Process, Resource, State};
use crate::defect::Defect;
use crate::invariant::{Invariant, Violation};
use crate::kinds::{Chooser, KINDS, kind};
use crate::network::{Interruption, Meddling, Network, Phase, locked};
use crate::script::{ImportBy, Run, Script, Step};

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
            keys: BTreeMap::new(),
            numbers: BTreeMap::new(),
            others: Vec::new(),
            resent: BTreeSet::new(),
            statistics: Statistics::default(),
            story: Vec::new(),
        }
    }

    fn live(&mut self, script: &Script) -> Result<(), Violation> {
        let mut has_faults = false;
        for step in &script.steps {
            self.story.push(step.to_string());
            match step {
                Step::Run(run) => {
                    self.run(run, has_faults)?;
                    self.sim.clear_faults();
                    has_faults = false;
                }
                Step::Fault(fault) => {
                    self.sim.fault(fault.clone());
                    has_faults = true;
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
            let done = self.run(&run, false)?;
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

    /// Something that is not a command of Terraform's that calls the provider.
    fn happen(&mut self, step: &Step) {
        match step {
            Step::Configure { address, number, seed, create_before_destroy } => {
                self.configure(*address, *number, *seed, *create_before_destroy);
            }
            Step::Remove(address) => {
                if !self.is_referenced(*address) {
                    self.config.remove(address);
                    self.imports.retain(|it| it.to != *address);
                }
            }
            Step::Rename { from, to, moved } => self.rename(*from, *to, *moved),
            Step::Forget { address, import } => self.forget(*address, *import),
            Step::Taint(address) => {
                let instance = self.state.0.get_mut(address);
                if let Some(object) = instance.and_then(|it| it.current.as_mut()) {
                    object.is_tainted = true;
                }
            }
            Step::EditElsewhere { address, seed } => {
                let mut random = Rng::with_seed(*seed);
                // With `refresh_from_lists`, such changes are noticed only in lists that show them.
                let is_noticed = self.provider["refresh_from_lists"] != true;
                if let Some(id) = self.id(*address).filter(|_| is_noticed) {
                    self.sim.with(|world| (kind(address.of).edit)(world, &mut random, id));
                }
            }
            Step::RemoveElsewhere(address) => {
                if let (Some(id), Some(remove)) = (self.id(*address), kind(address.of).remove) {
                    self.sim.with(|world| remove(world, id));
                }
            }
            Step::CreateElsewhere => {
                for kind in &KINDS {
                    let created = kind.create.map(|create| self.sim.with(create));
                    self.others.extend(created.map(|id| (kind.of, id)));
                }
            }
            Step::Wait { days } => self.sim.clock_advance(Duration::from_secs(days * 86_400)),
            Step::Fault(_) | Step::Run(_) => {}
        }
    }

    fn configure(&mut self, address: Address, number: usize, seed: u64, first: bool) {
        let is_elsewhere = |(other, it): (&Address, &Resource)| {
            other.of == address.of && (*other == address) != (it.number == number)
        };
        let is_other = *self.numbers.entry(address).or_insert(number) != number;
        if is_other || self.config.iter().any(is_elsewhere) {
            return;
        }
        let addresses = self.config.keys().map(|it| (it.of, it.to_string())).collect();
        let mut random = Rng::with_seed(seed);
        let mut chooser = Chooser { random: &mut random, addresses };
        let kind = kind(address.of);
        let config = (kind.config)(&mut chooser, number);
        let create_before_destroy = first && kind.can_exist_twice;
        self.config.insert(address, Resource { number, config, create_before_destroy });
    }

    fn is_referenced(&self, address: Address) -> bool {
        let text = address.to_string();
        self.config.values().any(|it| it.references().contains(&text))
    }

    fn rename(&mut self, from: Address, to: char, moved: bool) {
        let to = Address { label: to, ..from };
        if self.config.contains_key(&to) || self.state.0.contains_key(&to) {
            return;
        }
        let number = self.config.get(&from).map(|it| it.number);
        if number.is_some_and(|it| *self.numbers.entry(to).or_insert(it) != it) {
            return;
        }
        let Some(resource) = self.config.remove(&from) else { return };
        self.config.insert(to, resource);
        let (old, new) = (format!("\"ref:{from}\""), format!("\"ref:{to}\""));
        for resource in self.config.values_mut() {
            let text = resource.config.to_string().replace(&old, &new);
            resource.config = serde_json::from_str(&text).expect("it was JSON before");
        }
        for import in self.imports.iter_mut().filter(|it| it.to == from) {
            import.to = to;
        }
        if moved {
            self.moved.push((from, to));
        }
    }

    fn forget(&mut self, address: Address, import: Option<ImportBy>) {
        let Some(instance) = self.state.0.remove(&address) else { return };
        let number = self.config.get(&address).map(|it| it.number);
        number.map(|it| self.keys.remove(&(address.of, it)));
        for object in instance.current.iter().chain(&instance.deposed) {
            let mut ids = judge::owned(address.of, &object.value);
            if let Some(number) = number.filter(|_| judge::lacks_id(address.of, &object.value)) {
                ids.extend(self.sim.with(|world| (kind(address.of).existing)(world, number)));
            }
            self.abandoned.extend(ids.into_iter().map(|it| (address.of, it)));
        }
        let Some(object) = instance.current else { return };
        let (Some(by), true) = (import, self.config.contains_key(&address)) else { return };
        let Some(id) = judge::import_id(address.of, &object.value) else { return };
        let account = object.identity.attribute("account_id").as_str().map(str::to_owned);
        let has_id = object.identity.attribute("id").as_str().is_some();
        let by = match by {
            ImportBy::Identity { with_account } if has_id => {
                By::Identity(id, account.filter(|_| with_account))
            }
            _ => By::Id(id),
        };
        self.imports.push(Import { to: address, by });
    }

    fn id(&self, address: Address) -> Option<u64> {
        let object = self.state.object(address)?;
        judge::owned(address.of, &object.value).first().copied()
    }

    /// One `terraform apply`.
    fn run(&mut self, run: &Run, has_faults: bool) -> Result<Done, Violation> {
        self.statistics.runs += 1;
        let order = Order {
            refresh: run.refresh,
            target: run.target,
            replace: run.replace.filter(|it| self.config.contains_key(it)),
            imports: self.imports.clone(),
            moved: self.moved.clone(),
        };
        let network = self.network(run, Interruption::None);
        let process = Process::start(Arc::clone(&network), self.defect);
        let planned =
            core::plan(&process.plugin, &self.provider, &self.config, &self.state, &order);
        let Ended::Done(plan) = process.run(planned)? else { return Ok(Done::default()) };
        self.end(&process)?;
        drop(process);
        self.judge_reads(&network)?;
        let mut done = Done {
            said: plan.said.clone(),
            had_faults: has_faults,
            was_targeted: run.target.is_some(),
            ..Done::default()
        };
        self.judge_said(&done.said)?;
        if plan.failed() {
            self.tell(&done, "plan failed");
            self.drop_failed_imports(&done);
            return Ok(done);
        }
        self.imports.retain(|it| order.target.is_some() && !plan.state.0.contains_key(&it.to));
        if order.target.is_none() {
            self.moved.clear();
        }
        if plan.is_empty() {
            self.state = plan.state;
            self.story.push("  no changes".to_owned());
            done.is_empty = true;
            return Ok(done);
        }
        self.story.push(format!("  plan: {}", plan.summary()));
        let before = std::mem::replace(&mut self.state, plan.state.clone());
        self.apply(run, &plan, &mut done)?;
        self.tell(&done, "applied");
        self.judge_run(&before, &plan, &done)?;
        for change in plan.changes.iter().filter(|it| !done.undone.contains(&it.address)) {
            if let (Some(it), false) = (self.config.get(&change.address), done.was_interrupted) {
                self.applied.insert(change.address, it.clone());
            }
        }
        let is_whole = run.refresh
            && run.target.is_none()
            && run.replace.is_none()
            && run.meddling.is_none()
            && run.unreached == 0;
        if is_whole
            && !has_faults
            && !done.has_errors()
            && !done.has_restored()
            && !done.was_interrupted
        {
            self.judge_empty()?;
        }
        Ok(done)
    }

    fn apply(&mut self, run: &Run, plan: &core::Plan, done: &mut Done) -> Result<(), Violation> {
        let network = self.network(run, run.interruption);
        network.enter(Phase::Apply);
        let process = Process::start(Arc::clone(&network), self.defect);
        let progress = Arc::new(Mutex::new(core::Progress::new(plan.state.clone())));
        let applied = core::apply(
            &process.plugin,
            &network,
            &self.provider,
            &self.config,
            &plan.changes,
            &progress,
        );
        let ended = process.run(applied)?;
        match ended {
            Ended::Done(()) => {
                self.end(&process)?;
                done.was_interrupted = network.is_stopped();
            }
            Ended::Killed => {
                done.was_interrupted = true;
                done.was_killed = true;
                done.was_killed_alone = network.killed_alone.load(Ordering::Relaxed);
                if matches!(run.interruption, Interruption::KillProvider(_)) {
                    locked(&progress).bury();
                }
            }
        }
        drop(process);
        self.statistics.interruptions += u64::from(done.was_interrupted);
        done.ledger = network.take_ledger();
        self.statistics.requests +=
            self.sim.take_requests().len() as u64 + done.ledger.len() as u64;
        let mut progress = locked(&progress);
        self.state = std::mem::take(&mut progress.state);
        done.undone = std::mem::take(&mut progress.undone);
        done.said.append(&mut progress.said);
        drop(progress);
        self.judge_said(&done.said)
    }

    fn network(&self, run: &Run, interruption: Interruption) -> Arc<Network> {
        let sim = Arc::clone(&self.sim);
        fastrand::seed(run.seed);
        let meddling = run.meddling.and_then(|it| self.meddling(it));
        Arc::new(Network::new(sim, run.seed, interruption, run.unreached, meddling, self.defect))
    }

    /// What another person does during an apply.
    fn meddling(
        &self,
        (at, address, seed): (usize, Address, Option<u64>),
    ) -> Option<(usize, Meddling)> {
        let (id, kind) = (self.id(address)?, kind(address.of));
        let is_noticed = self.provider["refresh_from_lists"] != true;
        let meddle: Meddling = match seed {
            Some(seed) if is_noticed => {
                Box::new(move |world| (kind.edit)(world, &mut Rng::with_seed(seed), id))
            }
            Some(_) => return None,
            None => Box::new(move |world| {
                kind.remove.inspect(|remove| remove(world, id));
            }),
        };
        Some((at, meddle))
    }

    /// An orderly end of a process.
    fn end(&self, process: &Process) -> Result<(), Violation> {
        process
            .run(async {
                process.plugin.end().await;
                Ok(())
            })
            .map(drop)
    }

    /// A plan after a successful apply has nothing to do.
    fn judge_empty(&mut self) -> Result<(), Violation> {
        let network = self.network(&settled(), Interruption::None);
        let process = Process::start(Arc::clone(&network), self.defect);
        let order = Order { refresh: true, ..Order::default() };
        let planned =
            core::plan(&process.plugin, &self.provider, &self.config, &self.state, &order);
        let Ended::Done(plan) = process.run(planned)? else { return Ok(()) };
        self.end(&process)?;
        self.judge_reads(&network)?;
        self.judge_said(&plan.said)?;
        if plan.failed() || !plan.is_empty() {
            let errors: Vec<_> = plan.said.iter().map(|(_, it)| it.detail.clone()).collect();
            let detail = format!("{} {}", plan.summary(), errors.join("\n"));
            return Err(Violation::new(Invariant::EmptyPlan, detail));
        }
        self.state = plan.state;
        Ok(())
    }

    fn tell(&mut self, done: &Done, what: &str) {
        let ledger = done.ledger.iter().map(|it| {
            let effect = if it.effect { "" } else { " (no effect)" };
            format!(" {} {}{effect};", it.method, it.path)
        });
        let how = match (done.was_killed, done.was_interrupted) {
            (true, _) => ", killed",
            (_, true) => ", interrupted",
            _ => "",
        };
        let ledger: String = ledger.collect();
        self.story.push(format!("  {what}{how}:{ledger}"));
        for (address, said) in &done.said {
            self.statistics.errors += u64::from(said.is_error);
            let kind = if said.is_error { "error" } else { "warning" };
            self.story.push(format!("  {kind} at {address}: {}: {}", said.summary, said.detail));
        }
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
