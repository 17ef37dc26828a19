//! Through proxies that nobody here wrote, to nginx: tinyproxy with Basic, squid with Digest,
//! microsocks with and without a login.

use crate::support::client::{Home, Ran};
use crate::support::nginx::Nginx;
use crate::support::programs::{installed, missing};
use crate::support::proxies::{Kind, LOGIN, OTHER_LOGIN, Proxy};
use crate::support::tls::{Authority, Front};
use libtest_mimic::{Completion, Failed, Trial};
use std::sync::{Arc, OnceLock};

/// What is started with the first test that needs it, and ends with the last.
#[derive(Default)]
struct Servers {
    nginx: OnceLock<Nginx>,
    proxies: [OnceLock<Option<Proxy>>; 4],
}

/// The servers of one test.
struct World<'s> {
    nginx: &'s Nginx,
    /// Where the proxies listen, in the order they were asked for.
    places: Vec<&'s str>,
}

pub fn tests() -> Vec<Trial> {
    use Kind::{Microsocks, MicrosocksWithLogin, Squid, Tinyproxy};
    let servers = Arc::new(Servers::default());
    let with = |name: &str, kinds: &'static [Kind], test: fn(&World<'_>)| {
        let servers = Arc::clone(&servers);
        Trial::ignorable_test(format!("real_proxies::{name}"), move || run(&servers, kinds, test))
    };
    macro_rules! with_proxies {
        ($($kinds:expr => $test:ident),* $(,)?) => {
            vec![$(with(stringify!($test), &$kinds, $test)),*]
        };
    }
    with_proxies![
        [Tinyproxy] => tinyproxy_forwards,
        [Tinyproxy] => tinyproxy_tunnels,
        [Tinyproxy] => tinyproxy_is_answered_when_it_asks,
        [Tinyproxy] => tinyproxy_refuses_who_is_not_known,
        [Tinyproxy] => tls_goes_through_tls_to_a_proxy,
        [Squid] => squid_is_given_a_proof_and_forwards,
        [Squid] => squid_is_given_a_proof_and_tunnels,
        [Squid] => squid_refuses_a_wrong_proof,
        [Microsocks] => microsocks_leads_to_names_and_addresses,
        [MicrosocksWithLogin] => microsocks_wants_a_login,
        [Microsocks, Tinyproxy] => a_proxy_is_reached_through_another,
    ]
}

fn run(servers: &Servers, kinds: &[Kind], test: fn(&World<'_>)) -> Result<Completion, Failed> {
    let Some(nginx) = installed("nginx") else { return missing("nginx") };
    let mut places = Vec::new();
    for kind in kinds {
        let proxy = servers.proxies[*kind as usize].get_or_init(|| Proxy::start(*kind));
        match proxy {
            Some(proxy) => places.push(proxy.place.as_str()),
            None => return missing(kind.name()),
        }
    }
    let nginx = servers.nginx.get_or_init(|| Nginx::start(&nginx, false));
    test(&World { nginx, places });
    Ok(Completion::Completed)
}

impl World<'_> {
    /// Fetches with these words, trusting the server's authority.
    fn fetch<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Ran {
        let trust = ["fetch", "--cacert", &self.nginx.file("ca.pem")].map(str::to_owned);
        let words = words.into_iter().map(str::to_owned);
        Home::new().run(trust.into_iter().chain(words))
    }

    fn http(&self, path: &str) -> String {
        format!("{}/{path}", self.nginx.http)
    }

    fn https(&self, path: &str) -> String {
        format!("{}/{path}", self.nginx.https_by_address)
    }
}

fn tinyproxy_forwards(world: &World<'_>) {
    let ran = world.fetch(["-i", "-x", world.places[0], "-U", LOGIN, &world.http("small")]).ok();
    assert!(ran.text().contains("\r\nVia: 1.1 "), "{ran}");
    assert!(ran.text().ends_with("\r\n\r\na small page\n"), "{ran}");
}

fn tinyproxy_tunnels(world: &World<'_>) {
    let url = world.https("small");
    let ran =
        world.fetch(["-x", world.places[0], "-U", LOGIN, &url, &url, "-w", "%{num_connects}"]);
    assert_eq!(ran.ok().text(), "a small page\n1a small page\n0");
}

fn tinyproxy_is_answered_when_it_asks(world: &World<'_>) {
    for url in [world.http("small"), world.https("small")] {
        let words = ["--proxy-anyauth", "-x", world.places[0], "-U", LOGIN, &url];
        assert_eq!(world.fetch(words).ok().text(), "a small page\n", "{url}");
    }
}

