//! The citizen's door as browsers and other systems meet it: the real program on a socket.
//!
//! What needs the standard's schemas or a foreign client says loudly that it skips where they are absent. Start at [`Door`].

use crate::requesters::{act, at, centre, fenbo, register, to_callback, to_signed};
use crate::until;
use fenbo::domain::act::Act;
use fenbo::domain::act::Registration;
use fenbo::domain::ticket::State;
use fenbo::service::Centre;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running `fenbo serve`; it is killed when it goes.
pub struct Door {
    child: Child,
    address: String,
}

/// The values of a form.
type Form<'a> = &'a [(&'a str, &'a str)];

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

impl Door {
    /// Opens a door on the store of a folder; `settings` is what stands under `[server]`.
    pub fn open(folder: &Path, settings: &str) -> Self {
        let config = folder.join(".config/fenbo");
        std::fs::create_dir_all(&config).unwrap();
        std::fs::write(config.join("config.toml"), settings).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fenbo"))
            .args(["serve", "--listen", "127.0.0.1:0", "--lang", "en"])
            .args(["--at", "2017-09-30 09:00"])
            .env_clear()
            .env("HOME", folder)
            .env("FENBO_DB", folder.join("fenbo.db"))
            .env("FENBO_OPERATOR", "root")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        lines.read_line(&mut said).unwrap();
        let address = said
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split(": ").next())
            .unwrap_or_else(|| panic!("{said}"))
            .to_owned();
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, address }
    }

    /// Where it listens.
    pub fn address(&self) -> std::net::SocketAddr {
        self.address.parse().unwrap()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
    }

    pub fn send(&self, request: &str) -> Answer {
        self.try_send(request).unwrap()
    }

    fn try_send(&self, request: &str) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.write_all(request.as_bytes())?;
        read(&mut stream)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        ))
    }

    pub fn form(path: &str, values: &[(&str, &str)]) -> String {
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(values)
            .finish();
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    fn post(&self, path: &str, values: &[(&str, &str)]) -> Answer {
        self.send(&Self::form(path, values))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: &mut TcpStream) -> std::io::Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
    Ok(Answer {
        status: status.ok_or(std::io::ErrorKind::InvalidData)?,
        head: head.to_lowercase(),
        body: body.to_owned(),
    })
}

/// A store with one request that waits for its call-back and one that has just come in; a key for other systems.
pub struct World {
    pub folder: tempfile::TempDir,
    pub centre: Centre,
    pub no: String,
    pub code: String,
    pub key: String,
}

pub fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let mut centre = centre(folder.path());
    let now = at("2017-09-29 17:10");
    let no = register(&mut centre, "路灯不亮", now);
    to_callback(&mut centre, &no, now);
    register(&mut centre, "井盖松动", now);
    let code = centre.code_of(&no, "来电询问", false, now).unwrap().shown();
    let key = centre.make_api_key("城市随手拍", now).unwrap();
    World {
        folder,
        centre,
        no,
        code,
        key,
    }
}

const SECRETS: [&str; 6] = [
    "内部",
    "王小明",
    "13800138000",
    "金沙路",
    "root",
    "来电询问",
];

fn clean(answer: &Answer) {
    for secret in SECRETS {
        assert!(!answer.body.contains(secret), "{secret} in {answer:?}");
    }
}

#[test]
fn the_page_shows_the_progress_to_number_and_code_and_nothing_else() {
    let mut world = world();
    let door = Door::open(world.folder.path(), "");
    let entrance = door.get("/?lang=zh");
    assert_eq!(entrance.status, 200);
    assert!(entrance.body.contains("查看进度"), "{entrance:?}");
    for header in [
        "content-security-policy: default-src 'none'",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
    ] {
        assert!(
            entrance.head.contains(header),
            "{header}: {}",
            entrance.head
        );
    }
    let pair = [("no", world.no.as_str()), ("code", world.code.as_str())];
    for (lang, wanted) in [
        (
            "zh",
            [
                "已答复",
                "2017-10-02",
                "环境保护和水务局",
                "路灯已修好",
                "请您评价",
            ],
        ),
        (
            "en",
            [
                "answered",
                "2017-10-02",
                "Environmental Protection and Water Bureau",
                "路灯已修好",
                "Please rate",
            ],
        ),
    ] {
        let page = door.post("/track", &[pair[0], pair[1], ("lang", lang)]);
        assert_eq!(page.status, 200);
        for word in wanted {
            assert!(page.body.contains(word), "{word}: {}", page.body);
        }
        assert!(
            !page.body.contains("<script") && !page.body.contains("style="),
            "{}",
            page.body
        );
        clean(&page);
    }
    // A link from a notice does as well.
    assert_eq!(
        door.get(&format!("/track?no={}&code={}", world.no, world.code))
            .status,
        200
    );
    // A wrong code and an unknown number look the same, but for the number that was typed.
    let wrong = door.post("/track", &[pair[0], ("code", "ABCD-EFGH")]);
    let unknown = door.post("/track", &[("no", "20170929-9999"), ("code", &world.code)]);
    assert_eq!((wrong.status, unknown.status), (404, 404));
    assert_eq!(
        wrong.body.replace(&world.no, "-"),
        unknown.body.replace("20170929-9999", "-")
    );
    // A rating counts, once.
    let rated = door.post(
        "/rate",
        &[
            pair[0],
            pair[1],
            ("rating", "satisfied"),
            ("words", "谢谢"),
            ("lang", "en"),
        ],
    );
    assert!(
        rated.body.contains("Thank you for your rating."),
        "{rated:?}"
    );
    assert_eq!(
        world.centre.ticket(&world.no).unwrap().0.state,
        State::Closed
    );
    let again = door.post(
        "/rate",
        &[pair[0], pair[1], ("rating", "dissatisfied"), ("lang", "en")],
    );
    assert!(again.body.contains("cannot be rated now"), "{again:?}");
    let ledger = world.centre.detail(&world.no).unwrap().ledger;
    assert_eq!(ledger.iter().filter(|e| e.by == "requester").count(), 2);
    act(
        &mut world.centre,
        &world.no,
        Act::Note { text: "x".into() },
        at("2017-09-30 10:00"),
    );
}

