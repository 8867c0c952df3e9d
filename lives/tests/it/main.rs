//! Lives of fixed and of random seeds, and defects that they find.

use lives::{Defect, Failure, Invariant, Statistics, generate, play, shrink};
use tempfile::TempDir;

/// A directory for the records of one life, in memory where there is such a place: records are synced.
fn scratch() -> TempDir {
    let shared = std::path::Path::new("/dev/shm");
    let made = if shared.is_dir() { TempDir::new_in(shared) } else { TempDir::new() };
    made.expect("a temporary directory")
}

fn life(seed: u64, defect: Option<Defect>) -> Result<Statistics, Box<Failure>> {
    play(&generate(seed), defect, scratch().path())
}

/// Fails with the shortest life that breaks the invariant, as `cargo run -p lives` prints it.
fn assert_holds(seeds: impl Iterator<Item = u64>) {
    for seed in seeds {
        let Err(failure) = life(seed, None) else { continue };
        let breaks = |script: &lives::Script| {
            play(script, None, scratch().path()).err().map(|it| it.violation.invariant)
        };
        let shortest = shrink(&generate(seed), breaks);
        panic!("seed {seed} breaks {}\n\n{shortest}", failure.violation);
    }
}

#[test]
fn every_invariant_holds_in_lives_of_fixed_seeds() {
    assert_holds(0..400);
}

#[test]
fn every_invariant_holds_in_lives_of_random_seeds() {
    let first = fastrand::u64(..1 << 48);
    println!("the first seed is {first}");
    assert_holds(first..first + 400);
}

#[test]
fn a_defect_of_each_invariant_is_found() {
    for invariant in Invariant::ALL {
        // It is about all lives of a process.
        if invariant == Invariant::MemoryBounded {
            continue;
        }
        let defect = Some(Defect(invariant));
        let found = (0..2000).find_map(|seed| life(seed, defect).err());
        let found = found.map(|it| it.violation.invariant);
        assert_eq!(found, Some(invariant), "{} is not found", invariant.name());
    }
}

#[test]
fn a_life_is_the_same_again() {
    for seed in 0..60 {
        let story = || life(seed, Some(Defect(Invariant::NoHang))).err().map(|it| it.story);
        assert_eq!(story(), story(), "seed {seed}");
    }
}

#[test]
fn a_failing_life_is_shrunk_to_what_it_needs() {
    let defect = Some(Defect(Invariant::NoPanic));
    let breaks = |script: &lives::Script| {
        play(script, defect, scratch().path()).err().map(|it| it.violation.invariant)
    };
    let seed = (0..200).find(|seed| generate(*seed).to_string().lines().count() > 20);
    let shortest = shrink(&generate(seed.expect("a long life")), breaks).to_string();
    // A header of two lines, one block, and the end. The apply that follows is part of every life.
    assert!(shortest.lines().count() <= 5, "{shortest}");
}
