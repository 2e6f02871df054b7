//! Foreign containers read in a child process with little memory and time, so that a bomb or a crash in a reader costs its file only.
//!
//! Over the child's standard input: a line of JSON (the job), then for each frame a line of JSON (its name and length) and its
//! bytes. Over its standard output: a line of JSON for each message, `End` behind each frame. Everything the child says is
//! treated as foreign. Start at [`run_worker`] (child) and [`Child`] (parent).

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::container::{self, Frame, Job, Message};
use super::draft::Reason;
use super::encoding;
use super::format::Format;
use super::mappings::Mappings;

/// The subcommand the child is started with.
pub const SUBCOMMAND: &str = "import-worker";

const MEMORY: u64 = 512 * 1024 * 1024;
const CPU_SECONDS: u64 = 20;
/// How long a child may say nothing; while it speaks, its processor time is the limit.
const SILENCE: Duration = Duration::from_secs(60);
/// Bytes the child may say about one frame.
const MOST_OUTPUT: u64 = 256 * 1024 * 1024;
/// Bytes of one frame.
const LARGEST_FRAME: u64 = 64 * 1024 * 1024;
/// Frames one child reads before a fresh one takes over, since its time is limited in all.
const FRAMES_EACH: usize = 200;

#[derive(Serialize, Deserialize)]
struct JobLine {
    format: Format,
    encoding: Option<String>,
    mapping: Option<String>,
    mappings: Vec<String>,
    #[serde(default)]
    keep_raw: bool,
}

#[derive(Serialize, Deserialize)]
struct FrameLine {
    name: String,
    row: u64,
    line: u64,
    length: u64,
}

/// The child's whole life: limits itself, then answers frames until its input ends.
pub fn run_worker(input: impl Read, output: impl Write) -> io::Result<()> {
    limit_itself()?;
    serve(input, output)
}

fn limit_itself() -> io::Result<()> {
    for (resource, most) in [
        (Resource::As, MEMORY),
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, 16),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

fn serve(input: impl Read, output: impl Write) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut output = BufWriter::new(output);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let told: JobLine = serde_json::from_str(&line)?;
    let mut mappings = Mappings::default();
    for text in &told.mappings {
        mappings.add(text, "job").map_err(io::Error::other)?;
    }
    let job = Job {
        format: told.format,
        encoding: told.encoding.as_deref().and_then(encoding::named),
        mapping: told.mapping,
        mappings,
        keep_raw: told.keep_raw,
    };
    while let Some(frame) = read_frame(&mut input)? {
        let mut failed = None;
        container::read(
            &job,
            &frame,
            &mut |message| match write_message(&mut output, &message) {
                Ok(()) => true,
                Err(error) => {
                    failed = Some(error);
                    false
                }
            },
        );
        if let Some(error) = failed {
            return Err(error);
        }
        write_message(&mut output, &Message::End)?;
        output.flush()?;
    }
    Ok(())
}

fn write_message(output: &mut impl Write, message: &Message) -> io::Result<()> {
    serde_json::to_writer(&mut *output, message)?;
    output.write_all(b"\n")
}

fn read_frame(input: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let told: FrameLine = serde_json::from_str(&line)?;
    if told.length > LARGEST_FRAME {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a frame too large",
        ));
    }
    let mut bytes = vec![0; told.length as usize];
    input.read_exact(&mut bytes)?;
    Ok(Some(Frame {
        name: told.name,
        row: told.row,
        line: told.line,
        bytes,
    }))
}

/// The parent's side: a child that reads frames, replaced by a fresh one when it dies.
pub struct Child {
    executable: PathBuf,
    job: String,
    running: Option<Running>,
}

struct Running {
    process: std::process::Child,
    lines: Receiver<io::Result<Vec<u8>>>,
    frames: usize,
}

impl Child {
    /// Children of `executable`, which answers the subcommand [`SUBCOMMAND`].
    pub fn new(executable: &Path, job: &Job) -> io::Result<Self> {
        let line = JobLine {
            format: job.format,
            encoding: job.encoding.map(|encoding| encoding.name().to_owned()),
            mapping: job.mapping.clone(),
            mappings: job.mappings.texts().map(str::to_owned).collect(),
            keep_raw: job.keep_raw,
        };
        Ok(Self {
            executable: executable.to_owned(),
            job: format!("{}\n", serde_json::to_string(&line)?),
            running: None,
        })
    }

    /// Has one frame read; when the child is stopped or dies, that is the frame's last message.
    pub fn read(&mut self, frame: &Frame, sink: container::Sink<'_>) {
        if frame.bytes.len() as u64 > LARGEST_FRAME {
            let reason = Reason::TooLarge {
                limit: LARGEST_FRAME,
                found: frame.bytes.len() as u64,
            };
            sink(Message::Error(Box::new(frame.error(reason))));
            return;
        }
        let mut running = match self.running.take().map_or_else(|| self.start(), Ok) {
            Ok(running) => running,
            Err(error) => {
                let detail = format!("it cannot be started: {error}");
                sink(Message::Error(Box::new(
                    frame.error(Reason::ReaderStopped { detail }),
                )));
                return;
            }
        };
        match exchange(&mut running, frame, sink) {
            Ok(true) if running.frames < FRAMES_EACH => self.running = Some(running),
            Ok(_) => running.stop(),
            Err(told) => {
                let detail = running.ended(told);
                sink(Message::Error(Box::new(
                    frame.error(Reason::ReaderStopped { detail }),
                )));
            }
        }
    }

