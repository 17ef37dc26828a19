//! The page scanner beside html5ever's tokenizer, in one run, as ratios (above 1 is better than
//! it), on pages of about 30 KB.
//!
//! ```text
//! cargo bench --bench page
//! ```
//!
//! *tags* cuts pages into tokens; *links* decodes the attributes that hold a link, too, which is
//! what a crawler does; *summary* is everything that is told of a page.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench prints and reads the clock"
)]

use cruller::base::Headers;
use cruller::page::tokens::{Scanner, Token, Tokens};
use cruller::page::{attribute, summarize};
use encoding_rs::UTF_8;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, TagToken, Token as Theirs, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::Cell;
use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;
use url::Url;

/// How long each of them runs.
const SECONDS: f64 = 1.0;

fn main() {
    let page = page();
    println!("a page of {} bytes; pages per second of one core", page.len());
    let peer = rate(|| theirs(&page));
    println!("{:<28}{peer:>9.0}", "html5ever's tokenizer");
    let shown = |name: &str, rate: f64| println!("{name:<28}{rate:>9.0}{:>8.1}x", rate / peer);
    shown("tags", rate(|| Tokens::new(Scanner::html(), page.as_bytes()).count()));
    shown("tags and links", rate(|| links(&page)));
    let headers: Headers = [("Content-Type", "text/html; charset=utf-8")].into_iter().collect();
    let url = Url::parse("https://shop.test/list").unwrap();
    let summary = || {
        let page = summarize(page.as_bytes(), &headers, &url).unwrap();
        page.html().map_or(0, |html| html.links.total())
    };
    shown("summary", rate(summary));
}

/// Calls per second.
fn rate(mut call: impl FnMut() -> usize) -> f64 {
    for _ in 0..100 {
        black_box(call());
    }
    let (begun, mut calls) = (Instant::now(), 0u32);
    while begun.elapsed().as_secs_f64() < SECONDS {
        for _ in 0..20 {
            black_box(call());
        }
        calls += 20;
    }
    f64::from(calls) / begun.elapsed().as_secs_f64()
}

fn links(page: &str) -> usize {
    let mut bytes = 0;
    for token in Tokens::new(Scanner::html(), page.as_bytes()) {
        let Token::Start(tag) = token else { continue };
        let name = if tag.is("a") || tag.is("link") || tag.is("area") {
            "href"
        } else if tag.is("img") || tag.is("script") || tag.is("iframe") {
            "src"
        } else {
            continue;
        };
        bytes += tag.get(name).map_or(0, |raw| attribute(raw, UTF_8).len());
    }
    bytes
}

#[derive(Default)]
struct Sink(Cell<usize>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Theirs, _line: u64) -> TokenSinkResult<()> {
        self.0.set(self.0.get() + usize::from(matches!(token, TagToken(_))));
        TokenSinkResult::Continue
    }
}

fn theirs(page: &str) -> usize {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.get()
}

/// A list of a shop: head, scripts, navigation, a hundred goods with text, a footer.
fn page() -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>Chairs &amp; tables</title>\n<link rel=\"canonical\" href=\"/list\">\n\
         <script src=\"/shop.js\" defer></script>\n<script>var cart = {items: []};\n\
         for (var i = 0; i < 10; i++) { cart.items.push('<li>' + i + '</li>'); }</script>\n\
         </head>\n<body class=\"list\">\n",
    );
    for item in 0..75 {
        let _ = write!(
            page,
            "<div class=\"product-card card--large\" id=\"p{item}\" data-sku=\"A{item:05}\">\n  \
             <a class=\"product-link\" href=\"/catalogue/oak-chair-{item}?size=2&amp;colour=1\">\
             <img class=\"lazy\" src=\"/images/{item}/small.jpg\" width=\"240\" height=\"240\" \
             alt=\"\"></a>\n  <h3><a href=\"/catalogue/oak-chair-{item}\">Oak chair No. {item}</a>\
             </h3>\n  <p>Cut, planed and oiled by one person, whose mark is under the seat.</p>\n  \
             <span class=\"price\">&pound;{item}.00</span>\n</div>\n"
        );
    }
    page + "<footer><a href=\"/imprint\">Imprint</a></footer>\n</body>\n</html>\n"
}
