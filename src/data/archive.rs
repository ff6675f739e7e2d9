//! Files as they lie about: in a folder and those below it, in a zip, in a tar, gzipped or not, and in archives that lie
//! in a folder.

use super::{File, OfficialFile, OfficialFiles};
use crate::Error;
use std::{
    fs,
    io::{self, BufRead, BufReader, ErrorKind, Read, Seek},
    path::{Path, PathBuf},
};
use zip::result::ZipError;

/// The most files that are looked at.
pub const MOST_FILES: usize = 200_000;
/// The most bytes of one official file, as it lies there. The largest, SVHN's extra one, has 1.33 billion.
const LARGEST_FILE: u64 = 3 << 29;
/// Folders that may lie in each other.
const DEEPEST: usize = 16;
/// The most bytes that the name of a file in a tar may have.
const LONGEST_NAME: u64 = 1 << 16;

/// What is done with each file: its path, with `/` between folders, and its bytes, of which as many are read as are needed.
/// Of a folder the path ends in `/`, and there are no bytes.
pub type Visit<'a> = dyn FnMut(&str, &mut dyn Read) -> Result<(), Error> + 'a;

/// Where files lie: a folder or an archive on this machine, or what was dropped on the page.
pub trait Place {
    /// Its path, for messages.
    fn path(&self) -> &Path;
    /// Goes through everything in it, in an order that does not depend on the machine.
    ///
    /// # Errors
    /// As [`walk`].
    fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Error>;
}

impl Place for &Path {
    fn path(&self) -> &Path {
        self
    }

    fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Error> {
        let metadata = fs::metadata(self).map_err(|error| unreadable(self, &error))?;
        if metadata.is_dir() {
            return walk_folder(self, "", 0, visit);
        }
        if !is_archive(self) {
            return Err(problem(
                self,
                "is neither a folder nor a zip, tar, tar.gz or tgz; name one of these",
            ));
        }
        walk_archive(self, open(self)?, "", visit)
    }
}

/// Goes through all files and folders of a place, in an order that does not depend on the machine. Hidden files are
/// left out.
///
/// # Errors
/// [`Error::Data`] names what cannot be read, and what to do; and whatever `visit` fails with.
pub fn walk(place: &dyn Place, visit: &mut Visit<'_>) -> Result<(), Error> {
    let mut files = 0;
    place.visit(&mut |name, bytes| {
        files += 1;
        if files > MOST_FILES {
            let words = format!("holds more than {MOST_FILES} files; use a folder with fewer");
            return Err(problem(place.path(), words));
        }
        let is_hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if is_hidden { Ok(()) } else { visit(name, bytes) }
    })
}

fn open(path: &Path) -> Result<fs::File, Error> {
    fs::File::open(path).map_err(|error| unreadable(path, &error))
}

fn walk_folder(folder: &Path, prefix: &str, depth: usize, visit: &mut Visit<'_>) -> Result<(), Error> {
    if depth > DEEPEST {
        return Err(problem(folder, "is nested too deeply; move it up, or name it with --data"));
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| unreadable(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(problem(&path, "has a name that is not valid text; rename it"));
        };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            visit(&format!("{name}/"), &mut io::empty())?;
            walk_folder(&path, &format!("{name}/"), depth + 1, visit)?;
        } else if is_archive(&path) {
            walk_archive(&path, open(&path)?, &format!("{name}/"), visit)?;
        } else {
            visit(&name, &mut Unopened { path, file: None })?;
        }
    }
    Ok(())
}

/// A file that is opened when it is first read: most are passed by.
struct Unopened {
    path: PathBuf,
    file: Option<fs::File>,
}

impl Read for Unopened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(fs::File::open(&self.path)?),
        };
        file.read(buffer)
    }
}

/// Whether the name of a file says that it is an archive.
pub fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    [".zip", ".tar", ".tar.gz", ".tgz"].iter().any(|ending| name.ends_with(ending))
}

