//! `cruller inspect` as a process: whole reports as snapshots, and what must not be in them.

use crate::support::client::{Home, Ran, Running};
use crate::support::door;
use crate::support::leash::Leash;
use crate::support::nginx::Nginx;
use crate::support::peer::Peer;
use crate::support::programs::{installed, missing};
use crate::support::snapshot::check;
use crate::support::tls::{Authority, Flavour, Front, Leaf};
use boon::{Compiler, Schemas};
use libtest_mimic::{Completion, Failed, Trial};
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

pub fn tests() -> Vec<Trial> {
    let mut trials = trials![
        a_chain_over_http_and_https_is_shown_hop_by_hop,
        a_part_of_it_is_shown_alone,
        a_compressed_page_says_what_it_saved,
        json_is_shown_pretty_and_its_numbers_stay,
        the_head_alone,
        interim_heads_and_trailers_are_shown,
        control_characters_and_overrides_are_shown_escaped,
        colour_is_only_where_it_is_asked_for,
        what_was_saved_is_shown_without_the_network,
        an_archive_is_written_beside_the_report_or_in_its_place,
        two_answers_are_compared_side_by_side,
        signs_are_named_with_their_evidence,
        secrets_are_masked_unless_they_are_asked_for,
        a_closed_port_is_told_of_with_what_happened,
        a_certificate_that_is_not_trusted_ends_it_and_k_shows_why,
        a_certificate_for_another_name_is_shown_in_plain_words,
        what_tls_needs_is_not_counted_as_resolving,
        two_sides_do_not_share_cookies_unless_they_are_kept,
        a_signal_ends_it_with_what_was_answered_before,
        a_phrase_and_a_name_are_not_shown_for_pages,
        a_full_disk_behind_the_help_is_told_of,
        an_empty_answer_is_told_of,
        an_answer_that_takes_too_long_is_told_of,
        a_loop_of_redirects_ends,
        redirects_may_be_left_alone,
        a_session_is_used_and_kept,
        the_documents_of_inspect_and_fetch_hold_against_the_schema,
        more_content_than_is_taken_is_cut_and_said_to_be,
        a_reader_who_leaves_is_no_failure,
        flags_that_write_elsewhere_are_refused_by_name,
        several_urls_are_reports_one_after_the_other,
        a_status_is_a_failure_where_that_is_asked_for,
        a_report_goes_to_a_file,
        defects_are_named_with_their_sections,
        a_hostile_answer_is_shown_all_the_same,
        what_we_cut_is_not_blamed_on_the_server,
        a_transfer_that_breaks_is_a_sign_and_a_defect,
        a_crawler_goes_by_the_status,
        what_is_not_what_was_asked_for_is_not_said_to_be,
        a_saved_page_of_nobody_knows_where_is_read,
        framing_and_redirects_that_break_rules_are_defects,
        a_limit_that_is_used_up_is_a_hint,
    ];
    trials.push(Trial::ignorable_test("inspect::a_chain_of_nginx", a_chain_of_nginx));
    trials
}

/// The practice site as `http://shop.example` and, behind TLS, as `https://shop.example`.
struct Shop {
    home: Home,
    _site: Leash,
    _front: Front,
    flags: Vec<String>,
}

impl Shop {
    fn open() -> Shop {
        let home = Home::new();
        let (site, url) = home.serve();
        let behind: std::net::SocketAddr = url.trim_start_matches("http://").parse().unwrap();
        let authority = Authority::new("An authority for this run");
        let front = Front::start(&authority.leaf(["shop.example", "127.0.0.1"]), behind);
        home.write("ca.pem", authority.pem());
        let flags = [
            "--cacert".to_owned(),
            "ca.pem".to_owned(),
            "--connect-to".to_owned(),
            format!("shop.example:80:127.0.0.1:{}", behind.port()),
            "--connect-to".to_owned(),
            format!("shop.example:443:127.0.0.1:{}", front.address.port()),
        ];
        Shop { home, _site: site, _front: front, flags: flags.into() }
    }

    fn words(&self, words: &[&str]) -> Vec<String> {
        let more = words.iter().map(|word| (*word).to_owned());
        std::iter::once("inspect".to_owned()).chain(self.flags.clone()).chain(more).collect()
    }

    fn inspect(&self, words: &[&str]) -> Ran {
        self.home.run(self.words(words))
    }
}

/// Inspects what a peer answers that plays `script` once.
fn with_peer(script: &str, words: &[&str]) -> Ran {
    let home = Home::new();
    let peer = Peer::playing(script, &home.work());
    let url = peer.url().to_owned();
    let ran = home.run(["inspect"].iter().chain(words).copied().chain([&*url]));
    peer.finish().unwrap();
    ran
}

/// The same with `fetch`.
fn with_peer_fetch(script: &str, words: &[&str]) -> Ran {
    let home = Home::new();
    let peer = Peer::playing(script, &home.work());
    let url = peer.url().to_owned();
    let ran = home.run(["fetch"].iter().chain(words).copied().chain([&*url]));
    peer.finish().unwrap();
    ran
}

const CHAIN: &str =
    "http://shop.example/redirect/to?url=https%3A%2F%2Fshop.example%2Fcookies%2Frefused";

