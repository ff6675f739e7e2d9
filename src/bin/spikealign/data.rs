//! `spikealign data`, and the images for `spikealign train`: finding, downloading, checking files.

use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use md5::{Digest, Md5};
use spikealign::{
    configuration::{Configuration, Dataset},
    data::{Extent, Files, Images},
};
use std::{
    ffi::OsString,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// Where the publisher of Fashion-MNIST keeps its files (plain HTTP: the checksums vouch for them).
const PUBLISHER: &str = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com";
/// Where a downloaded data set is put.
const DOWNLOADS: &str = "data/fashion-mnist";

/// One of the official files.
struct Official {
    /// Its name; unpacked, without `.gz`.
    name: &'static str,
    /// Its length in bytes.
    length: u64,
    /// Its MD5 checksum.
    md5: &'static str,
}

/// The official files of Fashion-MNIST, in the order of [`Files`].
const OFFICIAL: [Official; 4] = [
    Official {
        name: "train-images-idx3-ubyte.gz",
        length: 26_421_880,
        md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    },
    Official { name: "train-labels-idx1-ubyte.gz", length: 29_515, md5: "25c81989df183df01b3e8a0aad5dffbe" },
    Official {
        name: "t10k-images-idx3-ubyte.gz",
        length: 4_422_102,
        md5: "bef4ecab320f06d8554ea6380940ec79",
    },
    Official { name: "t10k-labels-idx1-ubyte.gz", length: 5_148, md5: "bb300cfdad3c16e7a12a480ee83cd310" },
];

/// Which data set to find, and where.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which images
    #[arg(long, value_enum, default_value = "fashion-mnist")]
    dataset: Dataset,
    /// The folder with the files of the data set; they are downloaded into it if it has none
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Finds or downloads the data set, checks every byte of it, and says where it is.
pub fn run(Arguments { dataset, data }: Arguments) -> Result<()> {
    if dataset == Dataset::Garments {
        println!("garments is drawn by the program: there are no files to find.");
        return Ok(());
    }
    let paths = find_or_download(data.as_deref())?;
    for (path, official) in paths.iter().zip(&OFFICIAL) {
        // A file that is already unpacked has no official checksum; it is read in full below.
        if path.ends_with(official.name) {
            let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            check(official, &hexadecimal(&Md5::digest(&bytes))).with_context(|| {
                format!("{} is not the official file; remove it and run this again", path.display())
            })?;
        }
    }
    let images = read(&paths, 60_000, 10_000)?;
    for path in &paths {
        println!("{}", path.display());
    }
    println!("Fashion-MNIST: {} training and {} test images.", images.train().len(), images.test().len());
    Ok(())
}

/// The images of an experiment. Fashion-MNIST is looked for in `data` or in the usual folders, and
/// downloaded when it is in none of them.
pub fn load(configuration: &Configuration, data: Option<&Path>) -> Result<Images> {
    let &Configuration { dataset, seed, examples, test_examples, .. } = configuration;
    match dataset {
        Dataset::Garments => Ok(Images::garments(seed, examples, test_examples)),
        Dataset::FashionMnist => read(&find_or_download(data)?, examples, test_examples),
    }
}

/// Reads the images from the four files.
fn read(paths: &[PathBuf; 4], train: usize, test: usize) -> Result<Images> {
    let mut contents = [const { Vec::new() }; 4];
    for (bytes, path) in contents.iter_mut().zip(paths) {
        *bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    }
    let [train_images, train_labels, test_images, test_labels] = &contents;
    let files = Files::<&[u8]> { train_images, train_labels, test_images, test_labels };
    Images::fashion_mnist(files, train, test, Extent::Whole).with_context(|| {
        let folder = paths[0].parent().unwrap_or(Path::new("."));
        format!(
            "the files in {} cannot be used; remove what is damaged and run `spikealign data`",
            folder.display()
        )
    })
}

/// The four files, in the order of [`OFFICIAL`].
fn find_or_download(data: Option<&Path>) -> Result<[PathBuf; 4]> {
    let folders = folders(data, std::env::var_os("FASHION_MNIST_DIR"));
    if let Some(paths) = folders.iter().find_map(|folder| find(folder)) {
        return Ok(paths);
    }
    let looked: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    let target = data.unwrap_or(Path::new(DOWNLOADS));
    eprintln!(
        "Fashion-MNIST is not in {}: downloading 31 MB from {PUBLISHER} into {}",
        looked.join(" or "),
        target.display()
    );
    download(PUBLISHER, &OFFICIAL, target).with_context(|| {
        format!(
            "Fashion-MNIST could not be downloaded. Put its four .gz files \
             (https://github.com/zalandoresearch/fashion-mnist) into {}, or name their folder with \
             --data or FASHION_MNIST_DIR; or use --dataset garments, which needs no files",
            target.display()
        )
    })?;
    find(target).context("the files that were just downloaded are gone")
}

/// Where to look, in this order: the folder asked for and no other, or the usual ones.
fn folders(data: Option<&Path>, environment: Option<OsString>) -> Vec<PathBuf> {
    if let Some(folder) = data {
        return vec![folder.to_path_buf()];
    }
    let usual = [DOWNLOADS, "../shared/fashion-mnist"].map(PathBuf::from);
    environment.filter(|name| !name.is_empty()).map(PathBuf::from).into_iter().chain(usual).collect()
}

/// The four files, each gzipped or unpacked, if all of them are in `folder`.
fn find(folder: &Path) -> Option<[PathBuf; 4]> {
    let paths = OFFICIAL.map(|Official { name, .. }| {
        let packed = folder.join(name);
        if packed.is_file() { packed } else { packed.with_extension("") }
    });
    paths.iter().all(|path| path.is_file()).then_some(paths)
}

/// Downloads those of the `files` that `folder` lacks, with a progress bar.
fn download(publisher: &str, files: &[Official], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let missing: Vec<_> = files.iter().filter(|official| !folder.join(official.name).is_file()).collect();
    let bar = ProgressBar::new(missing.iter().map(|official| official.length).sum())
        .with_style(ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}")?);
    for official in missing {
        bar.set_message(official.name);
        let path = folder.join(official.name);
        // Under another name until it is checked, so that no half of a file is ever found.
        let unchecked = path.with_extension("gz.part");
        let outcome = fetch(&format!("{publisher}/{}", official.name), official, &unchecked, &bar)
            .and_then(|()| Ok(fs::rename(&unchecked, &path)?));
        if outcome.is_err() {
            // What remains of it is of no use; that it cannot be removed changes nothing.
            let _ = fs::remove_file(&unchecked);
        }
        outcome.with_context(|| official.name)?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Downloads one file to `path` and checks it.
fn fetch(url: &str, official: &Official, path: &Path, bar: &ProgressBar) -> Result<()> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_recv_response(Some(Duration::from_secs(30)))
        .timeout_per_read(Some(Duration::from_secs(60)))
        .build()
        .into();
    let response = agent.get(url).call()?;
    // One byte more than it should have, to notice a file that is too long.
    let mut body = bar.wrap_read(response.into_body().into_reader().take(official.length + 1));
    let mut file = fs::File::create(path)?;
    let mut digest = Md5::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = body.read(&mut buffer)?;
        if count == 0 {
            return check(official, &hexadecimal(&digest.finalize()));
        }
        digest.update(&buffer[..count]);
        file.write_all(&buffer[..count])?;
    }
}

/// Compares the checksum that was found with the official one.
fn check(official: &Official, found: &str) -> Result<()> {
    ensure!(found == official.md5, "its MD5 is {found}, but should be {}", official.md5);
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    const SMALL: Official =
        Official { name: "small.gz", length: 11, md5: "5eb63bbbe01eeed093cb22bb8f5acdc3" };

    /// A server on this machine that answers one request with `status` and "hello world".
    fn server(status: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 11\r\n\r\nhello world").unwrap();
        });
        address
    }

    #[test]
    fn the_folder_asked_for_is_the_only_one_looked_in() {
        assert_eq!(folders(Some(Path::new("mine")), Some("theirs".into())), [Path::new("mine")]);
        let usual = [Path::new("data/fashion-mnist"), Path::new("../shared/fashion-mnist")];
        assert_eq!(folders(None, None), usual);
        assert_eq!(folders(None, Some("".into())), usual);
        assert_eq!(folders(None, Some("theirs".into()))[0], Path::new("theirs"));
    }

    #[test]
    fn files_are_found_when_all_four_are_there_packed_or_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"] {
            fs::write(folder.path().join(name), "").unwrap();
            assert_eq!(find(folder.path()), None);
        }
        fs::write(folder.path().join("t10k-labels-idx1-ubyte"), "").unwrap();
        fs::write(folder.path().join("t10k-labels-idx1-ubyte.gz"), "").unwrap();
        let names = find(folder.path()).unwrap().map(|path| path.file_name().unwrap().to_owned());
        assert_eq!(
            names,
            [
                "train-images-idx3-ubyte.gz",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte.gz"
            ]
        );
    }

    #[test]
    fn a_download_is_kept_only_when_its_checksum_is_right() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new");
        let wrong = Official { md5: "00000000000000000000000000000000", ..SMALL };
        let error = download(&server("200 OK"), &[wrong], &target).unwrap_err();
        assert!(format!("{error:#}").contains("small.gz: its MD5 is 5eb63bbb"), "{error:#}");
        let error = download(&server("404 Not Found"), &[SMALL], &target).unwrap_err();
        assert!(format!("{error:#}").contains("404"), "{error:#}");
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0);

        download(&server("200 OK"), &[SMALL], &target).unwrap();
        assert_eq!(fs::read(target.join("small.gz")).unwrap(), b"hello world");
        // There is nothing left to do, and no server needed.
        download("http://127.0.0.1:1", &[SMALL], &target).unwrap();
        assert_eq!(fs::read_dir(&target).unwrap().count(), 1);
    }

    #[test]
    fn damaged_files_are_named_with_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        for Official { name, .. } in OFFICIAL {
            fs::write(folder.path().join(name), "<html>").unwrap();
        }
        let configuration = Configuration { dataset: Dataset::FashionMnist, ..Default::default() };
        let error = format!("{:#}", load(&configuration, Some(folder.path())).unwrap_err());
        assert!(error.contains("train-images-idx3-ubyte: begins with"), "{error}");
        assert!(error.contains(folder.path().to_str().unwrap()), "{error}");
    }
}
