//! Two lists of units, lines or the tags and texts of a page: the first differences, and how
//! much they have in common.

use super::body::Found;
use super::{Difference, MAX_SHOWN};
use similar::DiffOp;
use similar::algorithms::{Capture, Replace, myers};
use std::collections::HashMap;

/// As many units are compared in order, from the first that differs on. An alignment costs up to
/// the square of this.
const WINDOW: usize = 4000;

/// How far back a tag is looked for that says where a difference is.
const NEAR: usize = 32;

/// Says where in a list a unit is.
pub(super) type Where = fn(&[&str], usize) -> String;

/// The number of a line.
pub(super) fn line(_: &[&str], at: usize) -> String {
    format!("line {}", at + 1)
}

/// The last start tag before it.
pub(super) fn in_tag(units: &[&str], at: usize) -> String {
    let near = units[at.saturating_sub(NEAR)..at.min(units.len())].iter().rev();
    let is_start = |unit: &&&str| unit.starts_with('<') && !unit.starts_with("</");
    near.clone().find(is_start).map_or_else(|| "page".to_owned(), |tag| super::shortened(tag))
}

/// Compares two lists. Without differences they are the same.
pub(super) fn compare(a: &[&str], b: &[&str], place: Where) -> Found {
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back =
        a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(x, y)| x == y).count();
    let window = |units: &[&str]| (units.len() - back).min(front + WINDOW);
    let (a_end, b_end) = (window(a), window(b));
    let mut more = a_end + back < a.len() || b_end + back < b.len();
    let mut differences = Vec::new();
    for op in aligned(&a[front..a_end], &b[front..b_end]) {
        let ((a_at, a_len), (b_at, b_len)) = match op {
            DiffOp::Equal { .. } => continue,
            DiffOp::Delete { old_index, old_len, new_index } => {
                ((old_index, old_len), (new_index, 0))
            }
            DiffOp::Insert { old_index, new_index, new_len } => {
                ((old_index, 0), (new_index, new_len))
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                ((old_index, old_len), (new_index, new_len))
            }
        };
        for number in 0..a_len.max(b_len) {
            if differences.len() == MAX_SHOWN {
                more = true;
                break;
            }
            let mine = (number < a_len).then(|| front + a_at + number);
            let theirs = (number < b_len).then(|| front + b_at + number);
            let at = match (mine, theirs) {
                (None, Some(theirs)) => place(b, theirs),
                (mine, _) => place(a, mine.unwrap_or(front)),
            };
            let unit = |units: &[&'_ str], at: Option<usize>| at.map(|at| units[at].to_owned());
            let (one, other) = (unit(a, mine), unit(b, theirs));
            differences.push(Difference::new(at, one.as_deref(), other.as_deref()));
        }
    }
    Found { similarity: similarity(a, b), differences, more }
}

/// What must be done to one list to make it the other.
fn aligned(a: &[&str], b: &[&str]) -> Vec<DiffOp> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut numbered = |unit| {
        let next = numbers.len();
        *numbers.entry(unit).or_insert(next)
    };
    let one: Vec<usize> = a.iter().map(|unit| numbered(*unit)).collect();
    let other: Vec<usize> = b.iter().map(|unit| numbered(*unit)).collect();
    let mut hook = Replace::new(Capture::new());
    match myers::diff(&mut hook, &one[..], 0..one.len(), &other[..], 0..other.len()) {
        Ok(()) => hook.into_inner().into_ops(),
        Err(never) => match never {},
    }
}

/// What two lists have in common, whatever its order, by its length.
fn similarity(a: &[&str], b: &[&str]) -> f64 {
    let weight = |unit: &str| unit.len() as u64 + 1;
    let mut counts: HashMap<&str, u64> = HashMap::new();
    a.iter().for_each(|unit| *counts.entry(unit).or_default() += 1);
    let mut common = 0;
    for unit in b {
        if let Some(count) = counts.get_mut(unit).filter(|count| **count > 0) {
            *count -= 1;
            common += weight(unit);
        }
    }
    let all = a.iter().chain(b).map(|unit| weight(unit)).sum();
    share(2 * common, all)
}

/// A part of a whole, from 0 to 1.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    // Sizes of content lie far below where a float is no longer exact.
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
