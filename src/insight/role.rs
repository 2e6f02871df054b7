//! The role of a department, read from its name: the same office of another street has the same role
//! (青石街道城管办 and 城管办（白塔街道办事处） are both 城管办). Lets a street's first ticket profit from its neighbours'.

/// The name without its place: `某某街道…`, `某某办事处…`, a bracket at the end that names a place; `某某社区…` becomes `社区`.
pub(crate) fn role_of(name: &str) -> String {
    let mut rest = name.trim().replace('(', "（").replace(')', "）");
    if rest.ends_with('）')
        && let Some(open) = rest.rfind('（')
        && open > 0
    {
        rest.truncate(open);
    }
    for place in ["街道办事处", "街道办", "街道", "办事处"] {
        if let Some(at) = rest.find(place) {
            let after = at + place.len();
            if rest[..at].chars().count() <= 4 && after < rest.len() {
                rest.drain(..after);
            }
            break;
        }
    }
    if let Some(at) = rest.find("社区")
        && (2..=4).contains(&rest[..at].chars().count())
    {
        return "社区".to_owned();
    }
    rest.replace("办公室", "办").replace("管理", "")
}

#[cfg(test)]
mod tests {
    use super::role_of;

    #[test]
    fn the_place_is_taken_off_the_name() {
        for (name, role) in [
            ("青石街道综合执法队", "综合执法队"),
            ("白塔办事处综合执法队（白塔街道办事处）", "综合执法队"),
            ("城建办公室（青石街道办事处）", "城建办"),
            ("柳林社区（青石街道办事处）", "社区"),
            ("柳林社区工作站", "社区"),
            ("教育局", "教育局"),
            ("青石街道办事处", "青石街道办事处"),
            ("（未定）", "（未定）"),
            ("", ""),
        ] {
            assert_eq!(role_of(name), role, "{name}");
        }
    }
}
