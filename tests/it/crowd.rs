//! A crowd at the door: long lists, many connections, wrong codes, a thousand readers. Nobody keeps the others waiting, a
//! desk at its console least of all. Clients have addresses of their own, all on this machine. Start at [`ask`].

use crate::faults::ground::{self, Dice, Ground, times};
use crate::faults::kill::one_life;
use crate::requesters::{act, at, register};
use crate::serve::{Door, World, world};
use crate::until;
use fenbo::domain::act::{Act, Filing};
use fenbo::domain::operator::{Operator, Role, Roles};
use fenbo::domain::ticket::Nature;
use fenbo::service::Centre;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    text: String,
}

/// A runtime whose threads let the desk go first, as other machines would.
fn clients() -> tokio::runtime::Runtime {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // A thousand sockets may be more than a login has.
    let most = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: most,
        maximum: most,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .on_thread_start(|| {
            // What the system does not grant is left as it is.
            let _ = rustix::process::setpriority_process(None, 15);
        })
        .build()
        .unwrap()
}

/// The n-th address.
fn address(n: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 1, (n / 250) as u8, (n % 250) as u8 + 1)
}

async fn connect(door: SocketAddr, from: Ipv4Addr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(door).await
}

/// Sends a request from an address and reads the answer to its end.
async fn ask(door: SocketAddr, from: Ipv4Addr, request: &str) -> io::Result<Answer> {
    let mut stream = connect(door, from).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
    let status = status.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Answer { status, text })
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

/// How many answers of each status.
fn statuses(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut counted = BTreeMap::new();
    for answer in answers {
        *counted.entry(answer.status).or_default() += 1;
    }
    counted
}

/// All of these at once.
fn at_once(
    runtime: &tokio::runtime::Runtime,
    door: SocketAddr,
    requests: impl IntoIterator<Item = (Ipv4Addr, String)>,
) -> Vec<Answer> {
    runtime.block_on(async {
        let asked: Vec<_> = requests
            .into_iter()
            .map(|(from, request)| tokio::spawn(async move { ask(door, from, &request).await }))
            .collect();
        let mut answers = Vec::new();
        for one in asked {
            answers.push(one.await.unwrap().unwrap());
        }
        answers
    })
}

#[test]
fn a_list_weighs_by_its_rows_and_whoever_is_turned_away_is_told_so_in_the_standard_s_form() {
    let world = world();
    let door = Door::open(world.folder.path(), "[server]\nrequests_per_minute = 60\n");
    let (runtime, to) = (clients(), door.address());
    // Short lists cost what they give, however much they might have given.
    let short: Vec<u16> = (0..8)
        .map(|_| at_once(&runtime, to, [(address(1), get("/requests.json"))])[0].status)
        .collect();
    assert_eq!(short, [200; 8]);
    // Deep pages cost what they leave out.
    let deep = get("/requests.xml?page=1000&page_size=1000");
    let answers: Vec<Answer> = (0..4)
        .flat_map(|_| at_once(&runtime, to, [(address(2), deep.clone())]))
        .collect();
    assert_eq!(statuses(&answers), BTreeMap::from([(200, 1), (429, 3)]));
    let refused = &answers[3].text;
    assert!(
        refused.contains("<errors><error><code>429</code><description>"),
        "{refused}"
    );
    let wait = refused.to_lowercase();
    assert!(wait.contains("\r\nretry-after: "), "{wait}");
    // Before the question is looked at, too; a page says it in words.
    let many: Vec<Answer> = (0..70)
        .flat_map(|_| at_once(&runtime, to, [(address(3), get("/services/1.json"))]))
        .collect();
    let refused = &many[69];
    assert_eq!(refused.status, 429);
    let (head, body) = refused.text.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains("application/json"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body[0]["code"], 429);
    assert!(body[0]["description"].is_string(), "{body}");
    let page = at_once(&runtime, to, [(address(3), get("/"))]).remove(0);
    assert!(page.status == 429 && page.text.contains("text/html"));
    // Nobody else is touched.
    let other = at_once(&runtime, to, [(address(4), get("/services/1.json"))]);
    assert_eq!(other[0].status, 200);
}