/// Goes through everything in an archive that `path` names, and whose bytes are `file`; `prefix` is put before all paths.
///
/// # Errors
/// As [`walk`].
pub fn walk_archive(
    path: &Path,
    file: impl Read + Seek,
    prefix: &str,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    let damaged = |error: &dyn std::fmt::Display| {
        problem(path, format!("is not a valid archive ({error}); copy or download it again"))
    };
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return walk_zip(file, path, prefix, visit);
    }
    let mut bytes = BufReader::new(file);
    let is_gzipped = bytes.fill_buf().map_err(|error| unreadable(path, &error))?.starts_with(&[0x1f, 0x8b]);
    let bytes: Box<dyn Read + '_> =
        if is_gzipped { Box::new(flate2::bufread::MultiGzDecoder::new(bytes)) } else { Box::new(bytes) };
    let mut archive = tar::Archive::new(bytes);
    // As they are, entry by entry: the crate would read a name of any length into memory.
    let entries = archive.entries().map_err(|error| damaged(&error))?.raw(true);
    let mut long_name = None;
    for entry in entries {
        let mut entry = entry.map_err(|error| damaged(&error))?;
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
            let mut bytes = Vec::new();
            entry.by_ref().take(LONGEST_NAME).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
            let name = if kind.is_gnu_longname() { Some(&bytes[..]) } else { name_of_extensions(&bytes) };
            if let Some(name) = name {
                long_name = Some(String::from_utf8_lossy(name).trim_end_matches('\0').to_string());
            }
        } else if kind.is_file() || kind.is_dir() {
            let own = || String::from_utf8_lossy(&entry.path_bytes()).to_string();
            let name = long_name.take().unwrap_or_else(own);
            visit(&format!("{prefix}{}", name.trim_start_matches("./")), &mut entry)?;
        } else {
            long_name = None;
        }
    }
    Ok(())
}

/// The name of the next file, as the extensions of its header have it.
fn name_of_extensions(bytes: &[u8]) -> Option<&[u8]> {
    let extensions = tar::PaxExtensions::new(bytes).flatten();
    extensions
        .filter(|extension| extension.key_bytes() == b"path")
        .map(|extension| extension.value_bytes())
        .last()
}

fn walk_zip(file: impl Read + Seek, path: &Path, prefix: &str, visit: &mut Visit<'_>) -> Result<(), Error> {
    let failed = |error: ZipError| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            problem(path, "is locked with a password; unpack it, and use the folder")
        }
        ZipError::Io(error) => unreadable(path, &error),
        error => problem(path, format!("is not a valid zip ({error}); copy or download it again")),
    };
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(failed)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(failed)?;
        if entry.is_file() || entry.is_dir() {
            let name = format!("{prefix}{}", entry.name().replace('\\', "/"));
            visit(&name, &mut entry)?;
        }
    }
    Ok(())
}

/// The official files of a data set, as far as a folder or an archive has them: gzipped or not, as they lie there. Of
/// several that one could be, that with its official name is taken, or else the first.
///
/// # Errors
/// As [`walk`]; also when a file is larger than any of these can be.
pub fn find(official: &OfficialFiles, place: &dyn Place) -> Result<Vec<Option<Vec<u8>>>, Error> {
    let mut found: Vec<Option<Vec<u8>>> = official.files.iter().map(|_| None).collect();
    let mut is_named = vec![false; official.files.len()];
    walk(place, &mut |path, reader| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let failed = |error| unreadable(&place.path().join(path), &error);
        let is_called =
            |file: &OfficialFile| name.trim_end_matches(".gz") == file.name.trim_end_matches(".gz");
        let (mut bytes, beginning) = match beginning(reader) {
            Ok(read) => read,
            Err(error) if official.files.iter().any(is_called) => return Err(failed(error)),
            // What lies beside the files and cannot be read is none of them.
            Err(_) => return Ok(()),
        };
        let Some(index) = (official.identify)(&beginning, name.trim_end_matches(".gz")) else {
            return Ok(());
        };
        let has_its_name = is_called(&official.files[index]);
        if is_named[index] || found[index].is_some() && !has_its_name {
            return Ok(());
        }
        is_named[index] = has_its_name;
        if !read_up_to(LARGEST_FILE, reader, &mut bytes).map_err(failed)? {
            let words = format!("has more than {LARGEST_FILE} bytes; it is damaged or of another data set");
            return Err(problem(&place.path().join(path), words));
        }
        found[index] = Some(bytes);
        Ok(())
    })?;
    Ok(found)
}

