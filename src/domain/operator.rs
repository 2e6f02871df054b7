//! Operators and their roles: who may do what, and who sees which tickets.

use super::ticket::Ticket;
use serde::{Deserialize, Serialize};

/// What a person may do at the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 分拨员.
    Dispatcher,
    /// 值班长; also rules for the command centre.
    ShiftLead,
    /// 督查室.
    Supervisor,
    /// 承办单位: sees only its own tickets.
    Department,
    /// 回访员.
    Callback,
    /// 审计: reads only.
    Auditor,
    /// 管理员: keeps operators and files; holds every role until others are added.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Dispatcher,
        Self::ShiftLead,
        Self::Supervisor,
        Self::Department,
        Self::Callback,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The code used in JSON and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dispatcher => "dispatcher",
            Self::ShiftLead => "shift_lead",
            Self::Supervisor => "supervisor",
            Self::Department => "department",
            Self::Callback => "callback",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a code; `-` may stand for `_`.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.replace('-', "_");
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct Roles(u8);

impl From<Vec<Role>> for Roles {
    fn from(roles: Vec<Role>) -> Self {
        roles.into_iter().fold(Self::default(), Self::with)
    }
}

impl From<Roles> for Vec<Role> {
    fn from(roles: Roles) -> Self {
        Role::ALL.into_iter().filter(|r| roles.has(*r)).collect()
    }
}

impl Roles {
    /// These and `role`.
    #[must_use]
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    /// Every role: the login that created the store, until others are added.
    pub fn all() -> Self {
        Role::ALL.into_iter().fold(Self::default(), Self::with)
    }

    /// Whether `role` is among them.
    pub fn has(self, role: Role) -> bool {
        self.0 & 1 << role as u8 != 0
    }

    /// Whether one of `roles` is among them.
    pub fn has_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|r| self.has(*r))
    }

    /// Whether these roles see every department's tickets.
    pub fn sees_all(self) -> bool {
        self.0 & !(1 << Role::Department as u8) != 0
    }
}

/// A person, or the program itself, who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// The login or staff number.
    pub code: String,
    /// The name shown.
    pub name: String,
    /// What this operator may do.
    pub roles: Roles,
    /// The department an operator with the role department works for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Whether the operator may still act.
    pub active: bool,
}

impl Operator {
    /// The code under which the program itself acts (sweep, import).
    pub const SYSTEM: &'static str = "system";

    /// The login that makes a store, which holds every role in it.
    pub fn founder(login: &str) -> Self {
        Self {
            code: login.to_owned(),
            name: login.to_owned(),
            roles: Roles::all(),
            department: None,
            active: true,
        }
    }

    /// The program itself: signs, resumes and archives by rule.
    pub fn system() -> Self {
        Self {
            code: Self::SYSTEM.to_owned(),
            name: "系统".to_owned(),
            roles: Roles::default(),
            department: None,
            active: true,
        }
    }

    /// Whether this is the program itself.
    pub fn is_system(&self) -> bool {
        self.code == Self::SYSTEM
    }

    /// The code under which a requester acts, who has shown number and code.
    pub const REQUESTER: &'static str = "requester";

    /// The requester at the citizen's door: registers and rates, and sees nothing but what a code opens.
    pub fn requester() -> Self {
        Self {
            code: Self::REQUESTER.to_owned(),
            name: "诉求人".to_owned(),
            roles: Roles::default(),
            department: None,
            active: true,
        }
    }

    /// Whether this is a requester.
    pub fn is_requester(&self) -> bool {
        self.code == Self::REQUESTER
    }

    /// Whether the operator sees a ticket.
    pub fn sees_ticket(&self, ticket: &Ticket) -> bool {
        self.sees(ticket.lead.as_deref(), &ticket.assisting)
    }

    /// Whether the operator sees tickets of this lead and these assisting departments.
    ///
    /// ```
    /// use fenbo::domain::operator::{Operator, Role, Roles};
    /// let clerk = Operator {
    ///     code: "lin".into(), name: "林".into(), roles: Roles::default().with(Role::Department),
    ///     department: Some("cgj".into()), active: true,
    /// };
    /// assert!(clerk.sees(Some("cgj"), &[]) && clerk.sees(Some("hbsw"), &["cgj".into()]));
    /// assert!(!clerk.sees(Some("hbsw"), &[]) && !clerk.sees(None, &[]));
    /// ```
    pub fn sees(&self, lead: Option<&str>, assisting: &[String]) -> bool {
        self.is_system()
            || self.roles.sees_all()
            || self
                .department
                .as_deref()
                .is_some_and(|own| lead == Some(own) || assisting.iter().any(|a| a == own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(roles: &[Role], department: Option<&str>) -> Operator {
        Operator {
            code: "x".into(),
            name: String::new(),
            roles: roles.to_vec().into(),
            department: department.map(str::to_owned),
            active: true,
        }
    }

    #[test]
    fn a_set_of_roles_holds_exactly_what_was_put_in() {
        for role in Role::ALL {
            let only = Roles::default().with(role);
            assert_eq!(Vec::from(only), [role]);
            assert_eq!(only.with(role), only);
            assert!(Roles::all().has(role));
            assert!(!Roles::default().has(role));
            assert!(only.has_any(&Role::ALL) && !only.has_any(&[]));
        }
        assert_eq!(Roles::from(Role::ALL.to_vec()), Roles::all());
    }

    #[test]
    fn roles_are_kept_as_their_codes() {
        let roles = Roles::default().with(Role::ShiftLead).with(Role::Auditor);
        let json = serde_json::to_string(&roles).unwrap();
        assert_eq!(json, r#"["shift_lead","auditor"]"#);
        assert_eq!(serde_json::from_str::<Roles>(&json).unwrap(), roles);
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(role));
        }
        assert_eq!(Role::from_code("shift-lead"), Some(Role::ShiftLead));
        assert_eq!(Role::from_code("king"), None);
    }

    #[test]
    fn a_department_sees_what_it_leads_and_assists_and_nothing_else() {
        let clerk = of(&[Role::Department], Some("cgj"));
        assert!(clerk.sees(Some("cgj"), &[]));
        assert!(clerk.sees(Some("hbsw"), &["cgj".to_owned()]));
        assert!(!clerk.sees(Some("hbsw"), &[]));
        assert!(!clerk.sees(None, &[]));
        // Without a department there is nothing of one's own, not even what has no lead.
        assert!(!of(&[Role::Department], None).sees(None, &[]));
        assert!(!of(&[], None).sees(None, &[]));
    }

    #[test]
    fn every_other_role_sees_all() {
        for role in Role::ALL.into_iter().filter(|r| *r != Role::Department) {
            assert!(of(&[role], None).sees(Some("hbsw"), &[]), "{role:?}");
        }
        assert!(Operator::system().sees(None, &[]));
        assert!(Operator::system().is_system() && !of(&Role::ALL, None).is_system());
    }
}
