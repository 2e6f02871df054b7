//! The login's name by its user id, from the account list and not from a variable that anybody may set.
//!
//! Start at [`name`].

use std::fs;

/// The name of the login this process runs for; `uid` and the number when the account list does not name it.
pub fn name() -> String {
    let uid = rustix::process::getuid().as_raw();
    let accounts = fs::read("/etc/passwd").unwrap_or_default();
    name_in(&String::from_utf8_lossy(&accounts), uid).unwrap_or_else(|| format!("uid{uid}"))
}

/// The name beside a user id in lines of `name:password:uid:…`.
fn name_in(accounts: &str, uid: u32) -> Option<String> {
    accounts
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.get(2).and_then(|id| id.parse().ok()) == Some(uid))
        .and_then(|fields| fields.first().map(|name| (*name).to_owned()))
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_list_names_a_user_id() {
        let accounts =
            "root:x:0:0::/root:/bin/sh\n# note\nzhang:x:1001:100:张三:/home/zhang:/bin/sh\n";
        assert_eq!(name_in(accounts, 1001).as_deref(), Some("zhang"));
        assert_eq!(name_in(accounts, 100), None);
        assert_eq!(name_in("", 0), None);
    }
}
