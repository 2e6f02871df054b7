//! Making and opening the file: what may be opened, and how every connection is set up.
//!
//! The file is only ever opened by SQLite: opening and closing it otherwise would drop this process's locks.

use super::failure::{Failure, FailureKind};
use super::grams;
use super::hits::Lent;
use super::ledger;
use super::schema;
use super::search;
use super::unfinished::{self, Begun};
use super::write::Tx;
use super::{Store, natural};
use crate::domain::instant::Instant;
use crate::domain::operator::Operator;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::cell::RefCell;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// For reading and writing.
    ReadWrite,
    /// For reading.
    ReadOnly,
}

/// Which file systems are trusted with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Local ones only.
    Local,
    /// Network and user-space ones too: the administrator vouches for their locks.
    Any,
}

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pages a connection keeps: so many KiB (a negative number says that).
const CACHE: i64 = -1_000;

/// The same for a connection beside the desk's: what it reads, it reads once, and the system keeps the file's pages anyway.
const CACHE_BESIDE: i64 = -250;

/// Bytes that the WAL is cut down to when it begins again.
const WAL: i64 = 64 << 20;

/// How long a waiting writer sleeps between two looks, at least and at most.
const SHORTEST_WAIT: Duration = Duration::from_micros(500);
const LONGEST_WAIT: Duration = Duration::from_millis(4);

/// File systems whose locks are not to be trusted: nfs, smb, smb2, cifs, 9p, fuse, ceph, afs, coda.
const NETWORK: [u64; 9] = [
    0x6969,
    0x517b,
    0xfe53_4d42,
    0xff53_4d42,
    0x0102_1997,
    0x6573_5546,
    0x00c3_6400,
    0x5346_414f,
    0x7375_7245,
];

impl Store {
    /// Makes a new store owned by `founder`, who holds every role; refuses a path where something is.
    pub fn create(
        path: &Path,
        founder: &Operator,
        now: Instant,
        pinned: bool,
    ) -> Result<Self, Failure> {
        let path = settled(path, true)?;
        if fs::symlink_metadata(&path).is_ok() {
            return Err(Failure::new(
                FailureKind::AlreadyThere,
                format!("{} is already there", path.display()),
            ));
        }
        check_file_system(&path, Trust::Local)?;
        // Made beside its place and then linked there: a half-made store never bears the name.
        let mut making = path.clone().into_os_string();
        making.push(format!(".new-{}", std::process::id()));
        let making = PathBuf::from(making);
        let begun = unfinished::files_of(&making).map(|file| Begun::along(&file));
        make(&making, founder, now, pinned)?;
        fs::hard_link(&making, &path)?;
        drop(begun);
        Self::open(&path, Access::ReadWrite)
    }

    /// Opens a store that lies on a local file system.
    pub fn open(path: &Path, access: Access) -> Result<Self, Failure> {
        Self::open_trusting(path, access, Trust::Local)
    }

