//! `fenbo import FILE…`: files of requests into the store, one after another.
//!
//! What is in a file is found out by `intake`, what becomes of it by `service`. Progress and receipt of a file are [`desk`]'s, the
//! store is [`target`]'s, what is said [`telling`]'s. Start at [`run`].

mod desk;
mod target;
mod telling;

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{note, tell};
use super::session::Session;
use crate::domain::instant::Instant;
use crate::domain::supplement::size;
use crate::i18n::failures::Told;
use crate::i18n::{cli, imports};
use crate::intake::{self, Input, IntakeError, Mappings, Opened, Options, encoding};
use crate::service::Centre;
use crate::service::importing::{Outturn, Plan};
use desk::Desk;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant as Stopwatch;
use target::Target;
use telling::{announce, left_out, report};

/// The most bytes taken from standard input, which is read whole.
const MOST_PIPED: u64 = 256 * 1024 * 1024;

/// The channel of drafts that name none, unless another is named.
const CHANNEL: &str = "import";

/// Options of `fenbo import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 文件（CSV、XLSX、JSON、JSON Lines、Open311 XML、mbox、eml），或邮件目录；- 为标准输入 | files (CSV, XLSX, JSON, JSON Lines, Open311 XML, mbox, eml), or a folder of mails; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// 列的映射，内置的或配置目录 mappings 里的名称（不写则按表头选） | the mapping of columns, built in or in the configuration folder's mappings (else chosen by the header)
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// 文字编码，如 gb18030（不写则自动识别） | the encoding, such as gb18030 (else found out)
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
    /// 只试读和统计，不写入 | reads and counts, and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// 把未导入的连同原因写进这个新文件（邮件则为新目录），改好后可再导入 | writes what was not taken, with why, to this new file (a new folder for mails), to be corrected and imported again
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// 最新的 N 件不算历史，导入为待分拨的工单 | the newest N arrive not as history but open, still to dispatch
    #[arg(long, value_name = "N")]
    open_last: Option<usize>,
    /// 文件没有写明受理渠道时用的渠道 | the channel of what names none
    #[arg(long, value_name = "NAME", default_value = CHANNEL)]
    channel: String,
    /// 按文件表头输出一份映射的初稿（TOML），不导入 | prints a first mapping for the file's header, as TOML, and takes nothing in
    #[arg(long)]
    mapping_help: bool,
    /// 输出格式 | output format
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    let options = options(args, session)?;
    if args.mapping_help {
        return starter(args, &options, session);
    }
    let rules = session.rules()?;
    let now = session.now(&rules)?;
    let mut target = Target::open(args.dry_run, session)?;
    let plan = Plan {
        open_last: args.open_last,
        dry_run: args.dry_run,
        channel: args.channel.clone(),
        untitled: imports::UNTITLED_MAIL.of(session.lang).to_owned(),
    };
    let begun = Stopwatch::now();
    let mut run = Run {
        args,
        options: &options,
        plan: &plan,
        now,
        sum: Outturn::default(),
        again: Vec::new(),
    };
    let mut failed = Vec::new();
    for (at, file) in args.files.iter().enumerate() {
        match run.open(at, file, session) {
            Ok(file) => run.take(file, &mut target.centre, session)?,
            // A file that cannot be opened costs itself; one alone is all there was.
            Err(Stop::Told(_, told)) if args.files.len() > 1 => {
                tell(&told, session.lang);
                failed.push(file);
            }
            Err(stop) => return Err(stop),
        }
    }
    let Run { sum, again, .. } = run;
    let mut out = session.out();
    report(args, &sum, &again, begun.elapsed(), session, &mut out)?;
    out.finish()?;
    if !failed.is_empty() {
        return Err(Stop::failed(left_out(&failed, args, session)));
    }
    Ok(if sum.rejected > 0 {
        Exit::Rejected
    } else {
        Exit::Done
    })
}

/// One import of one or more files.
struct Run<'a> {
    args: &'a Args,
    options: &'a Options,
    plan: &'a Plan,
    now: Instant,
    sum: Outturn,
    /// The commands that import the receipts again.
    again: Vec<String>,
}

/// A file that is open, and who watches it being taken in.
struct Reading {
    input: Input,
    opened: Opened,
    desk: Desk,
}

impl Run<'_> {
    /// Opens the file at this place among those named, and says what it is.
    fn open(&self, at: usize, file: &Path, session: &Session) -> Result<Reading, Stop> {
        let input = input(file, session)?;
        let opened = intake::open(&input, self.options)
            .map_err(|error| Stop::failed(failing::intake(&error, session.lang)))?;
        announce(&input, &opened.preview, session);
        let receipt = self.args.receipt.as_deref();
        let desk = Desk::new((receipt, at), &input, &opened.preview, &self.sum, session)?;
        Ok(Reading {
            input,
            opened,
            desk,
        })
    }

    /// Takes it in.
    fn take(&mut self, file: Reading, centre: &mut Centre, session: &Session) -> Result<(), Stop> {
        let Reading {
            input,
            opened,
            mut desk,
        } = file;
        let bar = desk.bar();
        let drafts = opened.drafts.inspect(move |_| bar.inc(1));
        let outturn = centre
            .import(drafts, self.plan, &mut desk, self.now)
            .map_err(|why| failing::not_done(&why, session))?;
        if let Some(path) = desk.finish(&input, session)? {
            let mapping = opened.preview.mapping.as_deref();
            self.again.push(again(&path, mapping, self.args, session));
        }
        let mended = opened.undecodable.mended();
        if mended > 0 {
            note(&imports::MENDED.with(session.lang, &[("n", &mended.to_string())]));
        }
        if let Some(first) = opened.undecodable.first() {
            let values = [
                ("n", opened.undecodable.count().to_string()),
                ("line", first.line.to_string()),
                ("character", first.character.to_string()),
                ("offset", first.offset.to_string()),
            ];
            let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
            note(&imports::UNDECODABLE.with(session.lang, &values));
        }
        add(&mut self.sum, outturn);
        Ok(())
    }
}

