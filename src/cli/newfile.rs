//! A file that a command is told to write: never half there, never over another, for its owner only.

use crate::service::Begun;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Writes a new file for its owner only: complete under its name, or not there at all.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut making = path.to_path_buf().into_os_string();
    making.push(format!(".new-{}", std::process::id()));
    let making = PathBuf::from(making);
    // What a killed process of this number began is no use to anybody.
    drop(fs::remove_file(&making));
    let begun = Begun::heard(&making)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&making)?;
    // Linked to its name when all of it is there: a link is never made over a file.
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::hard_link(&making, path)?;
    drop(begun);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_once_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        write(&path, b"one").expect("written");
        let again = write(&path, b"two").expect_err("there already");
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).expect("there"), b"one");
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 1);
    }
}