    /// Opens a store, wherever the administrator trusts it to lie.
    pub fn open_trusting(path: &Path, access: Access, trust: Trust) -> Result<Self, Failure> {
        let path = a_file_at(path)?;
        check_file_system(&path, trust)?;
        let (conn, access) = reach(&path, access)?;
        check_size(&conn, &path)?;
        match access {
            Access::ReadWrite => {
                conn.execute_batch("PRAGMA journal_mode = WAL")?;
                if schema::migrate(&conn)? {
                    // What was written anew goes home at once: every opening would read it from beside the file. Where there is
                    // no room for that it stays there, where SQLite finds it.
                    drop(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
                }
            }
            Access::ReadOnly => {
                let found = schema::version(&conn)?;
                if found < schema::KNOWN {
                    let known = schema::KNOWN;
                    return Err(Failure::new(
                        FailureKind::Older { found, known },
                        format!("schema {found}, this program has {known}"),
                    ));
                }
            }
        }
        Self::over(conn, path, access)
    }

    /// The store that a connection is to.
    fn over(conn: Connection, path: PathBuf, access: Access) -> Result<Self, Failure> {
        Ok(Self {
            lent: Lent::taught_to(&conn)?,
            conn,
            path,
            access,
            homing: RefCell::default(),
        })
    }

    /// Opens a store for a thread beside the one that answers the keys: with less memory for pages.
    pub fn open_beside(path: &Path, access: Access) -> Result<Self, Failure> {
        let store = Self::open(path, access)?;
        store.conn.pragma_update(None, "cache_size", CACHE_BESIDE)?;
        Ok(store)
    }

    /// Gives memory for work over the whole file, such as an import or a verification, or takes it back: pages read
    /// and written again stay in memory, and the WAL is brought home less often and keeps its length when it begins again.
    pub fn set_bulk(&self, on: bool) -> Result<(), Failure> {
        let (cache, checkpoint, wal) = if on {
            (-64_000, 16_000, -1)
        } else {
            (CACHE, 1_000, WAL)
        };
        self.conn.execute_batch(&format!(
            "PRAGMA cache_size = {cache}; PRAGMA wal_autocheckpoint = {checkpoint}; PRAGMA journal_size_limit = {wal};"
        ))?;
        Ok(())
    }

    /// Who holds the write lock, by the kernel's table of locks.
    pub(super) fn lock_holder(&self) -> Option<u32> {
        // In WAL mode writers lock byte 120 of the shared-memory file.
        self.locks()?
            .into_iter()
            .find(|lock| lock.writes && (lock.start..=lock.end).contains(&120))
            .map(|lock| lock.pid)
    }

    /// Whether another process has the store open; yes where that cannot be found out.
    pub fn is_open_elsewhere(&self) -> bool {
        // Every process that has the store open holds a lock on the shared-memory file all the while.
        self.locks().is_none_or(|locks| {
            let own = std::process::id();
            !locks.iter().any(|lock| lock.pid == own) || locks.iter().any(|lock| lock.pid != own)
        })
    }

    /// Lets other desks write between two transactions of a long work: they look whether the store is free every
    /// half to four milliseconds, and would seldom meet the gap by chance.
    pub fn give_way(&self) {
        if self.is_open_elsewhere() {
            std::thread::sleep(LONGEST_WAIT);
        }
    }

    /// The locks on the shared-memory file, by the kernel's table.
    fn locks(&self) -> Option<Vec<FileLock>> {
        let mut shm = self.path.clone().into_os_string();
        shm.push("-shm");
        let inode = fs::metadata(shm).ok()?.ino().to_string();
        let table = fs::read_to_string("/proc/locks").ok()?;
        let read = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [.., mode, pid, place, start, end] = words[..] else {
                return None;
            };
            (place.rsplit(':').next() == Some(inode.as_str())).then_some(())?;
            Some(FileLock {
                writes: mode == "WRITE",
                pid: pid.parse().ok()?,
                start: start.parse().ok()?,
                end: end.parse().unwrap_or(u64::MAX),
            })
        };
        Some(table.lines().filter_map(read).collect())
    }
}

/// A lock in the kernel's table.
struct FileLock {
    writes: bool,
    pid: u32,
    start: u64,
    end: u64,
}

/// The absolute path with its folder resolved, so that only a link in the last place is refused.
fn settled(path: &Path, make_folder: bool) -> Result<PathBuf, Failure> {
    let missing =
        |why: &str| Failure::new(FailureKind::Missing, format!("{}: {why}", path.display()));
    let name = path.file_name().ok_or_else(|| {
        if path.is_dir() {
            Failure::new(FailureKind::Directory, format!("{}", path.display()))
        } else {
            missing("no file name")
        }
    })?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if make_folder {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let folder = fs::canonicalize(folder)
        .map_err(|e| Failure::new(Failure::from(e).kind, format!("{}", folder.display())))?;
    Ok(folder.join(name))
}

/// The absolute path of a file that may be opened as a store.
fn a_file_at(path: &Path) -> Result<PathBuf, Failure> {
    let path = settled(path, false)?;
    let found = fs::symlink_metadata(&path)
        .map_err(|e| Failure::new(Failure::from(e).kind, format!("{}", path.display())))?;
    let kind = found.file_type();
    let refused = if kind.is_dir() {
        Some(FailureKind::Directory)
    } else if kind.is_symlink() {
        Some(FailureKind::Link)
    } else if kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device()
    {
        Some(FailureKind::Special)
    } else if found.len() == 0 {
        Some(FailureKind::NotAStore)
    } else {
        None
    };
    match refused {
        Some(kind) => Err(Failure::new(kind, format!("{}", path.display()))),
        None => Ok(path),
    }
}

/// A connection to a store of ours, and what it is good for.
pub(super) fn reach(path: &Path, access: Access) -> Result<(Connection, Access), Failure> {
    reach_with(path, access, Care::Sound)
}

/// A connection for reading what can still be read of a damaged file: past its end where it was cut, past what its schema
/// says of other tables, and past the bad cells of a page that has good ones.
pub(super) fn reach_damaged(path: &Path) -> Result<Connection, Failure> {
    let path = a_file_at(path)?;
    let (conn, _) = reach_with(&path, Access::ReadOnly, Care::Damaged)?;
    Ok(conn)
}

fn reach_with(path: &Path, access: Access, care: Care) -> Result<(Connection, Access), Failure> {
    let opened = connect_with(path, access, care).and_then(|conn| {
        schema::check(&conn)?;
        let access = if conn.is_readonly("main")? {
            Access::ReadOnly
        } else {
            access
        };
        Ok((conn, access))
    });
    match opened {
        // In a folder that cannot be written SQLite cannot share memory with writers; nobody writes there, so the file
        // can be read as it stands.
        Err(failure)
            if matches!(
                failure.kind,
                FailureKind::Permission | FailureKind::ReadOnly
            ) =>
        {
            if has_wal(path) {
                return Err(unread_wal(path).unwrap_or(failure));
            }
            let conn = connect_unchanging(path, care)?;
            schema::check(&conn)?;
            Ok((conn, Access::ReadOnly))
        }
        // There is no room for the little that SQLite shares with others; it only says that something went wrong.
        Err(failure) if failure.kind == FailureKind::Io && is_on_full_disk(path) => {
            Err(Failure::new(FailureKind::Full, failure.cause))
        }
        opened => opened,
    }
}

/// Whether the disk of a store has less room than a first look needs, in bytes.
fn is_on_full_disk(path: &Path) -> bool {
    const NEEDED: u64 = 64 << 10;
    let folder = path.parent().unwrap_or(Path::new("/"));
    rustix::fs::statvfs(folder)
        .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < NEEDED)
}

