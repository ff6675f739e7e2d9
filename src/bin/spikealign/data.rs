//! `spikealign data`, and the images for `spikealign train`: finding, downloading, checking files.

use crate::settings::names;
use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use md5::{Digest, Md5};
use spikealign::{
    configuration::Configuration,
    data::{
        Dataset, DatasetName, Extent, File, Images, MOST_TEST, MOST_TRAIN, OfficialFile, OfficialFiles,
        Source,
    },
    setting::Value,
};
use std::{
    ffi::OsString,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// Which data set to find, and where.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which images
    #[arg(long, default_value = "fashion-mnist", value_parser = names(spikealign::data::choices()))]
    dataset: String,
    /// The folder with the files of the data set; they are downloaded into it if it has none
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Finds or downloads the data set, checks every byte of it, and says where it is.
pub fn run(Arguments { dataset, data }: Arguments) -> Result<()> {
    let name = DatasetName::read(&dataset).context("there is no such data set")?;
    let Dataset { title, source, .. } = name.dataset();
    let Source::Files(official) = source else {
        println!("{title}: drawn by the program, there are no files to find.");
        return Ok(());
    };
    let paths = find_or_download(name, official, data.as_deref())?;
    for (path, file) in paths.iter().zip(official.files) {
        // A file that is already unpacked has no official checksum; it is read in full below.
        if path.ends_with(file.name) {
            let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            check(file, &hexadecimal(&Md5::digest(&bytes))).with_context(|| {
                format!("{} is not the official file; remove it and run this again", path.display())
            })?;
        }
    }
    let images = read(name, &paths, [MOST_TRAIN, MOST_TEST])?;
    for path in &paths {
        println!("{}", path.display());
    }
    println!("{title}: {} training and {} test images.", images.train().len(), images.test().len());
    Ok(())
}

/// The images of an experiment. Official files are looked for in `data` or in the usual folders, and
/// downloaded when they are in none of them.
pub fn load(configuration: &Configuration, data: Option<&Path>) -> Result<Images> {
    let &Configuration { dataset, seed, examples, test_examples, .. } = configuration;
    let counts = [examples, test_examples];
    match dataset.dataset().source {
        Source::Drawn(_) => Ok(Images::open(dataset, Vec::new(), seed, counts, Extent::Whole)?),
        Source::Files(official) => read(dataset, &find_or_download(dataset, official, data)?, counts),
    }
}

/// Reads the images from the official files.
fn read(dataset: DatasetName, paths: &[PathBuf], counts: [usize; 2]) -> Result<Images> {
    let mut contents = Vec::new();
    for path in paths {
        contents.push(fs::read(path).with_context(|| format!("reading {}", path.display()))?);
    }
    let files = contents.iter().map(|bytes| File::from_bytes(bytes)).collect();
    Images::open(dataset, files, 0, counts, Extent::Whole).with_context(|| {
        let folder = paths.first().and_then(|path| path.parent()).unwrap_or(Path::new("."));
        format!(
            "the files in {} cannot be used; remove what is damaged and run `spikealign data`",
            folder.display()
        )
    })
}

/// The official files, in their order.
fn find_or_download(
    dataset: DatasetName,
    official: &OfficialFiles,
    data: Option<&Path>,
) -> Result<Vec<PathBuf>> {
    let title = dataset.dataset().title;
    let variable = variable(dataset);
    let folders = folders(dataset, data, std::env::var_os(&variable));
    if let Some(paths) = folders.iter().find_map(|folder| find(official, folder)) {
        return Ok(paths);
    }
    let looked: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    let target = data.map_or_else(|| downloads(dataset), Path::to_path_buf);
    let megabytes = official.files.iter().map(|file| file.length).sum::<u64>().div_ceil(1_000_000);
    eprintln!(
        "{title} is not in {}: downloading {megabytes} MB from {} into {}",
        looked.join(" or "),
        official.publisher,
        target.display()
    );
    download(official.publisher, official.files, &target).with_context(|| {
        let names: Vec<_> = official.files.iter().map(|file| file.name).collect();
        format!(
            "{title} could not be downloaded. Put its files ({}) into {}, or name their folder with --data or \
             {variable}; or use --dataset garments, which needs no files",
            names.join(", "),
            target.display()
        )
    })?;
    find(official, &target).context("the files that were just downloaded are gone")
}

/// Where a downloaded data set is put.
fn downloads(dataset: DatasetName) -> PathBuf {
    Path::new("data").join(dataset.to_string())
}

/// The environment variable that names the folder of a data set, such as `FASHION_MNIST_DIR`.
fn variable(dataset: DatasetName) -> String {
    format!("{}_DIR", dataset.to_string().replace('-', "_").to_uppercase())
}

/// Where to look, in this order: the folder asked for and no other, or the usual ones.
fn folders(dataset: DatasetName, data: Option<&Path>, environment: Option<OsString>) -> Vec<PathBuf> {
    if let Some(folder) = data {
        return vec![folder.to_path_buf()];
    }
    let named = environment.filter(|name| !name.is_empty()).map(PathBuf::from);
    named.into_iter().chain([downloads(dataset)]).collect()
}

/// The official files, each gzipped or unpacked, if all of them are in `folder`.
fn find(official: &OfficialFiles, folder: &Path) -> Option<Vec<PathBuf>> {
    let paths = official.files.iter().map(|file| {
        let packed = folder.join(file.name);
        if packed.is_file() { packed } else { packed.with_extension("") }
    });
    let paths: Vec<_> = paths.collect();
    paths.iter().all(|path| path.is_file()).then_some(paths)
}

/// Downloads those of the `files` that `folder` lacks, with a progress bar.
fn download(publisher: &str, files: &[OfficialFile], folder: &Path) -> Result<()> {
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
fn fetch(url: &str, official: &OfficialFile, path: &Path, bar: &ProgressBar) -> Result<()> {
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
fn check(official: &OfficialFile, found: &str) -> Result<()> {
    ensure!(found == official.md5, "its MD5 is {found}, but should be {}", official.md5);
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikealign::data::Part;
    use std::net::TcpListener;

    const SMALL: OfficialFile = OfficialFile {
        name: "small.gz",
        label: "a greeting",
        split: Part::Test,
        header: 0,
        item: 1,
        length: 11,
        md5: "5eb63bbbe01eeed093cb22bb8f5acdc3",
    };

    fn fashion_mnist() -> (DatasetName, &'static OfficialFiles) {
        let name = DatasetName::read("fashion-mnist").unwrap();
        let Source::Files(official) = name.dataset().source else { panic!("it has files") };
        (name, official)
    }

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
        let (name, _) = fashion_mnist();
        assert_eq!(folders(name, Some(Path::new("mine")), Some("theirs".into())), [Path::new("mine")]);
        let usual = [Path::new("data/fashion-mnist")];
        assert_eq!(folders(name, None, None), usual);
        assert_eq!(folders(name, None, Some("".into())), usual);
        assert_eq!(folders(name, None, Some("theirs".into()))[0], Path::new("theirs"));
        assert_eq!(variable(name), "FASHION_MNIST_DIR");
    }

    #[test]
    fn files_are_found_when_all_four_are_there_packed_or_not() {
        let (_, official) = fashion_mnist();
        let folder = tempfile::tempdir().unwrap();
        for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"] {
            fs::write(folder.path().join(name), "").unwrap();
            assert_eq!(find(official, folder.path()), None);
        }
        fs::write(folder.path().join("t10k-labels-idx1-ubyte"), "").unwrap();
        fs::write(folder.path().join("t10k-labels-idx1-ubyte.gz"), "").unwrap();
        let names = find(official, folder.path()).unwrap();
        let names: Vec<_> = names.iter().map(|path| path.file_name().unwrap()).collect();
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
        let wrong = OfficialFile { md5: "00000000000000000000000000000000", ..SMALL };
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
        for file in fashion_mnist().1.files {
            fs::write(folder.path().join(file.name), "<html>").unwrap();
        }
        let configuration = Configuration { dataset: fashion_mnist().0, ..Default::default() };
        let error = format!("{:#}", load(&configuration, Some(folder.path())).unwrap_err());
        assert!(error.contains("train-images-idx3-ubyte: begins with"), "{error}");
        assert!(error.contains(folder.path().to_str().unwrap()), "{error}");
    }
}