#[test]
fn a_clock_that_stands_still_and_a_promise_that_was_broken_are_said_as_they_are() {
    let mut world = world();
    let then = at("2017-09-20 09:00");
    let (held, late) = (
        register(&mut world.centre, "路灯不亮", then),
        register(&mut world.centre, "井盖松动", then),
    );
    for no in [&held, &late] {
        to_signed(&mut world.centre, no, then);
    }
    let suspend = Act::Suspend {
        until: chrono::NaiveDate::from_ymd_opt(2017, 10, 20).unwrap(),
        text: "内部原因".into(),
    };
    let grant = Act::Grant {
        kind: None,
        text: "内部同意".into(),
    };
    for next in [suspend, grant] {
        act(&mut world.centre, &held, next, at("2017-09-21 09:00"));
    }
    let code = |world: &mut World, no: &str| {
        let code = world.centre.code_of(no, "来电询问", false, then);
        code.unwrap().shown()
    };
    let (held_code, late_code) = (code(&mut world, &held), code(&mut world, &late));
    let door = Door::open(world.folder.path(), "");
    let page = |no: &str, code: &str, lang: &str| {
        let page = door.post("/track", &[("no", no), ("code", code), ("lang", lang)]);
        assert_eq!(page.status, 200);
        clean(&page);
        page.body
    };
    for (no, code, lang, wanted) in [
        (
            &held,
            &held_code,
            "zh",
            "2017-09-21 起，承办单位申请暂缓办理并获批准",
        ),
        (&held, &held_code, "zh", "最迟到 2017-10-20 恢复办理"),
        (&held, &held_code, "en", "on hold since 2017-09-21"),
        (&held, &held_code, "en", "until 2017-10-20 at the latest"),
        (
            &late,
            &late_code,
            "zh",
            "2017-09-23，已超过承诺日期，尚未答复",
        ),
        (
            &late,
            &late_code,
            "en",
            "2017-09-23: this day has passed, and there is no answer yet",
        ),
    ] {
        let body = page(no, code, lang);
        assert!(body.contains(wanted), "{wanted}: {body}");
        assert!(!body.contains("受理后告知"), "{body}");
    }
    let notice = |no: &str| {
        let found = door.get(&format!("/requests/{no}.json")).json();
        found[0]["service_notice"].as_str().unwrap().to_owned()
    };
    assert!(notice(&held).contains("on hold since 2017-09-21"));
    assert!(notice(&late).contains("this day has passed"));
    // Who reads English is told in which language the answer is.
    let (no, code) = (&world.no, &world.code);
    let told = "The answer is given in Chinese only";
    assert!(page(no, code, "en").contains(told));
    assert!(!page(no, code, "zh").contains(told));
}

#[test]
fn guessing_ends_at_the_limit_and_so_do_too_many_requests() {
    let world = world();
    let door = Door::open(world.folder.path(), "[server]\nrequests_per_minute = 40\n");
    let guesses: Vec<u16> = (0..12)
        .map(|n| {
            door.post(
                "/track",
                &[("no", &format!("20170929-{n:04}")), ("code", "ABCD-EFGH")],
            )
            .status
        })
        .collect();
    assert_eq!(guesses[..10], [404; 10]);
    assert_eq!(guesses[10..], [429, 429]);
    // The right code waits too: nothing is told apart.
    let pair = [("no", world.no.as_str()), ("code", world.code.as_str())];
    assert_eq!(door.post("/track", &pair).status, 429);
    let statuses: Vec<u16> = (0..40).map(|_| door.get("/services.json").status).collect();
    assert!(
        statuses.contains(&200) && statuses.ends_with(&[429; 5]),
        "{statuses:?}"
    );
}

