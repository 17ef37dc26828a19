//! Against nginx where it does not let everybody in: passwords, certificates of clients, one
//! version of TLS. And the byte ranges of a server that knows them.

use crate::support::client::{Home, Ran};
use crate::support::configured::{or_missing, start};
use crate::support::leash::Leash;
use crate::support::tls::Authority;
use libtest_mimic::Trial;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

pub fn tests() -> Vec<Trial> {
    let server = Arc::<OnceLock<Doors>>::default();
    let with = |name: &str, test: fn(&Doors)| {
        let server = Arc::clone(&server);
        Trial::ignorable_test(format!("nginx_doors::{name}"), move || {
            or_missing("nginx", |program| {
                test(server.get_or_init(|| Doors::start(&program)));
            })
        })
    };
    macro_rules! with_doors {
        ($($test:ident),* $(,)?) => { vec![$(with(stringify!($test), $test)),*] };
    }
    with_doors![
        a_password,
        a_password_from_a_file_of_logins,
        a_range_and_several,
        a_client_certificate,
        a_client_certificate_with_a_locked_key,
        no_client_certificate,
        a_client_certificate_of_another_authority,
        a_server_with_one_version_of_tls,
        what_is_not_newer_is_not_sent_again,
    ]
}

/// A running nginx, and a home with every certificate in its working folder.
struct Doors {
    home: Home,
    http: String,
    /// Wants a client's certificate.
    mutual: String,
    tls12: String,
    tls13: String,
    _leash: Leash,
}

impl Doors {
    fn start(program: &Path) -> Doors {
        let home = Home::new();
        let authority = Authority::new("of the servers");
        let clients = Authority::new("of the clients");
        let leaf = authority.leaf(["localhost"]);
        let (me, other) = (clients.client("me"), Authority::new("unknown").client("me"));
        for (name, text) in [
            ("ca.pem", authority.pem()),
            ("leaf.pem", leaf.pem()),
            ("leaf.key", leaf.key_pem()),
            ("clients.pem", clients.pem()),
            ("me.pem", me.pem()),
            ("me.key", me.key_pem()),
            ("both.pem", me.pem() + &me.key_pem()),
            ("other.pem", other.pem() + &other.key_pem()),
            ("passwords", "me:{PLAIN}secret\n".to_owned()),
        ] {
            home.write(name, text);
        }
        std::fs::create_dir(home.file("www")).unwrap();
        home.write("www/digits", "0123456789");
        let ([http, mutual, tls12, tls13], leash) =
            start(&home.work(), CONFIG, |file| nginx(program, file));
        let https = |port| format!("https://localhost:{port}/digits");
        Doors {
            http: format!("http://127.0.0.1:{http}"),
            mutual: https(mutual),
            tls12: https(tls12),
            tls13: https(tls13),
            home,
            _leash: leash,
        }
    }

    fn ask(&self, url: &str, flags: &[&str]) -> Ran {
        let words = ["fetch", "--cacert", "ca.pem", "-w", "%{http_code}", "-s", "-S", "-f"];
        self.home.run(words.iter().chain(flags).chain([&url]))
    }
}

fn nginx(program: &Path, config: &Path) -> Command {
    let dir = config.parent().expect("a folder");
    let mut command = Command::new(program);
    command.arg("-p").arg(dir).arg("-e").arg(dir.join("error.log")).arg("-c").arg(config);
    command
}

const CONFIG: &str = r#"
daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {}
http {
    access_log off;
    client_body_temp_path {dir}/temp-body;
    proxy_temp_path {dir}/temp-proxy;
    fastcgi_temp_path {dir}/temp-fastcgi;
    uwsgi_temp_path {dir}/temp-uwsgi;
    scgi_temp_path {dir}/temp-scgi;
    root {dir}/www;
    ssl_certificate {dir}/leaf.pem;
    ssl_certificate_key {dir}/leaf.key;
    server {
        listen 127.0.0.1:{0};
        location /inside/ {
            alias {dir}/www/;
            auth_basic "inside";
            auth_basic_user_file {dir}/passwords;
        }
    }
    server {
        listen 127.0.0.1:{1} ssl;
        ssl_client_certificate {dir}/clients.pem;
        ssl_verify_client on;
    }
    server {
        listen 127.0.0.1:{2} ssl;
        ssl_protocols TLSv1.2;
    }
    server {
        listen 127.0.0.1:{3} ssl;
        ssl_protocols TLSv1.3;
    }
}
"#;

fn a_password(doors: &Doors) {
    let url = format!("{}/inside/digits", doors.http);
    assert_eq!(doors.ask(&url, &["-u", "me:secret"]).ok().text(), "0123456789200");
    assert_eq!(doors.ask(&url, &["--anyauth", "-u", "me:secret"]).ok().text(), "0123456789200");
    for flags in [&[][..], &["-u", "me:wrong"], &["--anyauth", "-u", "me:wrong"]] {
        assert_eq!(doors.ask(&url, flags).failed(22).text(), "401");
    }
}

