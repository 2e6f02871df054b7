//! Every call to the operating system fails once, and then for good; memory becomes scarce.

use super::ground::{Ground, played, times};
use super::shim::Shim;

fn acks(said: &str) -> Vec<String> {
    let lines = said.lines().filter_map(|l| l.strip_prefix("ack "));
    lines.map(str::to_owned).collect()
}

#[test]
fn whichever_call_fails_nothing_is_lost_and_the_failure_is_told() {
    let ground = Ground::new();
    let shim = Shim::on(ground.folder());
    let said = played(ground.shimmed("every call", &shim));
    let lives = said
        .lines()
        .filter_map(|l| l.strip_prefix("life ")?.split_once(": points "));
    let mut lived = 0;
    for (life, told) in lives {
        println!("life {life}: {told}");
        let points: usize = told.split(',').next().unwrap().parse().unwrap();
        assert!(points > 200, "{told}");
        lived += 1;
    }
    assert_eq!(lived, times(1, 20));
}

#[test]
fn with_ever_less_memory_nothing_is_lost() {
    let ground = Ground::new();
    let said = played(ground.child("little memory", 1));
    println!(
        "{}",
        said.lines().find(|l| l.starts_with("rounds")).unwrap()
    );
    let acks = acks(&said);
    assert!(acks.len() > 10);
    ground.holds(&acks);
}
