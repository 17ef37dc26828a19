//! Floor 6: words on a terminal.
//!
//! 1. clap finds the command (`commands`); `fetch` is handed its words as they are.
//! 2. `words` reads them in curl's grammar (`grammar`), by the table in `flags`; `config` does
//!    the same for `fetch.conf`, and `line` puts both together.
//! 3. `typed` is what the user typed; `plan` is what the program will do, `wanted` what
//!    is wanted of each transfer. Between them files are read and values understood
//!    (`values`, `data`, `glob`), and nothing else happens.
//! 4. `fetch` carries the plan out, an operation at a time or many transfers at once.
//!    `shared` holds what operations have in common (a visitor, its `jars`, files that
//!    several write to), `running` is one operation on its way, `errand` one URL of it;
//!    `show` is the sink that writes what was asked for through `output`. `trace`,
//!    `meter`, `json_out` and `write_out` tell of it, `retry` asks for another try.
//!    `to_curl` and `dry_run` take the plan's place, and send nothing.
//! 5. `exit` turns how it ended into a line and a number.
//! 6. `paper` lays out what the other commands show for reading: width, columns, colour.
//!
//! `socket` is the sockets under all that, by hand.
//!
//! Data goes to standard output, everything else to standard error.

mod commands;
mod conditional;
mod config;
mod cookies;
mod data;
mod demo;
mod diff;
mod dry_run;
mod env;
mod errand;
mod exit;
mod explain;
mod fetch;
mod flags;
mod form;
mod glob;
mod grammar;
mod help;
mod hsts;
mod input;
mod inspect;
mod jars;
mod json_out;
mod line;
mod local;
mod man;
mod meter;
mod naming;
mod netrc;
mod others;
mod output;
mod paper;
mod part;
mod plan;
mod print;
mod protocols;
mod proxies;
mod rate;
mod retry;
mod running;
mod serve;
mod session;
mod shared;
mod show;
mod signals;
mod socket;
mod source;
mod speeds;
mod table;
mod tls;
mod to_curl;
mod trace;
mod typed;
mod upload;
mod values;
mod variables;
mod version;
mod wanted;
mod words;
mod write_out;

pub use commands::run;
