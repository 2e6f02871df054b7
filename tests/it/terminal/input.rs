//! What the reader makes of bytes and of the time between them. A socket stands for the terminal.

use fenbo::console::key::Chord;
use fenbo::console::term::{Input, Reader, ReaderOptions, Reply};
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

const LONG: Option<Duration> = Some(Duration::from_secs(5));
const SHORT: Option<Duration> = Some(Duration::from_millis(40));

fn line(esc: u64) -> (UnixStream, Reader) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let options = ReaderOptions {
        esc: Duration::from_millis(esc),
        ..ReaderOptions::default()
    };
    (ours, Reader::new(theirs.into(), options).unwrap())
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands where the reader's answer does"
)]
fn key(name: &str) -> Option<Input> {
    Some(Input::Key(name.parse::<Chord>().unwrap()))
}

#[test]
fn a_split_arrow_is_one_key() {
    let (mut line, mut reader) = line(100);
    line.write_all(b"\x1b").unwrap();
    assert_eq!(reader.read(SHORT), None);
    line.write_all(b"[B").unwrap();
    assert_eq!(reader.read(LONG), key("down"));
    assert_eq!(reader.read(SHORT), None);
}

/// Thirty sequences as terminals send them.
const SEQUENCES: [&str; 30] = [
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[Z",
    "\x1b[2~",
    "\x1b[3~",
    "\x1b[5~",
    "\x1b[6~",
    "\x1bOA",
    "\x1bOB",
    "\x1bOH",
    "\x1bOP",
    "\x1bOQ",
    "\x1bOR",
    "\x1bOS",
    "\x1b[15~",
    "\x1b[17~",
    "\x1b[24~",
    "\x1b[1;5A",
    "\x1b[1;2B",
    "\x1b[1;3C",
    "\x1b[3;5~",
    "\x1b[1;5P",
    "\x1b[200~路\x1b[201~",
    "分",
    "\u{2000b}",
    "\x1b[<0;3;4M",
];

#[test]
fn wherever_a_sequence_is_parted_it_is_the_same_input() {
    for sequence in SEQUENCES {
        let (mut whole, mut reader) = line(5_000);
        whole.write_all(sequence.as_bytes()).unwrap();
        let wanted = reader.read(Some(Duration::ZERO));
        assert!(wanted.is_some() || sequence.contains('<'), "{sequence:?}");
        for cut in 1..sequence.len() {
            let (mut line, mut reader) = line(5_000);
            let (first, rest) = sequence.as_bytes().split_at(cut);
            line.write_all(first).unwrap();
            assert_eq!(
                reader.read(Some(Duration::ZERO)),
                None,
                "{sequence:?} at {cut}"
            );
            line.write_all(rest).unwrap();
            assert_eq!(
                reader.read(Some(Duration::ZERO)),
                wanted,
                "{sequence:?} at {cut}"
            );
        }
    }
}

#[test]
fn a_lone_esc_comes_after_its_wait_and_not_before() {
    for wait in [25, 100] {
        let (mut line, mut reader) = line(wait);
        line.write_all(b"\x1b").unwrap();
        let start = Instant::now();
        assert_eq!(reader.read(LONG), key("esc"));
        let took = start.elapsed().as_millis() as u64;
        assert!(took >= wait && took < wait + 1000, "{took} ms for {wait}");
    }
}

#[test]
fn half_a_sequence_holds_up_nothing() {
    let (mut line, mut reader) = line(25);
    line.write_all(b"\x1b[").unwrap();
    for _ in 0..3 {
        let start = Instant::now();
        assert_eq!(reader.read(SHORT), None);
        assert!(start.elapsed() < Duration::from_secs(1));
    }
    line.write_all(b"A").unwrap();
    assert_eq!(reader.read(LONG), key("up"));
}

#[test]
fn a_character_split_in_two_is_whole() {
    let (mut line, mut reader) = line(25);
    let (first, rest) = "文".as_bytes().split_at(1);
    line.write_all(first).unwrap();
    assert_eq!(reader.read(SHORT), None);
    line.write_all(rest).unwrap();
    assert_eq!(reader.read(LONG), key("文"));
}

#[test]
fn a_hang_up_is_told_once_and_then_nothing_spins() {
    let (line, mut reader) = line(25);
    drop(line);
    assert_eq!(reader.read(None), Some(Input::Hangup));
    let start = Instant::now();
    assert_eq!(reader.read(SHORT), None);
    assert!(start.elapsed() >= Duration::from_millis(40));
}

#[test]
fn the_waker_ends_a_wait_that_has_no_end() {
    let (_line, mut reader) = line(25);
    let waker = reader.waker();
    let waiting = std::thread::spawn(move || reader.read(None));
    waker.wake();
    assert_eq!(waiting.join().unwrap(), None);
}

#[test]
fn text_that_comes_at_once_is_a_paste_and_a_held_key_is_not() {
    let (mut line, mut reader) = line(25);
    line.write_all("坑梓街道金沙社区\r路灯不亮".as_bytes())
        .unwrap();
    assert_eq!(
        reader.read(LONG),
        Some(Input::Paste("坑梓街道金沙社区\n路灯不亮".to_owned()))
    );
    // What follows the burst at once would belong to it.
    assert_eq!(reader.read(SHORT), None);
    line.write_all(&[b'j'; 30]).unwrap();
    for _ in 0..30 {
        assert_eq!(reader.read(LONG), key("j"));
    }
    line.write_all(b"jkl").unwrap();
    assert_eq!(
        [reader.read(LONG), reader.read(LONG), reader.read(LONG)],
        [key("j"), key("k"), key("l")]
    );
}

#[test]
fn a_marked_paste_of_many_lines_is_one_input() {
    let (mut line, mut reader) = line(25);
    let text = "南布社区夜间施工\n".repeat(150);
    line.write_all(format!("\x1b[200~{}\x1b[201~q", text.replace('\n', "\r")).as_bytes())
        .unwrap();
    assert_eq!(reader.read(LONG), Some(Input::Paste(text)));
    assert_eq!(reader.read(LONG), key("q"));
    line.write_all(b"abcdefghijklmno").unwrap();
    assert_eq!(
        reader.read(LONG),
        key("a"),
        "a terminal that marks pastes has none guessed"
    );
}

#[test]
fn late_answers_are_no_keys() {
    let (mut line, mut reader) = line(25);
    line.write_all(b"\x1b[1;3R\x1b[?62;4cj").unwrap();
    assert_eq!(
        reader.read(LONG),
        Some(Input::Reply(Reply::Cursor { row: 1, column: 3 }))
    );
    assert_eq!(reader.read(LONG), Some(Input::Reply(Reply::Attributes)));
    assert_eq!(reader.read(LONG), key("j"));
}

#[test]
fn bytes_of_another_encoding_are_told() {
    let (mut line, mut reader) = line(25);
    line.write_all(b"\xd6\xd0\xce\xc4").unwrap();
    assert_eq!(
        reader.read(LONG),
        Some(Input::Garbage(b"\xd6\xd0\xce\xc4".to_vec()))
    );
}