#[test]
fn one_address_has_so_many_connections_and_is_told_when_they_are_too_many() {
    let world = world();
    let door = Door::open(world.folder.path(), "");
    let (runtime, to) = (clients(), door.address());
    let idle: Vec<TcpStream> = runtime.block_on(async {
        let mut idle = Vec::new();
        for _ in 0..128 {
            idle.push(connect(to, address(1)).await.unwrap());
        }
        idle
    });
    let refused = at_once(&runtime, to, [(address(1), get("/"))]).remove(0);
    assert_eq!(refused.status, 429);
    assert!(
        refused.text.contains("too many connections") && refused.text.contains("连接过多"),
        "{refused:?}"
    );
    let other = at_once(&runtime, to, [(address(2), get("/"))]);
    assert_eq!(other[0].status, 200);
    drop(idle);
    let again = || at_once(&runtime, to, [(address(1), get("/"))])[0].status;
    until("the door is open again", || again() == 200);
}

#[test]
fn a_burst_of_wrong_codes_gets_no_further_than_twenty_in_a_row_whether_the_number_is_there_or_not()
{
    let mut world = world();
    let now = at("2017-09-29 17:10");
    let other = register(&mut world.centre, "井盖松动", now);
    let code = world
        .centre
        .code_of(&other, "来电询问", false, now)
        .unwrap();
    let door = Door::open(
        world.folder.path(),
        "[server]\nhotline = \"0755-28339260\"\n",
    );
    let (runtime, to) = (clients(), door.address());
    let track = |no: &str, code: &str| Door::form("/track", &[("no", no), ("code", code)]);
    // The store is locked all the while: whoever reads does not wait for it.
    let locked = rusqlite::Connection::open(world.folder.path().join("fenbo.db")).unwrap();
    locked.execute_batch("BEGIN IMMEDIATE").unwrap();
    let nobody = "20170929-7777";
    for (group, no) in [(0, world.no.as_str()), (1, nobody)] {
        let burst = (0..60).map(|n| (address(group * 100 + n), track(no, "ABCD-EFGH")));
        let answers = at_once(&runtime, to, burst);
        assert_eq!(
            statuses(&answers),
            BTreeMap::from([(404, 20), (429, 40)]),
            "{no}"
        );
        // However the number is written; and the right code is not looked at either.
        let spelled = no.replace('-', "");
        for (n, words) in [
            (70, track(&spelled, "ABCD-EFGH")),
            (71, track(no, &world.code)),
        ] {
            let late = at_once(&runtime, to, [(address(group * 100 + n), words)]).remove(0);
            assert_eq!(late.status, 429);
            assert!(
                late.text
                    .contains("please try again in 60 min, or call 0755-28339260"),
                "{}",
                late.text
            );
        }
    }
    // An ending is nobody's number here, and counts as nothing else.
    let ending = at_once(&runtime, to, [(address(300), track("0001", &world.code))]);
    assert_eq!(ending[0].status, 404);
    // One address ends after ten of them, others are not touched: not those who look at another request.
    let guesses = (0..40).map(|n| {
        (
            address(400),
            track(&format!("20170928-{n:04}"), "ABCD-EFGH"),
        )
    });
    let answers = at_once(&runtime, to, guesses.collect::<Vec<_>>());
    // Some of them were turned away as too many at once.
    let wrong = statuses(&answers).get(&404).copied().unwrap_or(0);
    assert!((1..=10).contains(&wrong), "{:?}", statuses(&answers));
    let since = Instant::now();
    let page = at_once(&runtime, to, [(address(401), track(&other, &code.shown()))]);
    assert_eq!(page[0].status, 200);
    assert!(
        since.elapsed() < Duration::from_secs(5),
        "{:?}",
        since.elapsed()
    );
    locked.execute_batch("ROLLBACK").unwrap();
    // What stood in memory is stored when the lock is gone.
    let wrong = track("20170929-8888", "ABCD-EFGH");
    let stored = |no: &str| {
        let count = "SELECT coalesce(sum(failed), 0) FROM attempt WHERE no = ?";
        let count: i64 = locked.query_row(count, [no], |row| row.get(0)).unwrap();
        count
    };
    let mut from = 500;
    until("twenty wrong codes are stored of each", || {
        if stored(&world.no) >= 20 && stored(nobody) >= 20 {
            return true;
        }
        at_once(&runtime, to, [(address(from), wrong.clone())]);
        from += 1;
        false
    });
    assert_eq!([stored(&world.no), stored(nobody)], [20, 20]);
}

