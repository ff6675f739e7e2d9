//! The file of a checkpoint: locked by the run that saves itself there, and always replaced as a whole.

use crate::lock::{is_at, try_lock};
use anyhow::{Context, Result, ensure};
use spikealign::configuration::MOST_MEMORY;
use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// The most bytes of a checkpoint: no experiment takes more memory.
const LARGEST: u64 = MOST_MEMORY << 20;

/// A file that no other run uses.
#[derive(Debug)]
pub struct CheckpointFile {
    /// Where it is: links are followed.
    path: PathBuf,
    /// What is there now, and locked.
    file: File,
    /// Whether nothing has been saved in it yet.
    is_empty: bool,
}

impl CheckpointFile {
    /// Opens the file, or makes an empty one, and locks it.
    pub fn open(path: &Path) -> Result<Self> {
        loop {
            let file = File::options().read(true).write(true).create(true).truncate(false).open(path);
            let file = file.with_context(|| saving(path))?;
            let metadata = file.metadata().with_context(|| saving(path))?;
            ensure!(metadata.is_file(), "{} is not a file", path.display());
            ensure!(
                try_lock(&file),
                "{} is in use by another run: wait until it ends, or name another file",
                path.display()
            );
            // Whoever had it locked until now may have replaced or removed it.
            if is_at(&file, path).with_context(|| saving(path))? {
                let path = fs::canonicalize(path).with_context(|| saving(path))?;
                return Ok(Self { path, file, is_empty: metadata.len() == 0 });
            }
        }
    }

    /// The bytes of the checkpoint, if there is one.
    pub fn read(&mut self) -> Result<Option<Vec<u8>>> {
        if self.is_empty {
            return Ok(None);
        }
        let name = self.path.display();
        let mut bytes = Vec::new();
        let length = self.file.metadata().with_context(|| format!("reading {name}"))?.len();
        ensure!(length <= LARGEST, "{name} has {length} bytes, but no checkpoint has more than {LARGEST}");
        (&self.file).take(LARGEST).read_to_end(&mut bytes).with_context(|| format!("reading {name}"))?;
        Ok(Some(bytes))
    }

    /// Replaces the contents, so that at any time the file holds the old ones or the new ones. It keeps its mode.
    pub fn save(&mut self, bytes: &[u8]) -> Result<()> {
        let name = self.path.file_name().unwrap_or_default();
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let replace = || -> std::io::Result<File> {
            let mut part = tempfile::Builder::new().prefix(name).suffix(".part").tempfile_in(folder)?;
            part.write_all(bytes)?;
            part.as_file().set_permissions(self.file.metadata()?.permissions())?;
            part.as_file().sync_all()?;
            try_lock(part.as_file());
            // Windows lets this replace a file that is open, as ours is, but not `persist`.
            fs::rename(part.path(), &self.path)?;
            Ok(part.into_file())
        };
        self.file = replace().with_context(|| saving(&self.path))?;
        self.is_empty = false;
        Ok(())
    }
}

/// A file that was only made is removed.
impl Drop for CheckpointFile {
    fn drop(&mut self) {
        if self.is_empty {
            // That it stays changes nothing.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn saving(path: &Path) -> String {
    format!("saving the run in {}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_alone_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let mut file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.read().unwrap(), None);
        fs::write(folder.path().join("run.part"), "of somebody else").unwrap();
        for bytes in [&b"a longer one"[..], b"short"] {
            file.save(bytes).unwrap();
            // Windows lets nobody else read a file that is locked.
            drop(file);
            assert_eq!(fs::read(&path).unwrap(), bytes);
            file = CheckpointFile::open(&path).unwrap();
            assert_eq!(file.read().unwrap().as_deref(), Some(bytes));
        }
        drop(file);
        assert_eq!(fs::read_to_string(folder.path().join("run.part")).unwrap(), "of somebody else");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);

        drop(CheckpointFile::open(&folder.path().join("never saved")).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        let problem = |path: &Path| CheckpointFile::open(path).unwrap_err().to_string();
        assert!(problem(folder.path()).starts_with("saving the run in"));
        assert!(problem(&folder.path().join("no/such/folder")).starts_with("saving the run in"));
    }

    #[test]
    fn one_run_at_a_time_uses_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let mut first = CheckpointFile::open(&path).unwrap();
        for _ in 0..2 {
            let error = CheckpointFile::open(&path).unwrap_err().to_string();
            assert!(error.contains("is in use by another run: wait until it ends"), "{error}");
            // The file that replaces it is locked, too.
            first.save(b"bytes").unwrap();
        }
        drop(first);
        CheckpointFile::open(&path).unwrap();
    }

    #[test]
    fn a_file_too_large_for_a_checkpoint_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        File::create(&path).unwrap().set_len(6 << 30).unwrap();
        let error = CheckpointFile::open(&path).unwrap().read().unwrap_err().to_string();
        assert!(error.contains("has 6442450944 bytes, but no checkpoint has more than"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn links_are_followed_and_modes_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [target, link] = ["target", "link"].map(|name| folder.path().join(name));
        symlink("target", &link).unwrap();
        // First the link leads nowhere.
        for mode in [None, Some(0o600), Some(0o640)] {
            if let Some(mode) = mode {
                fs::set_permissions(&target, fs::Permissions::from_mode(mode)).unwrap();
            }
            CheckpointFile::open(&link).unwrap().save(b"bytes").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            let metadata = fs::symlink_metadata(&target).unwrap();
            assert!(
                metadata.is_file() && mode.is_none_or(|mode| metadata.permissions().mode() & 0o777 == mode)
            );
        }
        assert!(
            CheckpointFile::open(Path::new("/dev/null")).unwrap_err().to_string().contains("is not a file")
        );
    }
}
