//! Acts through the binary: what is said of options that an act does not read.

use super::Desk;

#[test]
fn options_that_an_act_does_not_read_are_told_beside_its_output() {
    let desk = Desk::with_requests();
    let no = desk.numbers(&["--view", "all"])[0].clone();
    let dispatch = ["act", "dispatch", &no, "--to", "cgj", "--dry-run"];
    let further = ["--text", "请核实", "--days", "3"];
    for lang in ["zh", "en"] {
        for format in ["text", "json"] {
            let options = ["--lang", lang, "--format", format];
            let plain = desk.at(&[&dispatch[..], &options].concat()).ended(0);
            let told = desk.at(&[&dispatch[..], &options, &further].concat());
            let told = told.ended(0);
            assert_eq!(told.out, plain.out);
            assert_eq!(plain.err, "");
            let said = match lang {
                "zh" => "“分拨”不读这些选项，它们没有作用：--text --days\n",
                _ => {
                    "\"dispatch\" does not read these options, and they have no effect: --text --days\n"
                }
            };
            assert_eq!(told.err, said);
        }
    }
}