fn a_chain_over_http_and_https_is_shown_hop_by_hop() {
    let ran = Shop::open().inspect(&[CHAIN]).ok();
    check("chain.txt", &ran.text());
    for line in ran.text().lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

fn a_chain_of_nginx() -> Result<Completion, Failed> {
    let Some(program) = installed("nginx") else { return missing("nginx") };
    let server = Nginx::start(&program, false);
    let (authority, url) = (server.file("ca.pem"), format!("{}/begin", server.http));
    let ran = Home::new().run(["inspect", "--cacert", &authority, &url]).ok();
    check("nginx.txt", &ran.text());
    Ok(Completion::Completed)
}

fn a_part_of_it_is_shown_alone() {
    let shop = Shop::open();
    for part in [
        "status", "headers", "cookies", "tls", "timing", "caching", "crawler", "page", "signs",
        "defects",
    ] {
        check(&format!("only-{part}.txt"), &shop.inspect(&["--only", part, CHAIN]).ok().text());
    }
    shop.inspect(&["--only", "everything", CHAIN]).failed_saying(2, "status, headers, cookies");
}

fn a_compressed_page_says_what_it_saved() {
    let ran = Shop::open().inspect(&["https://shop.example/gzip"]).ok();
    let flat = |ran: &Ran| ran.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.text().contains("decoded from") && flat(&ran).contains("% saved"), "{ran}");
    let plain = Shop::open().inspect(&["--no-compressed", "https://shop.example/gzip"]).ok();
    assert!(!plain.text().contains("decoded from") && !flat(&plain).contains("% saved"), "{plain}");
}

fn json_is_shown_pretty_and_its_numbers_stay() {
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n< Content-Type: application/json\n\
                  <\n<| {\"a\":[1.50,12345678901234567890123]}\nclose\n";
    let ran = with_peer(script, &["--body", "--only", "status"]).ok();
    let pretty = "{\n  \"a\": [\n    1.50,\n    12345678901234567890123\n  ]\n}\n";
    assert!(ran.text().contains(pretty), "{ran}");
}

fn the_head_alone() {
    let ran = Shop::open().inspect(&["--head", "http://shop.example/gzip"]).ok();
    assert!(ran.text().starts_with("1  HEAD http://shop.example/gzip\n"), "{ran}");
    assert!(!ran.text().contains("Content-Length says"), "{ran}");
}

fn interim_heads_and_trailers_are_shown() {
    let shop = Shop::open();
    let ran = shop.inspect(&["--only", "status,headers", "http://shop.example/interim"]).ok();
    assert!(ran.text().contains("HTTP/1.1 103 "), "{ran}");
    let ran = shop.inspect(&["--only", "headers", "http://shop.example/chunked"]).ok();
    assert!(ran.text().contains("trailers, behind the content"), "{ran}");
}

fn control_characters_and_overrides_are_shown_escaped() {
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 O\\x1b[2JK\n\
                  < Content-Type: text/\\x1b]0;title\\x07plain\n\
                  < X-Turned: a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6c\\xd8\\x9cd\\xe2\\x80\\x8be\n\
                  < X-C1: \\xc2\\x9b31m \\x9b \\xff\n\
                  < X-Tab: a\\tb\\x7f\n< Set-Cookie: a\\xe2\\x80\\xaeb=1\n\
                  < Content-Length: 8\n<\n<| \\x1b[2J\\xe2\\x80\\xaex\nclose\n";
    for words in [&["--body"][..], &["--body", "--show-secrets"], &["--only", "headers"]] {
        let ran = with_peer(script, words).ok();
        let unseen = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}')
        };
        assert!(!ran.text().contains(unseen), "{ran}");
        for shown in
            ["\\u{1b}", "\\u{202e}", "\\u{2066}", "\\u{61c}", "\\u{9b}", "\\xff", "\\u{200b}"]
        {
            assert!(ran.text().contains(shown), "{shown}: {ran}");
        }
    }
    let ran = with_peer(script, &[]).ok();
    check("hostile.txt", &ran.text());
    // JSON goes to terminals too, and says the same.
    let json = with_peer(script, &["--json", "--body"]).ok().text();
    let fetched = with_peer_fetch(script, &["-so", "content", "--json-out", "-"]).ok().text();
    for json in [json, fetched] {
        let unseen = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200b}' | '\u{202e}' | '\u{2066}' | '\u{61c}')
        };
        assert!(!json.contains(unseen) && json.contains("\\u202e"), "{json}");
        let value: Value = serde_json::from_str(&json).unwrap();
        let fields = value["hops"][0]["fields"].as_array().unwrap();
        let turned = fields.iter().find(|field| field["name"] == "X-Turned").unwrap();
        assert_eq!(turned["value"], "a\u{202e}b\u{2066}c\u{61c}d\u{200b}e", "{json}");
    }
}

fn colour_is_only_where_it_is_asked_for() {
    let shop = Shop::open();
    let url = "http://shop.example/";
    assert!(!shop.inspect(&[url]).ok().text().contains('\x1b'));
    let coloured = shop.inspect(&["--color", "always", url]).ok().text();
    assert!(coloured.contains("\x1b["), "{coloured}");
    let mut forced = shop.home.command(shop.words(&[url]));
    forced.env("CLICOLOR_FORCE", "1");
    let forced = Running::to(forced, Stdio::piped()).finish().ok();
    assert!(forced.text().contains("\x1b["), "{forced}");
    let mut never = shop.home.command(shop.words(&["--color", "never", url]));
    never.env("CLICOLOR_FORCE", "1");
    assert!(!Running::to(never, Stdio::piped()).finish().ok().text().contains('\x1b'));
    // A wish of nobody's in particular goes before what is found out, and a flag before both.
    let mut plain = shop.home.command(shop.words(&[url]));
    plain.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!Running::to(plain, Stdio::piped()).finish().ok().text().contains('\x1b'));
    let mut asked = shop.home.command(shop.words(&["--color", "always", url]));
    asked.env("NO_COLOR", "1");
    assert!(Running::to(asked, Stdio::piped()).finish().ok().text().contains('\x1b'));
    shop.inspect(&["--color", "sometimes", url]).failed_saying(2, "always");
}

