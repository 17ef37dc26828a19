//! The jar beside the `cookie_store` crate, in one run, as ratios (above 1 is better than it), at
//! a thousand, a hundred thousand and a million cookies, and how each grows.
//!
//! ```text
//! cargo bench --bench jar [-- --quick]
//! ```
//!
//! Sites have five to twenty cookies each. Ours saves as a process does: merged under the lock
//! with what the file holds, synced, renamed, checked again when it is read. `cookie_store` writes
//! its JSON into a file, unsynced, and knows no public suffixes here; it has no Netscape format.
//! Each look-up asks another URL; those of `cookie_store` are bounded by their time, because it
//! visits every domain.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bench prints, reads the clock and owns its files"
)]

use cookie_store::CookieStore;
use cookie_store::serde::json;
use cruller::base::Wall;
use cruller::cookie::{Jar, Limits};
use cruller::disk::{JarFile, SessionFile};
use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use url::Url;

/// Look-ups measured, at most.
const LOOK_UPS: usize = 20_000;

/// How long the look-ups of one store may take together.
const ENOUGH: Duration = Duration::from_secs(2);

/// What is measured, in the order of the table.
const ROWS: [&str; 7] = [
    "store, each cookie",
    "save a session",
    "load a session",
    "save one change more",
    "save a Netscape jar",
    "load a Netscape jar",
    "look up one URL",
];

fn main() {
    // Cargo passes `--bench`.
    let quick = std::env::args().any(|word| word == "--quick");
    let sizes: &[usize] = if quick { &[1_000, 20_000] } else { &[1_000, 100_000, 1_000_000] };
    let mut columns = Vec::new();
    for &size in sizes {
        let lines = Lines::new(size);
        let theirs = theirs(&lines);
        columns.push((ours(&lines), theirs));
    }
    print(sizes, &columns);
}

/// What servers say: a line and the URL it comes from.
struct Lines {
    all: Vec<(String, usize)>,
    /// One URL a site.
    urls: Vec<Url>,
    now: Wall,
}

impl Lines {
    fn new(size: usize) -> Lines {
        let (mut all, mut urls, mut dice) = (Vec::with_capacity(size), Vec::new(), Dice(42));
        while all.len() < size {
            let site = urls.len();
            let text = format!("https://www.site{site}.com/account/page{}", dice.below(10));
            urls.push(Url::parse(&text).unwrap());
            for n in 0..(5 + dice.below(16)).min(size - all.len()) {
                let mut line = format!("name{n}={:024x}", dice.roll());
                line += ["", "; Domain=site", "; Path=/", "; Path=/"][dice.below(4)];
                if line.ends_with("=site") {
                    line += &format!("{site}.com");
                }
                line += ["", "; Secure", "; Secure; HttpOnly; SameSite=Lax"][dice.below(3)];
                line += ["", "; Max-Age=31536000"][dice.below(2)];
                all.push((line, site));
            }
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Lines { all, urls, now: Wall::from_secs(since.as_secs() as i64) }
    }

    /// URLs of sites here and there, each below the path of its cookies.
    fn asked(&self) -> Vec<&Url> {
        let mut dice = Dice(7);
        (0..LOOK_UPS).map(|_| &self.urls[dice.below(self.urls.len())]).collect()
    }
}

/// Numbers that look like chance and are the same in each run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() >> 16) as usize % end
    }
}

/// Seconds for each row; the last is the median look-up, with its p99 behind it.
#[derive(Default)]
struct Measured {
    rows: [Option<f64>; ROWS.len()],
    p99: f64,
    cookies: usize,
}

fn ours(lines: &Lines) -> Measured {
    let dir = tempfile::tempdir().unwrap();
    let (session, netscape) = (dir.path().join("session"), dir.path().join("jar"));
    let now = lines.now;
    let mut measured = Measured::default();

    let mut jar = Jar::with_limits(Limits::NONE);
    let stored = seconds(|| {
        for (line, site) in &lines.all {
            black_box(jar.store(line.as_bytes(), &lines.urls[*site], now));
        }
    });
    measured.rows[0] = Some(stored / lines.all.len() as f64);
    measured.cookies = jar.len();
    let mut of_netscape = jar.clone();
    measured.rows[1] = Some(seconds(|| open_session(&session).0.save(&mut jar, now).unwrap()));
    drop(jar);

    let (mut file, mut jar) = open_session(&session);
    measured.rows[2] = Some(seconds(|| (file, jar) = open_session(&session)));
    assert_eq!(jar.len(), measured.cookies);
    jar.store(b"one=more", &lines.urls[0], now);
    measured.rows[3] = Some(seconds(|| file.save(&mut jar, now).unwrap()));

    let mut file = JarFile::create(&netscape);
    measured.rows[4] = Some(seconds(|| file.save(&mut of_netscape, now).unwrap()));
    let mut again = Jar::with_limits(Limits::NONE);
    measured.rows[5] = Some(seconds(|| JarFile::open(&netscape, &mut again, None, now).unwrap()));
    assert_eq!(again.len(), measured.cookies);
    drop(again);

    look_up(&mut measured, lines, |url| jar.retrieve(url, now).map_or(0, |line| line.len()));
    measured
}

