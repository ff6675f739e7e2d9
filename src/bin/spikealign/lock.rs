//! Locks on files that another program may lock, replace or remove at any time.

use same_file::Handle;
use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind},
    path::Path,
};

/// Whether the file is locked now. (On a file system without locks every program is alone.)
pub fn try_lock(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Whether an open file is the one at `path`: it may have been replaced or removed since.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match Handle::from_path(path) {
        Ok(there) => Ok(there == Handle::from_file(file.try_clone()?)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
