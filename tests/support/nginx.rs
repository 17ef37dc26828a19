//! Debian's nginx on loopback: a folder of its own, ports found free, HTTP and HTTPS.

use super::PATIENCE;
use super::leash::Leash;
use super::programs::{answers, free_port};
use super::tls::Authority;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use tempfile::TempDir;

/// How large `/big` is.
pub const BIG: usize = 100 << 20;

/// A running nginx; dropped, it is gone.
pub struct Nginx {
    /// `http://127.0.0.1:PORT`
    pub http: String,
    /// `https://localhost:PORT`
    pub https: String,
    /// `https://127.0.0.1:PORT`
    pub https_by_address: String,
    dir: TempDir,
    _leash: Leash,
}

impl Nginx {
    /// Starts it and waits until it answers. A port that another process took meanwhile is
    /// no reason to fail: it is tried again with others.
    /// `/big` is there only where it `has_big`.
    pub fn start(program: &Path, has_big: bool) -> Nginx {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fill(dir.path());
        if has_big {
            fill_big(dir.path());
        }
        for _ in 0..5 {
            let [http, https] = [free_port(), free_port()];
            let config = CONFIG
                .replace("{dir}", &dir.path().display().to_string())
                .replace("{http}", &http.to_string())
                .replace("{https}", &https.to_string());
            std::fs::write(dir.path().join("nginx.conf"), config).expect("a file");
            let mut command = Command::new(program);
            command.arg("-p").arg(dir.path()).arg("-e").arg(dir.path().join("error.log"));
            command.args(["-c", "nginx.conf"]);
            let mut leash = Leash::start(&command);
            if answers(&mut leash, &[http, https]) {
                return Nginx {
                    http: format!("http://127.0.0.1:{http}"),
                    https: format!("https://localhost:{https}"),
                    https_by_address: format!("https://127.0.0.1:{https}"),
                    dir,
                    _leash: leash,
                };
            }
        }
        let log = std::fs::read_to_string(dir.path().join("error.log")).unwrap_or_default();
        panic!("nginx does not start: {log}");
    }

    /// A file of the run: `ca.pem`, `other-ca.pem`.
    pub fn file(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    /// The lines of the access log that hold `what`, once there are `count` of them:
    /// `connection request-on-it "request line"`. nginx writes a line after it has answered.
    pub fn log(&self, what: &str, count: usize) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = std::fs::read_to_string(self.dir.path().join("access.log"));
            let log = log.expect("an access log");
            let lines: Vec<_> = log.lines().filter(|line| line.contains(what)).collect();
            if lines.len() >= count || Instant::now() > deadline {
                return lines.into_iter().map(str::to_owned).collect();
            }
            std::thread::yield_now();
        }
    }
}

/// What it serves, and its certificate.
fn fill(dir: &Path) {
    let write = |name: &str, content: &[u8]| {
        std::fs::write(dir.join(name), content).expect("a file to serve");
    };
    let authority = Authority::new("made for this run");
    let leaf = authority.leaf(["localhost", "127.0.0.1"]);
    write("ca.pem", authority.pem().as_bytes());
    write("leaf.pem", leaf.pem().as_bytes());
    write("leaf.key", leaf.key_pem().as_bytes());
    write("other-ca.pem", Authority::new("another, unrelated").pem().as_bytes());
    std::fs::create_dir(dir.join("www")).expect("a folder to serve");
    write("www/small", b"a small page\n");
    write("www/chunked.html", b"<p>an included page</p>\n");
    write("www/text.txt", "all work and no play\n".repeat(1000).as_bytes());
}

fn fill_big(dir: &Path) {
    let mut big = std::fs::File::create(dir.join("www/big")).expect("a file to serve");
    for part in 0..BIG / BLOCK {
        big.write_all(&block(part)).expect("a file to serve");
    }
}

const BLOCK: usize = 1 << 20;

/// The `index`th MiB of `/big`: no two are the same.
pub fn block(index: usize) -> Vec<u8> {
    let mut state = index as u32 ^ 0x9e37_79b9;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()
    };
    (0..BLOCK / 4).flat_map(|_| next()).collect()
}

const CONFIG: &str = r#"
daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {}
http {
    server_tokens off;
    log_format counted '$connection $connection_requests "$request"';
    access_log {dir}/access.log counted;
    client_body_temp_path {dir}/temp-body;
    proxy_temp_path {dir}/temp-proxy;
    fastcgi_temp_path {dir}/temp-fastcgi;
    uwsgi_temp_path {dir}/temp-uwsgi;
    scgi_temp_path {dir}/temp-scgi;
    server {
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        ssl_certificate {dir}/leaf.pem;
        ssl_certificate_key {dir}/leaf.key;
        root {dir}/www;
        location /chunked.html { default_type text/html; types {} ssi on; }
        location /text.txt { default_type text/plain; types {} gzip on; gzip_types text/plain; }
        location = /moved { return 302 /small; }
        location = /set { add_header Set-Cookie "sid=nginx; Path=/"; return 204; }
        location = /begin {
            add_header Set-Cookie "first=one; Path=/" always;
            add_header Set-Cookie "stray=two; Domain=example.net" always;
            return 302 https://localhost:{https}/landing;
        }
        location = /landing {
            default_type "text/html; charset=utf-8";
            add_header Set-Cookie "sid=three; Secure; HttpOnly; Path=/";
            add_header Cache-Control "public, max-age=300";
            return 200 "<!doctype html><title>The landing</title><a href=/>home</a>";
        }
        location = /echo { return 200 "$request_method [$http_cookie]\n"; }
    }
}
"#;
