//! Foreign data to drafts: CSV, XLSX, JSON Lines, Open311, mail; encodings; mappings. Touches no store.
//!
//! A bad record becomes a [`RowError`] and the rest goes on. Start at [`open`].

mod bound;
mod csv;
mod draft;
pub mod encoding;
pub mod entity;
pub mod mail;
pub mod mapping;
mod mappings;
mod open;
mod receipt;
mod record;
pub mod time;

pub use draft::{Draft, Named, Outcome, Reason, Requester, RowError};
pub use mapping::{Mapping, MappingError};
pub use mappings::Mappings;
pub use open::{Drafts, Input, IntakeError, Opened, Options, Preview, open};
pub use receipt::{ERROR_COLUMN, Receipt};
