//! A store that is being made under another name: gone when its making fails or is interrupted, and when it was killed, with
//! the next one made for the same name.

use super::failure::Failure;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What SQLite has of one store.
const FILES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// What this process is making.
static UNDER_WAY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Where a store is made that is to bear another name.
pub(super) struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// A place to make the store `to` in. What killed processes left there goes.
    ///
    /// # Errors
    /// [`Failure`] when interrupts cannot be heard.
    pub(super) fn begin(to: &Path) -> Result<Self, Failure> {
        // Another ending of the same name: so its attached files are already those of the store.
        let path = to.with_extension(format!("new-{}", std::process::id()));
        for left in left_behind(to) {
            remove(&left);
        }
        hear_interrupts()?;
        under_way().push(path.clone());
        Ok(Self { path })
    }

    /// Where it is made.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove(&self.path);
        under_way().retain(|path| *path != self.path);
    }
}

fn under_way() -> MutexGuard<'static, Vec<PathBuf>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hears interrupts from the first store made until the process ends: it ends by them as if nobody had heard, with nothing half
/// made left.
fn hear_interrupts() -> Result<(), Failure> {
    static HEARD: Mutex<bool> = Mutex::new(false);
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if *heard {
        return Ok(());
    }
    let mut interrupts = Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new()
        .name("interrupts".into())
        .spawn(move || {
            for number in interrupts.forever() {
                under_way().iter().for_each(|path| remove(path));
                drop(signal_hook::low_level::emulate_default_handler(number));
            }
        })?;
    *heard = true;
    Ok(())
}

/// Removes a store as far as it is there.
fn remove(path: &Path) {
    for file in FILES {
        let mut name = path.to_path_buf().into_os_string();
        name.push(file);
        drop(fs::remove_file(name));
    }
}

/// What processes began to make for a name that are no more, or that had this one's number.
fn left_behind(to: &Path) -> Vec<PathBuf> {
    let folder = to.parent().filter(|f| !f.as_os_str().is_empty());
    let found = fs::read_dir(folder.unwrap_or(Path::new(".")));
    let all = found.into_iter().flatten().flatten();
    all.map(|entry| entry.path())
        .filter(|path| path.file_stem() == to.file_stem())
        .filter(|path| path.extension().and_then(maker).is_some_and(is_gone))
        .filter(|path| is_store(path))
        .collect()
}

/// Whether a file begins as a store does, or is still empty: others' files are none of ours, whatever they are called.
fn is_store(path: &Path) -> bool {
    const BEGINS: &[u8; 16] = b"SQLite format 3\0";
    let mut begun = [0; 16];
    let is_empty =
        fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == 0);
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut begun));
    is_empty || read.is_ok() && begun == *BEGINS
}

/// The process that a file's ending names.
fn maker(ending: &OsStr) -> Option<u32> {
    ending.to_str()?.strip_prefix("new-")?.parse().ok()
}

/// Where the system does not tell which processes there are, only what had this one's number is known to be left.
fn is_gone(process: u32) -> bool {
    let all = Path::new("/proc");
    let is_told = all.join("self").exists();
    process == std::process::id() || is_told && !all.join(process.to_string()).exists()
}
