//! Personal data and who may see it. Masked by default; every reveal is an event. `[DOMAIN §9]`

use super::operator::{Operator, Role};
use super::ticket::Ticket;
use serde::{Deserialize, Serialize};
use std::ops::Range;

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

/// The column that keeps the number of the ticket a letter names and has not joined.
pub const ANSWERS: &str = "answers_ticket";

/// Whether a text is one mail address that a letter can go to: one `@`, a name and a domain, and nothing that means
/// another address or another line. Letters of any alphabet are none of its business.
///
/// ```
/// use fenbo::domain::privacy::is_mail_address;
/// assert!(is_mail_address("li.hua+1@mail.example.cn") && is_mail_address("丁@例子.中国"));
/// for odd in ["a@b.cn,c@d.cn", "a b@x.cn", "a@b.cn\r\nBcc: x@y.z", "a@b@c", "@b.cn", "a@", "a@.cn", "<a@b.cn>"] {
///     assert!(!is_mail_address(odd), "{odd}");
/// }
/// ```
pub fn is_mail_address(text: &str) -> bool {
    const SIGNS: &str = ",;:<>()[]\\\"";
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || SIGNS.contains(c);
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let is_dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    text.len() <= 254
        && !text.contains(is_odd)
        && !domain.contains('@')
        && is_dotted(name)
        && is_dotted(domain)
}

/// Whether a text is a telephone number as people write one: digits, what stands between them, and an extension.
///
/// ```
/// use fenbo::domain::privacy::is_phone;
/// for good in ["13800138000", "+86 138-0013-8000", "０７５５－２８３３９２６０", "(0755) 28339260转801", "28339260 ext. 8"] {
///     assert!(is_phone(good), "{good}");
/// }
/// for odd in ["abc", "1", "13800138000\r\nx", "call me"] {
///     assert!(!is_phone(odd), "{odd}");
/// }
/// ```
pub fn is_phone(text: &str) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 3..=30;
    let narrow = narrow(text).to_lowercase();
    let bare = narrow.replace("ext", "").replace("分机", "");
    let is_known = |c: char| c.is_ascii_digit() || " +-—().#*/x转,、".contains(c);
    bare.chars().all(is_known)
        && DIGITS.contains(&bare.chars().filter(char::is_ascii_digit).count())
}

impl Texts {
    /// Where the pictures that came with the request lie, in its own words.
    ///
    /// ```
    /// # use fenbo::domain::privacy::Texts;
    /// let raw = [("media_url", "https://example.org/a.jpg"), ("lat", "22.69"), ("long", "114.34")];
    /// let raw = raw.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    /// let texts = Texts { raw, ..Texts::default() };
    /// assert_eq!(texts.media().collect::<Vec<_>>(), ["https://example.org/a.jpg"]);
    /// assert_eq!(texts.point(), Some(("22.69", "114.34")));
    /// ```
    pub fn media(&self) -> impl Iterator<Item = &str> {
        self.beside("media_url")
    }

    /// Degrees north and east of the matter, as they were sent.
    pub fn point(&self) -> Option<(&str, &str)> {
        self.beside("lat").next().zip(self.beside("long").next())
    }

    /// The ticket that a letter names and has not joined: it has ended, or is not the sender's.
    pub fn answers(&self) -> Option<&str> {
        self.beside(ANSWERS).next()
    }

    fn beside(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.raw
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }
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
    let hidden = ticket.hides_requester();
    if hidden && !operator.roles.sees_all() {
        Sight::Hidden
    } else if operator.roles.has(Role::Callback) && !hidden {
        Sight::Full
    } else {
        Sight::Masked
    }
}

/// The first character of a name, and a star for each that is hidden.
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
///
/// ```
/// assert_eq!(fenbo::domain::privacy::mask_address("金沙路１２号"), "金沙路***");
/// ```
pub fn mask_address(address: &str) -> String {
    match address.find(|c: char| narrow_char(c).is_ascii_digit()) {
        Some(at) => format!("{}***", address[..at].trim_end()),
        None => address.to_owned(),
    }
}

/// A text with the letters, digits and signs of the wide alphabet as those of the narrow one.
///
/// ```
/// assert_eq!(fenbo::domain::privacy::narrow("＋８６　１３８"), "+86 138");
/// ```
pub fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