#[test]
fn bounds_hold_against_large_bodies_slow_clients_and_nonsense() {
    let world = world();
    let door = Door::open(
        world.folder.path(),
        "[server]\nrequests_per_minute = 60000\n",
    );
    let large = "x".repeat(70_000);
    assert_eq!(
        door.post("/requests.json", &[("description", &large)])
            .status,
        413
    );
    // Without a length, too.
    let chunk = format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let chunked = door.send(&format!(
        "POST /track HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"
    ));
    assert_eq!(chunked.status, 413);
    let wrong_kind = door.send("POST /requests.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    assert_eq!(wrong_kind.status, 415);
    for path in [
        "/%ff%fe",
        "/requests/%00.json",
        "/requests/'--.json",
        "/services/%f0%9f%98%80.xml",
        "/requests.json?start_date=nonsense",
        "/requests.json?page=0",
        "/requests.json?page_size=99999999999999999999",
        "/track?no=%00&code=%27",
        "/../../etc/passwd",
    ] {
        let answer = door.get(path);
        assert!((200..500).contains(&answer.status), "{path}: {answer:?}");
        for word in ["panick", "SQL", "sqlite", "src/"] {
            assert!(!answer.body.contains(word), "{path}: {answer:?}");
        }
    }
    // A client that says half a head is cut off, and so is one that says half a body; others go on meanwhile.
    let mut half_head = door.connect();
    half_head
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n")
        .unwrap();
    let mut half_body = door.connect();
    half_body
        .write_all(b"POST /track HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\nno=")
        .unwrap();
    assert_eq!(door.get("/").status, 200);
    let mut rest = Vec::new();
    half_head.read_to_end(&mut rest).unwrap();
    assert_eq!(read(&mut half_body).unwrap().status, 408);
}

#[test]
fn a_request_handed_in_is_read_back_and_twice_under_one_key_is_once() {
    let world = world();
    let door = Door::open(
        world.folder.path(),
        "[server]\njurisdiction = \"pingshan.example\"\ncontact = \"door@pingshan.example\"\n",
    );
    let values = [
        ("api_key", world.key.as_str()),
        ("jurisdiction_id", "pingshan.example"),
        ("service_code", "1"),
        ("lat", "22.69"),
        ("long", "114.34"),
        ("description", "工地夜间施工\n<b>很吵</b>"),
        ("first_name", "小明"),
        ("last_name", "李"),
        ("phone", "13900139000"),
        ("attribute[nature]", "complaint"),
        ("client_key", "abc-1"),
    ];
    let first = door.post("/open311/v2/requests.json", &values);
    assert_eq!(first.status, 200, "{first:?}");
    let first = first.json();
    let no = first[0]["service_request_id"].as_str().unwrap().to_owned();
    let code = first[0]["tracking_code"].as_str().unwrap().to_owned();
    assert_eq!(door.post("/requests.json", &values).json(), first);
    // The token of the standard is the client's own key.
    let token = door
        .get(&format!("/tokens/abc-1.json?api_key={}", world.key))
        .json();
    assert_eq!(token[0]["service_request_id"].as_str(), Some(no.as_str()));
    assert_eq!(door.get("/tokens/abc-1.json").status, 404);
    let detail = world.centre.detail(&no).unwrap();
    assert_eq!(detail.ticket.channel, "城市随手拍");
    assert_eq!(detail.texts.title, "工地夜间施工");
    assert_eq!(detail.ledger[0].by, "requester");
    // The world reads where it stands, the sender reads its own words too.
    let public = door.get(&format!("/requests/{no}.json")).json();
    assert_eq!(public[0]["status"], "open");
    assert_eq!(public[0]["description"], Value::Null);
    assert_eq!(public[0]["expected_datetime"], "2017-10-28T00:00:00+08:00");
    let own = door
        .get(&format!(
            "/requests/{no}.json?api_key={}&extensions=true",
            world.key
        ))
        .json();
    assert_eq!(own[0]["description"], "工地夜间施工\n<b>很吵</b>");
    assert_eq!(own[0]["lat"], 22.69);
    assert_eq!(own[0]["notes"][0]["summary"], "received");
    assert!(!own.to_string().contains("13900139000"), "{own}");
    let xml = door.get(&format!("/requests/{no}.xml?api_key={}", world.key));
    assert!(xml.head.contains("content-type: text/xml; charset=utf-8"));
    assert!(
        xml.body
            .contains("<description>工地夜间施工\n&lt;b&gt;很吵&lt;/b&gt;</description>"),
        "{xml:?}"
    );
    let page = door.post("/track", &[("no", &no), ("code", &code)]);
    assert_eq!(page.status, 200);
    // Its errors have the form and the codes of the standard.
    let faults: [(&str, Form<'_>, u16); 7] = [
        ("/requests.json", &[("service_code", "1")], 403),
        (
            "/requests.json",
            &[
                ("api_key", "fk_0"),
                ("service_code", "1"),
                ("address_string", "x"),
            ],
            403,
        ),
        (
            "/requests.json",
            &[("api_key", &world.key), ("address_string", "x")],
            400,
        ),
        (
            "/requests.json",
            &[("api_key", &world.key), ("service_code", "1")],
            400,
        ),
        (
            "/requests.json",
            &[
                ("api_key", &world.key),
                ("service_code", "no"),
                ("address_string", "x"),
            ],
            404,
        ),
        (
            "/requests.json",
            &[
                ("api_key", &world.key),
                ("service_code", "1"),
                ("lat", "x"),
                ("long", "1"),
            ],
            400,
        ),
        ("/requests.json", &[("jurisdiction_id", "other")], 404),
    ];
    for (path, values, status) in faults {
        let answer = door.post(path, values);
        assert_eq!(answer.status, status, "{values:?} {answer:?}");
        assert_eq!(answer.json()[0]["code"], status);
        assert!(answer.json()[0]["description"].as_str().unwrap().len() > 5);
        let xml = door.post(&path.replace("json", "xml"), values);
        assert!(
            xml.body.contains(&format!(
                "<errors><error><code>{status}</code><description>"
            )),
            "{xml:?}"
        );
    }
    let wrong = door.post("/services.json", &[]);
    assert_eq!(wrong.status, 405);
    assert!(wrong.head.contains("allow: get, head"), "{wrong:?}");
    // A key that was revoked hands nothing in any more.
    let revoked = fenbo(
        world.folder.path(),
        &["key", "revoke", "城市随手拍", "--at", "2017-09-30 09:00"],
    );
    assert!(revoked.status.success(), "{revoked:?}");
    assert_eq!(door.post("/requests.json", &values).status, 403);
    let report = world.centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

#[test]
fn what_was_merged_into_a_hidden_request_is_hidden_from_the_world() {
    let mut world = world();
    let now = at("2017-09-29 17:20");
    let master = register(&mut world.centre, "举报工地", now);
    let merged = register(&mut world.centre, "工地又在施工", now);
    let into = master.clone();
    act(&mut world.centre, &merged, Act::Merge { into }, now);
    let door = Door::open(world.folder.path(), "");
    let read = |no: &str| door.get(&format!("/requests/{no}.json")).status;
    let listed = |no: &str| {
        let found = door.get("/requests.json?start_date=2017-09-29T00:00:00Z");
        assert_eq!(found.status, 200, "{found:?}");
        found.body.contains(no)
    };
    assert_eq!((read(&merged), listed(&merged)), (200, true));
    let confidential = true;
    act(
        &mut world.centre,
        &master,
        Act::SetConfidential { confidential },
        now,
    );
    for no in [&master, &merged] {
        assert_eq!((read(no), listed(no)), (404, false), "{no}");
    }
    assert!(listed(&world.no));
}

#[test]
fn a_key_owns_what_it_handed_in_and_nothing_by_its_name() {
    let mut world = world();
    let now = at("2017-09-29 17:20");
    for name in [
        "phone",
        "Phone",
        " web",
        "微信公众号",
        "12345",
        "desk",
        "",
        "城市随手拍",
    ] {
        assert!(world.centre.make_api_key(name, now).is_err(), "{name:?}");
    }
    // Requests that come in later by another way under the key's name are not the key's.
    let form = Registration {
        created_at: now,
        source: "来访".into(),
        channel: "城市随手拍".into(),
        external_no: None,
        nature: None,
        limit_class: None,
        urgency: fenbo::domain::ticket::Urgency::Normal,
        confidential: true,
        category: Vec::new(),
        street: None,
        community: None,
    };
    let texts = fenbo::domain::privacy::Texts {
        title: "保密来访".into(),
        ..Default::default()
    };
    let foreign = world.centre.register(&form, &texts, now).unwrap();
    let door = Door::open(world.folder.path(), "");
    let key = &world.key;
    let one = door.get(&format!("/requests/{foreign}.json?api_key={key}"));
    assert_eq!(one.status, 404, "{one:?}");
    let list = door.get(&format!("/requests.json?api_key={key}"));
    assert!(
        list.status == 200 && !list.body.contains(&foreign),
        "{list:?}"
    );
    // A channel that is there is not made a key's.
    let taken = fenbo(
        world.folder.path(),
        &["key", "add", "12345", "--lang", "en"],
    );
    let said = String::from_utf8(taken.stderr).unwrap();
    assert!(said.contains("the name of a channel"), "{said}");
}

#[test]
fn a_key_of_the_client_s_own_is_read_whole_or_refused_and_means_one_content() {
    let world = world();
    let door = Door::open(world.folder.path(), "");
    let send = |header: &str, client_key: &str, words: &str| {
        let request = Door::form(
            "/requests.json",
            &[
                ("api_key", world.key.as_str()),
                ("service_code", "1"),
                ("address_string", "金牛西路"),
                ("description", words),
                ("client_key", client_key),
            ],
        );
        door.send(&request.replacen("\r\n\r\n", &format!("\r\n{header}\r\n\r\n"), 1))
    };
    let before = stored(&world.centre);
    let unread = send("Idempotency-Key: 钥匙", "a", "施工");
    assert_eq!(
        (unread.status, unread.json()[0]["code"].as_u64()),
        (400, Some(400))
    );
    assert_eq!(stored(&world.centre), before);
    // An empty one is none: the form's own counts.
    let first = send("Idempotency-Key: ", "a", "施工");
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(send("X-Other: 1", "a", "施工").body, first.body);
    assert_eq!(send("Idempotency-Key: a", "", "施工").body, first.body);
    let other = send("Idempotency-Key: a", "", "夜间施工");
    assert_eq!(
        (other.status, other.json()[0]["code"].as_u64()),
        (409, Some(409))
    );
    assert!(other.json()[0]["description"].is_string(), "{other:?}");
    assert_eq!(stored(&world.centre), before + 1);
}

#[test]
fn requests_are_given_back_by_every_filter_of_the_standard() {
    let mut world = world();
    let now = at("2017-09-30 08:00");
    let mut numbers: Vec<String> = (0..5)
        .map(|n| register(&mut world.centre, &format!("第 {n} 件"), now.plus(n)))
        .collect();
    act(
        &mut world.centre,
        &numbers[4],
        Act::SetConfidential { confidential: true },
        now,
    );
    numbers.truncate(4);
    let door = Door::open(world.folder.path(), "");
    let ids = |query: &str| -> Vec<String> {
        let answer = door.get(&format!("/requests.json?{query}"));
        assert_eq!(answer.status, 200, "{query} {answer:?}");
        clean(&answer);
        let all = answer.json();
        all.as_array()
            .unwrap()
            .iter()
            .map(|r| r["service_request_id"].as_str().unwrap().to_owned())
            .collect()
    };
    let newest: Vec<String> = numbers.iter().rev().cloned().collect();
    assert_eq!(ids("")[..4], newest);
    assert_eq!(ids("").len(), 6);
    assert_eq!(ids("start_date=2017-09-30T00:00:00%2B08:00"), newest);
    assert_eq!(
        ids("start_date=2017-09-30T00:00:00+08:00&end_date=2017-09-30T00:00:01Z").len(),
        2
    );
    assert_eq!(ids("end_date=2017-09-30T00:00:00%2B08:00").len(), 2);
    assert_eq!(ids("page_size=2&page=2"), newest[2..4]);
    assert_eq!(ids("status=closed"), Vec::<String>::new());
    assert_eq!(ids("status=open,closed").len(), 6);
    let wanted = format!(
        "service_request_id={},{},nothing&status=closed",
        numbers[0], numbers[1]
    );
    assert_eq!(ids(&wanted), numbers[..2]);
    let services = door.get("/services.json").json();
    let service = services
        .as_array()
        .unwrap()
        .iter()
        .find(|s| {
            s["service_name"] == "City appearance and sanitation" || s["description"] == "市容环卫"
        })
        .unwrap();
    let code = service["service_code"].as_str().unwrap();
    assert_eq!(ids(&format!("service_code={code}")).len(), 6);
    assert_eq!(ids("service_code=0"), Vec::<String>::new());
    for bad in [
        "start_date=2017-01-01&end_date=2017-09-01",
        "status=lost",
        "page=x",
        "end_date=2017-01-01&start_date=2017-02-01",
    ] {
        assert_eq!(
            door.get(&format!("/requests.json?{bad}")).status,
            400,
            "{bad}"
        );
    }
    assert_eq!(door.get("/requests.json?service_code=nothing").status, 404);
    assert_eq!(door.get("/requests/20170930-9999.json").status, 404);
}

#[test]
fn the_answers_are_those_of_the_standard_s_schemas() {
    let Some(data) = std::env::var_os("FENBO_DATA") else {
        eprintln!("SKIPPED: FENBO_DATA is not set; the standard's schemas are not checked");
        return;
    };
    let folder = Path::new(&data).join("open311/schema");
    let schema = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let world = world();
    let door = Door::open(world.folder.path(), "");
    let one_by_one = |name: &str, values: &Value| {
        let schema = schema(name);
        for value in values.as_array().unwrap() {
            assert_eq!(breach(&schema, value), None, "{name}: {value}");
        }
        values.as_array().unwrap().len()
    };
    assert!(one_by_one("service.json", &door.get("/services.json").json()) > 100);
    assert_eq!(
        one_by_one(
            "request.json",
            &door.get("/requests.json?extensions=true").json()
        ),
        2
    );
    let definition = door.get("/services/1.json").json();
    assert_eq!(
        breach(&schema("service-definition.json"), &definition),
        None
    );
    // The checker sees what is wrong.
    let mut wrong = door.get("/requests.json").json()[0].clone();
    wrong["status"] = "lost".into();
    assert!(breach(&schema("request.json"), &wrong).is_some());
    wrong["status"] = "open".into();
    wrong["lat"] = "22".into();
    assert!(breach(&schema("request.json"), &wrong).is_some());
    // The XML has every element of the samples' requests and services.
    let samples = Path::new(&data).join("open311/samples");
    for (file, path, member) in [
        (
            "spec_fixtures_files_requests_toronto_multi.xml",
            "/requests.xml",
            "request",
        ),
        (
            "test_mocks_san_francisco_services.xml",
            "/services.xml",
            "service",
        ),
    ] {
        let sample = elements(
            &std::fs::read_to_string(samples.join(file)).unwrap(),
            member,
        );
        let own = elements(&door.get(path).body, member);
        let missing: Vec<&String> = sample.difference(&own).collect();
        assert!(missing.is_empty(), "{path} lacks {missing:?}");
    }
}

/// Where a value breaks a schema, as far as the standard's schemas go; a word of a schema that is not known fails the test.
fn breach(schema: &Value, value: &Value) -> Option<String> {
    for (word, wants) in schema.as_object()? {
        let bad = match word.as_str() {
            "description" | "format" | "minItems" | "uniqueItems" => None,
            "type" => {
                let fits = match wants.as_str()? {
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    "array" => value.is_array(),
                    "null" => value.is_null(),
                    other => panic!("the type {other}"),
                };
                (!fits).then(|| format!("{value} is no {wants}"))
            }
            "enum" => {
                let known = wants.as_array()?.contains(value);
                (!known).then(|| format!("{value} is none of {wants}"))
            }
            "maxLength" => {
                let long = value
                    .as_str()
                    .is_some_and(|s| s.chars().count() as u64 > wants.as_u64().unwrap());
                long.then(|| format!("{value} is too long"))
            }
            "anyOf" => {
                let fits = wants
                    .as_array()?
                    .iter()
                    .any(|one| breach(one, value).is_none());
                (!fits).then(|| format!("{value} is none of {wants}"))
            }
            "required" => wants
                .as_array()?
                .iter()
                .find(|name| value.get(name.as_str().unwrap()).is_none())
                .map(|name| format!("{name} is missing")),
            "properties" => wants
                .as_object()?
                .iter()
                .find_map(|(name, schema)| value.get(name).and_then(|inner| breach(schema, inner))),
            "items" => value
                .as_array()
                .and_then(|all| all.iter().find_map(|one| breach(wants, one))),
            other => panic!("the word {other}"),
        };
        if bad.is_some() {
            return bad;
        }
    }
    None
}

/// The names of the elements within `member`, as a parser finds them.
fn elements(xml: &str, member: &str) -> BTreeSet<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut path, mut found): (Vec<String>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    loop {
        let name = |e: &str| e.to_owned();
        match reader.read_event().unwrap() {
            Event::Start(e) => {
                if path.last().is_some_and(|p| p == member) {
                    found.insert(name(e.name().as_ref()));
                }
                path.push(name(e.name().as_ref()));
            }
            Event::Empty(e) if path.last().is_some_and(|p| p == member) => {
                found.insert(name(e.name().as_ref()));
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn it_ends_what_was_begun_when_it_is_told_to_end() {
    let world = world();
    let mut door = Door::open(world.folder.path(), "");
    assert_eq!(door.get("/").status, 200);
    let id = rustix::process::Pid::from_child(&door.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert!(door.child.wait().unwrap().success());
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let world = world();
    let mut acknowledged: Vec<(String, String)> = Vec::new();
    for round in 0..6_u32 {
        let mut door = Door::open(
            world.folder.path(),
            "[server]\nrequests_per_minute = 60000\n",
        );
        let key = &world.key;
        let answers: Vec<(String, Option<String>)> = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..4)
                .map(|sender| {
                    let door = &door;
                    scope.spawn(move || {
                        let mut answers = Vec::new();
                        for n in 0..200 {
                            let own = format!("{round}-{sender}-{n}");
                            let values = [
                                ("api_key", key.as_str()),
                                ("service_code", "1"),
                                ("address_string", "x"),
                                ("description", own.as_str()),
                                ("client_key", own.as_str()),
                            ];
                            let answer = door.try_send(&Door::form("/requests.json", &values));
                            let no = answer.ok().filter(|a| a.status == 200).map(|a| {
                                a.json()[0]["service_request_id"]
                                    .as_str()
                                    .unwrap()
                                    .to_owned()
                            });
                            let ended = no.is_none();
                            answers.push((own, no));
                            if ended {
                                break;
                            }
                        }
                        answers
                    })
                })
                .collect();
            // Killed as soon as so many are stored: a different moment in each round.
            let wanted = acknowledged.len() as u64 + 3 + u64::from(round) * 7;
            until("so many are stored", || stored(&world.centre) >= wanted);
            rustix::process::kill_process(
                rustix::process::Pid::from_child(&door.child),
                rustix::process::Signal::KILL,
            )
            .unwrap();
            senders
                .into_iter()
                .flat_map(|s| s.join().unwrap())
                .collect()
        });
        door.child.wait().unwrap();
        let unknown: Vec<String> = answers
            .iter()
            .filter(|(_, no)| no.is_none())
            .map(|(own, _)| own.clone())
            .collect();
        acknowledged.extend(
            answers
                .into_iter()
                .filter_map(|(own, no)| no.map(|no| (own, no))),
        );
        // Handed in again, what was not answered is there, and what was answered has the same number.
        let door = Door::open(
            world.folder.path(),
            "[server]\nrequests_per_minute = 60000\n",
        );
        for own in unknown {
            let values = [
                ("api_key", key.as_str()),
                ("service_code", "1"),
                ("address_string", "x"),
                ("description", own.as_str()),
                ("client_key", own.as_str()),
            ];
            let no = door.post("/requests.json", &values).json()[0]["service_request_id"]
                .as_str()
                .unwrap()
                .to_owned();
            acknowledged.push((own, no));
        }
        for (own, no) in &acknowledged {
            let answer = door.get(&format!("/tokens/{own}.json?api_key={key}"));
            assert_eq!(
                answer.json()[0]["service_request_id"].as_str(),
                Some(no.as_str())
            );
        }
    }
    let numbers: BTreeSet<&String> = acknowledged.iter().map(|(_, no)| no).collect();
    assert_eq!(
        numbers.len(),
        acknowledged.len(),
        "two requests have one number"
    );
    assert_eq!(
        stored(&world.centre),
        acknowledged.len() as u64,
        "a request is there twice, or was lost"
    );
    let report = world.centre.verify(|_, _| {}).unwrap();
    assert!(report.ok, "{:?}", report.problems);
}

/// How many requests other systems have handed in.
pub fn stored(centre: &Centre) -> u64 {
    use fenbo::domain::filter::{Clause, Filter};
    use fenbo::domain::queue::{Query, Sort, View};
    let query = Query {
        view: View::All,
        filter: Filter::default().and(Clause::Source("Open311".into())),
        sort: Sort::Oldest,
        department: None,
        now: at("2017-09-30 09:00"),
    };
    centre.total(&query).unwrap()
}

/// Asks the door through a client library that knows nothing of us, with its own checks of what it sends.
const FOREIGN: &str = r#"
import json, sys
from civicbot.http import HttpTransport, RateLimiter
from civicbot.open311 import Open311Client
from civicbot.registry import Endpoint
import inspect
url, key = sys.argv[1:]
known = {"id": "own", "name": "own", "base_url": url, "write": True, "api_key_required_for_write": True, "geo_scoped": False}
wanted = inspect.signature(Endpoint).parameters
fields = {name: known.get(name, parameter.default) for name, parameter in wanted.items() if name in known or parameter.default is not parameter.empty}
for name in wanted:
    fields.setdefault(name, "")
client = Open311Client(Endpoint(**fields), transport=HttpTransport(rate_limiter=RateLimiter(0.0)))
services = client.list_services()
sent = client.create_request(services[0]["service_code"], dry_run=False, confirm="SEND", api_key=key, validate_remote=True,
    lat=22.69, lng=114.34, description="street lamp", attributes={"nature": "complaint"}, first_name="Ada", last_name="Lovelace")
number = sent.response[0]["service_request_id"]
one = client.get_request(number)
listed = client.list_requests(service_request_ids=[number])
print(json.dumps({"services": len(services), "number": number, "one": one, "listed": listed}))
"#;

#[test]
fn a_foreign_client_lists_services_files_a_request_and_reads_it_back() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/foreign/bin/python");
    if !python.exists() {
        eprintln!(
            "SKIPPED: no foreign Open311 client is installed; .ci/run installs it into target/foreign"
        );
        return;
    }
    let world = world();
    let door = Door::open(world.folder.path(), "");
    let url = format!("http://{}/open311/v2", door.address);
    let ran = Command::new(python)
        .args(["-c", FOREIGN, &url, &world.key])
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let said: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let no = said["number"].as_str().unwrap();
    assert!(said["services"].as_u64().unwrap() > 100, "{said}");
    assert_eq!(said["one"]["service_request_id"], no);
    assert_eq!(said["listed"][0]["service_request_id"], no);
    assert_eq!(said["one"]["status"], "open");
    let detail = world.centre.detail(no).unwrap();
    assert_eq!(detail.texts.content, "street lamp");
}

#[test]
fn pictures_and_coordinates_of_a_request_are_seen_at_the_desk() {
    let world = world();
    let door = Door::open(world.folder.path(), "");
    let answer = door.post(
        "/open311/v2/requests.json",
        &[
            ("api_key", world.key.as_str()),
            ("service_code", "0"),
            ("description", "井盖松动"),
            ("address_string", "金沙社区"),
            ("lat", "22.690001"),
            ("long", "114.340002"),
            ("media_url", "https://example.org/lid.jpg"),
        ],
    );
    let no = answer.json()[0]["service_request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let show = |more: &[&str]| {
        let words = [&["show", no.as_str()], more].concat();
        String::from_utf8(fenbo(world.folder.path(), &words).stdout).unwrap()
    };
    let text = show(&[]);
    for wanted in ["https://example.org/lid.jpg", "22.690001, 114.340002"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let json: Value = serde_json::from_str(&show(&["--format", "json"])).unwrap();
    assert_eq!(
        json["media"],
        serde_json::json!(["https://example.org/lid.jpg"])
    );
    assert_eq!(
        (&json["lat"], &json["long"]),
        (&"22.690001".into(), &"114.340002".into())
    );
}

#[test]
fn what_is_void_or_has_ended_promises_nothing_and_the_page_still_says_what_was_promised() {
    let mut world = world();
    let now = at("2017-09-29 17:10");
    let void = register(&mut world.centre, "重复登记", now);
    to_signed(&mut world.centre, &void, now);
    let door = Door::open(world.folder.path(), "");
    let read = |no: &str| {
        let answer = door.get(&format!("/open311/v2/requests/{no}.json"));
        answer.json()[0].clone()
    };
    assert!(read(&void)["service_notice"].is_string());
    let taken_back = fenbo(
        world.folder.path(),
        &[
            "act",
            "void",
            &void,
            "--text",
            "重复",
            "--at",
            "2017-09-30 08:00",
        ],
    );
    assert!(taken_back.status.success(), "{taken_back:?}");
    let granted = fenbo(
        world.folder.path(),
        &[
            "act",
            "grant",
            &void,
            "--text",
            "同意",
            "--at",
            "2017-09-30 08:10",
        ],
    );
    assert!(granted.status.success(), "{granted:?}");
    let ended = read(&void);
    assert_eq!(ended["status"], "closed");
    assert!(
        ended["service_notice"].is_null() && ended["expected_datetime"].is_null(),
        "{ended}"
    );
    let pair = [("no", world.no.as_str()), ("code", world.code.as_str())];
    let rating = [pair[0], pair[1], ("rating", "satisfied")];
    assert!(door.post("/rate", &rating).body.contains("Thank you"));
    let closed = read(&world.no);
    assert!(
        closed["service_notice"].is_null() && closed["expected_datetime"].is_string(),
        "{closed}"
    );
    let page = door.post("/track", &pair).body;
    assert!(
        page.contains("2017-10-02; answered on 2017-09-29"),
        "{page}"
    );
}

#[test]
fn a_form_in_another_encoding_is_read_and_an_address_nobody_can_be_written_to_is_refused() {
    let world = world();
    let door = Door::open(world.folder.path(), "");
    let place = format!("api_key={}&service_code=0&address_string=x", world.key);
    let post = |charset: &str, more: &str| {
        let body = format!("{place}&{more}");
        door.send(&format!(
            "POST /open311/v2/requests.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded{charset}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    // 路灯 in GBK.
    let taken = post("; charset=GBK", "description=%C2%B7%B5%C6");
    assert_eq!(taken.status, 200, "{taken:?}");
    let no = taken.json()[0]["service_request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(world.centre.detail(&no).unwrap().texts.content, "路灯");
    let before = world.centre.facts(&no).unwrap().0;
    for (charset, more, wanted) in [
        ("", "description=%C2%B7%B5%C6", "encoding"),
        ("; charset=klingon", "description=x", "encoding"),
        ("", "email=a%40b.cn%0D%0ABcc:%20x%40y.z", "email"),
        ("", "email=a%40b.cn,c%40d.cn", "email"),
        ("", "email=a%20b%40x.cn", "email"),
        ("", "phone=abc", "phone"),
    ] {
        let refused = post(charset, more);
        assert_eq!(refused.status, 400, "{refused:?}");
        let said = refused.json()[0]["description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(said.contains(wanted), "{said}");
    }
    assert_eq!(before, world.centre.facts(&no).unwrap().0);
    // Asked for three times, one request; and what is not there is told in the standard's form.
    let list = door.get(&format!(
        "/open311/v2/requests.json?service_request_id={no},{no},{no}"
    ));
    assert_eq!(list.json().as_array().unwrap().len(), 1);
    let none = door.get("/open311/v2/nothing.json");
    assert_eq!((none.status, &none.json()[0]["code"]), (404, &404.into()));
    let none = door.get("/open311/v2/nothing");
    assert!(
        none.status == 404 && none.body.contains("<errors>"),
        "{none:?}"
    );
    let broken = fenbo(world.folder.path(), &["--lang", "en", "key", "add", "a\nb"]);
    assert_eq!(broken.status.code(), Some(1));
    let said = String::from_utf8(broken.stderr).unwrap();
    assert!(said.contains("line break"), "{said}");
}

#[test]
fn too_many_requests_for_a_page_are_told_on_a_page() {
    let world = world();
    let door = Door::open(world.folder.path(), "[server]\nrequests_per_minute = 2\n");
    door.get("/");
    door.get("/");
    for path in ["/", "/track?no=1"] {
        let refused = door.get(path);
        assert_eq!(refused.status, 429);
        assert!(
            refused.head.contains("content-type: text/html"),
            "{refused:?}"
        );
        assert!(refused.head.contains("retry-after"), "{refused:?}");
        assert!(
            refused.body.contains("too many requests") && refused.body.contains("<form"),
            "{refused:?}"
        );
    }
}
