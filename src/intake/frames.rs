//! Containers from where they are to drafts: a file whole, a mailbox letter by letter, a folder file by file.
//!
//! Reading goes on in a thread of its own, which waits when nobody takes the drafts. Start at [`open`].

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::container::{self, Frame, Job, Message};
use super::draft::{Draft, Reason, RowError};
use super::encoding::Undecodable;
use super::format::Format;
use super::mail::{self, Letters};
use super::open::{Input, IntakeError, Opened, Preview, unreadable};
use super::worker::Child;

/// Bytes of a document or workbook taken at most.
const LARGEST_DOCUMENT: usize = 32 * 1024 * 1024;
/// How deep a folder of mails is searched.
const DEEPEST_FOLDER: usize = 4;

/// Frames, or what is wrong with one.
type Frames = Box<dyn Iterator<Item = Result<Frame, RowError>> + Send>;

/// Opens a container and reads it in the background.
pub fn open(input: &Input, job: Job, worker: Option<&Path>) -> Result<Opened, IntakeError> {
    let frames = frames(input, job.format)?;
    let is_mail = matches!(job.format, Format::Mbox | Format::Eml | Format::Folder);
    let preview = Preview {
        format: job.format,
        encoding: None,
        mapping: None,
        columns: Vec::new(),
        missing: Vec::new(),
        unread: Vec::new(),
    };
    let engine = match worker {
        Some(executable) => Engine::Child(Child::new(executable, &job).map_err(unreadable(input))?),
        None => Engine::Here(job),
    };
    let (send, messages) = sync_channel(256);
    std::thread::spawn(move || run(engine, frames, is_mail, &send));
    let undecodable = Undecodable::default();
    let mut drafts = Drafts {
        file: input.name(),
        messages,
        undecodable: undecodable.clone(),
        ended: false,
    };
    let preview = if is_mail { preview } else { drafts.preview()? };
    Ok(Opened {
        preview,
        drafts: Box::new(drafts),
        undecodable,
    })
}

/// Who reads the frames.
enum Engine {
    Child(Child),
    Here(Job),
}

fn run(mut engine: Engine, frames: Frames, is_mail: bool, send: &SyncSender<Message>) {
    for frame in frames {
        let mut wanted = true;
        // Which message it is, this side knows: receipts copy files by what is said here.
        let place = frame.as_ref().ok().filter(|_| is_mail);
        let place = place.map(|frame| (frame.name.clone(), frame.row, frame.line));
        let mut sink = |mut message| {
            if let (Some((file, row, line)), Message::Error(error)) = (&place, &mut message) {
                error.file.clone_from(file);
                (error.row, error.line) = (*row, *line);
            }
            wanted = send.send(message).is_ok();
            wanted
        };
        match frame {
            Err(error) => {
                sink(Message::Error(Box::new(error)));
            }
            Ok(frame) => match &mut engine {
                Engine::Child(child) => child.read(&frame, &mut sink),
                Engine::Here(job) => container::read(job, &frame, &mut sink),
            },
        }
        if !wanted {
            return;
        }
    }
    // Nobody listening any more is no failure.
    let _ = send.send(Message::End);
}

/// Drafts as the background hands them over.
struct Drafts {
    file: String,
    messages: Receiver<Message>,
    undecodable: Undecodable,
    ended: bool,
}

impl Drafts {
    /// Waits for what was found out about a table.
    fn preview(&mut self) -> Result<Preview, IntakeError> {
        let refused = |reason| Err(IntakeError::refused(&self.file, reason));
        match self.messages.recv() {
            Ok(Message::Preview(preview)) => Ok(*preview),
            Ok(Message::Refused(error)) => Err(*error),
            Ok(Message::Error(error)) => refused(error.reason),
            Ok(Message::Draft(_) | Message::Undecodable(..) | Message::End) | Err(_) => {
                refused(Reason::ReaderStopped {
                    detail: "it said nothing about the file".to_owned(),
                })
            }
        }
    }

    /// An error about the file as a whole.
    fn error(&self, reason: Reason) -> RowError {
        RowError {
            file: self.file.clone(),
            row: 0,
            line: 0,
            column: None,
            reason,
            raw: Vec::new(),
        }
    }
}

