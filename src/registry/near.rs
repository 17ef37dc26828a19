//! Names that a mistyped one may have meant.

/// A longer word is no name that was mistyped, and measuring it would take long.
const LONGEST: usize = 64;

/// As many are suggested at most.
const MOST: usize = 3;

/// The names nearest to `word`, the nearest first: a third of it may be wrong.
pub fn near<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let typed: Vec<char> = word.to_lowercase().chars().collect();
    if typed.is_empty() || typed.len() > LONGEST {
        return Vec::new();
    }
    let allowed = typed.len() / 3;
    let measured = names.filter_map(|name| {
        let known: Vec<char> = name.to_lowercase().chars().collect();
        let far = distance(&typed, &known);
        (far <= allowed).then_some((far, name))
    });
    let mut measured: Vec<(usize, &str)> = measured.collect();
    measured.sort_by_key(|(far, _)| *far);
    // What is much farther than the best was not meant.
    let best = measured.first().map_or(0, |(far, _)| *far);
    measured.retain(|(far, _)| *far <= best + 1);
    measured.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// How many letters have to be put in, taken out, changed, or swapped with the next (the
/// restricted distance of Damerau and Levenshtein).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = last[j] + usize::from(a != b);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["Set-Cookie", "Cookie", "Content-Type", "Age"];

    #[test]
    fn what_is_mistyped_is_found() {
        for (word, nearest) in
            [("Set-Cokie", "Set-Cookie"), ("cookei", "Cookie"), ("contenttype", "Content-Type")]
        {
            assert_eq!(near(word, NAMES.into_iter()).first(), Some(&nearest), "{word}");
        }
        for word in ["", ":", "Ag", "zzzzzz", "Contentment-Is-Not-A-Type"] {
            assert!(near(word, NAMES.into_iter()).is_empty(), "{word}");
        }
        assert!(near(&"x".repeat(100_000), NAMES.into_iter()).is_empty());
    }

    #[test]
    fn two_letters_that_changed_places_are_one_mistake() {
        let far = |a: &str, b: &str| {
            distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
        };
        assert_eq!((far("etag", "etga"), far("", "abc"), far("abc", "abc")), (1, 3, 0));
    }
}
