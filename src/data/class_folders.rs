//! Images of one's own: a folder, or an archive of one, with a folder of pictures for each class, PNG, JPEG or WebP.
//!
//! ```text
//! pets/cats/1.jpg …  pets/dogs/1.png …             a fifth of each class is tested with, as the seed draws
//! pets/train/cats/1.jpg …  pets/test/cats/1.jpg …   the folders say what to learn from, and what to test with
//! ```
//!
//! Pictures are resized to a square ([`resize`](super::resize)), whatever their aspect ratio; what is transparent becomes
//! black. The seed also draws their order. Mean and deviation are those of the training images.

use super::archive::{Place, problem, walk};
use super::images::check_classes;
use super::picture::{Picture, is_picture};
use super::{Images, Part, Split, Wanted};
use crate::Error;
use crate::random::{Stream, generator};
use rand::seq::SliceRandom;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most bytes that the training images, or the test images, may take.
const MOST_BYTES: usize = 1 << 30;
/// Of so many pictures of a class, one is tested with.
const PICTURES_PER_TEST: usize = 5;

/// Reads the pictures that are wanted.
///
/// # Errors
/// [`Error::Data`] names what cannot be read or learned from, and what to do.
pub(super) fn read(place: &dyn Place, &Wanted { counts, seed, size }: &Wanted) -> Result<Images, Error> {
    let (mut paths, mut folders) = (Vec::new(), BTreeSet::new());
    walk(place, &mut |path, _| {
        if let Some(folder) = path.strip_suffix('/') {
            folders.insert(folder.to_string());
        } else if is_picture(path) {
            paths.push(path.to_string());
        }
        Ok(())
    })?;
    let classes = sort(&paths, &folders).map_err(|words| problem(place.path(), words))?;
    check_classes(classes.len())?;
    let chosen = choose(&classes, counts, seed);

    let mut slots = HashMap::new();
    let image = size * size * 3;
    let mut splits = [(); 2].map(|()| Split { pixels: Vec::new(), labels: Vec::new() });
    for (part, (chosen, split)) in chosen.iter().zip(&mut splits).enumerate() {
        check_memory(chosen.len(), image)?;
        split.pixels = vec![0; chosen.len() * image];
        split.labels = chosen.iter().map(|(label, _)| *label).collect();
        slots.extend(chosen.iter().enumerate().map(|(index, (_, path))| (*path, (part, index))));
    }
    walk(place, &mut |path, reader| {
        let Some((part, index)) = slots.remove(path) else { return Ok(()) };
        let picture =
            Picture::read(reader, true).map_err(|words| problem(&place.path().join(path), words))?;
        splits[part].pixels[index * image..][..image].copy_from_slice(&picture.resized(size));
        Ok(())
    })?;
    if let Some(path) = slots.keys().min() {
        return Err(problem(
            &place.path().join(path),
            "disappeared while the others were being read; run this again",
        ));
    }
    Images::new([size, size, 3], classes.into_keys().collect(), None, splits)
}

/// The pictures of a class, in the order of their names, by part; the first of them where there are no parts.
type Paths<'a> = [Vec<&'a str>; 2];

/// Sorts pictures by class. The error is the problem.
fn sort<'a>(paths: &'a [String], folders: &BTreeSet<String>) -> Result<BTreeMap<String, Paths<'a>>, String> {
    let mut classes: BTreeMap<String, Paths<'a>> = BTreeMap::new();
    let mut place: Option<(&str, bool)> = None;
    for path in paths {
        let Some((around, class, part)) = path.rsplit_once('/').and_then(|(folder, _)| place_of(folder))
        else {
            return Err(format!("has {path} outside a class folder; put it into one named after its class"));
        };
        let (expected, has_parts) = *place.get_or_insert((around, part.is_some()));
        if (around, part.is_some()) != (expected, has_parts) {
            return Err(format!(
                "has folders of classes in more than one place, “{expected}” and “{around}”; put them side by side, or \
                 all of them into train and test"
            ));
        }
        classes.entry(class.to_string()).or_default()[part.unwrap_or(Part::Train) as usize].push(path);
    }
    let Some((around, has_parts)) = place else {
        return Err(
            "has no pictures; it should have a folder of them (PNG, JPEG, WebP) for each class".to_string()
        );
    };
    for paths in classes.values_mut() {
        paths.iter_mut().for_each(|paths| paths.sort_unstable());
    }
    for folder in folders {
        // Where there are train and test, what lies beside them is none of it.
        if let Some((found, class, part)) = place_of(folder)
            && (found, part.is_some()) == (around, has_parts)
            && !classes.contains_key(class)
        {
            return Err(format!("has no pictures in {folder}; add some (PNG, JPEG, WebP), or remove it"));
        }
    }
    for (class, [train, _]) in &classes {
        if has_parts && train.is_empty() {
            return Err(format!("has no pictures of {class} in train; add some, or remove it from test"));
        }
        if !has_parts && train.len() < 2 {
            return Err(format!(
                "has one picture of {class}, but two are needed, to learn from and to test with; add some, or remove it"
            ));
        }
    }
    if has_parts && classes.values().all(|[_, test]| test.is_empty()) {
        return Err(
            "has a folder train, but no pictures in a folder test; add some, or move up what is in train"
                .into(),
        );
    }
    Ok(classes)
}