fn tinyproxy_refuses_who_is_not_known(world: &World<'_>) {
    // Of a login that is wrong it says 401.
    for (login, status) in [
        (&[][..], "407"),
        (&["-U", "ada:byron"], "401"),
        (&["--proxy-anyauth", "-U", "ada:byron"], "401"),
    ] {
        let words = login.iter().copied().chain(["-x", world.places[0]]);
        let http = world.http("small");
        let code = ["-o", "page", "-w", "%{http_code}", &http];
        assert_eq!(world.fetch(words.clone().chain(code)).ok().text(), status);
        let url = world.https("small");
        world.fetch(words.chain([url.as_str()])).failed_saying(56, status);
    }
}

fn tls_goes_through_tls_to_a_proxy(world: &World<'_>) {
    let authority = Authority::new("a proxy's");
    let behind = world.places[0].parse().unwrap();
    let front = Front::start(&authority.leaf(["127.0.0.1"]), behind);
    let proxy = format!("https://{LOGIN}@{}", front.address);
    let home = Home::new();
    home.write("proxy-ca.pem", authority.pem());
    let ca = world.nginx.file("ca.pem");
    let url = world.https("text.txt");
    let words = ["fetch", "--cacert", &ca, "-x", &proxy, "--proxy-cacert", "proxy-ca.pem"];
    let ran = home.run(words.into_iter().chain([url.as_str(), &url])).ok();
    assert_eq!(ran.text(), "all work and no play\n".repeat(2000));
}

fn squid_is_given_a_proof_and_forwards(world: &World<'_>) {
    for how in ["--proxy-digest", "--proxy-anyauth"] {
        let (proxy, url) = (world.places[0], world.http("echo"));
        let words = [how, "-x", proxy, "-U", LOGIN, "-d", "a=b", "-b", "c=d", &url];
        assert_eq!(world.fetch(words).ok().text(), "POST [c=d]\n", "{how}");
    }
}

fn squid_is_given_a_proof_and_tunnels(world: &World<'_>) {
    let url = world.https("small");
    let words = ["--proxy-digest", "-x", world.places[0], "-U", LOGIN, &url, &url];
    let ran = world.fetch(words.into_iter().chain(["-w", "%{num_connects}%{http_connect}"]));
    assert_eq!(ran.ok().text(), "a small page\n1200a small page\n0000");
}

fn squid_refuses_a_wrong_proof(world: &World<'_>) {
    let (http, https) = (world.http("small"), world.https("small"));
    let code = |login| {
        let words = ["--proxy-digest", "-x", world.places[0], "-U", login];
        let code = ["-o", "page", "-w", "%{http_code}", &http];
        world.fetch(words.into_iter().chain(code)).ok().text()
    };
    assert_eq!((code(OTHER_LOGIN).as_str(), code("charles:byron").as_str()), ("200", "407"));
    assert_eq!(code("nobody:babbage"), "407");
    let words = ["--proxy-digest", "-x", world.places[0], "-U", "charles:byron", &https];
    world.fetch(words).failed_saying(56, "407");
}

fn microsocks_leads_to_names_and_addresses(world: &World<'_>) {
    for scheme in ["socks5", "socks5h"] {
        let proxy = format!("{scheme}://{}", world.places[0]);
        for url in [world.http("small"), world.https("small")] {
            let ran = world.fetch(["-x", &proxy, &url, "-w", "%{proxy_used}"]).ok();
            assert_eq!(ran.text(), "a small page\n1", "{proxy} {url}");
        }
    }
    // A name that only this end knows goes by its address.
    let port = world.nginx.http.rsplit(':').next().unwrap();
    let pin = format!("a.example:{port}:127.0.0.1");
    let url = format!("http://a.example:{port}/small");
    let words = |version| ["--resolve", &pin, version, world.places[0], &url];
    assert_eq!(world.fetch(words("--socks5")).ok().text(), "a small page\n");
    world.fetch(words("--socks5-hostname")).failed(97);
}

fn microsocks_wants_a_login(world: &World<'_>) {
    let url = world.https("small");
    let ran = world.fetch(["--socks5", world.places[0], "-U", LOGIN, &url]).ok();
    assert_eq!(ran.text(), "a small page\n");
    let proxy = format!("socks5h://{LOGIN}@{}", world.places[0]);
    assert_eq!(world.fetch(["-x", &proxy, &url]).ok().text(), "a small page\n");
    for login in [&[][..], &["-U", "ada:byron"]] {
        let words = ["--socks5", world.places[0], &url].into_iter().chain(login.iter().copied());
        world.fetch(words).failed_saying(97, "SOCKS");
    }
}

fn a_proxy_is_reached_through_another(world: &World<'_>) {
    let before = format!("socks5h://{}", world.places[0]);
    for url in [world.http("small"), world.https("small")] {
        let words = ["--preproxy", &before, "-x", world.places[1], "-U", LOGIN, &url];
        assert_eq!(world.fetch(words).ok().text(), "a small page\n", "{url}");
    }
}
