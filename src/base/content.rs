//! What a request carries behind its head: bytes in memory, or a source that is read while it
//! is sent.
//!
//! Content only describes; whoever sends it opens it, as often as the request is made.
//!
//! * In memory: `Content::from(bytes)`.
//! * Read as it is sent: [`Content::streamed`], with a [`Source`] from a floor that may open
//!   files.
//! * Of several parts: [`Content::joined`], with bytes and sources in any order. Its length is
//!   known if each part's is; it can be sent again if each part can.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

/// Content that is read while it is sent, a piece at a time.
pub trait Source: Send + Sync {
    /// How many bytes it is; `None` where only its end will tell. One that ends before its
    /// length is an error; what it has behind it is not read.
    fn length(&self) -> Option<u64>;

    /// Whether [`open`](Self::open) would begin at the beginning now: always for a file, and
    /// for a pipe until it was opened.
    fn is_ready(&self) -> bool {
        true
    }

    /// Opens it at its beginning. Called, like the reading, where it may block.
    ///
    /// # Errors
    /// It cannot be opened. The text of the error says what "it" is.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}

/// What a request carries behind its head. Cheap to clone: the hops of a redirected request
/// share it.
#[derive(Clone, Default)]
pub enum Content {
    /// Nothing, and no `Content-Length` either.
    #[default]
    None,
    /// These bytes, possibly none.
    Bytes(Arc<Vec<u8>>),
    /// What is read from here.
    Source(Arc<dyn Source>),
}

impl Content {
    /// Content that is read from `source`.
    pub fn streamed(source: impl Source + 'static) -> Content {
        Content::Source(Arc::new(source))
    }

    /// One part behind the other. Its length is known where all their lengths are.
    pub fn joined(parts: impl IntoIterator<Item = Content>) -> Content {
        Content::streamed(Joined(parts.into_iter().collect()))
    }

    /// Whether there is none. Content without a byte is content all the same.
    pub fn is_none(&self) -> bool {
        matches!(self, Content::None)
    }

    /// How many bytes it is; `None` where only its end will tell.
    pub fn length(&self) -> Option<u64> {
        match self {
            Content::None => Some(0),
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Source(source) => source.length(),
        }
    }

    /// Whether it can be sent now, from its beginning.
    pub fn is_ready(&self) -> bool {
        match self {
            Content::None | Content::Bytes(_) => true,
            Content::Source(source) => source.is_ready(),
        }
    }

    /// Opens it at its beginning. What is read is as long as [`length`](Self::length) said, or
    /// the reading fails.
    ///
    /// # Errors
    /// A source that cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Content::None => Ok(Box::new(io::empty())),
            Content::Bytes(bytes) => Ok(Box::new(Memory { bytes: bytes.clone(), read: 0 })),
            Content::Source(source) => {
                let reader = source.open()?;
                Ok(match source.length() {
                    Some(left) => Box::new(Exact { reader, left }),
                    None => reader,
                })
            }
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        Content::Bytes(Arc::new(bytes))
    }
}

