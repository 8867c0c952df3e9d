//! One run of Terraform: plan, apply, and what is judged after each.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use certcentral_sim::{Fault, FaultKind};
use fastrand::Rng;

use super::judge::Done;
use super::{Life, settled};
use crate::core::{self, Address, Ended, Order, Process};
use crate::invariant::{Invariant, Violation};
use crate::kinds::kind;
use crate::network::{Interruption, Meddling, Network, Phase, locked};
use crate::script::Run;

impl Life {
    /// One `terraform apply`.
    pub(super) fn run(&mut self, run: &Run, faults: &[Fault]) -> Result<Done, Violation> {
        let has_faults = !faults.is_empty() || run.unreached > 0 || run.meddling.is_some();
        self.statistics.runs += 1;
        let order = Order {
            refresh: run.refresh,
            target: run.target,
            replace: run.replace.filter(|it| self.config.contains_key(it)),
            imports: self.imports.clone(),
            moved: self.moved.clone(),
        };
        let plan = self.plan(run, &order)?;
        let mut done = Done {
            said: plan.said.clone(),
            had_faults: has_faults,
            had_absences: faults
                .iter()
                .any(|it| matches!(it.kind, FaultKind::Status { status: 404, .. })),
            was_targeted: run.target.is_some(),
            was_refreshed: run.refresh,
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
            let before = std::mem::replace(&mut self.state, plan.state.clone());
            self.judge_objects(&before, &plan, &done)?;
            self.story.push("  no changes".to_owned());
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
        let is_whole = run.refresh && run.target.is_none() && run.replace.is_none();
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

    /// A plan, in a process of its own, which writes nothing and ends in order.
    fn plan(&mut self, run: &Run, order: &Order) -> Result<core::Plan, Violation> {
        let network = self.network(run, Interruption::None);
        let process = Process::start(Arc::clone(&network), self.defect);
        let planned = core::plan(&process.plugin, &self.provider, &self.config, &self.state, order);
        let Ended::Done(plan) = process.run(planned)? else {
            unreachable!("only an apply is interrupted")
        };
        self.end(&process)?;
        self.judge_reads(&network)?;
        Ok(plan)
    }

    pub(super) fn apply(
        &mut self,
        run: &Run,
        plan: &core::Plan,
        done: &mut Done,
    ) -> Result<(), Violation> {
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
        if let Some(late) = network.take_late().filter(|_| !done.had_faults) {
            return Err(Violation::new(Invariant::NoHang, late));
        }
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

    pub(super) fn network(&self, run: &Run, interruption: Interruption) -> Arc<Network> {
        let sim = Arc::clone(&self.sim);
        fastrand::seed(run.seed);
        let meddling = run.meddling.and_then(|it| self.meddling(it));
        Arc::new(Network::new(sim, run.seed, interruption, run.unreached, meddling, self.defect))
    }

    /// What another person does during an apply.
    pub(super) fn meddling(
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
    pub(super) fn end(&self, process: &Process) -> Result<(), Violation> {
        process
            .run(async {
                process.plugin.end().await;
                Ok(())
            })
            .map(drop)
    }

    /// A plan after a successful apply has nothing to do.
    pub(super) fn judge_empty(&mut self) -> Result<(), Violation> {
        let plan = self.plan(&settled(), &Order { refresh: true, ..Order::default() })?;
        self.judge_said(&plan.said)?;
        if plan.failed() || !plan.is_empty() {
            let errors: Vec<_> = plan.said.iter().map(|(_, it)| it.detail.clone()).collect();
            let detail = format!("{} {}", plan.summary(), errors.join("\n"));
            return Err(Violation::new(Invariant::EmptyPlan, detail));
        }
        self.state = plan.state;
        Ok(())
    }

    pub(super) fn tell(&mut self, done: &Done, what: &str) {
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
