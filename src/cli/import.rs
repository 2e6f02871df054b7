//! `fenbo import FILE…`: files of requests into the store, with a progress bar, a count at the end, a receipt of what was not taken.
//!
//! What is in a file is found out by `intake`, what becomes of it by `service`; this prepares, counts and says.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::{Out, note};
use super::session::Session;
use crate::i18n::failures::Told;
use crate::i18n::{Lang, cli};
use crate::intake::{self, Input, Mappings, Options, Preview, Receipt, RowError, encoding};
use crate::service::Centre;
use crate::service::importing::{Outturn, Plan, Watch};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IsTerminal};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Stopwatch};

/// Rejected records named on standard error; the rest are counted, and all stand in the receipt.
const NAMED: u64 = 10;

/// Options of `fenbo import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 文件，或一个邮件目录 | files, or a folder of mails
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// 列的映射（不写则按表头选） | the mapping of columns (else chosen by the header)
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// 文字编码，如 gb18030（不写则自动识别） | the encoding, such as gb18030 (else found out)
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
    /// 只读取和统计，不写入 | reads and counts, and writes nothing
    #[arg(long)]
    dry_run: bool,
    /// 把未导入的行连同原因写进这个新文件，改好可再导入 | writes what was not taken, with why, to this new file, to be corrected and imported again
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// 最新的 N 件作为待分拨工单导入 | the newest N arrive open, still to dispatch
    #[arg(long, value_name = "N")]
    open_last: Option<usize>,
    /// 没有写明渠道时用的受理渠道 | the channel where the file names none
    #[arg(long, value_name = "NAME", default_value = "import")]
    channel: String,
    /// 按文件表头输出一份映射的初稿，不导入 | prints a first mapping for the file's header, and takes nothing in
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
    };
    let begun = Stopwatch::now();
    let mut sum = Outturn::default();
    for (at, file) in args.files.iter().enumerate() {
        let input = Input::from(file.as_path());
        let opened = intake::open(&input, &options)
            .map_err(|error| Stop::failed(failing::intake(&error, session.lang)))?;
        announce(&input, &opened.preview, session);
        let mut desk = Desk::new(args, at, &opened.preview, &sum, session)?;
        let bar = desk.bar.clone();
        let drafts = opened.drafts.inspect(move |_| bar.inc(1));
        let outturn = target
            .centre
            .import(drafts, &plan, &mut desk, now)
            .map_err(|why| failing::not_done(&why, session))?;
        desk.finish(session)?;
        let lost = opened.undecodable.count();
        if lost > 0 {
            let offset = opened.undecodable.first_offset().unwrap_or(0).to_string();
            let values = [("n", lost.to_string()), ("offset", offset)];
            let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
            note(&cli::UNDECODABLE.with(session.lang, &values));
        }
        add(&mut sum, outturn);
    }
    let mut out = session.out();
    report(args, &sum, begun.elapsed(), session, &mut out)?;
    out.finish()?;
    Ok(if sum.rejected > 0 {
        Exit::Rejected
    } else {
        Exit::Done
    })
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
        worker: std::env::current_exe().ok(),
    })
}

