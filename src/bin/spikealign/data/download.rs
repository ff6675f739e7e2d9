//! Downloads with progress, a least rate and checksums, which resume where they were interrupted.

use crate::lock::{is_at, try_lock};
use anyhow::{Context, Result, ensure};
use attohttpc::StatusCode;
use indicatif::{ProgressBar, ProgressStyle};
use spikealign::data::{Download, checksum};
use std::{
    fs::{self, File},
    io::{ErrorKind, Read, Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

/// In this time…
const SPAN: Duration = Duration::from_secs(60);
/// … a publisher must send as many bytes: the slowest download that anybody waits for has 1 kB a second.
const LEAST: u64 = 60_000;

/// Downloads those that `folder` lacks, with a progress bar. What is interrupted stays there as a `.part`, and the next
/// call goes on with it; if another program is downloading it, this one waits.
pub fn download(publisher: &str, downloads: &[Download], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let missing: Vec<_> = downloads.iter().filter(|one| !folder.join(one.name).is_file()).collect();
    let bar = ProgressBar::new(missing.iter().map(|one| one.length).sum())
        .with_style(ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}")?);
    for one in missing {
        bar.set_message(one.name);
        // Under another name until it is checked, so that no half of a file is ever found.
        let part = folder.join(format!("{}.spikealign.part", one.name));
        let whole = folder.join(one.name);
        if let Some(file) = lock(&part, &whole).context(one.name)? {
            fetch(&format!("{publisher}/{}", one.name), one, &file, &part, &bar)
                .and_then(|()| Ok(fs::rename(&part, &whole)?))
                .context(one.name)?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// The part of a download, once no other program has it; or none if another one has brought the `whole` meanwhile.
fn lock(part: &Path, whole: &Path) -> Result<Option<File>> {
    loop {
        let file = File::options().create(true).append(true).read(true).open(part)?;
        if !try_lock(&file) {
            eprintln!("Another program is downloading {}: waiting for it.", whole.display());
            file.lock()?;
        }
        if whole.is_file() {
            // It may have been made just now, after the other program had renamed its own.
            let _ = fs::remove_file(part);
            return Ok(None);
        }
        if is_at(&file, part)? {
            return Ok(Some(file));
        }
    }
}

/// Downloads to the `file` at `path`, or what is missing of it there, and checks it.
fn fetch(url: &str, wanted: &Download, mut file: &File, path: &Path, bar: &ProgressBar) -> Result<()> {
    let there = file.metadata()?.len();
    if there < wanted.length {
        let mut request = attohttpc::get(url).connect_timeout(Duration::from_secs(15)).read_timeout(SPAN);
        if there > 0 {
            request = request.header("Range", format!("bytes={there}-"));
        }
        let response = request.send()?;
        let already = match response.status() {
            StatusCode::PARTIAL_CONTENT => there,
            status => {
                ensure!(status.is_success(), "the publisher answers {status}");
                // It does not know of parts, and sends everything again.
                file.set_len(0)?;
                0
            }
        };
        bar.inc(already);
        // One byte more than it should have, to notice a file that is too long.
        let mut body = bar.wrap_read(response.take(wanted.length - already + 1));
        let mut buffer = vec![0; 1 << 16];
        let mut pace = Pace { since: Instant::now(), received: 0 };
        loop {
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("it was interrupted; run this again to resume"),
            };
            file.write_all(&buffer[..count])?;
            ensure!(
                pace.is_enough(Instant::now(), count as u64),
                "the publisher sends less than {LEAST} bytes a minute; run this again to resume"
            );
        }
        let (found, length) = (file.metadata()?.len(), wanted.length);
        ensure!(
            found >= length,
            "it was interrupted after {found} of {length} bytes; run this again to resume"
        );
    }
    file.sync_all()?;
    // Through the handle that has it locked: Windows lets no other read it.
    file.rewind()?;
    let found = checksum(&mut file)?;
    if found != wanted.sha256 {
        // It is of no use. That it cannot be removed changes nothing.
        let _ = fs::remove_file(path);
    }
    ensure!(found == wanted.sha256, "its SHA-256 is {found}, but should be {}", wanted.sha256);
    Ok(())
}

/// How fast a download comes.
struct Pace {
    since: Instant,
    received: u64,
}

impl Pace {
    /// Whether it comes fast enough, with `count` bytes that came just now.
    fn is_enough(&mut self, now: Instant, count: u64) -> bool {
        self.received += count;
        if now - self.since < SPAN {
            return true;
        }
        let Self { received, .. } = std::mem::replace(self, Self { since: now, received: 0 });
        received >= LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    const SMALL: Download = Download {
        name: "small.gz",
        length: 11,
        sha256: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
    };

    /// A server on this machine that gives one answer, and hands back what it was asked.
    fn server(answer: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 4_096];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..length]).to_lowercase()
        });
        (address, asked)
    }

    const WHOLE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
    const CUT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello";
    const REST: &str = "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\n\r\n world";

    #[test]
    fn a_download_is_kept_only_when_its_checksum_is_right() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new");
        let wrong = Download { sha256: "00", ..SMALL };
        let error = download(&server(WHOLE).0, &[wrong], &target).unwrap_err();
        assert!(format!("{error:#}").contains("small.gz: its SHA-256 is b94d27b9"), "{error:#}");
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
        let missing = server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").0;
        let error = download(&missing, &[SMALL], &target).unwrap_err();
        assert!(format!("{error:#}").contains("404"), "{error:#}");

        download(&server(WHOLE).0, &[SMALL], &target).unwrap();
        assert_eq!(fs::read(target.join("small.gz")).unwrap(), b"hello world");
        // There is nothing left to do, and no server needed.
        download("http://127.0.0.1:1", &[SMALL], &target).unwrap();
        assert_eq!(fs::read_dir(&target).unwrap().count(), 1);
    }

    #[test]
    fn an_interrupted_download_goes_on() {
        // The second server does not know of parts.
        for rest in [REST, WHOLE] {
            let folder = tempfile::tempdir().unwrap();
            let error = download(&server(CUT).0, &[SMALL], folder.path()).unwrap_err();
            assert!(format!("{error:#}").contains("run this again to resume"), "{error:#}");
            let part = folder.path().join("small.gz.spikealign.part");
            assert_eq!(fs::read(part).unwrap(), b"hello");
            let (address, asked) = server(rest);
            download(&address, &[SMALL], folder.path()).unwrap();
            assert!(asked.join().unwrap().contains("range: bytes=5-\r\n"));
            assert_eq!(fs::read(folder.path().join("small.gz")).unwrap(), b"hello world");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
        // One that is whole, but was not checked, needs no server.
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("small.gz.spikealign.part"), "hello world").unwrap();
        download("http://127.0.0.1:1", &[SMALL], folder.path()).unwrap();
        assert!(folder.path().join("small.gz").is_file());
    }

    #[test]
    fn programs_that_begin_at_once_download_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("small.gz.part"), "of somebody else").unwrap();
        // It gives one answer, to whoever comes first; the others wait for the file.
        let address = &server(WHOLE).0;
        std::thread::scope(|scope| {
            let programs = [(); 4].map(|()| scope.spawn(|| download(address, &[SMALL], folder.path())));
            programs.into_iter().for_each(|program| program.join().unwrap().unwrap());
        });
        assert_eq!(fs::read(folder.path().join("small.gz")).unwrap(), b"hello world");
        assert_eq!(fs::read_to_string(folder.path().join("small.gz.part")).unwrap(), "of somebody else");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_download_has_a_least_rate() {
        let begin = Instant::now();
        let mut pace = Pace { since: begin, received: 0 };
        assert!(pace.is_enough(begin + SPAN / 2, 1) && pace.is_enough(begin + SPAN, LEAST - 1));
        assert!(!pace.is_enough(begin + 2 * SPAN, LEAST - 1));
    }
}
