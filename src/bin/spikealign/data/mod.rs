//! `spikealign data`, and the images for `spikealign train`: finding, downloading, checking files.

mod download;

use crate::output::{output, printable};
use crate::settings::names;
use anyhow::{Context, Result, bail};
use download::download;
use spikealign::{
    configuration::Configuration,
    data::{
        Dataset, DatasetName, Extent, File, Images, MOST_TEST, MOST_TRAIN, OfficialFiles, Pictures,
        Publisher, Source, Split, Wanted, archive, checksum, owner,
    },
    setting::{Value, either},
};
use std::{
    ffi::OsString,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Which data set to find, and where.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which images
    #[arg(long, default_value = "fashion-mnist", value_parser = names(spikealign::data::choices()))]
    dataset: String,
    /// The folder or archive with the files of the data set; they are downloaded into the folder if it has none
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Finds or downloads the data set, checks every byte of it, and says where it is and what is in it.
pub fn run(Arguments { dataset, data }: Arguments) -> Result<()> {
    let name = DatasetName::read(&dataset).context("there is no such data set")?;
    let Dataset { title, source, .. } = name.dataset();
    let mut out = output();
    let (place, images, publisher) = match source {
        Source::Drawn(_) => {
            writeln!(out, "{title}: drawn by the program, there are no files to find.")?;
            return Ok(());
        }
        Source::Files(official) => {
            let (place, contents) = find_or_download(name, official, data.as_deref())?;
            let images = read(name, &place, &contents, [MOST_TRAIN, MOST_TEST])?;
            (place, images, Some(&official.publisher))
        }
        Source::Pictures(pictures) => {
            let place = find_pictures(name, pictures, data.as_deref())?;
            let Configuration { seed, image_size: size, .. } = Configuration::default();
            let images =
                (pictures.read)(&place.as_path(), &Wanted { counts: [MOST_TRAIN, MOST_TEST], seed, size })?;
            (place, images, pictures.publisher.as_ref())
        }
    };
    for wanted in publisher.map_or(&[][..], |publisher| publisher.downloads) {
        let path = place.join(wanted.name);
        // What was unpacked or packed again has no official checksum; it was read in full above.
        let found = || checksum(&mut fs::File::open(&path)?).with_context(|| unreadable(&path));
        if path.is_file() && found()? != wanted.sha256 {
            eprintln!("{} is not the publisher's file byte by byte, but can be used.", path.display());
        }
    }
    writeln!(out, "{}", printable(&place.display().to_string()))?;
    writeln!(
        out,
        "{title}: {} training and {} test images are used.",
        images.train().len(),
        images.test().len()
    )?;
    for (label, class) in (0..).zip(images.classes()) {
        let count = |split: &Split| split.labels.iter().filter(|one| **one == label).count();
        let class = printable(class);
        writeln!(out, "{:>7} {:>6}  {class}", count(images.train()), count(images.test()))?;
    }
    Ok(())
}

/// The images of an experiment. Official files are looked for in `data` or in the usual folders, and
/// downloaded when they are in none of them.
pub fn load(configuration: &Configuration, data: Option<&Path>) -> Result<Images> {
    let &Configuration { dataset, seed, examples, test_examples, .. } = configuration;
    let counts = [examples, test_examples];
    match dataset.dataset().source {
        Source::Drawn(_) => Ok(Images::open(dataset, Vec::new(), seed, counts, Extent::Whole)?),
        Source::Files(official) => {
            let (place, contents) = find_or_download(dataset, official, data)?;
            read(dataset, &place, &contents, counts)
        }
        Source::Pictures(pictures) => {
            let place = find_pictures(dataset, pictures, data)?;
            Ok((pictures.read)(&place.as_path(), &Wanted { counts, seed, size: configuration.image_size })?)
        }
    }
}

/// Reads the images from the official files, which were found in `place`.
fn read(dataset: DatasetName, place: &Path, contents: &[Vec<u8>], counts: [usize; 2]) -> Result<Images> {
    let files = contents.iter().map(|bytes| File::from_bytes(bytes)).collect();
    Images::open(dataset, files, 0, counts, Extent::Whole).with_context(|| {
        format!(
            "the files in {} cannot be used; copy or download them again, or name another folder with --data",
            place.display()
        )
    })
}

/// The official files in their order, and where they were found.
fn find_or_download(
    dataset: DatasetName,
    official: &OfficialFiles,
    data: Option<&Path>,
) -> Result<(PathBuf, Vec<Vec<u8>>)> {
    let title = dataset.dataset().title;
    let places = places(&official.publisher, data);
    for place in &places {
        if let Some(contents) = find(official, place)? {
            refuse_others(dataset, official, place, &contents)?;
            return Ok((place.clone(), contents));
        }
    }
    let target = download_missing(title, &official.publisher, data, &places)?;
    let contents =
        find(official, &target)?.context("the files that were just downloaded are not all there")?;
    Ok((target, contents))
}

/// Where the pictures of a data set are. Whether they are all that is needed, reading them says.
fn find_pictures(dataset: DatasetName, pictures: &Pictures, data: Option<&Path>) -> Result<PathBuf> {
    let title = dataset.dataset().title;
    let Some(publisher) = &pictures.publisher else {
        return data
            .map(Path::to_path_buf)
            .with_context(|| format!("{title}: name their folder, or a zip or tar.gz of it, with --data"));
    };
    let places = places(publisher, data);
    for place in &places {
        if is_used(place)? {
            return Ok(place.clone());
        }
    }
    download_missing(title, publisher, data, &places)
}

/// Whether there is a file, or a folder with more in it than downloads that were interrupted.
fn is_used(place: &Path) -> Result<bool> {
    let is_part = |entry: fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == "part");
    if !exists(place)? || place.is_file() {
        return Ok(place.is_file());
    }
    let entries = fs::read_dir(place).with_context(|| unreadable(place))?;
    Ok(!entries.flatten().all(is_part))
}

