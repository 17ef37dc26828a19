//! Command lines of curl, as browsers copy them and people keep them: the words of a shell, as far
//! as browsers quote them (`'…'`, `"…"`, `$'…'`, `\`), or those of Windows' cmd (`^`).
//!
//! Nothing is expanded: a `$NAME` stays as it is.

/// One command: its words, and where they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The line in which it begins, counted from 1.
    pub line: usize,
    /// Its words; of a curl line those behind `curl`.
    pub words: Vec<Vec<u8>>,
    /// Whether the shell was to lead its input or output elsewhere. The words for that are left out.
    pub redirected: bool,
}

/// Every curl command of a text. A prompt before it is passed over, so are `sudo`, `time` and
/// what is put into the environment, and other programs' commands.
///
/// # Errors
/// A quote that is not closed.
pub fn curl_lines(text: &[u8]) -> Result<Vec<Command>, Unclosed> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let undone = is_for_cmd(text).then(|| without_carets(text));
    let mut commands = commands(undone.as_deref().unwrap_or(text))?;
    commands.retain_mut(|command| {
        let words = &mut command.words;
        let name = words.iter().position(|word| !goes_before(word)).unwrap_or(words.len());
        let curls = words.get(name).is_some_and(|word| is_curl(word));
        words.drain(..words.len().min(name + 1));
        curls
    });
    Ok(commands)
}

/// Whether a word may stand before the name of a command.
fn goes_before(word: &[u8]) -> bool {
    let prompt = matches!(word.last(), Some(b'$' | b'%' | b'#' | b'>'));
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let assigned = word.iter().position(|&b| b == b'=');
    let assigns = assigned.is_some_and(|at| at > 0 && word[..at].iter().all(name));
    prompt || assigns || [&b"sudo"[..], b"time", b"env", b"command", b"exec"].contains(&word)
}

/// Whether a text begins with a curl command.
pub fn begins_with_curl(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(b"$").map_or(text, <[u8]>::trim_ascii_start);
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    is_curl(&text[..end])
}

/// Whether a browser wrote a text for Windows' cmd: its first argument is quoted with carets.
fn is_for_cmd(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    is_curl(&text[..end]) && text[end..].trim_ascii_start().starts_with(b"^\"")
}

fn is_curl(word: &[u8]) -> bool {
    let name = word.rsplit(|&b| b == b'/').next().unwrap_or_default();
    matches!(name, b"curl" | b"curl.exe")
}

/// A word as a POSIX shell reads it back: as it is where it is plain, else quoted.
pub fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A command line of Windows' cmd without its carets: `^X` is X, at a line's end the line goes
/// on, and a line end behind that is one of the text. What remains is quoted as `"…"` is.
fn without_carets(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        rest = match rest {
            [] => return out,
            [b'^', b'\r', b'\n', b'\r', b'\n', rest @ ..]
            | [b'^', b'\r', b'\n', b'\n', rest @ ..]
            | [b'^', b'\n', b'\r', b'\n', rest @ ..]
            | [b'^', b'\n', b'\n', rest @ ..] => {
                out.push(b'\n');
                rest
            }
            [b'^', b'\r', b'\n', rest @ ..] | [b'^', b'\n', rest @ ..] => rest,
            [b'^', b, rest @ ..] | [b, rest @ ..] => {
                out.push(*b);
                rest
            }
        };
    }
}

/// A quote that is not closed; the line in which it begins, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed(pub usize);

/// The commands of a text, each as its words. Commands end at a line end, `;`, `&` and `|`
/// outside quotes; comments are passed over.
fn commands(text: &[u8]) -> Result<Vec<Command>, Unclosed> {
    let mut lexer = Lexer { text, at: 0 };
    let (mut commands, mut command) = (Vec::new(), Command::default());
    let (mut line, mut counted) = (1, 0);
    let mut leads_to = false;
    loop {
        let token = lexer.next()?;
        match token {
            Token::Word(begin, word) => {
                if command.words.is_empty() {
                    line += text[counted..begin].iter().filter(|&&b| b == b'\n').count();
                    (counted, command.line) = (begin, line);
                }
                // Behind an arrow it is a file of the shell's.
                if !std::mem::take(&mut leads_to) {
                    command.words.push(word);
                }
            }
            Token::Arrow => (leads_to, command.redirected) = (true, true),
            Token::Separator | Token::End => {
                leads_to = false;
                let whole = std::mem::take(&mut command);
                if !whole.words.is_empty() {
                    commands.push(whole);
                }
                if let Token::End = token {
                    return Ok(commands);
                }
            }
        }
    }
}

enum Token {
    /// Where it begins, and what it means.
    Word(usize, Vec<u8>),
    /// `<`, `>` and their kind.
    Arrow,
    Separator,
    End,
}

struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> Result<Token, Unclosed> {
        loop {
            match self.rest() {
                [] => return Ok(Token::End),
                [b'\\', b'\n', ..] => self.at += 2,
                [b'\r', b'\n', ..] => self.at += 1,
                [b'\\', b'\r', b'\n', ..] => self.at += 3,
                [b' ' | b'\t', ..] => self.at += 1,
                [b'#', rest @ ..] => {
                    self.at += 1 + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                }
                [b'\n' | b';' | b'&' | b'|', ..] => {
                    self.at += 1;
                    return Ok(Token::Separator);
                }
                [b'<' | b'>', rest @ ..] => {
                    let more = rest.iter().take_while(|b| b"<>&|".contains(b)).count();
                    self.at += 1 + more;
                    return Ok(Token::Arrow);
                }
                _ => {
                    let begin = self.at;
                    let word = self.word()?;
                    // The number of what is led elsewhere.
                    let number = self.text[begin..self.at].iter().all(u8::is_ascii_digit);
                    if !(number && matches!(self.rest(), [b'<' | b'>', ..])) {
                        return Ok(Token::Word(begin, word));
                    }
                }
            }
        }
    }

    fn word(&mut self) -> Result<Vec<u8>, Unclosed> {
        let mut word = Vec::new();
        loop {
            match self.rest() {
                []
                | [b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>', ..]
                | [b'\r', b'\n', ..] => return Ok(word),
                [b'\\', b'\n', ..] => self.at += 2,
                [b'\\', b'\r', b'\n', ..] => self.at += 3,
                [b'\\', b, ..] => {
                    word.push(*b);
                    self.at += 2;
                }
                [b'\'', ..] => self.quoted(1, |lexer, word| lexer.plain(word), &mut word)?,
                [b'"', ..] => self.quoted(1, |lexer, word| lexer.double(word), &mut word)?,
                [b'$', b'\'', ..] => self.quoted(2, |lexer, word| lexer.ansi(word), &mut word)?,
                [b, ..] => {
                    word.push(*b);
                    self.at += 1;
                }
            }
        }
    }

    /// Reads a quoted part; `body` reads it up to and with its end, and says whether it found one.
    fn quoted(
        &mut self,
        opening: usize,
        body: fn(&mut Self, &mut Vec<u8>) -> bool,
        word: &mut Vec<u8>,
    ) -> Result<(), Unclosed> {
        let begin = self.at;
        self.at += opening;
        match body(self, word) {
            true => Ok(()),
            false => {
                let before = self.text[..begin].iter().filter(|&&b| b == b'\n').count();
                Err(Unclosed(before + 1))
            }
        }
    }

    /// `'…'`: as it stands.
    fn plain(&mut self, word: &mut Vec<u8>) -> bool {
        let Some(end) = self.rest().iter().position(|&b| b == b'\'') else { return false };
        word.extend_from_slice(&self.rest()[..end]);
        self.at += end + 1;
        true
    }

    /// `"…"`: a backslash escapes what is special there, and stays before anything else.
    fn double(&mut self, word: &mut Vec<u8>) -> bool {
        loop {
            match self.rest() {
                [] => return false,
                [b'"', ..] => {
                    self.at += 1;
                    return true;
                }
                [b'\\', b'\n', ..] => self.at += 2,
                [b'\\', b @ (b'$' | b'`' | b'"' | b'\\'), ..] => {
                    word.push(*b);
                    self.at += 2;
                }
                [b, ..] => {
                    word.push(*b);
                    self.at += 1;
                }
            }
        }
    }

    /// `$'…'`: the escapes of C, and Unicode's.
    fn ansi(&mut self, word: &mut Vec<u8>) -> bool {
        loop {
            match self.rest() {
                [] => return false,
                [b'\'', ..] => {
                    self.at += 1;
                    return true;
                }
                [b'\\', letter, ..] => {
                    let letter = *letter;
                    self.at += 2;
                    self.escape(letter, word);
                }
                [b, ..] => {
                    word.push(*b);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, letter: u8, word: &mut Vec<u8>) {
        let plain = match letter {
            b'a' => 0x07,
            b'b' => 0x08,
            b'e' | b'E' => 0x1B,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0B,
            b'\\' | b'\'' | b'"' | b'?' => letter,
            b'x' => return word.extend(self.number(16, 2).map(|n| n.to_le_bytes()[0])),
            b'u' => return self.unicode(4, word),
            b'U' => return self.unicode(8, word),
            b'0'..=b'7' => {
                self.at -= 1;
                return word.extend(self.number(8, 3).map(|n| n.to_le_bytes()[0]));
            }
            // Not an escape: both stay.
            _ => {
                word.push(b'\\');
                letter
            }
        };
        word.push(plain);
    }

    /// `\uXXXX`, and two of them where browsers write one character as two halves.
    fn unicode(&mut self, digits: usize, word: &mut Vec<u8>) {
        let Some(mut code) = self.number(16, digits) else { return };
        if (0xD800..0xDC00).contains(&code) && self.rest().starts_with(b"\\u") {
            let begin = self.at;
            self.at += 2;
            match self.number(16, 4) {
                Some(low @ 0xDC00..0xE000) => {
                    code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                }
                _ => self.at = begin,
            }
        }
        let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        word.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Up to `most` digits.
    fn number(&mut self, radix: u32, most: usize) -> Option<u32> {
        let digits = self.rest().iter().take(most).map_while(|&b| char::from(b).to_digit(radix));
        let (len, number) =
            digits.fold((0, 0u32), |(len, n), digit| (len + 1, n.wrapping_mul(radix) + digit));
        self.at += len;
        (len > 0).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let word = |word: Vec<u8>| String::from_utf8(word).unwrap();
        let commands = commands(text.as_bytes()).unwrap();
        commands.into_iter().map(|it| it.words.into_iter().map(word).collect()).collect()
    }

    #[test]
    fn quotes_are_read_as_a_shell_reads_them() {
        let cases = [
            ("a b\tc", vec!["a", "b", "c"]),
            ("a\\\n  b", vec!["a", "b"]),
            ("a \\\r\n  b\r\n", vec!["a", "b"]),
            ("'a b'\"c d\"e", vec!["a bc de"]),
            ("''", vec![""]),
            ("'a\\'b", vec!["a\\b"]),
            ("'it'\\''s'", vec!["it's"]),
            (r#""a\"b\\c\$d\n""#, vec!["a\"b\\c$d\\n"]),
            (r"$'a\'b\n\t\x41\101\u0021\\'", vec!["a'b\n\tAA!\\"]),
            (r"$'\u00e9\U0001F36A\ud83c\udf6a\ud83c-'", vec!["\u{e9}\u{1F36A}\u{1F36A}\u{FFFD}-"]),
            (r"$'\q\x\u'", vec!["\\q"]),
            ("a # b 'c", vec!["a"]),
            ("a#b $c $", vec!["a#b", "$c", "$"]),
            ("\\", vec!["\\"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), [expected], "{text}");
        }
    }

    #[test]
    fn carets_of_cmd_are_undone() {
        let cases: [(&str, &[&str]); 5] = [
            ("a ^\"b c^\" ^\r\n  -d ^", &["a", "b c", "-d", "^"]),
            ("^\"https://a.example/?a=1^&b=^%^22x^%^22^\"", &["https://a.example/?a=1&b=%22x%22"]),
            (r#"^"a=^\^"x^\^"; b=^\^\^$c^""#, &["a=\"x\"; b=\\$c"]),
            ("^\"a^\n\nb^\r\n\r\nc^\"", &["a\nb\nc"]),
            ("^^ plain", &["^", "plain"]),
        ];
        for (text, expected) in cases {
            let undone = String::from_utf8(without_carets(text.as_bytes())).unwrap();
            assert_eq!(words(&undone), [expected], "{text}");
        }
    }

    #[test]
    fn commands_end_at_line_ends_and_separators() {
        assert_eq!(words("a b ;\nc&d|e\n\n;"), [vec!["a", "b"], vec!["c"], vec!["d"], vec!["e"]]);
        assert_eq!(words(" \n"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn what_goes_before_a_curl_line_is_passed_over() {
        let lines =
            b"\xef\xbb\xbfme@host:~$ curl a\n% curl b; sudo curl c\n\nX=1 time curl d\nwget curl e";
        let lines = curl_lines(lines).unwrap();
        let one = |command: &Command| (command.line, command.words.concat());
        let expected = [(1, b"a"), (2, b"b"), (2, b"c"), (4, b"d")];
        assert_eq!(
            lines.iter().map(one).collect::<Vec<_>>(),
            expected.map(|(n, w)| (n, w.to_vec()))
        );
    }

    #[test]
    fn arrows_are_the_shells() {
        for text in ["curl a >out", "curl a > out b", "curl <in a 2>&1", "curl a 2>/dev/null b"] {
            let lines = curl_lines(text.as_bytes()).unwrap();
            assert!(lines[0].redirected && lines[0].words[0] == b"a", "{text}: {lines:?}");
            assert!(!lines[0].words.concat().contains(&b'o'), "{text}: {lines:?}");
        }
        assert!(!curl_lines(b"curl 'a>b' \"<\"").unwrap()[0].redirected);
    }

    #[test]
    fn a_quote_that_stays_open_is_named_by_its_line() {
        for text in ["a\n\n'b\nc", "a\n\n\"b\\\"", "\n\n$'b\\'"] {
            assert_eq!(commands(text.as_bytes()), Err(Unclosed(3)), "{text}");
        }
    }
}
