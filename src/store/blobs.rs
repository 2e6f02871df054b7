//! Large remembered values, written and read piece by piece: none of them stands in memory as a whole.

use super::Store;
use super::failure::Failure;
use super::write::Tx;
use rusqlite::blob::{Blob, ZeroBlob};
use rusqlite::{OptionalExtension, params};
use std::io::{self, Read, Write};

impl Store {
    /// Hands a remembered value and its length in bytes to `read`; nothing when there is none.
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
        let length = blob.size().unsigned_abs() as usize;
        let mut source = Noting {
            blob: &mut blob,
            failed: None,
        };
        let made = read(&mut source, length);
        match source.failed {
            Some(error) => Err(error.into()),
            None => Ok(Some(made)),
        }
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
        self.conn
            .prepare_cached(
                "INSERT INTO blob (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, ZeroBlob(length as u64)])?;
        let Some(mut blob) = self.open_blob(name, false)? else {
            return Err(Failure::bug("a value just written is not there"));
        };
        Ok(write(&mut blob)?)
    }

    /// Remembers a value under a second name too; nothing when there is none.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read or written.
    pub fn copy_blob(&self, from: &str, to: &str) -> Result<(), Failure> {
        let Some(mut blob) = self.open_blob(from, true)? else {
            return Ok(());
        };
        let length = blob.size().unsigned_abs() as usize;
        self.put_blob(to, length, |sink| io::copy(&mut blob, sink).map(drop))
    }
}

/// Keeps the error a reader met, which whoever reads may take for an end.
struct Noting<'a, 'b> {
    blob: &'a mut Blob<'b>,
    failed: Option<io::Error>,
}

impl Read for Noting<'_, '_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.blob.read(to).inspect_err(|error| {
            self.failed = Some(io::Error::new(error.kind(), error.to_string()));
        })
    }
}