fn what_was_saved_is_shown_without_the_network() {
    let home = Home::new();
    home.write(
        "answer.txt",
        "HTTP/1.1 200 OK\nContent-Type: text/html\nSet-Cookie: a=b\n\n<title>Saved</title>",
    );
    let ran = home.run(["inspect", "--from", "answer.txt", "http://a.example/x"]).ok();
    check("saved.txt", &ran.text());
    let ran = home.run(["inspect", "--from", "answer.txt"]).ok();
    assert!(ran.text().contains("(no URL is known)"), "{ran}");
    home.run(["inspect", "--from", "no-such-file"]).failed(26);
    home.write("other.txt", "nothing of the kind");
    home.run(["inspect", "--from", "other.txt"]).failed_saying(26, "other.txt: neither");
}

fn an_archive_is_written_beside_the_report_or_in_its_place() {
    let shop = Shop::open();
    let ran = shop.inspect(&["--har", "page.har", CHAIN]).ok();
    assert!(ran.text().contains("302 Found"), "{ran}");
    let again = shop.home.run(["inspect", "--from", "page.har"]).ok();
    assert!(again.text().contains("2  GET https://shop.example/cookies/refused\n"), "{again}");
    let ran = shop.inspect(&["--har", "-", CHAIN]).ok();
    let har: Value = serde_json::from_str(&ran.text()).unwrap();
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 2, "{ran}");
}

fn two_answers_are_compared_side_by_side() {
    let shop = Shop::open();
    let (one, two) = ("http://shop.example/articles/1", "http://shop.example/articles/2");
    let ran = shop.inspect(&["--diff", one, one]).ok();
    assert!(ran.text().ends_with("together    the same\n"), "{ran}");
    let loose = "cookies     the same, their values not counted";
    assert!(ran.text().contains(loose), "{ran}");
    let ran = shop.inspect(&["--diff", "--strict", one, one]);
    assert!(!ran.text().contains("not counted"), "{ran}");
    let ran = shop.inspect(&["--diff", one, two]);
    assert!(ran.code == 200 && ran.text().ends_with("together    they differ\n"), "{ran}");
    assert!(!ran.text().contains("together    the same"), "{ran}");
    assert!(ran.text().lines().all(|line| line.chars().count() <= 80), "{ran}");
    shop.inspect(&["--har", "then.har", one]).ok();
    shop.inspect(&["--diff", "then.har", one]).ok();
    assert_eq!(shop.inspect(&["--diff", "then.har", two]).code, 200);
    let ran = shop.inspect(&["--diff", "--json", one, two]);
    let document: Value = serde_json::from_str(&ran.text()).unwrap();
    assert_eq!(document["outcome"], "differs", "{ran}");
    for words in [&["--diff", one][..], &["--strict", one], &["--diff", "--body", one, two]] {
        shop.inspect(words).failed(2);
    }
    shop.inspect(&["--diff", one, "http://127.0.0.1:1/"]).failed(7);
    let ran = shop.inspect(&["--diff", "then.hra.invalid", one]);
    ran.failed_saying(6, "and there is no such file");
}

fn signs_are_named_with_their_evidence() {
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 429 Too Many Requests\n< Retry-After: 120\n\
                  < Content-Length: 0\n<\n";
    let ran = with_peer(script, &["--only", "status,signs"]).ok();
    assert!(ran.text().contains("sign of      rate limit"), "{ran}");
    assert!(ran.text().contains("because"), "{ran}");
}

fn secrets_are_masked_unless_they_are_asked_for() {
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 302 Found\n\
                  < Location: http://ada:hunter3@{host}/next\n< Set-Cookie: sid=hunter4; Path=/\n\
                  < Content-Length: 0\n<\n> GET /next HTTP/1.1\n< HTTP/1.1 200 OK\n\
                  < Link: <http://u:hunter5@a.example/>; rel=next\n< X-Auth-Token: hunter7\n\
                  < Set-Cookie2: a=hunter8\n< Content-Type: text/html\n<\n\
                  <| <title>hunting http://u:hunterA@h/ for a while, to see where lines end</title>\
                  <link rel=canonical href='http://u:hunterB@h/'><form action='//u:hunterC@h/'>\
                  <input name=q></form><meta http-equiv=refresh content='9; url=http://u:hunterD@h/'>\n\
                  close\n";
    let words =
        ["-u", "ada:hunter1", "-b", "old=hunter2", "-H", "Proxy-Authorization: Basic hunter6"];
    let basic = "YWRhOmh1bnRlcjE=";
    let ran = with_peer(script, &words).ok();
    for secret in ["hunter", basic] {
        assert!(!ran.text().contains(secret), "{secret}: {ran}");
    }
    assert!(
        ran.text().contains("sid=(7 bytes)") && ran.text().contains("Basic (16 bytes)"),
        "{ran}"
    );
    let shown = with_peer(script, &[&words[..], &["--show-secrets"]].concat()).ok();
    for field in ["canonical  http://u:***@h/", "http://u:***@h/: q", "to http://u:***@h/"] {
        assert!(ran.text().contains(field), "{field}: {ran}");
    }
    let of_page = ["hunterA", "hunterB", "hunterC", "hunterD"];
    for secret in ["hunter2", "hunter3", "hunter4", "hunter5", "hunter7", "hunter8", basic]
        .into_iter()
        .chain(of_page)
    {
        assert!(shown.text().contains(secret), "{secret}: {shown}");
    }
    let ran = with_peer(script, &[&words[..], &["--json"]].concat()).ok();
    assert!(ran.text().contains("hunter4"), "JSON is for programs: {ran}");
}

