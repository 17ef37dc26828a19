//! `cruller fetch` where no dialogue reaches: names that do not resolve, full disks, files
//! that are not there. The practice site answers where somebody has to.

use crate::support::client::{Home, Ran, Running, cruller};
use crate::support::peer::Peer;
use libtest_mimic::Trial;
use socket2::{Domain, Socket, Type};
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};

pub fn tests() -> Vec<Trial> {
    trials![
        a_host_that_does_not_exist,
        a_port_that_is_closed,
        a_closed_port_leaves_no_file_and_no_jar,
        a_host_that_does_not_let_anybody_in,
        a_server_that_never_begins_to_speak_tls,
        a_full_disk_behind_standard_output,
        nobody_reads_standard_output,
        nobody_listens_on_standard_error,
        an_address_that_is_none,
        a_scheme_that_is_not_spoken,
        an_option_that_does_not_exist,
        options_that_do_not_go_together,
        nothing_to_fetch,
        a_missing_file_of_certificates,
        a_file_of_certificates_that_holds_none,
        a_jar_that_cannot_be_read,
        a_jar_that_cannot_be_written,
        a_session_that_cannot_be_read_stays_as_it_is,
        data_from_a_file_that_is_not_there,
        two_processes_with_one_session,
        two_processes_with_one_jar,
        a_session_is_for_its_owner_only,
        a_jar_by_hand,
        two_sessions_in_one_run_are_two_visitors,
        a_configuration_file_that_makes_no_sense,
        flags_from_standard_input,
        a_trace_tells_every_byte,
        errors_go_where_they_were_sent,
        a_meter_is_for_terminals,
    ]
}

/// A port that refuses: bound, so that nobody else gets it, and not listening.
fn closed_port() -> (Socket, u16) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    (socket, port)
}

/// A port that is connected to by the kernel alone: nobody ever answers.
fn silent_port() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Runs `fetch` with `options` and the URL of a peer that plays `script` once.
fn with_peer(script: &str, run: impl FnOnce(&Home, &str) -> Ran) -> Ran {
    let home = Home::new();
    let peer = Peer::playing(script, &home.work());
    let ran = run(&home, peer.url());
    peer.finish().unwrap();
    ran
}

const ONE_PAGE: &str =
    "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n<\n<|10000* content\nclose\n";

fn a_host_that_does_not_exist() {
    let ran = cruller(["fetch", "http://no-such-host.invalid/"]);
    ran.failed_saying(6, "no-such-host.invalid");
}

fn a_port_that_is_closed() {
    let (_held, port) = closed_port();
    let ran = cruller(["fetch", &format!("http://127.0.0.1:{port}/")]);
    ran.failed_saying(7, &format!("127.0.0.1 port {port}"));
}

fn a_closed_port_leaves_no_file_and_no_jar() {
    let (_held, port) = closed_port();
    let home = Home::new();
    home.write("kept", "before");
    let url = format!("http://127.0.0.1:{port}/");
    home.run(["fetch", "-o", "out", &url]).failed(7);
    home.run(["fetch", "-o", "kept", &url]).failed(7);
    assert!(!home.file("out").exists());
    assert_eq!(std::fs::read(home.file("kept")).unwrap(), b"before");
}

fn a_host_that_does_not_let_anybody_in() {
    let door = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    door.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    door.listen(0).unwrap();
    let address = door.local_addr().unwrap();
    // The waiting room is filled; whoever comes now gets no answer at all.
    let waiting: Vec<Socket> = (0..8)
        .map(|_| {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            socket.set_nonblocking(true).unwrap();
            let _ = socket.connect(&address);
            socket
        })
        .collect();
    let url = format!("http://127.0.0.1:{}/", address.as_socket().unwrap().port());
    cruller(["fetch", "--connect-timeout", "0.3", &url]).failed(28);
    cruller(["fetch", "-m", "0.3", &url]).failed(28);
    drop(waiting);
}

fn a_server_that_never_begins_to_speak_tls() {
    let (_listener, port) = silent_port();
    let url = format!("https://127.0.0.1:{port}/");
    cruller(["fetch", "--connect-timeout", "0.3", &url]).failed(28);
    cruller(["fetch", "-m", "0.3", &url]).failed(28);
}

fn a_full_disk_behind_standard_output() {
    let ran = with_peer(ONE_PAGE, |home, url| {
        let full = File::options().write(true).open("/dev/full").unwrap();
        Running::to(home.command(["fetch", &format!("{url}/")]), full).finish()
    });
    ran.failed(23);
}

fn nobody_reads_standard_output() {
    let ran = with_peer(ONE_PAGE, |home, url| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Running::to(home.command(["fetch", &format!("{url}/")]), writer).finish()
    });
    ran.failed(23);
}

fn nobody_listens_on_standard_error() {
    let (_held, port) = closed_port();
    let home = Home::new();
    let command = home.command(["fetch", &format!("http://127.0.0.1:{port}/")]);
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"exec "$@" 2>&-"#, "sh"]).arg(command.get_program());
    shell.args(command.get_args()).current_dir(home.work());
    let ran = Running::to(shell, Stdio::null()).finish();
    assert!(ran.code == 7, "{ran}");
}