    fn start(&self) -> io::Result<Running> {
        let mut process = Command::new(&self.executable)
            .arg(SUBCOMMAND)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (send, lines) = sync_channel(256);
        if let Some(output) = process.stdout.take() {
            std::thread::spawn(move || {
                let mut output = BufReader::with_capacity(64 * 1024, output);
                loop {
                    let mut line = Vec::new();
                    let read = (&mut output).take(MOST_OUTPUT).read_until(b'\n', &mut line);
                    let ended = !matches!(read, Ok(1..));
                    if ended || send.send(read.map(|_| line)).is_err() {
                        return;
                    }
                }
            });
        }
        if let Some(input) = &mut process.stdin {
            input.write_all(self.job.as_bytes())?;
        }
        Ok(Running {
            process,
            lines,
            frames: 0,
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }
}

/// Sends the frame and passes its messages on; `Ok(false)` when no more are wanted, `Err` says what the child did wrong.
fn exchange(
    running: &mut Running,
    frame: &Frame,
    sink: container::Sink<'_>,
) -> Result<bool, &'static str> {
    running.frames += 1;
    let mut input = running.process.stdin.take();
    let told = FrameLine {
        name: frame.name.clone(),
        row: frame.row,
        line: frame.line,
        length: frame.bytes.len() as u64,
    };
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| -> io::Result<()> {
            let Some(input) = &mut input else {
                return Ok(());
            };
            serde_json::to_writer(&mut *input, &told)?;
            input.write_all(b"\n")?;
            input.write_all(&frame.bytes)?;
            input.flush()
        });
        let result = listen(&running.lines, sink);
        if !matches!(result, Ok(true)) {
            // The writer may be waiting for a child that no longer reads.
            let _ = running.process.kill();
        }
        let _ = writer.join();
        result
    })
    .inspect(|_| running.process.stdin = input)
}

fn listen(
    lines: &Receiver<io::Result<Vec<u8>>>,
    sink: container::Sink<'_>,
) -> Result<bool, &'static str> {
    let mut output = 0;
    loop {
        let line = match lines.recv_timeout(SILENCE) {
            Ok(Ok(line)) => line,
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err("it died"),
            Err(RecvTimeoutError::Timeout) => return Err("it said nothing for 60 seconds"),
        };
        output += line.len() as u64;
        if output > MOST_OUTPUT {
            return Err("it said more than 256 MB");
        }
        match serde_json::from_slice(&line) {
            Ok(Message::End) => return Ok(true),
            Ok(message) => {
                if !sink(message) {
                    return Ok(false);
                }
            }
            Err(_) => return Err("it died in the middle of a line"),
        }
    }
}

impl Running {
    fn stop(mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Ends the child and says why it ended, as far as its status tells.
    fn ended(mut self, told: &str) -> String {
        use std::os::unix::process::ExitStatusExt;
        // One that died by itself has its own status; killing it again changes nothing.
        let _ = self.process.kill();
        let signal = self.process.wait().ok().and_then(|status| status.signal());
        match signal {
            Some(6) => "it needed more than 512 MB of memory, or crashed".to_owned(),
            Some(24) => format!("it took more than {CPU_SECONDS} seconds of processor time"),
            Some(9) | None => told.to_owned(),
            Some(other) => format!("{told} (signal {other})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_and_its_frames_over_pipes() {
        let mapping = "name = \"x\"\n[match]\nheader = [\"no\"]\n[fields]\nexternal_no = \"no\"\ntitle = \"no\"";
        let mut mappings = Mappings::default();
        mappings.add(mapping, "x").expect("a mapping");
        let job = JobLine {
            format: Format::Json,
            encoding: None,
            mapping: None,
            mappings: mappings.texts().map(str::to_owned).collect(),
            keep_raw: false,
        };
        let mut input = serde_json::to_string(&job).expect("json") + "\n";
        for body in ["[{\"no\":\"7\"}]", "[{\"no\":7"] {
            let frame = FrameLine {
                name: "a".to_owned(),
                row: 1,
                line: 0,
                length: body.len() as u64,
            };
            input.push_str(&serde_json::to_string(&frame).expect("json"));
            input.push('\n');
            input.push_str(body);
        }
        let mut output = Vec::new();
        serve(input.as_bytes(), &mut output).expect("served");
        let kinds: Vec<String> = String::from_utf8(output)
            .expect("utf-8")
            .lines()
            .map(|line| line.split('"').nth(1).unwrap_or("").to_owned())
            .collect();
        assert_eq!(kinds, ["preview", "draft", "end", "refused", "end"]);
    }
}
