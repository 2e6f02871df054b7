//! What is wrong with the secrets of `config.toml`: said when the door opens, and by `fenbo doctor`.
//!
//! Shows no secret. Start at [`wrong`].

use super::session::Session;
use crate::config::settings::FILE;
use crate::i18n::cli;
use crate::i18n::failures::Told;
use crate::server;
use std::os::unix::fs::PermissionsExt;

/// What others may do with a file of one's own: read it.
const READ_BY_OTHERS: u32 = 0o004;

/// Everything that is wrong, in three parts each.
pub fn wrong(session: &Session) -> Vec<Told> {
    let (lang, settings) = (session.lang, &session.settings);
    let mut wrong = Vec::new();
    if settings.wechat.as_ref().is_some_and(server::has_bad_key) {
        wrong.push(Told::new(
            lang,
            (cli::WECHAT_NOT_TAKEN, &[]),
            (cli::AES_KEY_IS_NONE, &[]),
            (cli::COPY_AES_KEY, &[]),
        ));
    }
    let password = settings.outbox.relay.as_ref();
    let password = password.and_then(|relay| relay.password_file.clone());
    let config = settings
        .wechat
        .is_some()
        .then(|| session.paths.config.join(FILE));
    for path in config.into_iter().chain(password) {
        let mode = std::fs::metadata(&path).map(|found| found.permissions().mode());
        // One that is not there has been told of, or will be, by whoever needs it.
        if mode.is_ok_and(|mode| mode & READ_BY_OTHERS != 0) {
            let path = path.display().to_string();
            let values = [("path", path.as_str())];
            wrong.push(Told::new(
                lang,
                (cli::SECRETS_OPEN, &values),
                (cli::READ_BY_OTHERS, &[]),
                (cli::CLOSE_SECRETS, &values),
            ));
        }
    }
    wrong
}
