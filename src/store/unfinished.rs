//! What is being made and is not whole yet: gone when its making fails or is interrupted; a store that was left by a killed
//! process goes with the next one made for the same name.

use super::attachments;
use super::failure::Failure;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::ffi::{OsStr, c_int};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What SQLite has of one store.
const FILES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// What this process is making.
static UNDER_WAY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file or a folder that is begun: it goes when this is dropped, and with an interrupt, unless it is [`Begun::done`].
#[derive(Debug)]
pub struct Begun {
    path: PathBuf,
    is_done: bool,
}

impl Begun {
    /// From now on interrupts are heard until the process ends: it ends by them as if nobody had heard, with nothing begun left.
    ///
    /// # Errors
    /// When interrupts cannot be heard.
    pub fn heard(path: &Path) -> io::Result<Self> {
        hear_interrupts()?;
        Ok(Self::along(path))
    }

    /// Makes it, where nothing may be yet: no interrupt comes between its making and this.
    ///
    /// # Errors
    /// When interrupts cannot be heard; what `make` says.
    pub fn made<T>(path: &Path, make: impl FnOnce() -> io::Result<T>) -> io::Result<(T, Self)> {
        hear_interrupts()?;
        let mut under_way = under_way();
        let made = make()?;
        under_way.push(path.to_owned());
        let (path, is_done) = (path.to_owned(), false);
        Ok((made, Self { path, is_done }))
    }

    /// Goes with an interrupt only where interrupts are heard for another reason: who serves has its own way to end.
    pub fn along(path: &Path) -> Self {
        under_way().push(path.to_owned());
        Self {
            path: path.to_owned(),
            is_done: false,
        }
    }

    /// It is whole, or bears another name: what stands here stays.
    pub fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // In this order: an interrupt between the two must not take what is done.
        let mut under_way = under_way();
        under_way.retain(|path| *path != self.path);
        if !self.is_done {
            remove(&self.path);
        }
    }
}

/// Where a store is made that is to bear another name, and what is made beside it.
pub(super) struct Unfinished {
    path: PathBuf,
    _files: [Begun; 4],
    beside: Option<Begun>,
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
            for file in files_of(&left) {
                remove(&file);
            }
        }
        hear_interrupts()?;
        Ok(Self {
            _files: files_of(&path).map(|file| Begun::along(&file)),
            path,
            beside: None,
        })
    }

    /// The folder of its attached files is its own, and goes with it where there is none yet.
    pub(super) fn own_attachments(&mut self, to: &Path) {
        let folder = attachments::folder_beside(to);
        let is_new = fs::symlink_metadata(&folder).is_err();
        self.beside = is_new.then(|| Begun::along(&folder));
    }

    /// Where it is made.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What was made beside the store stays.
    pub(super) fn keep_beside(&mut self) {
        if let Some(beside) = self.beside.take() {
            beside.done();
        }
    }
}

fn under_way() -> MutexGuard<'static, Vec<PathBuf>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hear_interrupts() -> io::Result<()> {
    static HEARD: Mutex<bool> = Mutex::new(false);
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if *heard {
        return Ok(());
    }
    let ignored = ignored();
    let ends = |signal: &c_int| ignored & 1 << (signal - 1) == 0;
    let mut interrupts = Signals::new([SIGINT, SIGTERM, SIGHUP].iter().filter(|s| ends(s)))?;
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

/// The signals that whoever started this process has it ignore, as nohup does, a bit each; none where the system does not tell.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let told = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    told.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

/// The files of a store.
pub(super) fn files_of(store: &Path) -> [PathBuf; 4] {
    FILES.map(|file| {
        let mut name = store.to_path_buf().into_os_string();
        name.push(file);
        name.into()
    })
}

/// Removes a file, or a folder with all that is in it, if it is there; a link is not followed.
fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let removed = if is_folder {
        remove_folder(path)
    } else {
        fs::remove_file(path)
    };
    // What cannot be removed is left; there is nobody any more to tell.
    drop(removed);
}

/// Under another name first: whoever still writes into it finds it no more.
fn remove_folder(path: &Path) -> io::Result<()> {
    let mut going = path.to_path_buf().into_os_string();
    going.push(format!(".gone-{}", std::process::id()));
    fs::rename(path, &going)?;
    fs::remove_dir_all(going)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_begun_goes_and_what_is_done_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["gone", "kept"] {
            fs::write(at(name), "x").unwrap();
            fs::create_dir(at(&format!("{name}.folder"))).unwrap();
            fs::write(at(&format!("{name}.folder/file")), "x").unwrap();
        }
        drop([Begun::along(&at("gone")), Begun::along(&at("gone.folder"))]);
        Begun::along(&at("kept")).done();
        Begun::along(&at("kept.folder")).done();
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["kept", "kept.folder"]);
    }
}
