//! Letters: what is to be told to somebody outside the console, and whom it is for.
//!
//! Knows nothing of how a letter travels; whoever writes one names the person or department, not the way.

/// Whom a letter is for; the desk's goes out first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// The centre's own desk.
    Desk,
    /// A department, by its code; where its letters go is the directory's to say.
    Department(String),
    /// A person's mail address.
    Mail(String),
    /// A person's telephone.
    Phone(String),
    /// A person who wrote to the WeChat account, by the name it is known by there.
    Wechat(String),
    /// Somebody a newer program knows how to reach.
    Foreign(String),
}

impl Recipient {
    /// As the outbox keeps it.
    ///
    /// ```
    /// use fenbo::domain::letter::Recipient;
    /// let one = Recipient::Department("hbsw".into());
    /// assert_eq!(one.code(), "department:hbsw");
    /// assert_eq!(Recipient::from_code("department:hbsw"), one);
    /// assert_eq!(Recipient::from_code("pigeon:7"), Recipient::Foreign("pigeon:7".into()));
    /// ```
    pub fn code(&self) -> String {
        match self {
            Self::Desk => "desk".to_owned(),
            Self::Department(code) => format!("department:{code}"),
            Self::Mail(address) => format!("mail:{address}"),
            Self::Phone(number) => format!("phone:{number}"),
            Self::Wechat(person) => format!("wechat:{person}"),
            Self::Foreign(code) => code.clone(),
        }
    }

    /// Whom a code means.
    pub fn from_code(code: &str) -> Self {
        match code.split_once(':') {
            None if code == "desk" => Self::Desk,
            Some(("department", department)) => Self::Department(department.to_owned()),
            Some(("mail", address)) => Self::Mail(address.to_owned()),
            Some(("phone", number)) => Self::Phone(number.to_owned()),
            Some(("wechat", person)) => Self::Wechat(person.to_owned()),
            None | Some(_) => Self::Foreign(code.to_owned()),
        }
    }

    /// Whether a person's address stands in it: it is wiped with the words once the letter is sent.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Mail(_) | Self::Phone(_) | Self::Wechat(_))
    }
}

/// A letter to be written into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What it is, such as `digest`.
    pub kind: &'static str,
    /// Its name: a second posting of the same name is the same letter and is not written again. No personal data.
    pub key: String,
    /// Whom it is for.
    pub recipient: Recipient,
    /// One line.
    pub subject: String,
    /// What a mail says.
    pub text: String,
}

impl Posting {
    /// A letter as it was worded: its first line is the subject.
    ///
    /// ```
    /// use fenbo::domain::letter::{Posting, Recipient};
    /// let posting = Posting::of("paper", "paper-1-7".into(), Recipient::Desk, "督〔2026〕7号\n\n请于三日内反馈。");
    /// assert_eq!((posting.subject.as_str(), posting.text.as_str()), ("督〔2026〕7号", "请于三日内反馈。"));
    /// ```
    pub fn of(kind: &'static str, key: String, recipient: Recipient, letter: &str) -> Self {
        let (subject, text) = letter.split_once('\n').unwrap_or((letter, ""));
        Self {
            kind,
            key,
            recipient,
            subject: subject.to_owned(),
            text: text.trim_start().to_owned(),
        }
    }
}