impl Iterator for Drafts {
    type Item = Result<Draft, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.messages.recv() {
                Ok(Message::Draft(draft)) => return Some(Ok(*draft)),
                Ok(Message::Error(error)) => return Some(Err(*error)),
                Ok(Message::Undecodable(count, first)) => self.undecodable.take_over(count, first),
                Ok(Message::Preview(_)) => {}
                Ok(Message::End) => self.ended = true,
                Ok(Message::Refused(error)) => {
                    let detail = error.to_string();
                    return Some(Err(self.error(Reason::Malformed { detail })));
                }
                Err(_) => {
                    self.ended = true;
                    let detail = "it crashed".to_owned();
                    return Some(Err(self.error(Reason::ReaderStopped { detail })));
                }
            }
        }
        None
    }
}

fn frames(input: &Input, format: Format) -> Result<Frames, IntakeError> {
    let failed = unreadable(input);
    let name = input.name();
    Ok(match (format, input) {
        (Format::Folder, Input::Path(folder)) => Box::new(folder_frames(folder).map_err(failed)?),
        (Format::Mbox, _) => Box::new(mailbox_frames(input.reader().map_err(failed)?, name)),
        _ => {
            let limit = if format == Format::Eml {
                mail::LARGEST
            } else {
                LARGEST_DOCUMENT
            };
            let size = input.size().map_err(&failed)?;
            let source = input.reader().map_err(&failed)?;
            let frame = whole(source, size, name, 1, limit).map_err(&failed)?;
            Box::new(std::iter::once(frame))
        }
    })
}

/// A file read whole, unless it is larger than `limit`.
fn whole(
    source: impl Read,
    size: u64,
    name: String,
    row: u64,
    limit: usize,
) -> io::Result<Result<Frame, RowError>> {
    let mut bytes = Vec::new();
    source.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    let frame = Frame {
        name,
        row,
        line: 0,
        bytes,
    };
    Ok(if frame.bytes.len() > limit {
        let reason = Reason::TooLarge {
            limit: limit as u64,
            found: size.max(frame.bytes.len() as u64),
        };
        Err(frame.error(reason))
    } else {
        Ok(frame)
    })
}

fn mailbox_frames(
    source: impl Read + Send,
    name: String,
) -> impl Iterator<Item = Result<Frame, RowError>> + Send {
    (1..).zip(Letters::new(source)).map(move |(row, letter)| {
        let frame = |line, bytes| Frame {
            name: name.clone(),
            row,
            line,
            bytes,
        };
        match letter {
            Ok(letter) if letter.size > mail::LARGEST as u64 => {
                let reason = Reason::TooLarge {
                    limit: mail::LARGEST as u64,
                    found: letter.size,
                };
                Err(frame(letter.line, Vec::new()).error(reason))
            }
            Ok(letter) => Ok(frame(letter.line, letter.bytes)),
            Err(error) => Err(frame(0, Vec::new()).error(Reason::Unreadable {
                detail: error.to_string(),
            })),
        }
    })
}

/// Every file under a folder in order of name; hidden ones and a receipt's list are left out, links and pipes refused.
fn folder_frames(
    folder: &Path,
) -> io::Result<impl Iterator<Item = Result<Frame, RowError>> + Send + use<>> {
    let mut files = Vec::new();
    collect(folder, DEEPEST_FOLDER, &mut files)?;
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    let folder = folder.to_owned();
    Ok((1..).zip(files).map(move |(row, (path, unfit))| {
        let name = path
            .strip_prefix(&folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        let refused = |name, reason| {
            let bytes = Vec::new();
            let line = 0;
            Err(Frame {
                name,
                row,
                line,
                bytes,
            }
            .error(reason))
        };
        if let Some(reason) = unfit {
            return refused(name, reason);
        }
        let read = File::open(&path).and_then(|file| {
            let size = file.metadata()?.len();
            whole(file, size, name.clone(), row, mail::LARGEST)
        });
        read.unwrap_or_else(|error| {
            let detail = error.to_string();
            refused(name, Reason::Unreadable { detail })
        })
    }))
}

/// What stands in a folder of mails: where it is, and why it is not read where it is not.
type Found = (PathBuf, Option<Reason>);

/// Gathers what stands in a folder and the folders in it.
fn collect(folder: &Path, deeper: usize, files: &mut Vec<Found>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') || name == super::returned::LIST {
            continue;
        }
        let unfit = if kind.is_dir() {
            if deeper > 0 {
                collect(&entry.path(), deeper - 1, files)?;
                continue;
            }
            Some(Reason::TooDeep {
                limit: DEEPEST_FOLDER,
            })
        } else if kind.is_file() {
            None
        } else if kind.is_symlink() {
            Some(Reason::Link)
        } else {
            Some(Reason::Special)
        };
        files.push((entry.path(), unfit));
    }
    Ok(())
}
