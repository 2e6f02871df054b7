//! Foreign data to drafts: CSV, XLSX, JSON Lines, Open311, mail; encodings; mappings. Touches no store.
//!
//! A bad record becomes a [`RowError`] and the rest goes on. Start at [`open`].

mod bound;
mod container;
mod csv;
mod draft;
pub mod encoding;
pub mod entity;
mod format;
mod frames;
mod header;
mod json;
mod look;
pub mod mail;
pub mod mapping;
mod mappings;
mod objects;
mod open;
mod receipt;
mod record;
mod returned;
mod starter;
pub mod time;
mod usual;
mod workbook;
mod worker;
mod xlsx;
mod xml;
mod zipdir;

pub use draft::{Draft, Named, Outcome, Reason, Requester, RowError};
pub use format::{Foreign, Format};
pub use look::{Column, Looked, Times, look};
pub use mapping::{Mapping, MappingError};
pub use mappings::Mappings;
pub use open::{Drafts, Input, IntakeError, Opened, Options, Preview, open};
pub use receipt::{ERROR_COLUMN, Receipt};
pub use returned::Returned;
pub use starter::starter;
pub use worker::{SUBCOMMAND, run_worker};
