//! Large remembered values, written and read piece by piece: none of them stands in memory as a whole. Behind each stands
//! its SHA-256, so that what a flipped bit has changed is not believed.

use super::Store;
use super::failure::Failure;
use super::write::Tx;
use rusqlite::blob::{Blob, ZeroBlob};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};

/// Bytes of the hash behind a value.
const SEAL: usize = 32;

impl Store {
    /// Hands a remembered value and its length in bytes to `read`; nothing when there is none, or when `read` went through
    /// all of it and it is not what was written.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read, whatever `read` made of it.
    pub fn read_blob<T>(
        &self,
        name: &str,
        read: impl FnOnce(&mut dyn Read, usize) -> T,
    ) -> Result<Option<T>, Failure> {
        let Some(mut blob) = self.open_blob(name, true)? else {
            return Ok(None);
        };
        let size = blob.size().unsigned_abs() as usize;
        let Some(length) = size.checked_sub(SEAL) else {
            return Ok(None);
        };
        let mut source = HashedRead {
            blob: &mut blob,
            hash: Sha256::new(),
            left: length,
            failed: None,
        };
        let made = read(&mut source, length);
        let HashedRead {
            hash, left, failed, ..
        } = source;
        if let Some(error) = failed {
            return Err(error.into());
        }
        if left > 0 {
            return Ok(Some(made));
        }
        let mut seal = [0; SEAL];
        blob.read_exact(&mut seal)?;
        Ok((hash.finalize()[..] == seal).then_some(made))
    }

    /// Its place never changes once it has one, so that it is found however often it is written.
    fn open_blob(&self, name: &str, read_only: bool) -> Result<Option<Blob<'_>>, Failure> {
        let place: Option<i64> = self
            .conn
            .prepare_cached("SELECT rowid FROM blob WHERE name = ?")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        place
            .map(|place| {
                Ok(self
                    .conn
                    .blob_open("main", "blob", "value", place, read_only)?)
            })
            .transpose()
    }
}

impl Tx<'_> {
    /// Remembers a value of `length` bytes, which `write` writes.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written, or `write` writes more.
    pub fn put_blob(
        &self,
        name: &str,
        length: usize,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut blob = self.blank_blob(name, length + SEAL)?;
        let mut sink = HashedWrite {
            blob: &mut blob,
            hash: Sha256::new(),
        };
        write(&mut sink)?;
        let seal = sink.hash.finalize();
        Ok(blob.write_all(&seal)?)
    }

    /// A value of so many zeros, to be written over.
    fn blank_blob(&self, name: &str, size: usize) -> Result<Blob<'_>, Failure> {
        self.conn
            .prepare_cached(
                "INSERT INTO blob (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, ZeroBlob(size as u64)])?;
        self.open_blob(name, false)?
            .ok_or_else(|| Failure::damaged("a value just written is not there"))
    }

    /// Remembers a value under a second name too; nothing when there is none.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read or written.
    pub fn copy_blob(&self, from: &str, to: &str) -> Result<(), Failure> {
        let Some(mut blob) = self.open_blob(from, true)? else {
            return Ok(());
        };
        let mut copy = self.blank_blob(to, blob.size().unsigned_abs() as usize)?;
        io::copy(&mut blob, &mut copy)?;
        Ok(())
    }
}

/// Hashes what is written.
struct HashedWrite<'a, 'b> {
    blob: &'a mut Blob<'b>,
    hash: Sha256,
}

impl Write for HashedWrite<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.blob.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.blob.flush()
    }
}

/// Hashes what is read, up to the seal, and keeps the error a reader met, which whoever reads may take for an end.
struct HashedRead<'a, 'b> {
    blob: &'a mut Blob<'b>,
    hash: Sha256,
    left: usize,
    failed: Option<io::Error>,
}

impl Read for HashedRead<'_, '_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = to.len().min(self.left);
        let to = &mut to[..most];
        let read = self.blob.read(to).inspect_err(|error| {
            self.failed = Some(io::Error::new(error.kind(), error.to_string()));
        })?;
        self.hash.update(&to[..read]);
        self.left -= read;
        Ok(read)
    }
}
