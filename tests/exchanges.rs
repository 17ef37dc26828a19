//! Plays each file of `fixtures/exchanges/` and `fixtures/found/` to the binary, over a real
//! socket.

use crate::support::client::{Home, other_client};
use crate::support::dialogue::{self, Dialogue};
use crate::support::peer::{Peer, Places};
use crate::support::shown;
use crate::support::text::replace;
use libtest_mimic::{Completion, Failed, Trial};
use std::sync::Arc;

pub fn tests() -> Vec<Trial> {
    let files = dialogue::all()
        .into_iter()
        .map(|(name, dialogue)| Trial::ignorable_test(name, move || play(dialogue?)));
    trials![there_are_many_dialogues].into_iter().chain(files).collect()
}

fn there_are_many_dialogues() {
    for (folder, many) in [("exchanges::", 150), ("found::", 15)] {
        let names = dialogue::all().into_iter().map(|(name, _)| name);
        assert!(names.filter(|name| name.starts_with(folder)).count() >= many, "{folder}");
    }
}

fn play(dialogue: Dialogue) -> Result<Completion, Failed> {
    if let (Some(_), Some(why)) = (other_client(), &dialogue.differs) {
        return Ok(Completion::ignored_with(format!("curl differs: {why}")));
    }
    let dialogue = Arc::new(dialogue);
    let home = Home::new();
    let peer = Peer::start(&dialogue, &home.work());
    let places = peer.places.clone();
    let fill =
        |text: &str| String::from_utf8_lossy(&replace(text.as_bytes(), &places)).into_owned();
    for (name, content) in &dialogue.given {
        home.write(name, replace(content, &places));
    }
    let ran = home.start(dialogue.command.iter().map(|word| fill(word))).outcome();
    let seen = peer.finish();
    let ran = ran.map_err(|why| match &seen {
        Err(seen) => format!("{why}\nthe peer: {seen}"),
        Ok(()) => why,
    })?;

    let mut wrong = Vec::new();
    if let Err(why) = seen {
        wrong.push(format!("the peer: {why}"));
    }
    if !dialogue.exit.contains(&ran.code) {
        wrong.push(format!("exit {} instead of {:?}", ran.code, dialogue.exit));
    }
    let stdout = replace(&dialogue.stdout, &places);
    if ran.stdout != stdout {
        wrong.push(format!("stdout is not {}", shown(&stdout)));
    }
    for fragment in dialogue.stderr.iter().map(|text| fill(text)) {
        if !ran.stderr.contains(&fragment) {
            wrong.push(format!("stderr does not say {fragment:?}"));
        }
    }
    if dialogue.silent || (ran.code == 0 && dialogue.stderr.is_empty()) {
        if !ran.stderr.is_empty() {
            wrong.push("stderr is not empty".to_owned());
        }
    } else if ran.code != 0 {
        ran.one_line();
    }
    wrong.extend(files(&dialogue, &home, &places));
    match wrong.is_empty() {
        true => Ok(Completion::Completed),
        false => Err(format!("{}\n{ran}", wrong.join("\n")).into()),
    }
}

fn files(dialogue: &Dialogue, home: &Home, places: &Places) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, wanted) in &dialogue.files {
        let found = std::fs::read(home.file(name)).ok();
        let wanted = wanted.as_ref().map(|content| replace(content, places));
        if found != wanted {
            let found = found.map_or("not there".to_owned(), |bytes| shown(&bytes));
            wrong.push(format!("the file {name} is {found}"));
        }
    }
    wrong
}