fn a_closed_port_is_told_of_with_what_happened() {
    let ran = Home::new().run(["inspect", "http://127.0.0.1:1/"]);
    assert!(ran.text().starts_with("1  GET http://127.0.0.1:1/\n   no answer\n"), "{ran}");
    assert!(ran.text().contains("gave up"), "{ran}");
    ran.failed_saying(7, "failed to connect");
    Home::new().run(["inspect", "http://no-such-host.invalid/"]).failed(6);
    Home::new().run(["inspect", "ftp://a.example/"]).failed(1);
}

fn a_certificate_that_is_not_trusted_ends_it_and_k_shows_why() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let leaf = Leaf::self_signed(&["b.example"], Flavour::Expired);
    let front = Front::start(&leaf, url.trim_start_matches("http://").parse().unwrap());
    let target = format!("https://localhost:{}/ip", front.address.port());
    let ran = home.run(["inspect", &target]);
    assert!(ran.text().contains("no answer") && ran.text().contains("connect "), "{ran}");
    for shown in [
        "TLS          not agreed: the certificate was refused, and nothing was sent",
        "certificate  not to be trusted: it has expired",
        "names      b.example",
        "time       over since Mon, 01 Jan 2001",
    ] {
        assert!(ran.text().contains(shown), "{shown}: {ran}");
    }
    // Trusting its issuer would not help.
    assert!(!ran.stderr.contains("--cacert"), "{ran}");
    ran.failed_saying(60, "expired");
    for flags in [&["--json"][..], &["--json", "-k"]] {
        let ran = home.run(["inspect"].iter().chain(flags).copied().chain([&*target]));
        let document: Value = serde_json::from_str(&ran.text()).unwrap();
        let certificate = &document["hops"][0]["certificate"];
        assert_eq!(certificate["objection"], "it has expired", "{ran}");
        assert_eq!(certificate["names"][0], "b.example", "{ran}");
    }
    let ran = home.run(["inspect", "-k", "--only", "tls", &target]).ok();
    assert!(ran.text().contains("not to be trusted: it has expired"), "{ran}");
    assert!(ran.text().contains("over since Mon, 01 Jan 2001"), "{ran}");
    assert!(ran.text().contains("b.example"), "{ran}");
}

fn a_certificate_for_another_name_is_shown_in_plain_words() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let authority = Authority::new("An authority for this run");
    home.write("ca.pem", authority.pem());
    let leaf = authority.leaf(["wrong.test", "*.wrong.test"]);
    let front = Front::start(&leaf, url.trim_start_matches("http://").parse().unwrap());
    let target = format!("https://localhost:{}/ip", front.address.port());
    let ran = home.run(["inspect", "--cacert", "ca.pem", &target]);
    assert!(ran.text().contains("not to be trusted: it is not for this name"), "{ran}");
    assert!(!ran.stderr.contains("--cacert"), "{ran}");
    ran.failed_saying(60, "it is not for localhost, but for wrong.test, *.wrong.test");
    let ran = home.run(["inspect", &target]);
    assert!(ran.stderr.contains("--cacert FILE"), "{ran}");
    assert!(ran.text().contains("not to be trusted: its issuer is not known"), "{ran}");
    ran.failed_saying(60, "unknown issuer");
    // What is no TLS at all is not said to be readable on the way: nothing went.
    let peer = Peer::playing("connection\n>*\n<| nonsense\nclose\n", &home.work());
    let ran = home.run(["inspect", "--only", "tls", &peer.url().replace("http:", "https:")]);
    peer.finish().unwrap();
    assert!(ran.text().contains("TLS          not agreed, and nothing was sent"), "{ran}");
    ran.failed(35);
}

fn what_tls_needs_is_not_counted_as_resolving() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let authority = Authority::new("An authority for this run");
    // So many that reading them takes longer than anything else here.
    home.write("ca.pem", authority.pem().repeat(3000));
    let leaf = authority.leaf(["127.0.0.1"]);
    let front = Front::start(&leaf, url.trim_start_matches("http://").parse().unwrap());
    let target = format!("https://127.0.0.1:{}/ip", front.address.port());
    let ran = home.run(["inspect", "--json", "--cacert", "ca.pem", &target]).ok();
    let document: Value = serde_json::from_str(&ran.text()).unwrap();
    let took = |name: &str| {
        let all = document["hops"][0]["stretches"].as_array().unwrap();
        all.iter().find(|it| it["name"] == name).unwrap()["took"].as_f64().unwrap()
    };
    assert!(took("resolve") + took("connect") < took("TLS"), "{ran}");
}

