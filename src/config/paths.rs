//! Where the store, the configuration and the log live: the XDG folders, unless told otherwise.
//!
//! Only names paths; makes and opens nothing.

use super::error::{ConfigError, Problem};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variable that names the store.
pub const STORE_VARIABLE: &str = "FENBO_DB";

/// The folders of one login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Holds `config.toml`, `keymap.toml` and the folders of overriding files.
    pub config: PathBuf,
    /// Holds the store.
    pub data: PathBuf,
    /// Holds the log.
    pub state: PathBuf,
}

impl Paths {
    /// The folders of this login, by `XDG_CONFIG_HOME`, `XDG_DATA_HOME`, `XDG_STATE_HOME` or their defaults in the home folder.
    ///
    /// # Errors
    /// [`Problem::NoHome`] when the login has no home folder.
    pub fn of_login() -> Result<Self, ConfigError> {
        let xdg = Xdg::new().map_err(|_| ConfigError::of_file("$HOME", Problem::NoHome))?;
        Ok(Self::under(
            &xdg.config_dir(),
            &xdg.data_dir(),
            &xdg.state_dir().unwrap_or_else(|| xdg.cache_dir()),
        ))
    }

    /// The program's folders under these base folders.
    pub fn under(config: &Path, data: &Path, state: &Path) -> Self {
        Self {
            config: config.join("fenbo"),
            data: data.join("fenbo"),
            state: state.join("fenbo"),
        }
    }

    /// The store's file: what the command line names, else what `FENBO_DB` (handed in) names, else `fenbo.db` in the data folder.
    pub fn store(&self, named: Option<&Path>, variable: Option<OsString>) -> PathBuf {
        named.map_or_else(
            || {
                variable
                    .filter(|value| !value.is_empty())
                    .map_or_else(|| self.data.join("fenbo.db"), PathBuf::from)
            },
            Path::to_path_buf,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_wins_over_the_variable_over_the_data_folder() {
        let paths = Paths::under(Path::new("/c"), Path::new("/d"), Path::new("/s"));
        let option = Path::new("/x/a.db");
        assert_eq!(paths.store(Some(option), Some("/y/b.db".into())), option);
        assert_eq!(
            paths.store(None, Some("/y/b.db".into())),
            Path::new("/y/b.db")
        );
        assert_eq!(
            paths.store(None, Some("".into())),
            Path::new("/d/fenbo/fenbo.db")
        );
        assert_eq!(paths.store(None, None), Path::new("/d/fenbo/fenbo.db"));
    }
}