fn starter(args: &Args, options: &Options, session: &Session) -> Outcome {
    let mut out = session.out();
    for file in &args.files {
        let input = Input::from(file.as_path());
        let columns = intake::columns(&input, options)
            .map_err(|error| Stop::failed(failing::intake(&error, session.lang)))?;
        out.write(&intake::starter(&columns))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// The store that takes the file in; a dry run without one works on a passing store of its own.
struct Target {
    centre: Centre,
    /// A folder that goes again when the run ends.
    passing: Option<PathBuf>,
}

impl Target {
    fn open(dry_run: bool, session: &Session) -> Result<Self, Stop> {
        if session.store.exists() {
            let (centre, _) = session.open(session.access())?;
            return Ok(Self {
                centre,
                passing: None,
            });
        }
        if !dry_run {
            return Ok(Self {
                centre: session.create()?,
                passing: None,
            });
        }
        let folder = std::env::temp_dir().join(format!("fenbo-dry-run-{}", std::process::id()));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(|error| failing::file(cli::NOT_WRITTEN_TO, &folder, &error, session.lang))?;
        let made = session.create_at(&folder.join("fenbo.db"));
        if made.is_err() {
            drop(std::fs::remove_dir_all(&folder));
        }
        Ok(Self {
            centre: made?,
            passing: Some(folder),
        })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(folder) = &self.passing {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

/// Watches one file being taken in.
struct Desk {
    bar: ProgressBar,
    receipt: Option<Receipt<BufWriter<File>>>,
    receipt_path: PathBuf,
    /// What the receipt could not take; told at the end, so that the import itself goes on.
    broken: Option<std::io::Error>,
    rejected: u64,
    before: Outturn,
    lang: Lang,
}

impl Desk {
    fn new(
        args: &Args,
        at: usize,
        preview: &Preview,
        before: &Outturn,
        session: &Session,
    ) -> Result<Self, Stop> {
        let path = args.receipt.as_ref().map(|path| numbered(path, at));
        let receipt = path
            .as_ref()
            .map(|path| {
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(path)
                    .and_then(|file| Receipt::new(BufWriter::new(file), &preview.columns))
                    .map_err(|error| {
                        failing::file(cli::RECEIPT_NOT_WRITTEN, path, &error, session.lang)
                    })
            })
            .transpose()?;
        Ok(Self {
            bar: bar(session.lang),
            receipt,
            receipt_path: path.unwrap_or_default(),
            broken: None,
            rejected: 0,
            before: before.clone(),
            lang: session.lang,
        })
    }

    fn finish(self, session: &Session) -> Result<(), Stop> {
        self.bar.finish_and_clear();
        let more = self.rejected.saturating_sub(NAMED);
        if more > 0 {
            note(&cli::MORE_REJECTED.with(self.lang, &[("n", &more.to_string())]));
        }
        let written = match (self.broken, self.receipt) {
            (Some(error), _) => Err(error),
            (None, Some(receipt)) => receipt.finish().and_then(|writer| {
                let file = writer
                    .into_inner()
                    .map_err(std::io::IntoInnerError::into_error)?;
                file.sync_all()
            }),
            (None, None) => Ok(()),
        };
        written.map_err(|error| {
            failing::file(
                cli::RECEIPT_NOT_WRITTEN,
                &self.receipt_path,
                &error,
                session.lang,
            )
        })
    }
}

impl Watch for Desk {
    fn progress(&mut self, so_far: &Outturn) {
        let added = self.before.added + so_far.added;
        self.bar
            .set_message(cli::ADDED_SO_FAR.with(self.lang, &[("n", &added.to_string())]));
    }

    fn rejected(&mut self, error: &RowError) {
        self.rejected += 1;
        let words = failing::record(error, self.lang);
        if self.rejected <= NAMED {
            let column = error.column.as_deref().unwrap_or("-");
            let values = [
                ("file", error.file.as_str()),
                ("line", &error.line.to_string()),
                ("row", &error.row.to_string()),
                ("column", column),
                ("why", &words),
            ];
            let line = cli::ROW_REJECTED.with(self.lang, &values);
            self.bar.suspend(|| note(&line));
        }
        if let Some(receipt) = &mut self.receipt
            && self.broken.is_none()
        {
            self.broken = receipt.reject(error, &words).err();
        }
    }
}

/// The receipt of the first file bears the name given, that of the n-th file `-n` in it.
fn numbered(path: &Path, at: usize) -> PathBuf {
    if at == 0 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    path.with_file_name(format!("{stem}-{}{ending}", at + 1))
}

/// A progress bar on standard error, where that is a terminal.
fn bar(lang: Lang) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template(cli::IMPORT_BAR.of(lang)) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// What was found out about a file, on standard error.
fn announce(input: &Input, preview: &Preview, session: &Session) {
    let values = [
        ("file", input.name()),
        ("format", preview.format.code().to_owned()),
        (
            "encoding",
            preview.encoding.clone().unwrap_or_else(|| "-".to_owned()),
        ),
        (
            "mapping",
            preview.mapping.clone().unwrap_or_else(|| "-".to_owned()),
        ),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    note(&cli::FOUND_OUT.with(session.lang, &values));
    if !preview.missing.is_empty() {
        let missing = preview.missing.join(", ");
        note(&cli::COLUMNS_MISSING.with(session.lang, &[("columns", &missing)]));
    }
}

fn add(sum: &mut Outturn, more: Outturn) {
    sum.read += more.read;
    sum.added += more.added;
    sum.already += more.already;
    sum.joined += more.joined;
    sum.rejected += more.rejected;
    sum.undated += more.undated;
    sum.ahead += more.ahead;
    sum.long_ago += more.long_ago;
    for (name, count) in more.unknown_departments {
        *sum.unknown_departments.entry(name).or_default() += count;
    }
}

/// The last line on standard output, and beside it on standard error what a person should know.
fn report(
    args: &Args,
    sum: &Outturn,
    took: Duration,
    session: &Session,
    out: &mut Out,
) -> Result<(), Stop> {
    let lang = session.lang;
    for (name, count) in &sum.unknown_departments {
        let values = [("name", name.as_str()), ("n", &count.to_string())];
        note(&cli::UNKNOWN_DEPARTMENT.with(lang, &values));
    }
    if sum.joined > 0 {
        note(&cli::LETTERS_JOINED.with(lang, &[("n", &sum.joined.to_string())]));
    }
    if sum.undated > 0 {
        note(&cli::UNDATED.with(lang, &[("n", &sum.undated.to_string())]));
    }
    for (n, what, why) in [
        (sum.ahead, cli::ROWS_AHEAD, cli::AHEAD_OF_NOW),
        (sum.long_ago, cli::ROWS_LONG_AGO, cli::BEFORE_1990),
    ] {
        if n > 0 {
            let n = n.to_string();
            let told = Told::new(
                lang,
                (what, &[("n", &n)]),
                (why, &[]),
                (cli::CHECK_TIMES, &[]),
            );
            super::output::tell(&told, lang);
        }
    }
    if sum.rejected > 0 {
        let what = cli::ROWS_REJECTED.with(lang, &[("n", &sum.rejected.to_string())]);
        let next = match &args.receipt {
            Some(path) => cli::CORRECT_RECEIPT.with(lang, &[("path", &path.display().to_string())]),
            None => cli::ASK_FOR_RECEIPT.of(lang).to_owned(),
        };
        let told = Told {
            what,
            why: cli::ROWS_SAY_WHY.of(lang).to_owned(),
            next,
        };
        super::output::tell(&told, lang);
    }
    match args.format {
        Format::Json => out.json(&json!({
            "read": sum.read, "added": sum.added, "already": sum.already, "rejected": sum.rejected,
        })),
        Format::Text => {
            let rate = (sum.read as f64 / took.as_secs_f64().max(0.001)).round();
            let values = [
                ("read", sum.read.to_string()),
                ("added", sum.added.to_string()),
                ("already", sum.already.to_string()),
                ("rejected", sum.rejected.to_string()),
                ("rate", format!("{rate:.0}")),
            ];
            let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
            let text = if args.dry_run {
                cli::WOULD_IMPORT
            } else {
                cli::IMPORTED
            };
            out.line(&text.with(lang, &values))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_own_receipt() {
        let path = Path::new("/tmp/rest.csv");
        assert_eq!(numbered(path, 0), path);
        assert_eq!(numbered(path, 1), Path::new("/tmp/rest-2.csv"));
        assert_eq!(numbered(Path::new("rest"), 2), Path::new("rest-3"));
    }
}