fn two_sides_do_not_share_cookies_unless_they_are_kept() {
    let shop = Shop::open();
    let (set, shown) =
        ("http://shop.example/cookies/set?tea=oolong", "http://shop.example/cookies");
    let same = |words: &[&str]| {
        let ran = shop.inspect(&[words, &["--diff", "--json", set, shown]].concat());
        let document: Value = serde_json::from_str(&ran.text()).unwrap();
        document["content"]["same"].clone()
    };
    assert_eq!(same(&[]), false);
    assert_eq!(same(&["--session", "me"]), true);
}

fn a_signal_ends_it_with_what_was_answered_before() {
    let home = Home::new();
    let (door, url) = door::open("http");
    let mut client = home.start(["inspect", "--har", "page.har", &url]);
    let mut stream = door::accept(&door);
    door::head(&mut stream).expect("a request");
    let redirect = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(redirect).unwrap();
    door::head(&mut stream).expect("the next one");
    assert!(client.signal("INT"));
    let ran = client.finish();
    assert!(ran.text().contains("HTTP/1.1 302 Found"), "{ran}");
    ran.failed_saying(130, "interrupted");
    let har = std::fs::read_to_string(home.file("page.har")).unwrap();
    let har: Value = serde_json::from_str(&har).unwrap();
    assert_eq!(har["log"]["entries"][0]["response"]["status"], 302, "{har}");
}

fn a_phrase_and_a_name_are_not_shown_for_pages() {
    let long = "y".repeat(40_000);
    let script = format!(
        "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 {long}\n< {long}: 1\n< Content-Length: 0\n<\n"
    );
    let ran = with_peer(&script, &[]).ok();
    assert!(ran.text().contains("(40,000 bytes)"), "{ran}");
    assert!(ran.text().lines().count() < 100, "{}", ran.text().lines().count());
}

fn a_full_disk_behind_the_help_is_told_of() {
    for flag in ["--help", "--schema"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let ran = Running::to(Home::new().command(["inspect", flag]), full).finish();
        ran.failed_saying(23, "cannot write");
    }
}

fn an_empty_answer_is_told_of() {
    let ran = with_peer("connection\n> GET / HTTP/1.1\nclose\n", &[]);
    assert!(ran.text().contains("no answer") && ran.text().contains("request "), "{ran}");
    ran.failed(52);
}

fn an_answer_that_takes_too_long_is_told_of() {
    let shop = Shop::open();
    let ran = shop.inspect(&["-m", "0.2", "http://shop.example/delay?ms=9000"]);
    assert!(ran.text().contains("no answer"), "{ran}");
    ran.failed(28);
    // What came of an answer that breaks off is shown, and that it did.
    let ran = shop.inspect(&["http://shop.example/cut"]);
    assert!(ran.text().contains("HTTP/1.1 200 OK"), "{ran}");
    assert!(ran.text().contains("Content-Length says 722, and 361 bytes came"), "{ran}");
    ran.failed(18);
}

fn a_loop_of_redirects_ends() {
    let shop = Shop::open();
    let ran = shop.inspect(&["--only", "status", "http://shop.example/redirect/loop"]);
    assert_eq!(ran.text().matches("GET http://shop.example/redirect/loop\n").count(), 21, "{ran}");
    ran.failed_saying(47, "more than 20 redirects");
    let words = ["--max-redirs", "2", "--only", "status", "http://shop.example/redirect/loop"];
    let ran = shop.inspect(&words);
    assert!(!ran.stderr.contains("-iL"), "{ran}");
    ran.failed_saying(47, "more than 2 redirects");
}

fn redirects_may_be_left_alone() {
    let ran = Shop::open().inspect(&["--no-location", "--only", "status", CHAIN]).ok();
    assert!(ran.text().contains("302 Found") && !ran.text().contains("\n2  "), "{ran}");
}

fn a_session_is_used_and_kept() {
    let shop = Shop::open();
    let set = "http://shop.example/cookies/set?tea=oolong";
    shop.inspect(&["--session", "me", set]).ok();
    let ran =
        shop.inspect(&["--session", "me", "--only", "cookies", "http://shop.example/cookies"]).ok();
    assert!(ran.text().contains("tea=(6 bytes)"), "{ran}");
    assert!(ran.text().contains("tea (shop.example/): sent, number 1"), "{ran}");
    let listed = shop.home.run(["cookies", "ls", "--session", "me"]).ok();
    assert!(listed.text().contains("tea"), "{listed}");
    // Without one, cookies live as long as the run.
    let urls = [set, "http://shop.example/cookies"];
    let ran = shop.inspect(&["--only", "cookies", urls[0], urls[1]]).ok();
    assert!(ran.text().contains("tea=(6 bytes)"), "{ran}");
}

/// Holds a document against the published schema.
#[track_caller]
fn hold(schema: &str, document: &str) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", serde_json::from_str(schema).unwrap()).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    let value: Value = serde_json::from_str(document).unwrap();
    if let Err(error) = schemas.validate(&value, index) {
        panic!("{error:#}\n{document}");
    }
}