fn an_address_that_is_none() {
    for url in ["http://", "http:///", "http://[::1", "http://a b/", "http://a.example:99999/"] {
        cruller(["fetch", url]).failed(3);
    }
}

fn a_scheme_that_is_not_spoken() {
    for url in ["gopher+x://a.example/", "file:///etc/hostname"] {
        let ran = cruller(["fetch", url]).failed(1);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
}

fn an_option_that_does_not_exist() {
    cruller(["fetch", "--no-such-thing", "http://a.example/"]).failed_saying(2, "--no-such-thing");
}

fn options_that_do_not_go_together() {
    let home = Home::new();
    home.run(["fetch", "--session", "me", "-c", "jar", "http://a.invalid/"]).failed(2);
    home.run(["fetch", "-m", "soon", "http://a.invalid/"]).failed(2);
    home.run(["fetch", "-d"]).failed(2);
    assert!(!home.file("jar").exists());
}

fn nothing_to_fetch() {
    cruller(["fetch"]).failed(2);
}

fn a_missing_file_of_certificates() {
    let (_listener, port) = silent_port();
    let url = format!("https://127.0.0.1:{port}/");
    let ran = cruller(["fetch", "-m", "10", "--cacert", "no-such.pem", &url]);
    ran.failed_saying(77, "no-such.pem");
}

fn a_file_of_certificates_that_holds_none() {
    let (_listener, port) = silent_port();
    let home = Home::new();
    home.write("empty.pem", "nothing of the kind\n");
    let url = format!("https://127.0.0.1:{port}/");
    home.run(["fetch", "-m", "10", "--cacert", "empty.pem", &url]).failed_saying(77, "empty.pem");
}

fn a_jar_that_cannot_be_read() {
    let (_listener, port) = silent_port();
    let home = Home::new();
    std::fs::create_dir(home.file("folder")).unwrap();
    let url = format!("http://127.0.0.1:{port}/");
    home.run(["fetch", "-m", "10", "-b", "folder", &url]).failed_saying(26, "folder");
}

fn a_jar_that_cannot_be_written() {
    let home = Home::new();
    let (_site, site) = home.serve();
    let url = format!("{site}/cookies/set?a=1");
    let ran = home.run(["fetch", "-c", "no-such-folder/jar", &url]);
    assert!(ran.code != 0, "a jar that was not saved is a failure: {ran}");
    ran.one_line();
    assert!(ran.stderr.contains("no-such-folder"), "{ran}");
}

fn a_session_that_cannot_be_read_stays_as_it_is() {
    let home = Home::new();
    let (_site, site) = home.serve();
    let url = format!("{site}/cookies/set?a=1");
    home.run(["fetch", "--session", "me", &url]).ok();
    let file = home.config().join("sessions/me/session.json");
    let whole = std::fs::read(&file).unwrap();
    let torn = &whole[..whole.len() / 2];
    std::fs::write(&file, torn).unwrap();
    let ran = home.run(["fetch", "--session", "me", &url]);
    assert!(ran.code != 0, "{ran}");
    ran.one_line();
    assert_eq!(std::fs::read(&file).unwrap(), torn);
}

fn data_from_a_file_that_is_not_there() {
    let (_listener, port) = silent_port();
    let url = format!("http://127.0.0.1:{port}/");
    cruller(["fetch", "-m", "10", "-d", "@no-such-file", &url]).failed_saying(26, "no-such-file");
}

const LOGIN: &str = "user=ada&password=lovelace";

fn two_processes_with_one_session() {
    let home = Home::new();
    let (_site, site) = home.serve();
    let account = format!("{site}/account");
    assert!(!home.run(["fetch", &account]).ok().text().contains("Welcome back, ada"));
    home.run(["fetch", "--session", "me", "-d", LOGIN, &format!("{site}/login")]).ok();
    let ran = home.run(["fetch", "--session", "me", &account]).ok();
    assert!(ran.text().contains("Welcome back, ada"), "{ran}");
    let stranger = home.run(["fetch", "--session", "you", &account]).ok();
    assert!(!stranger.text().contains("Welcome back"), "{stranger}");
}

fn two_processes_with_one_jar() {
    let home = Home::new();
    let (_site, site) = home.serve();
    let account = format!("{site}/account");
    let login = home.run(["fetch", "-L", "-c", "jar", "-d", LOGIN, &format!("{site}/login")]).ok();
    assert!(login.text().contains("Welcome back, ada"), "{login}");
    let ran = home.run(["fetch", "-b", "jar", &account]).ok();
    assert!(ran.text().contains("Welcome back, ada"), "{ran}");
    assert!(!home.run(["fetch", &account]).ok().text().contains("Welcome back"));
}

fn a_session_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let (_site, site) = home.serve();
    let set = format!("{site}/cookies/set?a=1");
    home.run(["fetch", "--session", "me", &set]).ok();
    home.run(["fetch", "-c", "jar", &set]).ok();
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode();
    let session = home.config().join("sessions/me");
    assert_eq!(mode(session.join("session.json")) & 0o777, 0o600);
    assert_eq!(mode(session) & 0o777, 0o700);
    assert_eq!(mode(home.file("jar")) & 0o777, 0o600);
}