fn open_session(dir: &Path) -> (SessionFile, Jar) {
    let mut jar = Jar::with_limits(Limits::NONE);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = Wall::from_secs(since.as_secs() as i64);
    (SessionFile::open(dir, &mut jar, now).unwrap().0, jar)
}

fn theirs(lines: &Lines) -> Measured {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.json");
    let mut measured = Measured::default();

    let mut store = CookieStore::new();
    let stored = seconds(|| {
        for (line, site) in &lines.all {
            let _ = black_box(store.parse(line, &lines.urls[*site]));
        }
    });
    measured.rows[0] = Some(stored / lines.all.len() as f64);
    measured.cookies = store.iter_any().count();
    let save = |store: &CookieStore| {
        let mut out = BufWriter::new(File::create(&path).unwrap());
        json::save_incl_expired_and_nonpersistent(store, &mut out).unwrap();
        out.flush().unwrap();
    };
    measured.rows[1] = Some(seconds(|| save(&store)));
    measured.rows[2] = Some(seconds(|| {
        store = json::load_all(BufReader::new(File::open(&path).unwrap())).unwrap();
    }));
    assert_eq!(store.iter_any().count(), measured.cookies);
    let _ = store.parse("one=more", &lines.urls[0]);
    measured.rows[3] = Some(seconds(|| save(&store)));

    look_up(&mut measured, lines, |url| {
        let pairs = store.get_request_values(url).map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ").len()
    });
    measured
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let began = Instant::now();
    black_box(work());
    began.elapsed().as_secs_f64()
}

/// Asks for many URLs, one after the other, each measured by itself.
fn look_up(measured: &mut Measured, lines: &Lines, mut ask: impl FnMut(&Url) -> usize) {
    let began = Instant::now();
    let mut times = Vec::new();
    for url in lines.asked() {
        times.push(seconds(|| assert!(ask(url) > 0, "no cookies for {url}")));
        if began.elapsed() > ENOUGH {
            break;
        }
    }
    times.sort_by(f64::total_cmp);
    measured.rows[6] = Some(times[times.len() / 2]);
    measured.p99 = times[times.len() * 99 / 100];
}

fn print(sizes: &[usize], columns: &[(Measured, Measured)]) {
    println!(
        "{:24}{:>10}{:>12}{:>14}{:>10}{:>10}",
        "", "cookies", "cruller", "cookie_store", "ratio", "growth"
    );
    for (row, name) in ROWS.iter().enumerate() {
        let mut before = None;
        for (size, (ours, theirs)) in sizes.iter().zip(columns) {
            line(name, *size, ours.rows[row], theirs.rows[row], &mut before);
        }
    }
    let mut before = None;
    for (size, (ours, theirs)) in sizes.iter().zip(columns) {
        line("  the slowest in 100", *size, Some(ours.p99), Some(theirs.p99), &mut before);
    }
    println!("\nratio: their time over ours. growth: our time over that of the row above; the");
    println!("number of cookies grows tenfold or a hundredfold.");
}

fn line(name: &str, size: usize, ours: Option<f64>, theirs: Option<f64>, before: &mut Option<f64>) {
    let time = |seconds: Option<f64>| seconds.map_or("-".to_owned(), spelled);
    let over = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => format!("{:.1}", a / b),
        _ => "-".to_owned(),
    };
    println!(
        "{name:24}{size:>10}{:>12}{:>14}{:>10}{:>10}",
        time(ours),
        time(theirs),
        over(theirs, ours),
        over(ours, *before),
    );
    *before = ours;
}

/// A time as a person says it.
fn spelled(seconds: f64) -> String {
    match seconds {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s if s >= 1e-6 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.0} ns", s * 1e9),
    }
}
