//! What a report says of tickets that the sweep knows to be late.

use super::Desk;
use fenbo::domain::ticket::LimitClass;

#[test]
fn a_period_that_lies_ahead_is_said_not_to_have_begun() {
    let desk = Desk::new("2017-09-04 08:00");
    for (lang, said) in [("zh", "本期尚未开始"), ("en", "has not begun")] {
        let words = ["--lang", lang, "report", "month", "--of", "2017-11-01"];
        let (out, _) = desk.run("2017-09-04 09:00", &words, 0);
        assert!(out.contains(said), "{out}");
    }
}

#[test]
fn a_department_without_tickets_in_the_period_is_called_by_its_name() {
    let mut desk = Desk::new("2017-09-04 08:00");
    desk.dispatched("2017-09-04 09:00", LimitClass::Urban, "12345");
    for (lang, name) in [
        ("zh", "环境保护和水务局"),
        ("en", "Environmental Protection and Water Bureau"),
    ] {
        for format in ["text", "md", "html", "csv"] {
            let words = [
                "--lang",
                lang,
                "report",
                "month",
                "--of",
                "2017-11-01",
                "--format",
                format,
            ];
            let (out, _) = desk.run("2017-12-01 09:00", &words, 0);
            assert!(
                out.contains(name) && !out.contains("hbsw"),
                "{format}: {out}"
            );
        }
    }
    let json = desk.json(
        "2017-12-01 09:00",
        &["report", "month", "--of", "2017-11-01"],
    );
    let late = &json["overdue"]["tickets"][0];
    assert_eq!(late["lead_department"], "hbsw");
    assert_eq!(late["lead_department_name"], "环境保护和水务局");
}
