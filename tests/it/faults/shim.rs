//! The library that stands between a child process and its files (`shim.c`), built once, and its control page.

use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Opening a file.
pub const OPEN: i64 = 1;
/// Reading.
pub const READ: i64 = 2;
/// Writing; half of what is written reaches the file.
pub const WRITE: i64 = 4;
/// Syncing.
pub const SYNC: i64 = 8;
/// Cutting or growing a file.
pub const TRUNCATE: i64 = 16;
/// Removing a file.
pub const UNLINK: i64 = 32;
/// Mapping a file into memory.
pub const MAP: i64 = 64;
/// Every kind of call.
pub const ALL: i64 = OPEN | READ | WRITE | SYNC | TRUNCATE | UNLINK | MAP;

/// Error numbers, the same on every Linux.
pub const EIO: i64 = 5;
/// File too large.
pub const EFBIG: i64 = 27;
/// No space left on the device.
pub const ENOSPC: i64 = 28;
/// Over the quota.
pub const EDQUOT: i64 = 122;

const KINDS: u64 = 0;
const FIRED: u64 = 5;
const CLOCK: u64 = 6;
const RECORDING: u64 = 7;

/// The control page of a folder.
pub struct Shim {
    folder: PathBuf,
    page: std::fs::File,
}

impl Shim {
    /// Puts a control page into a folder; nothing fails yet.
    pub fn on(folder: &Path) -> Self {
        let page = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("control"))
            .unwrap();
        page.set_len(4096).unwrap();
        Self {
            folder: folder.to_owned(),
            page,
        }
    }

    /// What a process must have in its environment to be under the shim.
    pub fn variables(&self) -> [(&'static str, PathBuf); 2] {
        [
            ("LD_PRELOAD", library().to_owned()),
            ("FENBO_FAULT_DIR", self.folder.clone()),
        ]
    }

    /// The n-th call of these kinds from now on fails with an error, and when it persists every later one too.
    pub fn fail(&self, kinds: i64, n: i64, persists: bool, error: i64) {
        for (field, value) in [(1, 0), (KINDS, kinds), (2, i64::from(persists)), (3, error)] {
            self.put(field, value);
        }
        self.put(4, 0);
        self.put(FIRED, 0);
        self.put(1, n);
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        self.put(1, 0);
        self.put(KINDS, 0);
    }

    /// How many calls have been made to fail.
    pub fn fired(&self) -> i64 {
        let mut bytes = [0; 8];
        self.page.read_exact_at(&mut bytes, FIRED * 8).unwrap();
        i64::from_le_bytes(bytes)
    }

    /// The wall clock is so many seconds off.
    pub fn set_clock(&self, seconds: i64) {
        self.put(CLOCK, seconds);
    }

    /// Calls are written down into `trace`, and nothing is synced.
    pub fn record(&self) {
        self.put(RECORDING, 1);
    }

    fn put(&self, field: u64, value: i64) {
        self.page
            .write_all_at(&value.to_le_bytes(), field * 8)
            .unwrap();
    }
}

/// The library, compiled by the C compiler that SQLite needs anyway.
fn library() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults/shim.c");
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let built = Command::new(compiler)
            .args(["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
            .args([&path, &source])
            .output()
            .unwrap();
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        (folder, path)
    });
    path
}