fn two_sessions_in_one_run_are_two_visitors() {
    let home = Home::new();
    let (_site, site) = home.serve();
    let (set, show) = (format!("{site}/cookies/set?one=1"), format!("{site}/cookies"));
    let words = ["fetch", "-s", "--session", "a", "-o", "x", &set, "--next"];
    let ran = home.run(words.iter().chain(&["--session", "b", &show])).ok();
    assert!(!ran.text().contains("one=1"), "{ran}");
    assert!(!home.config().join("sessions/b/session.json").exists());
    let ran = home.run(["fetch", "-s", "--session", "a", &show]).ok();
    assert!(ran.text().contains("one=1"), "{ran}");
}

fn a_jar_by_hand() {
    let home = Home::new();
    let jar = ["one", "two"].map(|name| format!("a.example\tFALSE\t/\tFALSE\t0\t{name}\tx\n"));
    home.write("jar", format!("# Netscape HTTP Cookie File\n{}", jar.concat()));
    let cookies = |action: &str, names: &[&str]| {
        home.run(["cookies", action, "--jar", "jar"].iter().chain(names))
    };
    let listed = cookies("ls", &[]).ok().text();
    assert!(listed.contains("one") && listed.contains("two"), "{listed}");
    cookies("get", &["one"]).ok();
    assert_eq!(cookies("rm", &["one"]).code, 0);
    assert_eq!(cookies("get", &["one"]).code, 1);
    cookies("get", &["two"]).ok();
    let left = std::fs::read_to_string(home.file("jar")).unwrap();
    assert!(left.contains("\ttwo\t") && !left.contains("\tone\t"), "{left}");
}

fn a_configuration_file_that_makes_no_sense() {
    let home = Home::new();
    let (_listener, port) = silent_port();
    let url = format!("http://127.0.0.1:{port}/");
    let file = home.config().join("fetch.conf");
    for bad in ["nonsense = x", "user-agent", "user-agent =", "location = yes"] {
        let text = format!("# mine\nlocation\n{bad}\n");
        std::fs::write(&file, &text).unwrap();
        home.write("flags", text);
        let ran = home.run(["fetch", "-m", "10", &url]);
        ran.failed_saying(2, &format!("{}, line 3: ", file.display()));
        let ran = home.run(["fetch", "-q", "-m", "10", "-K", "flags", &url]);
        ran.failed_saying(2, "flags, line 3: ");
    }
}

fn a_trace_tells_every_byte() {
    const POSTED: &str = "connection\n> POST / HTTP/1.1\n>| hi\n< HTTP/1.1 200 OK\n< Content-Length: 3\n<\n<| a\tb\nclose\n";
    let expected = "=> Send data, 2 bytes (0x2)\n0000: hi\n\
        <= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n\
        <= Recv header, 19 bytes (0x13)\n0000: Content-Length: 3\n\
        <= Recv header, 2 bytes (0x2)\n0000: \n\
        <= Recv data, 3 bytes (0x3)\n0000: a.b\n";
    let home = Home::new();
    let peer = Peer::playing(POSTED, &home.work());
    let flags = ["fetch", "-s", "--trace-ascii", "trace", "-o", "out", "-d", "hi", peer.url()];
    home.run(flags).ok();
    peer.finish().unwrap();
    let trace = std::fs::read_to_string(home.file("trace")).unwrap();
    assert!(trace.starts_with("== Info: Connected to 127.0.0.1:"), "{trace}");
    assert!(trace.contains("\n=> Send header, "), "{trace}");
    assert!(trace.ends_with(expected), "{trace}");
}

fn errors_go_where_they_were_sent() {
    let home = Home::new();
    let ran = home.run(["fetch", "--stderr", "said", "-v", "http://no-such-host.invalid/"]);
    assert!(ran.code == 6 && ran.stderr.is_empty(), "{ran}");
    let said = std::fs::read_to_string(home.file("said")).unwrap();
    assert!(said.starts_with("cruller: (6) "), "{said}");
    let ran = home.run(["fetch", "--stderr", "-", "http://no-such-host.invalid/"]);
    assert!(ran.code == 6 && ran.stdout.starts_with(b"cruller: (6) "), "{ran}");
}

fn a_meter_is_for_terminals() {
    let ran = with_peer(ONE_PAGE, |home, url| home.run(["fetch", "-#", "-o", "out", url]));
    assert!(ran.ok().stderr.is_empty());
}

fn flags_from_standard_input() {
    let ran = with_peer(ONE_PAGE, |home, url| {
        home.write("flags", format!("url = {url}/\noutput = page\n"));
        let command = home.command(["fetch", "-K", "-"]);
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"exec "$@" <flags"#, "sh"]).arg(command.get_program());
        shell.args(command.get_args()).current_dir(home.work());
        let ran = Running::to(shell, Stdio::null()).finish();
        assert_eq!(std::fs::metadata(home.file("page")).unwrap().len(), 70_000);
        ran
    });
    ran.ok();
}
