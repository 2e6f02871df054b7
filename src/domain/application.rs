//! Requests for a decision: return, extension, suspension, void, no-call-back, appeal. They are not states.

use super::instant::Instant;
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// 申请退件.
    Return,
    /// 申请延期.
    Extension,
    /// 申请挂起.
    Suspension,
    /// 申请作废.
    Void,
    /// 申请免回访.
    NoCallback,
    /// 申诉.
    Appeal,
}

impl ApplicationKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Return,
        Self::Extension,
        Self::Suspension,
        Self::Void,
        Self::NoCallback,
        Self::Appeal,
    ];

    /// The code used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Extension => "extension",
            Self::Suspension => "suspension",
            Self::Void => "void",
            Self::NoCallback => "no_callback",
            Self::Appeal => "appeal",
        }
    }
}

/// What somebody asks for, in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its ordinal on the ticket, from 1.
    pub number: u32,
    /// What is asked for.
    pub kind: ApplicationKind,
    /// The coded ground, where the kind has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The reason in words.
    pub text: String,
    /// For a return: the department that should have it instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested: Option<String>,
    /// For an extension: units more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// For a suspension: 24:00 of its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// When.
    pub asked_at: Instant,
    /// By whom (operator code).
    pub asked_by: String,
    /// The department that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// For an appeal: the first of the two people who must agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconded_by: Option<String>,
    /// How it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// A decision on an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Granted or declined.
    pub granted: bool,
    /// When.
    pub at: Instant,
    /// By whom (operator code).
    pub by: String,
    /// Why.
    pub reason: String,
}