/// Tickets that a desk dispatches and recalls by turns.
fn waiting_tickets(world: &mut World, n: usize) -> Vec<String> {
    let now = at("2017-09-30 08:00");
    (0..n)
        .map(|n| {
            let no = register(&mut world.centre, &format!("第 {n} 件"), now);
            let filing = Filing {
                nature: Some(Nature::Complaint),
                category: vec!["市容环卫".into()],
                address_unknown: true,
                ..Filing::default()
            };
            act(&mut world.centre, &no, Act::File(filing), now);
            no
        })
        .collect()
}

/// How long so many acts of a desk take each, sorted.
fn acts(centre: &mut Centre, numbers: &[String], n: usize) -> Vec<Duration> {
    let now = at("2017-09-30 08:30");
    let mut took: Vec<Duration> = (0..n)
        .map(|n| {
            let no = &numbers[n / 2 % numbers.len()];
            let dispatch = Act::Dispatch {
                lead: "hbsw".into(),
                assisting: Vec::new(),
                suggestion: None,
            };
            let next = if n % 2 == 0 { dispatch } else { Act::Recall };
            let since = Instant::now();
            act(centre, no, next, now);
            since.elapsed()
        })
        .collect();
    took.sort();
    took
}

fn quantile(sorted: &[Duration], permille: usize) -> Duration {
    sorted[(sorted.len() - 1) * permille / 1000]
}

