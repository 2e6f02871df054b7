//! Personal data and who may see it. Masked by default; every reveal is an event. `[DOMAIN §9]`

use super::operator::{Operator, Role};
use super::ticket::{Nature, Ticket};
use serde::{Deserialize, Serialize};

/// The person behind a request; kept apart from the ledger so that it can be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Mail address.
    #[serde(default)]
    pub email: String,
    /// Home address, when it is not the place of the matter.
    #[serde(default)]
    pub address: String,
}

/// The words of a request; personal data too, because citizens name people in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// Title.
    #[serde(default)]
    pub title: String,
    /// Content.
    #[serde(default)]
    pub content: String,
    /// Where it is, in words.
    #[serde(default)]
    pub address: String,
    /// Who asks.
    #[serde(default)]
    pub requester: Requester,
    /// What the file it came from said beside, column by column, as it stood there.
    #[serde(default)]
    pub raw: Vec<(String, String)>,
}

/// How much of the requester an operator sees without a reveal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everything: those who must call the requester.
    Full,
    /// Name and phone masked.
    Masked,
    /// Nothing at all.
    Hidden,
}

/// What an operator sees of a ticket's requester. `[DOMAIN §3 confidential, §9]`
pub fn sight(operator: &Operator, ticket: &Ticket) -> Sight {
    let only_department = !operator.roles.sees_all();
    let hidden = ticket.confidential || ticket.nature == Some(Nature::Report);
    if only_department && hidden {
        Sight::Hidden
    } else if operator.roles.has(Role::Callback) && !hidden {
        Sight::Full
    } else {
        Sight::Masked
    }
}

/// `张*`, `欧阳**` becomes `欧***`: the first character and as many stars as were hidden.
///
/// ```
/// assert_eq!(fenbo::domain::privacy::mask_name("张小明"), "张**");
/// assert_eq!(fenbo::domain::privacy::mask_name(""), "");
/// ```
pub fn mask_name(name: &str) -> String {
    let mut chars = name.trim().chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    std::iter::once(first).chain(chars.map(|_| '*')).collect()
}

/// `138****8000`: three digits in front, four behind, where there are enough; else stars.
///
/// ```
/// assert_eq!(fenbo::domain::privacy::mask_phone("13800138000"), "138****8000");
/// assert_eq!(fenbo::domain::privacy::mask_phone("28339260"), "****9260");
/// assert_eq!(fenbo::domain::privacy::mask_phone("911"), "***");
/// ```
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.trim().chars().collect();
    let (front, behind) = match digits.len() {
        0..5 => (0, 0),
        5..11 => (0, 4),
        _ => (3, 4),
    };
    let hidden = digits.len() - front - behind;
    let stars = std::iter::repeat_n('*', hidden);
    digits[..front]
        .iter()
        .copied()
        .chain(stars)
        .chain(digits[front + hidden..].iter().copied())
        .collect()
}

/// A house number and what follows it is cut off: `金沙路 12 号 3 栋` keeps the road.
pub fn mask_address(address: &str) -> String {
    match address.find(|c: char| c.is_ascii_digit()) {
        Some(at) => format!("{}***", address[..at].trim_end()),
        None => address.to_owned(),
    }
}

impl Requester {
    /// As an operator with this sight sees it.
    #[must_use]
    pub fn seen(&self, sight: Sight) -> Self {
        match sight {
            Sight::Full => self.clone(),
            Sight::Masked => Self {
                name: mask_name(&self.name),
                phone: mask_phone(&self.phone),
                email: self.email.split_once('@').map_or_else(
                    || mask_name(&self.email),
                    |(user, host)| format!("{}@{host}", mask_name(user)),
                ),
                address: mask_address(&self.address),
            },
            Sight::Hidden => Self::default(),
        }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a text that goes out to citizens carries a telephone number: eleven digits, or seven and more in a row.
///
/// ```
/// use fenbo::domain::privacy::phone_in;
/// assert_eq!(phone_in("已联系 13800138000 王女士"), Some("13800138000"));
/// assert_eq!(phone_in("请于 2017-10-12 前到窗口办理"), None);
/// ```
pub fn phone_in(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..]
            .iter()
            .position(|b| !b.is_ascii_digit())
            .map_or(bytes.len(), |n| at + n);
        if (7..=12).contains(&(end - at)) {
            return text.get(at..end);
        }
        at = end;
    }
    None
}