fn a_password_from_a_file_of_logins(doors: &Doors) {
    let url = format!("{}/inside/digits", doors.http);
    doors.home.write("logins", "machine 127.0.0.1 login me password secret\n");
    doors.ask(&url, &["--netrc-file", "logins"]).ok();
    doors.home.write("logins", "machine localhost login me password secret\n");
    doors.ask(&url, &["--netrc-file", "logins"]).failed(22);
}

fn a_range_and_several(doors: &Doors) {
    let url = format!("{}/digits", doors.http);
    assert_eq!(doors.ask(&url, &["-r", "2-4"]).ok().text(), "234206");
    assert_eq!(doors.ask(&url, &["-r", "-3"]).ok().text(), "789206");
    let several = doors.ask(&url, &["-r", "0-1,5-"]).ok().text();
    for part in
        ["Content-Range: bytes 0-1/10\r\n\r\n01\r\n", "bytes 5-9/10\r\n\r\n56789\r\n", "206"]
    {
        assert!(several.contains(part), "{several}");
    }
    assert_eq!(doors.ask(&url, &["-r", "20-"]).failed(22).text(), "416");
}

fn a_client_certificate(doors: &Doors) {
    for flags in [&["-E", "both.pem"][..], &["--cert", "me.pem", "--key", "me.key"]] {
        for most in ["1.2", "1.3"] {
            let flags = [flags, &["--tls-max", most]].concat();
            assert_eq!(doors.ask(&doors.mutual, &flags).ok().text(), "0123456789200");
        }
    }
}

/// Locked as OpenSSL locks them, and in DER.
fn a_client_certificate_with_a_locked_key(doors: &Doors) {
    let openssl = |words: &[&str]| {
        let mut command = Command::new("openssl");
        let ran = command.args(words).current_dir(doors.home.work()).output().expect("openssl");
        assert!(ran.status.success(), "{ran:?}");
    };
    let lock = ["pkcs8", "-topk8", "-in", "me.key", "-passout", "pass:s:1"];
    openssl(&[&lock[..], &["-out", "locked.key"]].concat());
    openssl(&[&lock[..], &["-outform", "DER", "-out", "locked.der"]].concat());
    openssl(&["x509", "-in", "me.pem", "-outform", "DER", "-out", "me.der"]);
    doors.ask(&doors.mutual, &["-E", "me.pem:s:1", "--key", "locked.key"]).ok();
    doors.ask(&doors.mutual, &["-E", "me.pem", "--key", "locked.key", "--pass", "s:1"]).ok();
    let der = ["-E", "me.der", "--cert-type", "DER", "--key", "locked.der", "--key-type", "der"];
    doors.ask(&doors.mutual, &[&der[..], &["--pass", "s:1"]].concat()).ok();
    doors.ask(&doors.mutual, &["-E", "me.pem", "--key", "locked.key"]).failed_saying(58, "--pass");
    let wrong = ["-E", "me.pem:wrong", "--key", "locked.key"];
    doors.ask(&doors.mutual, &wrong).failed_saying(58, "does not open");
}

fn no_client_certificate(doors: &Doors) {
    assert_eq!(doors.ask(&doors.mutual, &[]).failed(22).text(), "400");
}

fn a_client_certificate_of_another_authority(doors: &Doors) {
    assert_eq!(doors.ask(&doors.mutual, &["-E", "other.pem"]).failed(22).text(), "400");
}

fn a_server_with_one_version_of_tls(doors: &Doors) {
    for url in [&doors.tls12, &doors.tls13] {
        assert_eq!(doors.ask(url, &[]).ok().text(), "0123456789200");
    }
    doors.ask(&doors.tls12, &["--tlsv1.3"]).failed(35);
    doors.ask(&doors.tls13, &["--tls-max", "1.2"]).failed(35);
    doors.ask(&doors.tls12, &["--tlsv1.2"]).ok();
    doors.ask(&doors.tls13, &["--tlsv1.3"]).ok();
}

fn what_is_not_newer_is_not_sent_again(doors: &Doors) {
    let url = format!("{}/digits", doors.http);
    let flags = ["-R", "-o", "copy", "--etag-save", "tag"];
    assert_eq!(doors.ask(&url, &flags).ok().text(), "200");
    assert_eq!(doors.ask(&url, &["-z", "copy", "-o", "copy"]).ok().text(), "304");
    let flags = ["--etag-compare", "tag", "--etag-save", "tag", "-o", "copy"];
    assert_eq!(doors.ask(&url, &flags).ok().text(), "304");
    assert_eq!(std::fs::read(doors.home.file("copy")).unwrap(), b"0123456789");
}
