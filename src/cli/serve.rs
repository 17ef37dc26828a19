//! `cruller serve`: the practice site, until it is interrupted.

use super::exit::{Failure, code};
use super::print;
use crate::base::system_words;
use crate::practice::Site;
use clap::Args;
use std::net::{IpAddr, SocketAddr};

/// The arguments of `serve`.
#[derive(Args)]
pub(super) struct Words {
    /// The port; 0 is any free one, and is printed
    #[arg(long, short, default_value_t = 8080)]
    port: u16,
    /// The loopback address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    /// No line for each request
    #[arg(long, short)]
    silent: bool,
}

/// Serves; returns only where it cannot.
pub(super) fn run(words: &Words) -> u8 {
    let wanted = SocketAddr::new(words.address, words.port);
    let served = Site::bind(wanted).and_then(|site| {
        // Whoever started this as a child reads the address from the first line.
        let _ = print::text(&format!("listening on http://{}/\n", site.addr()));
        let silent = words.silent;
        site.run(move |line| {
            if !silent {
                let target = print::escaped(&line.target);
                print::error(&format!(
                    "{} #{} {} {target} {} {} bytes\n",
                    line.peer, line.connection, line.method, line.status, line.bytes
                ));
            }
        })
    });
    match served {
        Ok(()) => 0,
        Err(error) => {
            let failure = Failure::new(
                code::CONNECT,
                format!("cannot serve on {wanted}: {}", system_words(&error)),
            );
            failure
                .hint("--port 0 takes any free port; only loopback addresses are served")
                .print();
            code::CONNECT
        }
    }
}
