//! Whatever is answered, the provider's memory stays bounded. `benches/README.md` has the figures.

mod answers;
mod attack;
mod server;

use answers::CASES;
pub(crate) use attack::peak;

use attack::attack;

/// What the provider may use, in MiB.
pub(crate) const MOST: u64 = 200;

#[tokio::test]
async fn no_answer_takes_more_than_200_mib() {
    let mut too_much = Vec::new();
    for case in CASES.iter().filter(|case| case.quick) {
        let peak = attack(case).await.div_ceil(1024);
        if peak >= MOST {
            too_much.push(format!("{peak} MiB for {}", case.name));
        }
    }
    assert!(too_much.is_empty(), "{}", too_much.join("\n"));
}