fn narrow_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// A telephone number as it is dialled here: without blanks, hyphens and the country's own prefix; two spellings of one
/// number become one. What is no number alone stays as it was written.
///
/// ```
/// use fenbo::domain::privacy::dialled;
/// for spelling in ["13800138000", "138-0013-8000", "+86 138 0013 8000", "0086 13800138000", "8613800138000", "１３８００１３８０００"] {
///     assert_eq!(dialled(spelling), "13800138000");
/// }
/// assert_eq!(dialled("+86 755 2833 9260"), "075528339260");
/// assert_eq!(dialled("(0755) 28339260"), "075528339260");
/// assert_eq!(dialled("+1 415 555 0100"), "+14155550100");
/// assert_eq!(dialled("28339260 转 123"), "28339260 转 123");
/// ```
pub fn dialled(phone: &str) -> String {
    let narrow = narrow(phone);
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '\u{200b}' | '\u{feff}');
    let text: String = narrow.chars().filter(|c| !is_between(*c)).collect();
    let (is_abroad, digits) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => match text.strip_prefix("00") {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        },
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return narrow.trim().to_owned();
    }
    let is_mobile = |text: &str| text.len() == 11 && text.starts_with('1');
    match digits.strip_prefix("86") {
        Some(own) if is_mobile(own) => own.to_owned(),
        Some(own) if is_abroad && own.starts_with('0') => own.to_owned(),
        Some(own) if is_abroad => format!("0{own}"),
        Some(_) | None if is_abroad => format!("+{digits}"),
        Some(_) | None => digits.to_owned(),
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

/// The first telephone number in a text that goes out to citizens: seven to twelve digits in a row, or a
/// mobile or long-distance number written in groups. Full-width digits are digits. Dates and ticket numbers are none.
///
/// ```
/// use fenbo::domain::privacy::phone_in;
/// assert_eq!(phone_in("已联系１３８００１３８０００王女士"), Some("１３８００１３８０００"));
/// assert_eq!(phone_in("已联系 13800138000 王女士"), Some("13800138000"));
/// assert_eq!(phone_in("已联系 138-0013-8000 王女士"), Some("138-0013-8000"));
/// assert_eq!(phone_in("请于 2017-10-12 前到窗口办理"), None);
/// assert_eq!(phone_in("见工单 20261101-0031"), None);
/// ```
pub fn phone_in(text: &str) -> Option<&str> {
    // One byte a character, so that full-width forms are read like the usual ones; `places` leads back to the text.
    let mut bytes = Vec::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (place, c) in text.char_indices() {
        // 0 for what stands in no number.
        let c = narrow_char(c);
        bytes.push(if c.is_ascii() { c as u8 } else { 0 });
        places.push(place);
    }
    places.push(text.len());
    let mut at = 0;
    while let Some(ahead) = bytes.get(at..)?.iter().position(u8::is_ascii_digit) {
        let groups = digit_groups(&bytes, at + ahead);
        if let Some(found) = phone_of(&bytes, &groups) {
            return text.get(*places.get(found.start)?..*places.get(found.end)?);
        }
        at = groups.last()?.end;
    }
    None
}

/// Groups of digits from a digit on, apart by single hyphens, dots or spaces.
fn digit_groups(bytes: &[u8], from: usize) -> Vec<Range<usize>> {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut groups = Vec::new();
    let mut at = from;
    loop {
        let start = at;
        while is_digit(at) {
            at += 1;
        }
        groups.push(start..at);
        if !(matches!(bytes.get(at), Some(b'-' | b' ' | b'.')) && is_digit(at + 1)) {
            return groups;
        }
        at += 1;
    }
}

/// The one of these groups that is a telephone number by itself, or all of them where together they are one.
fn phone_of(bytes: &[u8], groups: &[Range<usize>]) -> Option<Range<usize>> {
    let is_ticket_no = |index: usize| {
        let length = |i: usize| groups.get(i).map(Range::len);
        length(index) == Some(8)
            && length(index + 1) == Some(4)
            && bytes.get(groups[index].end) == Some(&b'-')
    };
    let mut plain = groups.iter().enumerate();
    let plain = plain.find(|(at, group)| (7..=12).contains(&group.len()) && !is_ticket_no(*at));
    if let Some((_, group)) = plain {
        return Some(group.clone());
    }
    let [first, .., last] = groups else {
        return None;
    };
    let total: usize = groups.iter().map(Range::len).sum();
    let in_groups = match bytes.get(first.clone())? {
        b"86" => (12..=14).contains(&total),
        [b'1', ..] => total == 11,
        [b'0', ..] => (10..=12).contains(&total),
        _ => false,
    };
    in_groups.then_some(first.start..last.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Event, Registered};
    use crate::domain::instant::Instant;
    use crate::domain::operator::Roles;
    use crate::domain::ticket::Nature;

    #[test]
    fn phones_are_found_in_any_width_and_nothing_else_is() {
        for (text, phone) in [
            (
                "电话１３８－００１３－８０００",
                Some("１３８－００１３－８０００"),
            ),
            ("电话138—0013—8000谢谢", Some("138—0013—8000")),
            ("座机０７５５　２８３３９２６０", Some("２８３３９２６０")),
            ("混写1３8０0138000", Some("1３8０0138000")),
            ("请于２０１７－１０－１２前到窗口", None),
            ("工单２０２６１１０１－００３１", None),
            ("共１２３人", None),
        ] {
            assert_eq!(phone_in(text), phone, "{text}");
        }
    }

    fn ticket(nature: Nature, confidential: bool) -> Ticket {
        let event = Event::Registered(Registered {
            nature: Some(nature),
            confidential,
            ..Registered::default()
        });
        Ticket::begin("1", &event, Instant(0)).unwrap()
    }

    fn with(roles: &[Role]) -> Operator {
        Operator {
            code: "x".into(),
            name: String::new(),
            roles: roles.iter().copied().fold(Roles::default(), Roles::with),
            department: None,
            active: true,
        }
    }

    #[test]
    fn a_department_never_sees_a_confidential_requester_nor_who_reported() {
        let department = with(&[Role::Department]);
        assert_eq!(
            sight(&department, &ticket(Nature::Complaint, false)),
            Sight::Masked
        );
        assert_eq!(
            sight(&department, &ticket(Nature::Complaint, true)),
            Sight::Hidden
        );
        assert_eq!(
            sight(&department, &ticket(Nature::Report, false)),
            Sight::Hidden
        );
        // Somebody without any role is no better off.
        assert_eq!(
            sight(&with(&[]), &ticket(Nature::Report, false)),
            Sight::Hidden
        );
    }

    #[test]
    fn only_those_who_call_see_everything_and_only_of_open_requesters() {
        let open = ticket(Nature::Complaint, false);
        let hidden = ticket(Nature::Complaint, true);
        for role in Role::ALL {
            let wanted = match role {
                Role::Callback => (Sight::Full, Sight::Masked),
                Role::Department => (Sight::Masked, Sight::Hidden),
                _ => (Sight::Masked, Sight::Masked),
            };
            let operator = with(&[role]);
            assert_eq!(
                (sight(&operator, &open), sight(&operator, &hidden)),
                wanted,
                "{role:?}"
            );
        }
    }

    #[test]
    fn masks_keep_what_tells_people_apart_and_no_more() {
        assert_eq!(mask_name(" 欧阳小明 "), "欧***");
        assert_eq!(mask_name("李"), "李");
        assert_eq!(mask_phone("+86 13800138000"), "+86********8000");
        assert_eq!(mask_phone(""), "");
        assert_eq!(mask_address("金沙路 12 号 3 栋"), "金沙路***");
        assert_eq!(mask_address("金沙社区"), "金沙社区");
        let whole = Requester {
            name: "张小明".into(),
            phone: "13800138000".into(),
            email: "zhang@example.org".into(),
            address: "金沙路 12 号".into(),
        };
        let masked = whole.seen(Sight::Masked);
        assert_eq!(masked.email, "z****@example.org");
        assert_eq!(masked.name, "张**");
        assert_eq!(whole.seen(Sight::Full), whole);
        assert!(whole.seen(Sight::Hidden).is_empty());
    }

    #[test]
    fn telephone_numbers_are_found_and_dates_and_ticket_numbers_are_not() {
        for (text, found) in [
            ("电话28339260转8001", Some("28339260")),
            ("0755-28339260", Some("28339260")),
            ("0755 283 39260", Some("0755 283 39260")),
            ("138 0013 8000", Some("138 0013 8000")),
            ("1380013800", Some("1380013800")),
            ("138.0013.8000", Some("138.0013.8000")),
            ("+86-138-0013-8000", Some("86-138-0013-8000")),
            ("2017.10.12", None),
            ("2017-10-12 09:30", None),
            ("2017年10月12日", None),
            ("工单 20171012-0031 已办结", None),
            ("12345 热线", None),
            ("编号 1234567890123", None),
            ("", None),
        ] {
            assert_eq!(phone_in(text), found, "{text}");
        }
    }
}