fn the_documents_of_inspect_and_fetch_hold_against_the_schema() {
    let shop = Shop::open();
    let schema = shop.inspect(&["--schema"]).ok().text();
    let lost = "http://127.0.0.1:1/";
    let urls = [
        CHAIN,
        "http://shop.example/interim",
        "https://shop.example/chunked",
        "http://shop.example/cut",
        lost,
    ];
    for url in urls {
        hold(&schema, &shop.inspect(&["--json", "--body", url]).text());
        let words = shop.words(&["-sL", "--json-out", "-", "-o", "content", "-b", "", url]);
        let ran =
            shop.home.run(std::iter::once("fetch".to_owned()).chain(words.into_iter().skip(1)));
        hold(&schema, &ran.text());
    }
    let odd = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 \\xff\n< X: \\xff\n< Set-Cookie: \\xff=1\n\
               < Turned: \\xe2\\x80\\xae \\x1b \\xc2\\x9b\n< Content-Length: 0\n<\n";
    hold(&schema, &with_peer(odd, &["--json"]).ok().text());
    hold(&schema, &shop.inspect(&["--json", "http://shop.example/bytes/20000000"]).ok().text());
    shop.inspect(&["--har", "page.har", CHAIN]).ok();
    hold(&schema, &shop.home.run(["inspect", "--json", "--from", "page.har"]).ok().text());
    let words = ["inspect", "--json", "-k", "https://127.0.0.1:1/"];
    hold(&schema, &shop.home.run(words).text());
    let wrong = std::panic::catch_unwind(|| hold(&schema, "{\"url\": 1}"));
    assert!(wrong.is_err(), "a schema that refuses nothing");
}

fn more_content_than_is_taken_is_cut_and_said_to_be() {
    let ran = Shop::open().inspect(&["http://shop.example/bytes/20000000"]).ok();
    assert!(ran.text().contains("its first 16,777,216 bytes were taken"), "{ran}");
    for blame in ["truncated", "Content-Length says", "in the middle of"] {
        assert!(!ran.text().contains(blame), "{blame}: {ran}");
    }
    assert!(ran.text().contains("none: nothing had to be tolerated"), "{ran}");
    let some = ["--only", "page,signs", "http://shop.example/bytes/20000000"];
    let ran = Shop::open().inspect(&some).ok();
    assert!(ran.text().contains("The content was cut: its first 16,777,216 bytes"), "{ran}");
}

fn a_reader_who_leaves_is_no_failure() {
    let shop = Shop::open();
    let (reader, writer) = std::io::pipe().unwrap();
    let running = Running::to(shop.home.command(shop.words(&[CHAIN])), Stdio::from(writer));
    drop(reader);
    let ran = running.finish();
    assert!(ran.code == 0 && ran.stderr.is_empty(), "{ran}");
}

fn flags_that_write_elsewhere_are_refused_by_name() {
    for words in [
        &["-i", "u"][..],
        &["-D", "f", "u"],
        &["-O", "u"],
        &["-sw", "%{url}", "u"],
        &["-Z", "u"],
        &["-C", "-", "u"],
        &["--json-out", "f", "u"],
        &["--retry", "3", "u"],
    ] {
        let ran = Home::new().run(["inspect"].iter().chain(words));
        ran.failed_saying(2, "option -");
    }
    Home::new().run(["inspect"]).failed_saying(2, "no URL");
    Home::new().run(["inspect", "--nonsense", "u"]).failed_saying(2, "--nonsense");
    let help = Home::new().run(["inspect", "--help"]).ok();
    assert!(help.text().contains("Usage: cruller inspect"), "{help}");
}