/// Whether the disk of a store takes no write from anybody, as after an error of the disk or on a copy that was put away.
pub(super) fn is_on_read_only_disk(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new("/"));
    rustix::fs::statvfs(folder)
        .is_ok_and(|disk| disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
}

/// Acts that only a writer can bring home, on a disk that takes no write.
fn unread_wal(path: &Path) -> Option<Failure> {
    is_on_read_only_disk(path).then(|| {
        let name = path.display();
        let cause = format!("{name}-wal holds acts that are not in {name} yet: copy both to a disk that can be written");
        Failure::new(FailureKind::ReadOnly, cause)
    })
}

/// Refuses a file system whose locks are not to be trusted.
fn check_file_system(path: &Path, trust: Trust) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let found = rustix::fs::statfs(folder).map_err(std::io::Error::from)?;
    let kind = u64::from(found.f_type.cast_unsigned() as u32);
    if trust == Trust::Local && is_network(kind) {
        return Err(Failure::new(
            FailureKind::NetworkFileSystem,
            format!(
                "{} lies on a file system of type {kind:#x}",
                folder.display()
            ),
        ));
    }
    Ok(())
}

fn is_network(kind: u64) -> bool {
    NETWORK.contains(&kind)
}

fn has_wal(path: &Path) -> bool {
    fs::metadata(wal_of(path)).is_ok_and(|found| found.len() > 0)
}

/// The WAL beside a store.
pub(super) fn wal_of(path: &Path) -> PathBuf {
    let mut wal = path.to_path_buf().into_os_string();
    wal.push("-wal");
    wal.into()
}

/// A file shorter than its page count was cut; with a WAL beside it, it may rightly be shorter.
fn check_size(conn: &Connection, path: &Path) -> Result<(), Failure> {
    let pages: u64 = conn.query_row("PRAGMA page_count", [], |row| natural(row, 0))?;
    let size: u64 = conn.query_row("PRAGMA page_size", [], |row| natural(row, 0))?;
    let length = fs::metadata(path)?.len();
    if length < pages.saturating_mul(size) && !has_wal(path) {
        return Err(Failure::damaged(format!(
            "{length} bytes where {pages} pages of {size} bytes should be"
        )));
    }
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(())
}

/// Makes the file at `path`, complete and closed.
fn make(path: &Path, founder: &Operator, now: Instant, pinned: bool) -> Result<(), Failure> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let conn = connect(path, Access::ReadWrite)?;
    conn.execute_batch("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;")?;
    schema::migrate(&conn)?;
    let store = Store::over(conn, path.to_path_buf(), Access::ReadWrite)?;
    store.write(|tx: &Tx<'_>| -> Result<(), Failure> {
        tx.found(founder, now)?;
        tx.name_ledger()?;
        if pinned {
            tx.set_setting("pinned", "1")?;
        }
        Ok(())
    })?;
    store
        .conn
        .close()
        .map_err(|(_, error)| Failure::from(error))
}

