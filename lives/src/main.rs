//! The command `lives`.

use std::error::Error;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use lexopt::prelude::*;
use lives::{Defect, Failure, Invariant, Script, Statistics, generate, play, shrink};

const USAGE: &str = "\
Plays random lives of configurations under random faults, and reports the first that breaks an invariant

Usage: lives [--seed N] [--lives M] [--threads T] [--keep-going] [--defect INVARIANT]

  --seed N            seed of the first life; default: 0
  --lives M           number of lives; default: 1000
  --threads T         default: the number of cores
  --keep-going        report one life for each broken invariant instead of stopping
  --defect INVARIANT  plant a defect that breaks this invariant, to show that it is found
";

struct Arguments {
    seed: u64,
    lives: u64,
    threads: usize,
    keep_going: bool,
    defect: Option<Defect>,
}

fn main() -> ExitCode {
    match arguments().and_then(|it| it.map_or(Ok(true), |it| run(&it))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lives: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Option<Arguments>, Box<dyn Error>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut arguments =
        Arguments { seed: 0, lives: 1000, threads, keep_going: false, defect: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seed") => arguments.seed = parser.value()?.parse()?,
            Long("lives") => arguments.lives = parser.value()?.parse()?,
            Long("threads") => arguments.threads = parser.value()?.parse()?,
            Long("keep-going") => arguments.keep_going = true,
            Long("defect") => {
                let name = parser.value()?.string()?;
                let found = Invariant::ALL.into_iter().find(|it| it.name() == name);
                arguments.defect = Some(Defect(found.ok_or("no invariant has this name")?));
            }
            Short('h') | Long("help") => {
                stdout().write_all(USAGE.as_bytes())?;
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(arguments))
}

/// Whether every invariant holds.
fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    // A panic of the provider is a violation, which is reported with its life.
    std::panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let (next, found) = (AtomicU64::new(0), Mutex::new(Vec::<(u64, Box<Failure>)>::new()));
    let total = Mutex::new((0, Statistics::default()));
    let memory = resident();
    let work = |thread: usize| {
        let directory = scratch(thread);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= arguments.lives {
                break;
            }
            let seed = arguments.seed + number;
            match fresh(&directory, &generate(seed), arguments.defect) {
                Ok(statistics) => {
                    let mut total = total.lock().expect("no thread panics");
                    total.0 += 1;
                    total.1.add(&statistics);
                }
                Err(failure) => {
                    let mut found = found.lock().expect("no thread panics");
                    let invariant = failure.violation.invariant;
                    if !found.iter().any(|(_, it)| it.violation.invariant == invariant) {
                        eprintln!("seed {seed} breaks {}", failure.violation);
                        found.push((seed, failure));
                    }
                    if !arguments.keep_going {
                        next.store(arguments.lives, Ordering::Relaxed);
                    }
                }
            }
        }
        // It is in memory, or in the system's directory of temporary files.
        let _ = std::fs::remove_dir_all(directory);
    };
    std::thread::scope(|scope| {
        (0..arguments.threads).for_each(|it| drop(scope.spawn(move || work(it))));
    });
    let (lives, statistics) = *total.lock().expect("no thread panics");
    let grown = resident().saturating_sub(memory) / 1024;
    let mut found = std::mem::take(&mut *found.lock().expect("no thread panics"));
    found.sort_by_key(|it| it.0);
    for (seed, failure) in &found {
        report(*seed, failure, arguments.defect)?;
    }
    let mut out = stdout();
    let seconds = started.elapsed().as_secs_f64();
    let Statistics { runs, requests, interruptions, errors } = statistics;
    writeln!(
        out,
        "{lives} lives in {seconds:.1} s: {runs} applies, {requests} requests, {interruptions} interruptions, {errors} \
         errors; memory grew by {grown} MiB\n\n| Invariant | |\n|---|---|"
    )?;
    let mut holds = true;
    for invariant in Invariant::ALL {
        let broken = match invariant {
            Invariant::MemoryBounded => grown > MEMORY,
            _ => found.iter().any(|(_, it)| it.violation.invariant == invariant),
        };
        holds &= !broken;
        let text = if broken { "**broken**" } else { "holds" };
        writeln!(out, "| `{}` | {text} |", invariant.name())?;
    }
    Ok(holds)
}

/// MiB that any number of lives may add.
const MEMORY: u64 = 64;

fn report(seed: u64, failure: &Failure, defect: Option<Defect>) -> Result<(), Box<dyn Error>> {
    let directory = scratch(usize::MAX);
    let breaks =
        |script: &Script| fresh(&directory, script, defect).err().map(|it| it.violation.invariant);
    let shortest = shrink(&generate(seed), breaks);
    let mut out = stdout();
    writeln!(out, "seed {seed} breaks {}\n\n{shortest}\n", failure.violation)?;
    if let Err(failure) = fresh(&directory, &shortest, defect) {
        writeln!(out, "What happened:\n\n{}\n\n{}\n", failure.story.join("\n"), failure.violation)?;
    }
    let _ = std::fs::remove_dir_all(directory);
    Ok(())
}

fn fresh(
    directory: &Path,
    script: &Script,
    defect: Option<Defect>,
) -> Result<Statistics, Box<Failure>> {
    // Nothing is there before the first life.
    let _ = std::fs::remove_dir_all(directory.join("records"));
    play(script, defect, directory)
}

/// A directory of this process and thread, in memory where there is such a place: records are synced.
fn scratch(thread: usize) -> PathBuf {
    let shared = Path::new("/dev/shm");
    let base = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
    let directory = base.join(format!("lives-{}-{thread}", std::process::id()));
    // A life with records reports that they cannot be written.
    let _ = std::fs::create_dir_all(&directory);
    directory
}

/// Resident memory in KiB; 0 where the system does not tell.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    line.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