/// The file, or standard input read whole where it is named.
fn input(file: &Path, session: &Session) -> Result<Input, Stop> {
    if file != Path::new("-") && file != Path::new("/dev/stdin") {
        return Ok(Input::from(file));
    }
    let name = imports::STANDARD_INPUT.of(session.lang).to_owned();
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MOST_PIPED + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            failing::file(
                imports::NOT_IMPORTED_PATH,
                Path::new(&name),
                &error,
                session.lang,
            )
        })?;
    if bytes.len() as u64 > MOST_PIPED {
        return Err(Stop::failed(Told::new(
            session.lang,
            (imports::NOT_IMPORTED, &[("file", &name)]),
            (imports::PIPE_TOO_LARGE, &[("limit", &size(MOST_PIPED))]),
            (imports::SAVE_AS_FILE, &[]),
        )));
    }
    Ok(Input::Bytes { name, bytes })
}

/// The command that imports a receipt again, as it is typed.
fn again(path: &Path, mapping: Option<&str>, args: &Args, session: &Session) -> String {
    let mut words = vec!["fenbo".to_owned()];
    if let Some(store) = &session.globals.db {
        words.extend(["--db".to_owned(), typed(&store.to_string_lossy())]);
    }
    words.push("import".to_owned());
    words.push(typed(&path.to_string_lossy()));
    if let Some(mapping) = mapping {
        words.extend(["--mapping".to_owned(), typed(mapping)]);
    }
    if args.channel != CHANNEL {
        words.extend(["--channel".to_owned(), typed(&args.channel)]);
    }
    words.join(" ")
}

/// A word as a shell takes it for one.
fn typed(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:+@%=".contains(c);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn options(args: &Args, session: &Session) -> Result<Options, Stop> {
    let own = session.paths.config.join("mappings");
    // The first mapping is often redirected into that folder, where the shell has made it an empty file by now.
    let mappings = Mappings::builtin()
        .and_then(|mappings| {
            if args.mapping_help {
                Ok(mappings)
            } else {
                mappings.with_dir(&own)
            }
        })
        .map_err(|error| Stop::failed(failing::mapping(&error, session.lang)))?;
    let encoding = args
        .encoding
        .as_ref()
        .map(|label| {
            encoding::named(label).ok_or_else(|| {
                session.usage(
                    (
                        cli::BAD_OPTION,
                        &[("option", "--encoding"), ("value", label)],
                    ),
                    (cli::NO_SUCH_VALUE, &[]),
                    (
                        cli::VALUES_ARE,
                        &[("values", "utf-8 gb18030 gbk big5 utf-16le utf-16be")],
                    ),
                )
            })
        })
        .transpose()?;
    Ok(Options {
        format: None,
        encoding,
        mapping: args.mapping.clone(),
        mappings,
        keep_raw: args.receipt.is_some(),
        worker: std::env::current_exe().ok(),
    })
}

fn starter(args: &Args, options: &Options, session: &Session) -> Outcome {
    let mut out = session.out();
    for file in &args.files {
        let input = input(file, session)?;
        let looked = intake::look(&input, options).map_err(|error| {
            let told = failing::intake(&error, session.lang);
            match error {
                IntakeError::NeedsNoMapping { .. } => Stop::refused(told),
                _ => Stop::failed(told),
            }
        })?;
        out.write(&intake::starter(&looked))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Adds what became of one more file.
fn add(sum: &mut Outturn, more: Outturn) {
    sum.read += more.read;
    sum.added += more.added;
    sum.already += more.already;
    sum.joined += more.joined;
    sum.rejected += more.rejected;
    sum.undated += more.undated;
    sum.natureless += more.natureless;
    sum.ahead += more.ahead;
    sum.long_ago += more.long_ago;
    sum.unknown_natures += more.unknown_natures;
    sum.ended_there += more.ended_there;
    sum.closed_early += more.closed_early;
    sum.closed_ahead += more.closed_ahead;
    for (name, count) in more.unknown_departments {
        *sum.unknown_departments.entry(name).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_word_for_the_shell() {
        assert_eq!(typed("rest-2.csv"), "rest-2.csv");
        assert_eq!(typed("回执.csv"), "回执.csv");
        assert_eq!(typed("it's here.csv"), r"'it'\''s here.csv'");
        assert_eq!(typed("$(x)"), "'$(x)'");
    }
}