/// What is around the folder of a class, the class, and the part where the folder lies in `train` or `test`.
fn place_of(folder: &str) -> Option<(&str, &str, Option<Part>)> {
    let (around, class) = folder.rsplit_once('/').unwrap_or(("", folder));
    let (outer, inner) = around.rsplit_once('/').unwrap_or(("", around));
    let part = [("train", Part::Train), ("test", Part::Test)].into_iter();
    match part.into_iter().find(|(name, _)| inner.eq_ignore_ascii_case(name)) {
        Some((_, part)) => Some((outer, class, Some(part))),
        None if class.is_empty() => None,
        None => Some((around, class, None)),
    }
}

/// Labels and paths of the pictures to learn from and of those to test with, as many as are asked for, or all if there are
/// fewer.
fn choose<'a>(
    classes: &BTreeMap<String, Paths<'a>>,
    counts: [usize; 2],
    seed: u32,
) -> [Vec<(u8, &'a str)>; 2] {
    let has_parts = classes.values().any(|[_, test]| !test.is_empty());
    let mut generator = generator(seed, Stream::Images);
    let mut chosen: [Vec<(u8, &str)>; 2] = Default::default();
    for (label, [train, test]) in (0u8..).zip(classes.values()) {
        let labelled = |paths: &[&'a str]| paths.iter().map(|path| (label, *path)).collect::<Vec<_>>();
        let (mut train, test) = (train.clone(), test.clone());
        if has_parts {
            chosen[1].extend(labelled(&test));
        } else {
            train.shuffle(&mut generator);
            let of_test = (train.len() / PICTURES_PER_TEST).max(1);
            chosen[1].extend(labelled(&train.split_off(train.len() - of_test)));
        }
        chosen[0].extend(labelled(&train));
    }
    for (chosen, count) in chosen.iter_mut().zip(counts) {
        chosen.shuffle(&mut generator);
        chosen.truncate(count);
    }
    chosen
}

/// Checks that so many images of a part, of `size` bytes each, fit the memory that they may take.
///
/// # Errors
/// [`Error::Data`] says how many would fit.
fn check_memory(count: usize, size: usize) -> Result<(), Error> {
    if count <= MOST_BYTES / size.max(1) {
        return Ok(());
    }
    let problem = format!(
        "take {} MB as {count} of {size} bytes: use smaller ones, or at most {}",
        count * size / 1_000_000,
        MOST_BYTES / size
    );
    Err(Error::Data { name: "The images".into(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn images_that_would_take_too_much_memory_are_refused() {
        assert!(check_memory(60_000, 32 * 32 * 3).is_ok());
        let found = check_memory(60_000, 96 * 96 * 3).unwrap_err().to_string();
        assert!(found.contains("at most 38836"), "{found}");
    }

    /// A picture of one colour, of 30 × 50 pixels.
    fn picture(colour: u8) -> Vec<u8> {
        let image = image::RgbImage::from_pixel(50, 30, image::Rgb([colour, 100, 200]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    /// A folder with these files, which are pictures whose colours are the numbers in their names.
    fn folder(paths: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for path in paths {
            let file = root.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let digits: String = file.file_stem().unwrap().to_str().unwrap().into();
            match digits.parse() {
                Ok(colour) => fs::write(file, picture(colour)).unwrap(),
                Err(_) => fs::write(file, "no picture").unwrap(),
            }
        }
        root
    }

    fn open(place: &Path, counts: [usize; 2], seed: u32) -> Result<Images, Error> {
        read(&place, &Wanted { counts, seed, size: 20 })
    }

    /// The colours of a part with their labels, in order.
    fn colours(split: &Split) -> Vec<(u8, u8)> {
        (0..split.len()).map(|index| (split.label(index), split.image(index)[0])).collect()
    }

    fn sorted(mut colours: Vec<(u8, u8)>) -> Vec<(u8, u8)> {
        colours.sort_unstable();
        colours
    }

    #[test]
    fn a_fifth_of_each_class_is_tested_with_as_the_seed_draws() {
        let paths: Vec<String> = (0..10)
            .flat_map(|number| [format!("pets/cats/{number}.png"), format!("pets/dogs/{}.png", 100 + number)])
            .collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).chain(["pets/read me.txt"]).collect();
        let folder = folder(&paths);
        let first = open(folder.path(), [100, 100], 1).unwrap();
        assert_eq!(
            (first.shape(), first.classes()),
            ([20, 20, 3], &["cats".to_string(), "dogs".to_string()][..])
        );
        assert_eq!((first.train().len(), first.test().len()), (16, 4));
        assert_eq!(first.train().labels.iter().filter(|label| **label == 1).count(), 8);
        let all = [colours(first.train()), colours(first.test())].concat();
        let expected: Vec<(u8, u8)> = (0..10).map(|n| (0, n)).chain((100..110).map(|n| (1, n))).collect();
        assert_eq!(sorted(all), expected);
        assert_eq!(open(folder.path(), [100, 100], 1).unwrap(), first);
        assert_ne!(colours(open(folder.path(), [100, 100], 2).unwrap().test()), colours(first.test()));
        assert_eq!(open(folder.path(), [3, 1], 1).unwrap().train().len(), 3);
    }

    #[test]
    fn folders_called_train_and_test_say_what_is_what() {
        let folder = folder(&["x/train/a/1.png", "x/train/b/2.png", "x/Test/a/3.png", "x/readme"]);
        let images = open(folder.path(), [100, 100], 1).unwrap();
        assert_eq!(sorted(colours(images.train())), [(0, 1), (1, 2)]);
        assert_eq!(colours(images.test()), [(0, 3)]);
    }

    #[test]
    fn what_cannot_be_learned_from_is_named_with_what_to_do() {
        for (paths, words) in [
            (&["readme"][..], "has no pictures; it should have a folder"),
            (&["1.png"], "has 1.png outside a class folder"),
            (&["a/1.png", "a/2.png"], "of 1 class(es): at least 2"),
            (&["a/1.png", "a/2.png", "b/3.png"], "has one picture of b"),
            (&["a/1.png", "a/2.png", "b/notes"], "has no pictures in b; add some"),
            (&["a/1.png", "a/2.png", "c/b/3.png"], "in more than one place, “” and “c”"),
            (&["train/a/1.png", "test/a/2.png", "test/b/3.png"], "has no pictures of b in train"),
            (&["train/a/1.png", "train/b/2.png"], "no pictures in a folder test"),
            (&["a/1.png", "a/2.png", "b/3.png", "b/broken.png"], "is not a readable picture"),
        ] {
            let error = open(folder(paths).path(), [100, 100], 1).unwrap_err().to_string();
            assert!(error.contains(words), "{words}: {error}");
        }
        let empty = folder(&["a/1.png", "a/2.png", "b/3.png", "b/4.png"]);
        fs::create_dir(empty.path().join("c")).unwrap();
        let error = open(empty.path(), [100, 100], 1).unwrap_err().to_string();
        assert!(error.contains("has no pictures in c"), "{error}");
        let many: Vec<String> =
            (0..101).flat_map(|class| [1, 2].map(|n| format!("{class}/{n}.png"))).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let error = open(folder(&many).path(), [100, 100], 1).unwrap_err().to_string();
        assert!(error.contains("of 101 classes, but 100 are the most"), "{error}");
    }

    #[test]
    fn a_class_has_a_name() {
        assert_eq!(place_of("pets/"), None);
        assert!(matches!(place_of("pets/cats"), Some(("pets", "cats", None))));
        assert!(matches!(place_of("pets/TRAIN/cats"), Some(("pets", "cats", Some(Part::Train)))));
    }
}