/// Appends what is left of a file to its first `bytes`, and says whether these are `most` in all, or fewer.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn read_up_to(most: u64, reader: &mut dyn Read, bytes: &mut Vec<u8>) -> io::Result<bool> {
    reader.take((most + 1).saturating_sub(bytes.len() as u64)).read_to_end(bytes)?;
    Ok(bytes.len() as u64 <= most)
}

/// The first bytes of a file, as it lies there, and what files are told by: the first of it unpacked.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn beginning(reader: &mut dyn Read) -> io::Result<(Vec<u8>, Vec<u8>)> {
    /// Enough to unpack what files are told by.
    const BEGINNING: u64 = 4_096;
    let mut bytes = Vec::new();
    reader.take(BEGINNING).read_to_end(&mut bytes)?;
    let mut unpacked = Vec::new();
    // A file that cannot be unpacked is no official file.
    let _ = File::from_bytes(&bytes).reader.take(16).read_to_end(&mut unpacked);
    Ok((bytes, unpacked))
}

/// What is wrong with a file, and what to do.
pub fn problem(path: &Path, problem: impl Into<String>) -> Error {
    Error::Data { name: path.display().to_string(), problem: problem.into() }
}

/// Why a file or folder cannot be read, and what to do.
pub fn unreadable(path: &Path, error: &io::Error) -> Error {
    let advice = match error.kind() {
        ErrorKind::NotFound => "there is no file of that name",
        ErrorKind::PermissionDenied => "give yourself permission to read it",
        _ => "copy or download it again",
    };
    problem(path, format!("cannot be read ({error}): {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DatasetName, Source};
    use crate::setting::Value;
    use std::io::Write;
    use zip::{ZipWriter, unstable::write::FileOptionsExt, write::SimpleFileOptions};

    /// Files for a test: their names and what is in them.
    const FILES: [(&str, &[u8]); 3] = [("a/1.txt", b"one"), ("b/c/2.txt", b"two"), (".hidden", b"no")];

    fn seen(place: &Path) -> Result<Vec<(String, String)>, Error> {
        let mut seen = Vec::new();
        walk(&place, &mut |name, reader| {
            if name.ends_with('/') {
                return Ok(());
            }
            let text = io::read_to_string(reader).map_err(|error| unreadable(Path::new(name), &error))?;
            seen.push((name.to_string(), text));
            Ok(())
        })?;
        Ok(seen)
    }

    fn zip(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
        let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            archive.start_file(*name, options).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, *bytes).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_beside_the_files_is_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        let Source::Files(official) = DatasetName::read("mnist").unwrap().dataset().source else { panic!() };
        let found = |lost: &str| {
            let link = folder.path().join(lost);
            std::os::unix::fs::symlink("nowhere", &link).unwrap();
            let found = find(official, &folder.path());
            fs::remove_file(link).unwrap();
            found
        };
        assert!(found("notes.txt").unwrap().iter().all(Option::is_none));
        let told = found(official.files[0].name).unwrap_err().to_string();
        assert!(told.contains("there is no file of that name"), "{told}");
    }

    #[test]
    fn a_folder_and_every_archive_of_it_hold_the_same_files() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("folder");
        for (name, bytes) in FILES {
            fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
            fs::write(folder.join(name), bytes).unwrap();
        }
        let long = format!("{}/ä.txt", "long".repeat(40));
        let archives = [
            ("it.zip", zip(&FILES, SimpleFileOptions::default())),
            ("it.tar", tar(&FILES)),
            ("it.tar.gz", gzip(&tar(&FILES))),
            ("it.tgz", gzip(&tar(&FILES))),
        ];
        let expected = [("a/1.txt", "one"), ("b/c/2.txt", "two")]
            .map(|(name, text)| (name.to_string(), text.to_string()));
        assert_eq!(seen(&folder).unwrap(), expected);
        for (name, bytes) in archives {
            let alone = root.path().join(name);
            fs::write(&alone, &bytes).unwrap();
            assert_eq!(seen(&alone).unwrap(), expected, "{name}");
            let inside = tempfile::tempdir().unwrap();
            fs::write(inside.path().join(name), &bytes).unwrap();
            let prefixed = expected.clone().map(|(path, text)| (format!("{name}/{path}"), text));
            assert_eq!(seen(inside.path()).unwrap(), prefixed);
        }
        let named = root.path().join("long.tar");
        fs::write(&named, tar(&[(&long, b"three")])).unwrap();
        assert_eq!(seen(&named).unwrap(), [(long, "three".to_string())]);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let encrypted = SimpleFileOptions::default().with_deprecated_encryption(b"secret").unwrap();
        for (name, bytes, words) in [
            ("locked.zip", zip(&FILES, encrypted), "is locked with a password; unpack it"),
            ("broken.zip", b"PK\x03\x04 and no more".to_vec(), "is not a valid zip"),
            ("broken.tar.gz", gzip(b"no archive").to_vec(), "is not a valid archive"),
            ("short.tar.gz", gzip(&tar(&FILES))[..40].to_vec(), "is not a valid archive"),
            ("picture.png", Vec::new(), "is neither a folder nor a zip"),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            let error = seen(&path).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(words), "{words}: {error}");
        }
        let error = seen(&folder.path().join("nowhere")).unwrap_err().to_string();
        assert!(error.contains("there is no file of that name"), "{error}");

        for name in ["lost.zip", "lost.tar"] {
            let error = walk_archive(Path::new(name), Lost, "", &mut |_, _| Ok(())).unwrap_err().to_string();
            assert!(
                error.starts_with(name) && error.ends_with("give yourself permission to read it"),
                "{error}"
            );
        }
    }

    /// A file that may no longer be read.
    struct Lost;

    impl Read for Lost {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(ErrorKind::PermissionDenied.into())
        }
    }

    impl Seek for Lost {
        fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
            Ok(100)
        }
    }

    #[test]
    fn official_files_are_found_under_many_names() {
        let name = DatasetName::read("mnist").unwrap();
        let Source::Files(official) = name.dataset().source else { panic!("it has files") };
        let images = |count: u32| [&[0, 0, 8, 3][..], &count.to_be_bytes(), &[0; 40]].concat();
        let labels = |count: u32| [&[0, 0, 8, 1][..], &count.to_be_bytes()].concat();
        let plain = [images(60_000), labels(60_000), images(10_000), labels(10_000)];
        let packed = plain.clone().map(|bytes| gzip(&bytes));
        let files = |names: [&'static str; 4], bytes: &[Vec<u8>; 4]| -> Vec<(&'static str, Vec<u8>)> {
            names.into_iter().zip(bytes.clone()).collect()
        };
        let dots = [
            "train-images.idx3-ubyte",
            "train-labels.idx1-ubyte",
            "t10k-images.idx3-ubyte",
            "t10k-labels.idx1-ubyte",
        ];
        let dashes = [
            "gzip/train-images-idx3-ubyte.gz",
            "x/train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz",
        ];
        for (files, expected) in [(files(dots, &plain), &plain), (files(dashes, &packed), &packed)] {
            let folder = tempfile::tempdir().unwrap();
            for (name, bytes) in &files {
                fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
                fs::write(folder.path().join(name), bytes).unwrap();
            }
            fs::write(folder.path().join("read me"), "nothing").unwrap();
            let found: Option<Vec<_>> = find(official, &folder.path()).unwrap().into_iter().collect();
            assert_eq!(found.as_deref(), Some(&expected[..]));
            let zipped = tempfile::tempdir().unwrap();
            let borrowed: Vec<_> = files.iter().map(|(name, bytes)| (*name, &bytes[..])).collect();
            fs::write(zipped.path().join("mnist.zip"), zip(&borrowed, SimpleFileOptions::default())).unwrap();
            let found: Option<Vec<_>> = find(official, &zipped.path()).unwrap().into_iter().collect();
            assert_eq!(found.as_deref(), Some(&expected[..]));
            fs::remove_file(folder.path().join(files[2].0)).unwrap();
            let found = find(official, &folder.path()).unwrap();
            assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, true]);
        }
    }

    /// A place with so many files.
    struct Many(usize);

    impl Place for Many {
        fn path(&self) -> &Path {
            Path::new("many")
        }

        fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Error> {
            (0..self.0).try_for_each(|_| visit("file", &mut io::empty()))
        }
    }

    #[test]
    fn a_place_has_a_bound_on_its_files_their_depth_and_their_size() {
        let walked = |files| walk(&Many(files), &mut |_, _| Ok(()));
        assert_eq!(walked(MOST_FILES), Ok(()));
        assert!(walked(MOST_FILES + 1).unwrap_err().to_string().contains("holds more than 200000 files"));

        let folder = tempfile::tempdir().unwrap();
        let deepest = folder.path().join(["in"; DEEPEST].join("/"));
        fs::create_dir_all(&deepest).unwrap();
        fs::write(deepest.join("it"), "there").unwrap();
        assert_eq!(seen(folder.path()).unwrap().len(), 1);
        fs::create_dir(deepest.join("in")).unwrap();
        assert!(seen(folder.path()).unwrap_err().to_string().contains("is nested too deeply"));

        for (bytes, fits) in [(9, true), (10, true), (11, false), (99, false)] {
            let mut read = vec![1; 4];
            assert_eq!(read_up_to(10, &mut io::repeat(2).take(bytes - 4), &mut read).unwrap(), fits);
            assert_eq!(read.len() as u64, bytes.min(11));
        }
        assert!(!read_up_to(2, &mut io::repeat(2), &mut vec![1; 4]).unwrap());
    }

    #[test]
    fn a_name_in_the_extensions_of_a_header_is_that_of_the_file() {
        let mut archive = tar::Builder::new(Vec::new());
        let long = format!("{}/ä.txt", "long".repeat(80));
        for extensions in [vec![("path", long.as_bytes()), ("comment", b"none")], vec![("comment", b"none")]]
        {
            archive.append_pax_extensions(extensions).unwrap();
            let mut header = tar::Header::new_ustar();
            header.set_size(5);
            archive.append_data(&mut header, "short.txt", &b"three"[..]).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().join("pax.tar");
        fs::write(&named, archive.into_inner().unwrap()).unwrap();
        let names: Vec<_> = seen(&named).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [long, "short.txt".to_string()]);
    }

    #[test]
    fn of_several_files_the_one_with_the_official_name_is_taken_or_else_the_first() {
        let Source::Files(official) = DatasetName::read("mnist").unwrap().dataset().source else { panic!() };
        let folder = tempfile::tempdir().unwrap();
        let labels = |last: u8| [&[0, 0, 8, 1][..], &10_000u32.to_be_bytes(), &[last]].concat();
        for (name, last, expected) in [
            ("b", 1, 1),
            ("c", 2, 1),
            ("a", 3, 3),
            ("t10k-labels-idx1-ubyte", 4, 4),
            ("z", 5, 4),
            ("A", 6, 4),
        ] {
            fs::write(folder.path().join(name), labels(last)).unwrap();
            assert_eq!(find(official, &folder.path()).unwrap(), [None, None, None, Some(labels(expected))]);
        }
    }
}
