//! Shrinks a failing life to what its failure needs.

use crate::invariant::Invariant;
use crate::script::{Script, Step};

/// The shortest script found that still breaks the invariant, as `breaks` decides.
pub fn shrink(script: &Script, breaks: impl Fn(&Script) -> Option<Invariant>) -> Script {
    let Some(invariant) = breaks(script) else { return script.clone() };
    let mut best = script.clone();
    loop {
        let smaller = smaller(&best).into_iter().find(|it| breaks(it) == Some(invariant));
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// Scripts with less in them, the smallest first.
fn smaller(script: &Script) -> Vec<Script> {
    let mut all = Vec::new();
    let length = script.steps.len();
    let mut part = length / 2;
    while part > 0 {
        for start in (0..length).step_by(part) {
            let mut shorter = script.clone();
            shorter.steps.drain(start..(start + part).min(length));
            all.push(shorter);
        }
        part /= 2;
    }
    if let Some(options) = script.options.as_object() {
        for name in options.keys() {
            let mut plain = script.clone();
            if let Some(options) = plain.options.as_object_mut() {
                options.remove(name);
            }
            all.push(plain);
        }
    }
    if script.recovery {
        all.push(Script { recovery: false, ..script.clone() });
    }
    for (number, step) in script.steps.iter().enumerate() {
        for simpler in simpler(step) {
            let mut plain = script.clone();
            plain.steps[number] = simpler;
            all.push(plain);
        }
    }
    all
}

/// The same step without something.
fn simpler(step: &Step) -> Vec<Step> {
    use crate::network::Interruption;
    let Step::Run(run) = step else { return Vec::new() };
    let mut all = Vec::new();
    if run.interruption != Interruption::None {
        let mut plain = run.clone();
        plain.interruption = Interruption::None;
        all.push(Step::Run(plain));
    }
    if run.meddling.is_some() {
        all.push(Step::Run(crate::script::Run { meddling: None, ..run.clone() }));
    }
    if run.target.is_some() || run.replace.is_some() || run.unreached > 0 || !run.refresh {
        let mut plain = run.clone();
        (plain.target, plain.replace, plain.unreached, plain.refresh) = (None, None, 0, true);
        all.push(Step::Run(plain));
    }
    all
}