fn several_urls_are_reports_one_after_the_other() {
    let shop = Shop::open();
    let words = ["--only", "status", "http://shop.example/status/[204-205]"];
    let ran = shop.inspect(&words).ok();
    let (one, other) =
        ran.text().split_once("\n\n1  GET ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(
        one.starts_with("1  GET http://shop.example/status/204\n")
            && one.contains("204 No Content"),
        "{ran}"
    );
    assert!(
        other.starts_with("http://shop.example/status/205\n") && !other.contains("204"),
        "{ran}"
    );
    let ran = shop.inspect(&["--json", "http://shop.example/status/[204-205]"]).ok();
    let documents: Vec<Value> =
        ran.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<_> = documents.iter().map(|it| it["hops"][0]["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(204), Some(205)], "{ran}");
}

fn a_status_is_a_failure_where_that_is_asked_for() {
    let shop = Shop::open();
    let url = "http://shop.example/status/404";
    shop.inspect(&[url]).ok();
    let ran = shop.inspect(&["-f", url]);
    assert!(ran.text().contains("404 Not Found"), "{ran}");
    ran.failed_saying(22, "404");
}

fn a_report_goes_to_a_file() {
    let shop = Shop::open();
    let ran = shop.inspect(&["-o", "report.txt", "http://shop.example/"]).ok();
    assert!(ran.stdout.is_empty(), "{ran}");
    let report = std::fs::read_to_string(shop.home.file("report.txt")).unwrap();
    assert!(report.starts_with("1  GET http://shop.example/\n"), "{report}");
    let ran = shop.inspect(&["-o", "no/such/folder", "http://shop.example/"]);
    ran.failed(23);
    let ran = shop.inspect(&["-o", "same", "--har", "./same", "http://shop.example/"]);
    ran.failed_saying(2, "the same file");
}

fn defects_are_named_with_their_sections() {
    let script = "connection\n> GET / HTTP/1.1\n<| HTTP/1.1 302 Found\\n\n\
                  < Location: /a b\n< Date: yesterday\n< Expires: 0\n< ETag: abc\n\
                  < Content-Type: text/html\n< Content-Type: text/plain\n< X: a\n<  b\n\
                  < Strict-Transport-Security: max-age=1\n< Transfer-Encoding: chunked\n\
                  < Content-Length: 5\n<\n<| 0\\r\\n\\r\\n\nclose\n\
                  connection\n> GET /a%20b HTTP/1.1\n< HTTP/1.1 401 No\n< Content-Length: 3\n<\n<| abc\nclose\n";
    let ran = with_peer(script, &["--only", "defects"]).ok();
    check("defects.txt", &ran.text());
}

fn a_hostile_answer_is_shown_all_the_same() {
    let field = format!("X-{}: {}", "n".repeat(300), "v".repeat(5000));
    let script = format!(
        "connection\n> GET / HTTP/1.1\n< HTTP/1.1 999 \n< {field}\n< Content-Length: 0\n<\n"
    );
    let ran = with_peer(&script, &[]).ok();
    assert!(ran.text().contains("(5,000 bytes)"), "{ran}");
    assert!(ran.text().lines().all(|line| line.chars().count() <= 80), "{ran}");
}

/// What a peer with this head and content is said to be.
fn answered(head: &str, content: &str, words: &[&str]) -> Ran {
    let content = if content.is_empty() { String::new() } else { format!("<| {content}\n") };
    let script = format!("connection\n> GET / HTTP/1.1\n< HTTP/1.1 {head}\n<\n{content}close\n");
    with_peer(&script, words)
}

fn what_we_cut_is_not_blamed_on_the_server() {
    let shop = Shop::open();
    // More than is taken, of a page.
    let ran = shop.inspect(&["http://shop.example/bytes/20000000"]).ok();
    assert!(ran.text().contains("connection was closed over the rest"), "{ran}");
    assert!(!ran.text().contains("truncated"), "{ran}");
    // A deadline that passes while content comes.
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n< Content-Length: 361\n\
                  < Content-Type: text/html\n<\n<| <p>begun <a\n";
    let home = Home::new();
    let peer = Peer::playing(script, &home.work());
    let ran = home.run(["inspect", "-m", "0.5", "--only", "signs,defects", peer.url()]);
    peer.finish().unwrap();
    for blame in ["truncated", "Content-Length says", "in the middle of", "asked for"] {
        assert!(!ran.text().contains(blame), "{blame}: {ran}");
    }
    assert!(ran.text().contains("beyond how it ended: timed out"), "{ran}");
    ran.failed(28);
}

fn a_transfer_that_breaks_is_a_sign_and_a_defect() {
    let chunked = "200 OK\n< Transfer-Encoding: chunked";
    let gzip = "200 OK\n< Content-Encoding: gzip";
    for (head, content, kind, section, code) in [
        (chunked, "5\\r\\nab", "truncated (certain)", "RFC 9112 section 8", 18),
        (chunked, "zz\\r\\nab", "that cannot be read (certain)", "RFC 9112 section 7.1", 56),
        ("200 OK\n< Content-Length: 9", "abc", "truncated (certain)", "RFC 9112 section 8", 18),
        (gzip, "not gzip at all", "cannot be read (certain)", "RFC 9110 section 8.4.1", 61),
        (gzip, "\\x1f\\x8b\\x08", "truncated (certain)", "RFC 9110 section 8.4.1", 61),
        ("200 OK\n< Content-Encoding: x-odd", "a", "cannot be read", "RFC 9110 section 8.4.1", 61),
    ] {
        let ran = answered(head, content, &["--only", "crawler,signs,defects"]);
        let text = ran.text().split_whitespace().collect::<Vec<_>>().join(" ");
        for told in [kind, &format!("({section})"), "what came is not the whole page"] {
            assert!(text.contains(told), "{told}: {ran}");
        }
        assert!(!text.contains("asked for"), "{ran}");
        ran.failed(code);
    }
}

fn a_crawler_goes_by_the_status() {
    for (head, said) in [
        ("404 Not Found", "takes nothing: 404 says that there is no page"),
        ("403 Forbidden", "takes nothing: 403 refuses"),
        ("429 Too Many Requests", "it slows down"),
        ("401 No", "wants a login"),
        ("400 No", "takes nothing: the status is 400"),
        ("204 No Content", "204 has no content"),
        ("304 Not Modified", "keeps the copy that it has"),
        ("302 Found\n< Location: /b", "where the redirect leads"),
        ("500 Oh", "it comes again later"),
        ("200 OK", "takes the page and follows its links (robots.txt was not asked)"),
        ("200 OK\n< X-Robots-Tag: unavailable_after: 25 Jun 2010 15:00:00 GMT", "its time is over"),
    ] {
        let head = format!("{head}\n< Content-Length: 0");
        let ran = answered(&head, "", &["--no-location", "--only", "crawler"]).ok();
        let text = ran.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(said), "{said}: {ran}");
        assert!(text.contains("robots.txt was not asked"), "{ran}");
    }
}

fn what_is_not_what_was_asked_for_is_not_said_to_be() {
    let ran = answered("404 No\n< Content-Length: 0", "", &["--only", "signs"]).ok();
    assert!(ran.text().contains("nothing beyond what its status says: 404"), "{ran}");
    let shop = Shop::open();
    let ran = shop.inspect(&["--only", "signs,crawler", "http://shop.example/redirect/loop"]);
    assert!(ran.text().contains("redirect loop (certain)"), "{ran}");
    assert!(ran.text().contains("/redirect/loop was asked for 21 times"), "{ran}");
    assert!(ran.text().contains("gives up: the redirects do not end"), "{ran}");
    ran.failed(47);
    let ran = shop.inspect(&["--max-redirs", "0", "--only", "signs", CHAIN]);
    assert!(ran.text().contains("redirect loop (likely)"), "{ran}");
    ran.failed(47);
}

fn a_saved_page_of_nobody_knows_where_is_read() {
    let home = Home::new();
    let head =
        "HTTP/1.1 200 OK\r\nDate: Thu, 15 Jan 2026 09:30:00 GMT\r\nContent-Type: text/html\r\n";
    let page = "<a href=/a>a</a><a href=b>b</a><a href='//c.example/'>c</a>\
                <a href='https://d.example/'>d</a><form action=send><input name=q></form><form></form>";
    home.write("answer.txt", format!("{head}\r\n{page}"));
    let ran = home.run(["inspect", "--from", "answer.txt"]).ok();
    assert!(ran.text().contains("2 to this host, 2 to hosts that may be this one"), "{ran}");
    assert!(ran.text().contains("GET send: q"), "{ran}");
    for untrue in ["about:blank", "agrees with this machine's clock", "0 to this host"] {
        assert!(!ran.text().contains(untrue), "{untrue}: {ran}");
    }
    // An archive's clock is that of another machine.
    let har = r#"{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{
        "startedDateTime":"2026-01-15T09:30:00.123Z","time":1,"cache":{},
        "request":{"method":"GET","url":"http://a.example/","httpVersion":"HTTP/1.1","headers":[],
            "queryString":[],"cookies":[],"headersSize":-1,"bodySize":0},
        "response":{"status":302,"statusText":"Found","httpVersion":"HTTP/1.1","cookies":[],
            "headers":[{"name":"Date","value":"Thu, 15 Jan 2026 09:30:00 GMT"}],
            "content":{"size":0,"mimeType":""},"redirectURL":"","headersSize":-1,"bodySize":169},
        "timings":{"send":0,"wait":0,"receive":0}}]}}"#;
    home.write("page.har", har);
    let ran = home.run(["inspect", "--from", "page.har"]).ok();
    assert!(ran.text().contains("not read") && !ran.text().contains("clock"), "{ran}");
    // Of a head that was saved alone nobody knows the content.
    home.write("head.txt", format!("{head}Content-Length: 169\r\n\r\n"));
    let ran = home.run(["inspect", "--from", "head.txt"]).ok();
    assert!(ran.text().contains("not read") && !ran.text().contains("none came"), "{ran}");
    // Codings that were undone before: how much came is not known.
    let undone = "Content-Encoding: gzip\r\nContent-Length: 9\r\n";
    home.write("undone.txt", format!("{head}{undone}\r\n{page}"));
    let ran = home.run(["inspect", "--from", "undone.txt"]).ok();
    assert!(!ran.text().contains("Content-Length says"), "{ran}");
}

