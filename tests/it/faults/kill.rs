//! Kill -9 at random moments while several write: what was acknowledged is there, nothing is there by halves.

use super::ground::{Dice, Ground, lines_of, times};
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const WRITERS: usize = 3;
/// Kills on one store before it is looked at as a whole.
const ROUND: usize = 100;

/// Only lives that had an act acknowledged count. `[QUALITY: 200 at every commit, 100,000 by the long command]`
#[test]
fn killed_at_any_moment_no_acknowledged_act_is_lost() {
    let goal = times(200, 100_000);
    let mut acknowledged = 0;
    for round in 0..goal.div_ceil(ROUND) {
        let ground = Ground::new();
        let (kills, acks) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (kills, acks, ground) = (&kills, &acks, &ground);
                scope.spawn(move || {
                    let mut dice = Dice((round * WRITERS + writer) as u64);
                    while kills.fetch_add(1, Ordering::Relaxed) < ROUND {
                        acks.lock().unwrap().extend(one_life(ground, &mut dice));
                    }
                });
            }
        });
        let acks = acks.into_inner().unwrap();
        ground.holds(&acks);
        acknowledged += acks.len();
    }
    println!("{goal} kills, {acknowledged} acknowledged acts, none lost, none half done");
    assert!(acknowledged >= goal);
}

/// One life of a writer; what it had acknowledged when it was killed.
pub fn one_life(ground: &Ground, dice: &mut Dice) -> Vec<String> {
    let child = ground.child("urge", any_seed(dice)).spawn().unwrap();
    let acks = killed_after(1 + dice.below(6), child, dice);
    assert!(!acks.is_empty(), "killed before its first act");
    acks
}

/// A seed whose last digit names the desk.
pub fn any_seed(dice: &mut Dice) -> u64 {
    (dice.below(1 << 30) as u64) << 8 | dice.below(10) as u64
}

/// Kills a writer at some moment after so many acts; what it had acknowledged by then.
pub fn killed_after(acts: usize, mut child: Child, dice: &mut Dice) -> Vec<String> {
    let mut lines = lines_of(&mut child, "ack ");
    let mut acks: Vec<String> = lines.by_ref().take(acts).collect();
    let moment = Duration::from_micros(dice.below(3_000) as u64);
    let since = Instant::now();
    while since.elapsed() < moment {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    acks.extend(lines);
    child.wait().unwrap();
    acks
}