/// A source is the same as itself only.
impl PartialEq for Content {
    fn eq(&self, other: &Content) -> bool {
        match (self, other) {
            (Content::None, Content::None) => true,
            (Content::Bytes(one), Content::Bytes(other)) => one == other,
            (Content::Source(one), Content::Source(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for Content {}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.length()) {
            (Content::None, _) => f.write_str("None"),
            (_, Some(length)) => write!(f, "({length} bytes)"),
            (_, None) => f.write_str("(bytes until they end)"),
        }
    }
}

/// Bytes in memory, read like anything else.
struct Memory {
    bytes: Arc<Vec<u8>>,
    read: usize,
}

impl Read for Memory {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = (&self.bytes[self.read..]).read(out)?;
        self.read += read;
        Ok(read)
    }
}

/// Holds a reader to its length: a message that was announced is sent whole or not at all.
struct Exact {
    reader: Box<dyn Read + Send>,
    left: u64,
}

impl Read for Exact {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).map_or(out.len(), |left| left.min(out.len()));
        let read = self.reader.read(&mut out[..most])?;
        if read == 0 && most > 0 {
            let text = format!("it ended {} bytes before its length", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// Parts, one behind the other.
struct Joined(Arc<[Content]>);

impl Source for Joined {
    fn length(&self) -> Option<u64> {
        self.0.iter().try_fold(0u64, |sum, part| sum.checked_add(part.length()?))
    }

    fn is_ready(&self) -> bool {
        self.0.iter().all(Content::is_ready)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Parts { parts: self.0.clone(), next: 0, open: None }))
    }
}

/// Joined parts being read, one open at a time.
struct Parts {
    parts: Arc<[Content]>,
    next: usize,
    open: Option<Box<dyn Read + Send>>,
}

impl Read for Parts {
    /// What is in memory is read together with what follows; a source may block, so what it
    /// has is handed on.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < out.len() {
            let Some(open) = &mut self.open else {
                let Some(part) = self.parts.get(self.next) else { break };
                self.open = Some(part.open()?);
                self.next += 1;
                continue;
            };
            let read = match open.read(&mut out[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            filled += read;
            if read == 0 {
                self.open = None;
            } else if matches!(self.parts.get(self.next - 1), Some(Content::Source(_))) {
                break;
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// These bytes, whatever length they are said to have; once, if `once`.
    struct Said {
        bytes: &'static [u8],
        length: Option<u64>,
        once: bool,
        opened: AtomicBool,
    }

    impl Source for Said {
        fn length(&self) -> Option<u64> {
            self.length
        }

        fn is_ready(&self) -> bool {
            !(self.once && self.opened.load(Ordering::Relaxed))
        }

        fn open(&self) -> io::Result<Box<dyn Read + Send>> {
            self.opened.store(true, Ordering::Relaxed);
            Ok(Box::new(self.bytes))
        }
    }

    fn said(bytes: &'static [u8], length: Option<u64>) -> Content {
        Content::streamed(Said { bytes, length, once: false, opened: AtomicBool::default() })
    }

    fn whole(content: &Content) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        content.open()?.read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn parts_are_read_one_behind_the_other_and_again() {
        let parts = [
            Content::from(b"a".to_vec()),
            said(b"bc", Some(2)),
            Content::None,
            said(b"", Some(0)),
            Content::from(b"de".to_vec()),
        ];
        let joined = Content::joined(parts);
        assert_eq!(joined.length(), Some(5));
        assert_eq!(whole(&joined).unwrap(), b"abcde");
        assert_eq!(whole(&joined).unwrap(), b"abcde");
    }

    #[test]
    fn one_part_without_a_length_leaves_the_whole_without_one() {
        let joined = Content::joined([Content::from(b"a".to_vec()), said(b"b", None)]);
        assert_eq!((joined.length(), whole(&joined).unwrap()), (None, b"ab".to_vec()));
    }

    #[test]
    fn a_source_that_ends_early_is_an_error_and_one_that_goes_on_is_not_read() {
        let early = whole(&said(b"ab", Some(3))).unwrap_err();
        assert_eq!(early.kind(), io::ErrorKind::UnexpectedEof);
        let inside = Content::joined([said(b"ab", Some(3)), Content::from(b"cd".to_vec())]);
        assert!(whole(&inside).is_err());
        assert_eq!(whole(&said(b"abcd", Some(3))).unwrap(), b"abc");
    }

    #[test]
    fn what_can_be_read_once_makes_the_whole_so() {
        let opened = AtomicBool::default();
        let pipe = Content::streamed(Said { bytes: b"x", length: None, once: true, opened });
        let joined = Content::joined([Content::from(b"a".to_vec()), pipe]);
        assert!(joined.is_ready());
        assert_eq!(whole(&joined).unwrap(), b"ax");
        assert!(!joined.is_ready());
    }
}