/// `[issue 6: 1,000 concurrent readers while a console dispatches]`
#[test]
fn a_thousand_readers_are_all_answered_while_a_desk_dispatches_as_before() {
    const READERS: usize = 1_000;
    /// Of them, so many read lists.
    const LISTS: usize = 40;
    let mut world = world();
    let numbers = waiting_tickets(&mut world, 50);
    let door = Door::open(world.folder.path(), "");
    let (runtime, to) = (clients(), door.address());
    let rounds = times(200, 4_000);
    let quiet = acts(&mut world.centre, &numbers, rounds);
    let (over, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let page = Door::form("/track", &[("no", &world.no), ("code", &world.code)]);
    let one = get(&format!("/requests/{}.json", numbers[0]));
    let readers: Vec<_> = (0..READERS)
        .map(|n| {
            let (over, asked) = (Arc::clone(&over), Arc::clone(&asked));
            let request = match n {
                0..LISTS => get("/requests.json"),
                _ if n % 2 == 0 => page.clone(),
                _ => one.clone(),
            };
            runtime.spawn(async move {
                let mut answers = Vec::new();
                // Each address stays within its minute, so that all of them are read for.
                while !over.load(Ordering::Relaxed) && answers.len() < 500 {
                    let answer = ask(to, address(n), &request).await.unwrap();
                    asked.fetch_add(1, Ordering::Relaxed);
                    answers.push(Answer {
                        text: String::new(),
                        ..answer
                    });
                }
                answers
            })
        })
        .collect();
    until("every reader has asked", || {
        asked.load(Ordering::Relaxed) >= READERS
    });
    let since = Instant::now();
    let before = asked.load(Ordering::Relaxed);
    let loaded = acts(&mut world.centre, &numbers, rounds);
    let took = since.elapsed();
    let during = asked.load(Ordering::Relaxed) - before;
    over.store(true, Ordering::Relaxed);
    let mut answers = Vec::new();
    for reader in readers {
        answers.extend(runtime.block_on(reader).unwrap());
    }
    println!(
        "{READERS} readers, {during} answers in {took:?} ({:?}); an act quiet {:?} / {:?}, loaded {:?} / {:?} (median / p99)",
        statuses(&answers),
        quantile(&quiet, 500),
        quantile(&quiet, 990),
        quantile(&loaded, 500),
        quantile(&loaded, 990),
    );
    let known = statuses(&answers);
    assert!(known.keys().all(|s| matches!(s, 200 | 429)), "{known:?}");
    assert!(known[&200] >= READERS, "{known:?}");
    // Two processors do all of it, and the whole gate beside it: alone, it is a third more at most.
    let within = |permille: usize, ratio: u32, more: u64| {
        let limit = quantile(&quiet, permille) * ratio + Duration::from_millis(more);
        let found = quantile(&loaded, permille);
        assert!(found <= limit, "{permille}: {found:?}, not {limit:?}");
    };
    within(500, 4, 10);
    within(990, 6, 150);
    let report = world.centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

/// `[issue 6: consoles killed at random under load: nothing lost, nothing doubled]`
#[test]
fn desks_killed_at_any_moment_beside_a_busy_door_lose_nothing_and_double_nothing() {
    let ground = Ground::new();
    let mut chief = ground::open(&ground.store(), ground::CHIEF).unwrap();
    let key = chief.make_api_key("城市随手拍", ground::now()).unwrap();
    let keeper = Operator {
        code: "root".into(),
        name: "root".into(),
        roles: Roles::from(vec![Role::Dispatcher]),
        department: None,
        active: true,
    };
    chief.put_operator(&keeper, ground::now()).unwrap();
    let door = Door::open(ground.folder(), "[server]\nrequests_per_minute = 60000\n");
    let (runtime, to) = (clients(), door.address());
    let over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..6)
        .map(|sender| {
            let (over, key) = (Arc::clone(&over), key.clone());
            runtime.spawn(async move {
                let mut acknowledged = Vec::new();
                for n in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let own = format!("{sender}-{n}");
                    let values = [
                        ("api_key", key.as_str()),
                        ("service_code", "1"),
                        ("address_string", "x"),
                        ("description", own.as_str()),
                        ("client_key", own.as_str()),
                    ];
                    let form = Door::form("/requests.json", &values);
                    let answer = ask(to, address(sender), &form).await.unwrap();
                    if answer.status == 200 {
                        acknowledged.push(own);
                    }
                }
                acknowledged
            })
        })
        .collect();
    let mut dice = Dice(7);
    let mut acks = Vec::new();
    for _ in 0..times(30, 3_000) {
        acks.extend(one_life(&ground, &mut dice));
    }
    over.store(true, Ordering::Relaxed);
    let mut sent = Vec::new();
    for sender in senders {
        sent.extend(runtime.block_on(sender).unwrap());
    }
    assert!(acks.len() >= 30 && !sent.is_empty());
    // Every act that a desk had acknowledged, and every request that the door had, once.
    ground.holds(&acks);
    let found = handed_in(&chief);
    assert!(found >= sent.len(), "{found} of {}", sent.len());
    for (n, own) in sent.iter().enumerate() {
        let token = get(&format!("/tokens/{own}.json?api_key={key}"));
        // One address may not ask for all of a long round's in a minute.
        let from = address(50 + n / 300);
        let answer = &at_once(&runtime, to, [(from, token)])[0];
        assert_eq!(answer.status, 200, "{own}");
    }
    assert!(found <= sent.len() + 6, "{found} of {}", sent.len());
    println!(
        "{} acts and {} requests acknowledged, none lost, none twice",
        acks.len(),
        sent.len()
    );
}

/// How many requests other systems have handed in.
fn handed_in(centre: &Centre) -> usize {
    crate::serve::stored(centre) as usize
}
