//! Sentences, letters and papers with places to fill in.
//!
//! Knows no language and no format. Start at [`filled`].

/// A template with its `{name}`s filled in; what is filled in is not looked at again, and a name without a value stays.
///
/// ```
/// use fenbo::domain::template::filled;
/// let values = [("answer", "{code}"), ("code", "1")];
/// assert_eq!(filled("{answer} {code} {day} {code", &values), "{code} 1 {day} {code");
/// ```
pub fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let known = tail.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        if let Some((value, after)) = known {
            out.push_str(value);
            rest = after;
        } else {
            out.push('{');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}
