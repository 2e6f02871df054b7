//! The hot spots through the binary: what is in one, and how many tickets cannot be.

use super::{Desk, MAPPING, REQUESTS};
use std::fmt::Write as _;

#[test]
fn tickets_without_a_place_are_told_beside_the_hot_spots() {
    let desk = Desk::new();
    desk.file(".config/fenbo/mappings/ours.toml", MAPPING);
    let mut table = format!("{}\n", REQUESTS.lines().next().expect("a header"));
    let mut put = |n: u32, day: u32, street: &str| {
        writeln!(
            table,
            "B{n},2017-09-{day} 08:00,投诉,环境保护,噪音,{street},夜里施工太吵,第{n}次,,"
        )
        .expect("memory");
    };
    for n in 0..6 {
        put(n, 28, "龙田街道");
    }
    // Two of these days, one of the days before, to which they are only compared.
    for (n, day) in [(6, 28), (7, 29), (8, 26)] {
        put(n, day, "");
    }
    let file = desk.file("requests.csv", table);
    desk.at(&["import", &file]).ended(0);
    let days = ["hotspots", "--from", "2017-09-28", "--to", "2017-09-29"];
    let json = desk.at(&[&days[..], &["--format", "json"]].concat());
    let json = json.ended(0).json();
    assert_eq!(json["placeless"], 2);
    assert_eq!(json["hotspots"][0]["count"], 6);
    let last = |words: &[&str]| {
        let told = desk.at(&[&days[..], words].concat()).ended(0).out;
        told.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(last(&[]), "另有 2 件没有街道和社区，不在任何热点里");
    assert_eq!(
        last(&["--lang", "en"]),
        "tickets without street and community, and so in no hot spot: 2"
    );
    let days = ["hotspots", "--from", "2017-09-29", "--to", "2017-09-29"];
    let told = desk.at(&days).ended(0).out;
    assert_eq!(
        told,
        "这段时间没有热点\n另有 1 件没有街道和社区，不在任何热点里\n"
    );
}