/// What a connection is set up for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// A file that is as it should be, or is refused.
    Sound,
    /// A file of which everything is read that can be.
    Damaged,
}

/// The one way to a connection.
pub(super) fn connect(path: &Path, access: Access) -> Result<Connection, Failure> {
    connect_with(path, access, Care::Sound)
}

fn connect_with(path: &Path, access: Access, care: Care) -> Result<Connection, Failure> {
    let mode = match access {
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let conn = Connection::open_with_flags(path, mode | common_flags())?;
    set_up(conn, care)
}

/// A connection to a file in a folder where nobody can write.
fn connect_unchanging(path: &Path, care: Care) -> Result<Connection, Failure> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                uri.push(char::from(*byte));
            }
            other => {
                uri.push('%');
                uri.push_str(&ledger::hex(&[*other]));
            }
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | common_flags();
    set_up(Connection::open_with_flags(uri, flags)?, care)
}

fn common_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_EXRESCODE
}

fn set_up(mut conn: Connection, care: Care) -> Result<Connection, Failure> {
    conn.set_prepared_statement_cache_capacity(256);
    wait_fairly(&mut conn)?;
    for (option, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, care == Care::Sound),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
        // A plan follows from the words alone: otherwise a cached statement is made anew for each value bound beside a
        // partial index, at many times its cost.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        conn.set_db_config(option, on)?;
    }
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, 64 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 64 << 10),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 500),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 8),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
    ] {
        conn.set_limit(limit, most)?;
    }
    if care == Care::Damaged {
        // Nothing is written with it; but only so does SQLite read on where a file ends too soon or its schema is not whole.
        conn.execute_batch("PRAGMA writable_schema = ON;")?;
    }
    // mmap would turn an I/O error into a signal that ends the process.
    conn.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON; \
         PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; \
         PRAGMA journal_size_limit = {WAL}; PRAGMA wal_autocheckpoint = 1000;",
    ))?;
    conn.pragma_update(None, "cache_size", CACHE)?;
    conn.pragma_update(None, "cell_size_check", care == Care::Sound)?;
    let pure = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("fenbo_event_hash", 13, pure, |context| {
        let prev = match context.get_raw(0) {
            ValueRef::Blob(bytes) => bytes.to_vec(),
            _ => Vec::new(),
        };
        let fields = (1..context.len()).map(|at| context.get_raw(at));
        Ok(ledger::event_hash(&prev, fields).to_vec())
    })?;
    conn.create_scalar_function("fenbo_has", -1, pure, |context| {
        let needle = context.get_raw(0).as_str()?;
        for at in 1..context.len() {
            if let ValueRef::Text(_) = context.get_raw(at)
                && grams::has(context.get_raw(at).as_str()?, needle)
            {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    search::teach(&conn, pure)?;
    Ok(conn)
}

/// Waits for no writer.
pub(super) fn wait_never(conn: &mut Connection) -> Result<(), Failure> {
    Ok(conn.busy_handler(None::<fn(i32) -> bool>)?)
}

/// Waits for a writer 0.5 to 4 ms at a time, ten seconds at most: fairer than SQLite's growing steps.
pub(super) fn wait_fairly(conn: &mut Connection) -> Result<(), Failure> {
    let random = RandomState::new();
    let mut since = std::time::Instant::now();
    conn.busy_handler(Some(move |tries: i32| {
        if tries == 0 {
            since = std::time::Instant::now();
        }
        let longest = LONGEST_WAIT.as_micros() as u64 - SHORTEST_WAIT.as_micros() as u64;
        let jitter = random.hash_one((tries, since)) % longest;
        std::thread::sleep(SHORTEST_WAIT + Duration::from_micros(jitter));
        since.elapsed() < PATIENCE
    }))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_systems_of_other_machines_are_told_from_a_disk() {
        // NFS, SMB, SMB2, Ceph, 9p, FUSE; ext4, XFS, btrfs, tmpfs. `[statfs(2)]`
        for network in [
            0x6969,
            0x517b,
            0xfe53_4d42,
            0x00c3_6400,
            0x0102_1997,
            0x6573_5546,
        ] {
            assert!(is_network(network), "{network:#x}");
        }
        for own in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994] {
            assert!(!is_network(own), "{own:#x}");
        }
    }
}
