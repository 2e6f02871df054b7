//! A backup while others write, and the drill of bringing it back.

use super::ground::{CHIEF, Ground, lines_of, missing, open, times};
use fenbo::service::custody;
use fenbo::store::{Access, Store};
use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;

/// Backups of one store: it grows with every act, and each backup is checked entry by entry.
const EACH: usize = 25;

/// `[QUALITY: copy verified, 0600, holds every act acknowledged before it began; 500 by the long command]`
#[test]
fn a_backup_under_load_holds_what_was_acknowledged_before_and_comes_back() {
    let mut left = times(2, 500);
    while left > 0 {
        let each = left.min(EACH);
        backed_up_under_load(each);
        left -= each;
    }
}

/// Makes so many backups of a store while three desks write on it, and brings each back.
fn backed_up_under_load(times: usize) {
    let ground = Ground::new();
    let acks = Mutex::new(Vec::new());
    let mut writers: Vec<_> = (0..3)
        .map(|seed| ground.child("urge", seed).spawn().unwrap())
        .collect();
    let readers: Vec<_> = writers
        .iter_mut()
        .map(|child| lines_of(child, "ack "))
        .collect();
    std::thread::scope(|scope| {
        for mut lines in readers {
            acks.lock().unwrap().extend(lines.next());
            let acks = &acks;
            scope.spawn(move || lines.for_each(|ack| acks.lock().unwrap().push(ack)));
        }
        let centre = open(&ground.store(), CHIEF).unwrap();
        for n in 0..times {
            let before: Vec<String> = acks.lock().unwrap().clone();
            let (copy, back) = (
                ground.path(&format!("copy{n}")),
                ground.path(&format!("back{n}")),
            );
            assert!(centre.backup(&copy).unwrap().ok);
            assert_eq!(
                std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
                0o600
            );
            assert!(custody::restore(&copy, &back).unwrap().ok);
            for file in [&copy, &back] {
                let store = Store::open(file, Access::ReadOnly).unwrap();
                assert_eq!(
                    missing(&store, &before).unwrap(),
                    0,
                    "acts are missing from the copy"
                );
            }
            for file in [copy, back] {
                std::fs::remove_file(file).unwrap();
            }
        }
        for writer in &mut writers {
            writer.kill().unwrap();
            writer.wait().unwrap();
        }
    });
    let acks = acks.into_inner().unwrap();
    assert!(acks.len() > 3);
    ground.holds(&acks);
}
