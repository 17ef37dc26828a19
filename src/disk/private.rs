//! A file that another program is lent: in a folder of its own, for the owner only, gone afterwards.

use super::atomic;
use super::error::{Doing, Error};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Names that are tried for the folder before giving up.
const NAMES: u32 = 100;

/// A file that goes, with its folder and all that was put beside it, when this is dropped.
#[derive(Debug)]
pub struct Private {
    folder: PathBuf,
    file: PathBuf,
}

impl Private {
    /// Makes a file (0600) of this name and content, in a new folder (0700) in `base`.
    ///
    /// # Errors
    /// [`Error::Io`]; then there is nothing left of it.
    pub fn create(base: &Path, name: &str, content: &[u8]) -> Result<Private, Error> {
        // Whoever gets the path may work elsewhere.
        let base = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
        let mut tries = 0;
        let folder = loop {
            let folder = base.join(format!("cruller-{}-{tries}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => break folder,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < NAMES => {
                    tries += 1;
                }
                Err(error) => return Err(Error::io(Doing::MakingDirectory, folder)(error)),
            }
        };
        let private = Private { file: folder.join(name), folder };
        let made = File::options().write(true).create_new(true).mode(0o600).open(&private.file);
        made.and_then(|mut file| file.write_all(content))
            .map_err(Error::io(Doing::Writing, &private.file))?;
        Ok(private)
    }

    /// Where it is; absolute.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// What is in it now; `None` where it is gone.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::NotAFile`], [`Error::TooLarge`].
    pub fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        atomic::read_regular(&self.file)
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // Nothing more can be done about what cannot be removed.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn it_is_for_the_owner_only_and_goes_with_all_that_is_beside_it() {
        let base = tempfile::tempdir().unwrap();
        let private = Private::create(base.path(), "jar", b"hush").unwrap();
        let another = Private::create(base.path(), "jar", b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(private.path()), mode(private.path().parent().unwrap())), (0o600, 0o700));
        assert_eq!(private.read().unwrap().as_deref(), Some(&b"hush"[..]));
        fs::create_dir(another.path().with_file_name("beside")).unwrap();
        fs::remove_file(another.path()).unwrap();
        assert_eq!(another.read().unwrap(), None);
        drop((private, another));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
    }
}
