//! Standard output: its reader may leave, as `head` does, and its disk may be full.

#[cfg(unix)]
use std::os::fd::AsFd;
use std::{
    fmt,
    fs::File,
    io::{self, ErrorKind, StdoutLock, Write},
};

/// Standard output, whose errors say so.
pub struct Output(StdoutLock<'static>);

/// The reader has left: there is nothing more to do, and nothing wrong.
#[derive(Debug)]
struct Closed;

/// Standard output.
pub fn output() -> Output {
    Output(io::stdout().lock())
}

/// Text without what a terminal would obey: names and cells of files may hold anything.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\n' {
            printable.extend(character.escape_unicode());
        } else {
            printable.push(character);
        }
    }
    printable
}

/// Whether an error only says that the reader of standard output has left.
pub fn is_closed(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.is_some_and(|inner| inner.is::<Closed>())
    })
}

impl Output {
    /// Writes a line at once and whole. What a full disk took of it is taken back from a file, so that another line can
    /// follow.
    pub fn write_line(&mut self, line: &str) -> io::Result<()> {
        let length = file_length();
        let written = self.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.flush());
        if let (Err(_), Some((file, length))) = (&written, length) {
            // The line is reported as not written in any case.
            let _ = file.set_len(length);
        }
        written
    }
}

/// Standard output as a file, and its length, if it is one.
#[cfg(unix)]
fn file_length() -> Option<(File, u64)> {
    let file = File::from(io::stdout().as_fd().try_clone_to_owned().ok()?);
    let metadata = file.metadata().ok()?;
    metadata.is_file().then_some((file, metadata.len()))
}

#[cfg(not(unix))]
fn file_length() -> Option<(File, u64)> {
    None
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(explain)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(explain)
    }
}

fn explain(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::BrokenPipe => io::Error::other(Closed),
        // Tried again by the caller.
        ErrorKind::Interrupted => error,
        kind => io::Error::new(kind, format!("writing to standard output: {error}")),
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("standard output is closed")
    }
}

impl std::error::Error for Closed {}