/// Whether there is something. What may not be looked at is not missing.
fn exists(place: &Path) -> Result<bool> {
    place.try_exists().with_context(|| unreadable(place))
}

fn unreadable(place: &Path) -> String {
    format!("{} cannot be read; give yourself permission to read it, or name another folder", place.display())
}

/// Downloads a data set that is in none of the `places`, and says where it is then.
fn download_missing(
    title: &str,
    publisher: &Publisher,
    data: Option<&Path>,
    places: &[PathBuf],
) -> Result<PathBuf> {
    let Publisher { address, folder, downloads } = *publisher;
    let looked: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
    let target = data.map_or_else(|| cache(folder), Path::to_path_buf);
    let names: Vec<_> = downloads.iter().map(|one| one.name).collect();
    if archive::is_archive(&target) {
        bail!("{} does not have all files of {title} ({})", target.display(), names.join(", "));
    }
    let megabytes = downloads.iter().map(|one| one.length).sum::<u64>().div_ceil(1_000_000);
    eprintln!(
        "{title} is not in {}: downloading {megabytes} MB from {address} into {}",
        either(&looked),
        target.display()
    );
    download(address, downloads, &target).with_context(|| {
        format!(
            "{title} could not be downloaded. Put its files ({}) into {}, or name their folder with --data or \
             {}; or use --dataset garments, which needs no files",
            names.join(", "),
            target.display(),
            variable(folder)
        )
    })?;
    Ok(target)
}

/// Where a downloaded data set is put.
fn cache(folder: &str) -> PathBuf {
    Path::new("data").join(folder)
}

/// The environment variable that names the folder of a data set, such as `FASHION_MNIST_DIR`.
fn variable(folder: &str) -> String {
    format!("{}_DIR", folder.replace('-', "_").to_uppercase())
}

/// Where to look, in this order: the place asked for and no other, or the usual ones.
fn places(publisher: &Publisher, data: Option<&Path>) -> Vec<PathBuf> {
    places_with(publisher.folder, data, std::env::var_os(variable(publisher.folder)))
}

fn places_with(folder: &str, data: Option<&Path>, environment: Option<OsString>) -> Vec<PathBuf> {
    if let Some(place) = data {
        return vec![place.to_path_buf()];
    }
    let named = environment.filter(|name| !name.is_empty()).map(PathBuf::from);
    named.into_iter().chain([cache(folder)]).collect()
}

