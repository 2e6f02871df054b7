//! What the insight rooms are told about a ticket. Plain values, independent of the store; every field may be absent.

/// A ticket as far as past experience can judge it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// The ticket's number, cited in evidence.
    pub no: String,
    /// The category from coarse to fine, at most three levels.
    pub category: Vec<String>,
    /// The street.
    pub street: Option<String>,
    /// The community.
    pub community: Option<String>,
    /// The exact place within the community, as written.
    pub address: Option<String>,
    /// Who it came from.
    pub source: Option<String>,
    /// Complaint, enquiry, suggestion …
    pub nature: Option<String>,
    /// When it was registered, Unix seconds.
    pub created_at: Option<i64>,
    /// A key of the requester (a phone number or its hash), compared only for equality.
    pub requester: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The text.
    pub content: Option<String>,
}

impl Case {
    /// True when nothing but the number is known: no field, no text.
    pub fn is_blank(&self) -> bool {
        self.category.iter().all(|level| level.trim().is_empty())
            && [&self.street, &self.community, &self.source, &self.nature]
                .into_iter()
                .all(|field| stated(field.as_deref()).is_none())
            && !self.has_text()
    }

    /// True when there is a title or a text.
    pub fn has_text(&self) -> bool {
        stated(self.title.as_deref()).is_some() || stated(self.content.as_deref()).is_some()
    }

    /// The category's finest stated level with all above it, as one hash; `None` when none is stated.
    pub(crate) fn category_key(&self) -> Option<u64> {
        let mut key = None;
        for level in self.category.iter().take(3) {
            if let Some(level) = stated(Some(level)) {
                key = Some(super::text::mix(
                    key.unwrap_or(17),
                    super::text::hash_str(level),
                ));
            }
        }
        key
    }
}

/// A field that says something: exports write `-` for unknown.
pub(crate) fn stated(field: Option<&str>) -> Option<&str> {
    field
        .map(str::trim)
        .filter(|value| !value.is_empty() && *value != "-")
}

/// How a dispatch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The department kept it (it is being handled, or closed).
    Kept,
    /// The department gave it back and the return was granted: shown as evidence, not learned as right.
    Returned,
    /// The command centre ruled that the department is responsible.
    Ruled,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_no_statement() {
        let case = Case {
            no: "1".into(),
            street: Some(" - ".into()),
            category: vec![String::new()],
            ..Case::default()
        };
        assert!(case.is_blank());
        assert!(case.category_key().is_none());
        let known = Case {
            title: Some("路灯不亮".into()),
            ..case
        };
        assert!(!known.is_blank());
    }

    #[test]
    fn the_category_key_is_the_whole_path() {
        let path = |levels: &[&str]| {
            Case {
                category: levels.iter().map(ToString::to_string).collect(),
                ..Case::default()
            }
            .category_key()
        };
        assert_ne!(path(&["环保", "其他"]), path(&["交通", "其他"]));
        assert_eq!(path(&["环保", "其他"]), path(&["环保", "其他", "-"]));
    }
}
