//! Data of the kernel about a process and the machine.

use std::fs;
use std::process::Command;
use std::time::Duration;

/// Memory a process has in use, in KiB: now, and at its peak.
pub(crate) fn resident(pid: u32) -> Option<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').trim().strip_suffix(" kB")?.parse().ok()
    };
    Some((field("VmRSS")?, field("VmHWM")?))
}

/// Time the threads of a process have spent on a processor, to the nanosecond.
pub(crate) fn processor_time(pid: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).expect(LINUX);
    let of_thread = |thread: fs::DirEntry| {
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(threads.flatten().filter_map(of_thread).sum())
}

/// Whether a child process is a zombie.
pub(crate) fn has_ended(pid: u32) -> bool {
    stat(&pid.to_string()).first().is_none_or(|state| state == "Z")
}

/// Processor time of all children that have been waited for, and of theirs, to 10 ms.
pub(crate) fn processor_time_of_children() -> Duration {
    let stat = stat("self");
    let ticks = |field: usize| stat.get(field).and_then(|it| it.parse::<u64>().ok());
    // cutime and cstime, in hundredths of a second on every Linux.
    Duration::from_millis(10 * (ticks(13).expect(LINUX) + ticks(14).expect(LINUX)))
}

/// The fields of a process from its state on: the name before it may hold blanks.
fn stat(pid: &str) -> Vec<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let (_, fields) = stat.rsplit_once(") ").unwrap_or_default();
    fields.split(' ').map(str::to_owned).collect()
}

pub(crate) const LINUX: &str = "the benchmarks read /proc, so they need Linux";

/// The machine and what runs on it, as a line of Markdown.
pub(crate) fn machine() -> String {
    let first = |file: &str, name: &str| {
        let text = fs::read_to_string(file).expect(LINUX);
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let version = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output();
        let text = output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
        text.unwrap_or_default().lines().next().unwrap_or("not there").to_owned()
    };
    format!(
        "Machine: {cores} cores of {}, {} of memory, Linux {}; {}; {}. Load average at the start: {}.",
        first("/proc/cpuinfo", "model name"),
        first("/proc/meminfo", "MemTotal"),
        fs::read_to_string("/proc/sys/kernel/osrelease").expect(LINUX).trim(),
        version("rustc", "--version"),
        version(&terraform(), "version"),
        load(),
    )
}

/// Load averages of the last 1, 5 and 15 minutes.
pub(crate) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").expect(LINUX);
    load.split(' ').take(3).collect::<Vec<_>>().join(", ")
}

/// The CLI: `terraform`, or the value of `TF_CLI`.
pub(crate) fn terraform() -> String {
    std::env::var("TF_CLI").unwrap_or_else(|_| "terraform".to_owned())
}
