//! A life as data: what people, other people and the world do, step by step. Each step has its own seed, so that the
//! others stay the same when one is left out.

mod generate;

use std::fmt;

use certcentral_sim::Fault;
use serde_json::Value as Json;

use crate::core::Address;
use crate::network::Interruption;

pub use generate::generate;

/// A life.
#[derive(Clone, Debug)]
pub struct Script {
    /// Options of the simulator that differ from the default.
    pub(crate) options: Json,
    /// Arguments of the provider block, without key and address.
    pub(crate) provider: Json,
    /// Whether `recovery_dir` is set.
    pub(crate) recovery: bool,
    /// What happens.
    pub(crate) steps: Vec<Step>,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A block is added, or its arguments are changed.
    Configure { address: Address, number: usize, seed: u64, create_before_destroy: bool },
    /// A block is removed.
    Remove(Address),
    /// A block is renamed.
    Rename { from: Address, to: char, with: Renamed },
    /// `terraform state rm`, then an `import` block, or nothing.
    Forget { address: Address, import: Option<ImportBy> },
    /// `terraform taint`.
    Taint(Address),
    /// Another person changes the object.
    EditElsewhere { address: Address, seed: u64 },
    /// Another person removes the object.
    RemoveElsewhere(Address),
    /// Another person creates objects of every kind, which no configuration has.
    CreateElsewhere,
    /// Time passes.
    Wait { days: u64 },
    /// A fault, until the end of the next run.
    Fault(Fault),
    /// `terraform apply`.
    Run(Run),
}

/// What a rename comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renamed {
    /// A `moved` block.
    Moved,
    /// An `import` block in its place, which is a mistake.
    Imported,
    /// Nothing.
    Bare,
}

/// What an `import` block has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ImportBy {
    Id,
    Identity { with_account: bool },
}

/// `terraform apply`.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) seed: u64,
    pub(crate) refresh: bool,
    pub(crate) target: Option<Address>,
    pub(crate) replace: Option<Address>,
    pub(crate) interruption: Interruption,
    /// At this event, another person does something to an object: changes it as of this seed, or removes it.
    pub(crate) meddling: Option<(usize, Address, Option<u64>)>,
    /// Requests that find no connection, per thousand.
    pub(crate) unreached: u32,
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "certcentral-sim --options '{}'", self.options)?;
        let recovery = if self.recovery { ", with recovery_dir" } else { "" };
        writeln!(f, "provider \"digicert\" {}{recovery}", self.provider)?;
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "{:3}. {step}", number + 1)?;
        }
        write!(f, "Then without faults: apply, follow the errors, and plan once more.")
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configure { address, number, seed, create_before_destroy } => {
                let first = if *create_before_destroy { ", create_before_destroy" } else { "" };
                write!(f, "configure {address}: object {number} as of seed {seed}{first}")
            }
            Self::Remove(address) => write!(f, "remove the block of {address}"),
            Self::Rename { from, to, with } => {
                let how = match with {
                    Renamed::Moved => "with a moved block",
                    Renamed::Imported => "with an import block",
                    Renamed::Bare => "without a moved block",
                };
                write!(f, "rename {from} to {}.{to} {how}", from.of)
            }
            Self::Forget { address, import } => match import {
                None => write!(f, "terraform state rm {address}"),
                Some(by) => write!(f, "terraform state rm {address}, and an import block: {by:?}"),
            },
            Self::Taint(address) => write!(f, "terraform taint {address}"),
            Self::EditElsewhere { address, seed } => {
                write!(f, "another person edits {address} (seed {seed})")
            }
            Self::RemoveElsewhere(address) => write!(f, "another person removes {address}"),
            Self::CreateElsewhere => write!(f, "another person creates objects"),
            Self::Wait { days } => write!(f, "{days} days pass"),
            Self::Fault(fault) => {
                let effect = if fault.effect { ", after its effect" } else { "" };
                let method = fault.method.as_deref().unwrap_or("any");
                let times =
                    fault.times.map_or_else(|| "always".to_owned(), |it| format!("{it} times"));
                let (path, kind, after) = (&fault.path, &fault.kind, fault.after);
                write!(f, "fault {kind:?} of {method} {path}{effect}, {times}, after {after}")
            }
            Self::Run(run) => write!(f, "{run}"),
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "terraform apply")?;
        if !self.refresh {
            write!(f, " -refresh=false")?;
        }
        if let Some(address) = self.target {
            write!(f, " -target={address}")?;
        }
        if let Some(address) = self.replace {
            write!(f, " -replace={address}")?;
        }
        match self.interruption {
            Interruption::None => {}
            Interruption::KillProvider(at) => write!(f, ", provider killed at event {at}")?,
            Interruption::KillBoth(at) => {
                write!(f, ", terraform and provider killed at event {at}")?
            }
            Interruption::Stop(at) => write!(f, ", Ctrl-C at event {at}")?,
        }
        match self.meddling {
            None => {}
            Some((at, address, Some(seed))) => {
                write!(f, ", another person edits {address} (seed {seed}) at event {at}")?;
            }
            Some((at, address, None)) => {
                write!(f, ", another person removes {address} at event {at}")?;
            }
        }
        if self.unreached > 0 {
            write!(f, ", {} of 1000 connections fail", self.unreached)?;
        }
        write!(f, " (latencies of seed {})", self.seed)
    }
}
