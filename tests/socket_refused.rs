//! What `cruller socket` refuses, or is refused: one line each, and the right exit code.

use crate::support::client::{Home, Running};
use crate::support::listener::{Listener, connect};
use libtest_mimic::Trial;
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

pub fn tests() -> Vec<Trial> {
    trials![
        bad_input_is_one_line_and_a_code,
        a_busy_port_and_a_busy_path,
        a_socket_file_that_was_left_is_not_removed_for_anybody,
        no_permission,
    ]
}

fn bad_input_is_one_line_and_a_code() {
    let long = format!("unix:///tmp/{}", "x".repeat(200));
    for (address, code, why) in [
        ("localhost:80", 3, "does not say of which kind"),
        ("http://localhost:80", 1, "not spoken here"),
        ("raw://eth0", 1, "CAP_NET_RAW"),
        ("tcp://localhost", 3, "no port"),
        ("tcp://localhost:65536", 3, "no port"),
        ("tcp://::1:80", 3, "brackets"),
        ("tcp://a b:80", 3, "character"),
        ("tcp://me:secret@127.0.0.1:80", 3, "names a user"),
        ("unix://", 3, "no path"),
        (&long, 3, "too long"),
        ("tcp://\u{1b}[2J:80", 3, "\\u{1b}"),
        ("tcp://no-such-host.invalid:80", 6, "no-such-host.invalid"),
    ] {
        for action in ["connect", "listen"] {
            let ran = Home::new().run(["socket", action, address]);
            let ran = ran.failed_saying(code, why);
            assert!(!ran.stderr.contains("secret"), "{ran}");
        }
    }
    for (words, code, why) in [
        (&["connect", "tcp://127.0.0.1:0"][..], 3, "port 0"),
        (&["connect", "tcp://:80"], 3, "names no host"),
        (&["connect", "unix:///no/such/file"], 7, "ENOENT"),
        (&["connect", "tcp://127.0.0.1:80", "--send", r"\q"], 2, r"\q"),
        (&["connect", "tcp://127.0.0.1:80", "--wait", "soon"], 2, "--wait"),
        (&["connect", "tcp://127.0.0.1:80", "--timeout", "-1"], 2, "-1"),
        (&["connect", "tcp://127.0.0.1:80", "-k"], 2, "--tls"),
        (&["connect", "udp://127.0.0.1:80", "--tls"], 2, "tcp://"),
        (&["connect", "tcp://[::1]:80", "-4"], 6, "::1"),
        (&["connect", "tcp://127.0.0.1:80", "--send", r"\010"], 2, r"\010 is no escape"),
        (&["connect"], 2, "ADDRESS"),
        (&["connect", "127.0.0.1", "80"], 2, "tcp://127.0.0.1:80"),
        (&["connect", "::1", "80"], 2, "tcp://[::1]:80"),
        (&["listen", "unix:///a b", "more words"], 2, "tcp://HOST:PORT"),
        (&["listen", "tcp://127.0.0.1:0", "--max-connections", "0"], 2, "--max-connections"),
        (&["listen", "tcp://127.0.0.1:0", "--backlog", "-1"], 2, "-1"),
        (&["listen", "tcp://192.0.2.1:0"], 45, "EADDRNOTAVAIL"),
        (&["listen", "unix:///no/such/folder/a.sock"], 45, "ENOENT"),
        (&["listen", "tcp://127.0.0.1:0", "--reply", "/"], 26, "/"),
    ] {
        Home::new().run(["socket"].iter().chain(words)).failed_saying(code, why);
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = Home::new().run(connect(&format!("tcp://{nobody}"), &[]));
    ran.failed_saying(7, "Connection refused, ECONNREFUSED (");
}

fn a_busy_port_and_a_busy_path() {
    let home = Home::new();
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", busy.local_addr().unwrap());
    let ran = home.run(["socket", "listen", &address]).failed_saying(45, "EADDRINUSE");
    assert!(ran.stderr.contains("TIME_WAIT"), "{ran}");
    for kind in ["unix", "unixgram", "unixpacket"] {
        let server = Listener::start(&format!("{kind}://a.sock"), &["--once", "--reply", "greet"]);
        let again = server.home.run(["socket", "listen", "unix://a.sock"]);
        again.failed_saying(45, "EADDRINUSE");
        // The one that is there has noticed nothing.
        server.home.run(connect(&server.address, &["--send", r"exit\n"])).ok();
        server.ended_well();
    }
    home.write("file", "precious");
    home.run(["socket", "listen", "unix://file"]).failed_saying(45, "no socket");
    assert_eq!(std::fs::read(home.file("file")).unwrap(), b"precious");
}

fn a_socket_file_that_was_left_is_not_removed_for_anybody() {
    let home = Home::new();
    drop(UnixListener::bind(home.file("a.sock")).unwrap());
    for kind in ["unix", "unixgram", "unixpacket"] {
        let ran = home.run(["socket", "listen", &format!("{kind}://a.sock")]);
        let ran = ran.failed_saying(45, "nobody listens");
        assert!(ran.stderr.contains("hint: an earlier run left it; remove it"), "{ran}");
    }
    assert!(home.file("a.sock").exists());
}

fn no_permission() {
    let home = Home::new();
    let folder = home.file("closed");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o500)).unwrap();
    let client = home.command(["socket", "listen", "unix://closed/a.sock"]);
    let is_root = File::create(folder.join("file")).is_ok();
    let command = match is_root {
        false => client,
        // The superuser, without what makes it that.
        true => {
            let mut command = Command::new("setpriv");
            command.args(["--bounding-set=-all", "--inh-caps=-all"]);
            command.arg(client.get_program()).args(client.get_args()).current_dir(home.work());
            command
        }
    };
    Running::to(command, Stdio::piped()).finish().failed_saying(45, "EACCES (");
}