fn framing_and_redirects_that_break_rules_are_defects() {
    for (head, content, defect) in [
        (
            "200 OK\n< Transfer-Encoding: identity\n< Content-Length: 1",
            "a",
            "Transfer-Encoding: identity, which is no transfer coding (RFC 9112 section 7)",
        ),
        (
            "200 OK\n< Transfer-Encoding: identity\n< Content-Length: 1",
            "a",
            "Content-Length beside Transfer-Encoding (RFC 9112 section 6.3)",
        ),
        (
            "304 No\n< ETag: \"a\"",
            "",
            "304 to a request without a condition (RFC 9110 section 15.4.5)",
        ),
        (
            "200 OK\n< Content-Type: text/html; charset=nonsense\n< Content-Length: 1",
            "a",
            "a charset that nobody knows: \"nonsense\" (RFC 9110 section 8.3.2)",
        ),
        (
            "302 No\n< Location: mailto:a@b.example\n< Content-Length: 0",
            "",
            "Location leads to mailto:, which is not http (RFC 9110 section 10.2.2)",
        ),
        ("302 No\n< Location: http://[/\n< Content-Length: 0", "", "Location is no URL: "),
        ("200 OK\n< Content-Length: 0", "", "200 without Date, which a server with a clock sends"),
    ] {
        let ran = answered(head, content, &["--no-location", "--only", "defects"]).ok();
        let text = ran.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(defect), "{defect}: {ran}");
    }
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.0 200 OK\n< Transfer-Encoding: chunked\n<\n\
                  <| 0\\r\\n\\r\\n\nclose\n";
    let ran = with_peer(script, &["--only", "defects"]).ok();
    assert!(ran.text().contains("Transfer-Encoding in an answer of HTTP/1.0"), "{ran}");
    let conditional = ["-H", "If-None-Match: \"a\"", "--only", "defects"];
    let ran = answered("304 No\n< ETag: \"a\"", "", &conditional).ok();
    assert!(!ran.text().contains("without a condition"), "{ran}");
}

fn a_limit_that_is_used_up_is_a_hint() {
    let head = "200 OK\n< RateLimit-Remaining: 0\n< Content-Length: 1";
    let ran = answered(head, "a", &["--only", "signs"]).ok();
    assert!(ran.text().contains("a limit that is used up (likely)"), "{ran}");
    assert!(!ran.text().contains("rate limit"), "{ran}");
}