/// The official files, if all of them are in `place`.
fn find(official: &OfficialFiles, place: &Path) -> Result<Option<Vec<Vec<u8>>>> {
    if !exists(place)? {
        return Ok(None);
    }
    Ok(archive::find(official, &place)?.into_iter().collect())
}

/// Refuses files that are those of another data set: the files of several have the same names, but not the same
/// checksums.
fn refuse_others(
    dataset: DatasetName,
    official: &OfficialFiles,
    place: &Path,
    contents: &[Vec<u8>],
) -> Result<()> {
    for (file, bytes) in official.files.iter().zip(contents) {
        let known = owner(file.name, bytes).filter(|known| known.name != dataset.dataset().name);
        if let Some(Dataset { title, name, .. }) = known {
            bail!(
                "{} in {} is of {title}: say --dataset {name}, or name another folder",
                file.name,
                place.display()
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fashion_mnist() -> (DatasetName, &'static OfficialFiles) {
        let name = DatasetName::read("fashion-mnist").unwrap();
        let Source::Files(official) = name.dataset().source else { panic!("it has files") };
        (name, official)
    }

    #[test]
    fn the_folder_asked_for_is_the_only_one_looked_in() {
        let places = |data, environment| places_with("fashion-mnist", data, environment);
        assert_eq!(places(Some(Path::new("mine")), Some("theirs".into())), [Path::new("mine")]);
        let usual = [Path::new("data/fashion-mnist")];
        assert_eq!(places(None, None), usual);
        assert_eq!(places(None, Some("".into())), usual);
        assert_eq!(places(None, Some("theirs".into()))[0], Path::new("theirs"));
        assert_eq!(variable("fashion-mnist"), "FASHION_MNIST_DIR");
    }

    #[test]
    fn damaged_files_are_named_with_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        for (index, file) in fashion_mnist().1.files.iter().enumerate() {
            let header = [0, 0, 8, if index % 2 == 0 { 3 } else { 1 }, 0, 0, 0, 1];
            fs::write(folder.path().join(file.name), header).unwrap();
        }
        let configuration = Configuration { dataset: fashion_mnist().0, ..Default::default() };
        let error = format!("{:#}", load(&configuration, Some(folder.path())).unwrap_err());
        assert!(error.contains("train-images-idx3-ubyte: ends inside its dimensions"), "{error}");
        assert!(error.contains(folder.path().to_str().unwrap()), "{error}");
    }

    /// A path through a file stands in for a folder without permission, which nothing withholds from root.
    #[test]
    #[cfg(unix)]
    fn what_cannot_be_looked_at_is_not_missing() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let below = file.path().join("folder");
        for dataset in ["fashion-mnist", "voc-2012"] {
            let dataset = DatasetName::read(dataset).unwrap();
            let configuration = Configuration { dataset, ..Default::default() };
            let error = load(&configuration, Some(&below)).unwrap_err().to_string();
            assert!(error.contains("cannot be read; give yourself permission"), "{error}");
        }
    }

    #[test]
    fn an_archive_without_the_files_is_not_downloaded_into() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("some.tar");
        fs::write(&archive, [0; 1_024]).unwrap();
        let error =
            find_or_download(fashion_mnist().0, fashion_mnist().1, Some(&archive)).unwrap_err().to_string();
        assert!(error.contains("some.tar does not have all files of Fashion-MNIST (train-images"), "{error}");
    }

    /// Needs the real files: where they are missing, it says so.
    #[test]
    fn files_of_another_data_set_are_told_apart() {
        let folder = std::env::var_os("FASHION_MNIST_DIR").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fashion-mnist"),
            PathBuf::from,
        );
        if !folder.is_dir() {
            println!("skipped: Fashion-MNIST is not in {}", folder.display());
            return;
        }
        let dataset = DatasetName::read("mnist").unwrap();
        let configuration = Configuration { dataset, ..Default::default() };
        let error = load(&configuration, Some(&folder)).unwrap_err().to_string();
        assert!(error.contains("is of Fashion-MNIST: say --dataset fashion-mnist"), "{error}");
    }
}
