//! Against Apache httpd: Digest (RFC 7616) as it is asked for in the real world.

use crate::support::client::{Home, Ran};
use crate::support::configured::{or_missing, start};
use crate::support::leash::Leash;
use libtest_mimic::Trial;
use md5::{Digest, Md5};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

pub fn tests() -> Vec<Trial> {
    let server = Arc::<OnceLock<Apache>>::default();
    let with = |name: &str, test: fn(&Apache)| {
        let server = Arc::clone(&server);
        Trial::ignorable_test(format!("apache::{name}"), move || {
            or_missing("apache2", |program| {
                test(server.get_or_init(|| Apache::start(&program)));
            })
        })
    };
    macro_rules! with_apache {
        ($($test:ident),* $(,)?) => { vec![$(with(stringify!($test), $test)),*] };
    }
    with_apache![
        digest_is_proved,
        a_wrong_password_is_refused,
        a_post_is_proved_too,
        a_redirect_within_is_proved_again,
        two_pages_with_one_login,
        a_name_with_blanks_and_umlauts,
    ]
}

/// A running httpd, in a home's working folder.
struct Apache {
    home: Home,
    url: String,
    _leash: Leash,
}

impl Apache {
    fn start(program: &Path) -> Apache {
        let home = Home::new();
        home.write(
            "passwords",
            [line("me", "inside", "secret"), line("J\u{f6}rg B", "inside", "x y")].concat(),
        );
        std::fs::create_dir_all(home.file("www/inside")).unwrap();
        home.write("www/inside/page", "0123456789");
        home.write("www/inside/other", "abc");
        let ([port], leash) = start(&home.work(), CONFIG, |file| {
            let mut command = Command::new(program);
            command.arg("-f").arg(file).args(["-D", "FOREGROUND"]);
            command
        });
        Apache { url: format!("http://127.0.0.1:{port}/inside"), home, _leash: leash }
    }

    fn ask(&self, page: &str, flags: &[&str]) -> Ran {
        let url = format!("{}/{page}", self.url);
        let words = ["fetch", "-s", "-S", "-f", "-w", "[%{http_code}]", &url];
        self.home.run(words.iter().chain(flags))
    }
}

/// A line of `htdigest`: the user, the realm, and the hash of both and the password.
fn line(user: &str, realm: &str, password: &str) -> String {
    let hash = Md5::digest(format!("{user}:{realm}:{password}"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{user}:{realm}:{hash}\n")
}

const CONFIG: &str = r#"
ServerRoot "{dir}"
ServerName localhost
Listen 127.0.0.1:{0}
PidFile "{dir}/httpd.pid"
ErrorLog "{dir}/error.log"
Mutex file:{dir} default
StartServers 1
MinSpareThreads 1
MaxSpareThreads 25
ThreadsPerChild 25
MaxRequestWorkers 25
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
LoadModule authn_file_module /usr/lib/apache2/modules/mod_authn_file.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
LoadModule auth_digest_module /usr/lib/apache2/modules/mod_auth_digest.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
DocumentRoot "{dir}/www"
Redirect 302 /inside/moved /inside/page
<Location /inside>
    AuthType Digest
    AuthName "inside"
    AuthDigestProvider file
    AuthUserFile "{dir}/passwords"
    Require valid-user
</Location>
"#;

fn digest_is_proved(server: &Apache) {
    for how in ["--digest", "--anyauth"] {
        let ran = server.ask("page", &[how, "-u", "me:secret"]).ok();
        assert_eq!(ran.text(), "0123456789[200]");
    }
    let heads = server.ask("page?q=1", &["--digest", "-u", "me:secret", "-i"]).ok().text();
    assert!(
        heads.contains("\r\nWWW-Authenticate: Digest ") && heads.contains("0123456789"),
        "{heads}"
    );
}

fn a_wrong_password_is_refused(server: &Apache) {
    for login in ["me:wrong", "nobody:secret"] {
        assert_eq!(server.ask("page", &["--digest", "-u", login]).failed(22).text(), "[401]");
    }
    assert_eq!(server.ask("page", &["-u", "me:secret"]).failed(22).text(), "[401]");
    assert_eq!(server.ask("page", &[]).failed(22).text(), "[401]");
}

/// Apache's own page takes no content, and says so only to who has proved who they are.
fn a_post_is_proved_too(server: &Apache) {
    let ran = server.ask("page", &["--digest", "-u", "me:secret", "-d", "a=b"]);
    let refused = ran.code == 22 && ran.text() == "[405]";
    assert!(refused || (ran.code == 0 && ran.text().ends_with("[200]")), "{ran}");
    assert_eq!(
        server.ask("page", &["--digest", "-u", "me:x", "-d", "a=b"]).failed(22).text(),
        "[401]"
    );
}

fn a_redirect_within_is_proved_again(server: &Apache) {
    let ran = server.ask("moved", &["--digest", "-L", "-u", "me:secret"]).ok();
    assert_eq!(ran.text(), "0123456789[200]");
}

fn two_pages_with_one_login(server: &Apache) {
    let other = format!("{}/other", server.url);
    let ran = server.ask("page", &["--digest", "-u", "me:secret", &other]).ok();
    assert_eq!(ran.text(), "0123456789[200]abc[200]");
}

fn a_name_with_blanks_and_umlauts(server: &Apache) {
    server.ask("page", &["--digest", "-u", "J\u{f6}rg B:x y"]).ok();
}
