//! What the years of PASCAL VOC have in common: photographs with boxes around objects, in the official layout.
//!
//! What stands in a box is cut out and resized to 32 × 32 pixels by a triangle filter, without keeping its aspect
//! ratio. Left out are objects that are marked as difficult, and those whose shorter side has fewer than 16 pixels.
//! No photograph is in both parts: the objects of `train.txt` are learned from, those of `val.txt` tested with.

use super::archive::{Place, problem, read_up_to, unreadable, walk};
use super::picture::Picture;
use super::voc_2007::{CLASSES, SHAPE};
use super::{Images, Split, Wanted};
use crate::Error;
use std::{collections::HashMap, io};

/// Values of an image.
const SIZE: usize = SHAPE[0] * SHAPE[1] * SHAPE[2];
/// The fewest pixels that the shorter side of a box may have.
const SHORTEST: usize = 16;
/// The most bytes of a list or an annotation.
const LARGEST_TEXT: u64 = 1 << 20;
/// The most nodes of an annotation.
const MOST_NODES: u32 = 10_000;

/// An object in a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object {
    /// What it is: an index into the classes.
    pub class: u8,
    /// Top, left, bottom and right of its box, in pixels from 0, the first two inside the box and the last two not.
    pub edges: [usize; 4],
}

/// Where an image goes: into which split, and the how many'th it is there.
type Slot = (usize, usize);

/// Reads the first training and test images of a year, such as `VOC2012`, or all if there are fewer.
///
/// # Errors
/// [`Error::Data`] names what is missing or cannot be read.
pub(super) fn read(place: &dyn Place, year: &str, &Wanted { counts, .. }: &Wanted) -> Result<Images, Error> {
    let Texts { lists, annotations } = read_texts(place, year)?;
    let mut splits = [(); 2].map(|()| Split { pixels: Vec::new(), labels: Vec::new() });
    let mut wanted: HashMap<&str, Vec<(Slot, [usize; 4])>> = HashMap::new();
    for (part, (list, count)) in lists.iter().zip(counts).enumerate() {
        let labels = &mut splits[part].labels;
        for photograph in list {
            let Some(objects) = annotations.get(photograph) else {
                let words =
                    format!("has no Annotations/{photograph}.xml of {year}; copy or download it again");
                return Err(problem(place.path(), words));
            };
            for Object { class, edges } in objects.iter().take(count - labels.len()) {
                wanted.entry(photograph).or_default().push(((part, labels.len()), *edges));
                labels.push(*class);
            }
        }
        splits[part].pixels = vec![0; splits[part].labels.len() * SIZE];
    }
    walk(place, &mut |path, reader| {
        let Some(("JPEGImages", name)) = in_year(path, year) else { return Ok(()) };
        let Some(objects) = name.strip_suffix(".jpg").and_then(|name| wanted.remove(name)) else {
            return Ok(());
        };
        let of_path = |words: String| problem(&place.path().join(path), words);
        let photograph = Picture::read(reader, false).map_err(of_path)?;
        let [rows, columns] = photograph.size();
        for ((part, index), [top, left, bottom, right]) in objects {
            let edges = [top, left, bottom.min(rows), right.min(columns)];
            if top >= edges[2] || left >= edges[3] {
                return Err(of_path(format!(
                    "has {columns} × {rows} pixels, but a box outside of them; download it again"
                )));
            }
            let pixels = photograph.cut_out(edges).resized(SHAPE[0]);
            splits[part].pixels[index * SIZE..][..SIZE].copy_from_slice(&pixels);
        }
        Ok(())
    })?;
    if let Some(missing) = wanted.keys().min() {
        return Err(problem(
            place.path(),
            format!("has no JPEGImages/{missing}.jpg of {year}; copy or download it again"),
        ));
    }
    Images::new(SHAPE, CLASSES.map(String::from).into(), None, splits)
}

/// What is written about the photographs of a year.
struct Texts {
    /// Names of photographs to learn from, and to test with.
    lists: [Vec<String>; 2],
    /// The objects of each photograph that are used.
    annotations: HashMap<String, Vec<Object>>,
}

fn read_texts(place: &dyn Place, year: &str) -> Result<Texts, Error> {
    let mut lists = [None, None];
    let mut annotations = HashMap::new();
    walk(place, &mut |path, reader| {
        let mut text = || {
            let path = place.path().join(path);
            let mut bytes = Vec::new();
            if !read_up_to(LARGEST_TEXT, reader, &mut bytes).map_err(|error| unreadable(&path, &error))? {
                let words = format!("has more than {LARGEST_TEXT} bytes; copy or download it again");
                return Err(problem(&path, words));
            }
            io::read_to_string(&bytes[..]).map_err(|error| unreadable(&path, &error))
        };
        match in_year(path, year) {
            Some(("ImageSets/Main", "train.txt")) => lists[0] = Some(names(&text()?)),
            Some(("ImageSets/Main", "val.txt")) => lists[1] = Some(names(&text()?)),
            Some(("Annotations", name)) if name.ends_with(".xml") => {
                let objects = objects(&text()?).map_err(|words| {
                    problem(
                        &place.path().join(path),
                        format!("is not an annotation of PASCAL VOC: {words}; download it again"),
                    )
                })?;
                annotations.insert(name.trim_end_matches(".xml").to_string(), objects);
            }
            _ => {}
        }
        Ok(())
    })?;
    let [Some(train), Some(test)] = lists else {
        let words = format!(
            "has no {year} in the official layout (ImageSets/Main/train.txt and val.txt, Annotations, JPEGImages)"
        );
        return Err(problem(place.path(), words));
    };
    Ok(Texts { lists: [train, test], annotations })
}

/// Folder and name of a file in the official layout, unless it is of another year.
fn in_year<'a>(path: &'a str, year: &str) -> Option<(&'a str, &'a str)> {
    let is_of_another = |part: &str| {
        part != year
            && part.strip_prefix("VOC").is_some_and(|rest| rest.len() == 4 && rest.parse::<u16>().is_ok())
    };
    if path.split('/').any(is_of_another) {
        return None;
    }
    let (folder, name) = path.rsplit_once('/')?;
    let known = ["ImageSets/Main", "Annotations", "JPEGImages"].into_iter();
    let is_it =
        |known: &&str| folder.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    Some((known.into_iter().find(is_it)?, name))
}

/// The names of a list, one a line.
fn names(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.split_whitespace().next()).map(String::from).collect()
}

/// The objects of an annotation that are used.
///
/// # Errors
/// What is wrong with it.
pub fn objects(text: &str) -> Result<Vec<Object>, String> {
    let options = roxmltree::ParsingOptions { nodes_limit: MOST_NODES, ..Default::default() };
    let document =
        roxmltree::Document::parse_with_options(text, options).map_err(|error| error.to_string())?;
    let mut objects = Vec::new();
    for object in document.root_element().children().filter(|node| node.has_tag_name("object")) {
        let child = |of: roxmltree::Node<'_, '_>, name: &str| -> Result<String, String> {
            let found = of.children().find(|node| node.has_tag_name(name)).and_then(|node| node.text());
            found.map(|text| text.trim().to_string()).ok_or_else(|| format!("an object has no {name}"))
        };
        let name = child(object, "name")?;
        let class = CLASSES
            .iter()
            .position(|class| *class == name)
            .ok_or_else(|| format!("“{name}” is not a class"))?;
        let bounds =
            object.children().find(|node| node.has_tag_name("bndbox")).ok_or("an object has no bndbox")?;
        let edge = |name: &str| -> Result<usize, String> {
            // Some are written with a fraction.
            let number: f64 = child(bounds, name)?.parse().map_err(|_| format!("{name} is not a number"))?;
            if (1.0..=100_000.0).contains(&number.round()) {
                Ok(number.round() as usize)
            } else {
                Err(format!("{name} is {number}"))
            }
        };
        // Corners are counted from 1, and both are inside the box.
        let edges = [edge("ymin")? - 1, edge("xmin")? - 1, edge("ymax")?, edge("xmax")?];
        let [top, left, bottom, right] = edges;
        if bottom <= top || right <= left {
            return Err(format!("a box from {left}, {top} to {right}, {bottom}"));
        }
        let is_difficult = child(object, "difficult").is_ok_and(|flag| flag == "1");
        if !is_difficult && (bottom - top).min(right - left) >= SHORTEST {
            objects.push(Object { class: class as u8, edges });
        }
    }
    Ok(objects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DATASETS, Source};
    use std::{fs, path::Path};

    /// A photograph of 60 × 40 pixels, whose pixel at a row and a column is `[row, column, 9]`.
    fn photograph() -> Vec<u8> {
        let image = image::RgbImage::from_fn(60, 40, |column, row| image::Rgb([row as u8, column as u8, 9]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn object(name: &str, difficult: &str, [left, top, right, bottom]: [&str; 4]) -> String {
        format!(
            "<object><name>{name}</name><difficult>{difficult}</difficult><bndbox><xmin>{left}</xmin>\
             <ymin>{top}</ymin><xmax>{right}</xmax><ymax>{bottom}</ymax></bndbox>\
             <part><name>head</name><bndbox><xmin>0</xmin></bndbox></part></object>"
        )
    }

    fn annotation(objects: &[String]) -> String {
        format!("<annotation><filename>x</filename>{}</annotation>", objects.concat())
    }

    /// Lays out a year: `a` to learn from, `b` to test with.
    fn lay_out(root: &Path, a: &str, b: &str) {
        for (name, bytes) in [
            ("ImageSets/Main/train.txt", b"a\n".to_vec()),
            ("ImageSets/Main/val.txt", b"b\n".to_vec()),
            ("Annotations/a.xml", a.into()),
            ("Annotations/b.xml", b.into()),
            ("JPEGImages/a.jpg", photograph()),
            ("JPEGImages/b.jpg", photograph()),
        ] {
            let path = root.join("VOCdevkit/VOC2012").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    fn open(place: &Path, counts: [usize; 2]) -> Result<Images, Error> {
        let dataset = DATASETS.iter().find(|dataset| dataset.name == "voc-2012").unwrap();
        let Source::Pictures(pictures) = dataset.source else { panic!("it has pictures") };
        (pictures.read)(&place, &Wanted { counts, seed: 1, size: 99 })
    }

    #[test]
    fn boxes_are_cut_out_and_difficult_or_small_ones_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let used = object("dog", "0", ["11", "6", "42", "37.4"]);
        let cat = object("cat", "0", ["1", "1", "60", "40"]);
        let others = [
            object("person", "1", ["1", "1", "40", "40"]),
            object("person", "0", ["1", "1", "15", "40"]),
            object("person", "0", ["20", "20", "40", "34"]),
            object("person", "0", ["20", "20", "34", "40"]),
            object("person", "0", ["1", "1", "16", "16"]),
        ];
        lay_out(folder.path(), &annotation(&[used, others.concat()]), &annotation(&[cat]));
        let images = open(folder.path(), [60_000, 10_000]).unwrap();
        assert_eq!(images.shape(), SHAPE);
        let class = |label: u8| &*images.classes()[usize::from(label)];
        assert_eq!(
            images.train().labels.iter().map(|label| class(*label)).collect::<Vec<_>>(),
            ["dog", "person"]
        );
        assert_eq!(images.test().labels.iter().map(|label| class(*label)).collect::<Vec<_>>(), ["cat"]);
        // Of 32 × 32 pixels already: rows 6 to 37 and columns 11 to 42, counted from 1.
        let expected = (5..37).flat_map(|row| (10..42).flat_map(move |column| [row, column, 9]));
        assert_eq!(images.train().image(0), expected.collect::<Vec<u8>>());
        let year = folder.path().join("VOCdevkit/VOC2012");
        assert_eq!(open(&year, [1, 1]).unwrap().train().len(), 1);
        // As many as are asked for, of several photographs.
        fs::write(year.join("ImageSets/Main/train.txt"), "b\na\n").unwrap();
        assert_eq!(open(&year, [2, 1]).unwrap().train().labels.len(), 2);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let whole = annotation(&[object("dog", "0", ["1", "1", "40", "40"])]);
        let at = |folder: &Path, name: &str| folder.join("VOCdevkit/VOC2012").join(name);
        let bad = |name: &str, words: &str, spoil: &dyn Fn(&Path)| {
            let folder = tempfile::tempdir().unwrap();
            lay_out(folder.path(), &whole, &whole);
            spoil(&at(folder.path(), name));
            let error = open(folder.path(), [10, 10]).unwrap_err().to_string();
            assert!(error.contains(words), "{words}: {error}");
        };
        let remove = |path: &Path| fs::remove_file(path).unwrap();
        bad("JPEGImages/b.jpg", "has no JPEGImages/b.jpg of VOC2012", &remove);
        bad("Annotations/a.xml", "has no Annotations/a.xml", &remove);
        bad("ImageSets/Main/val.txt", "has no VOC2012 in the official layout", &remove);
        bad("JPEGImages/b.jpg", "is not a readable picture", &|path| fs::write(path, "no").unwrap());
        bad("ImageSets/Main/train.txt", "train.txt: has more than 1048576 bytes", &|path| {
            fs::write(path, "a\n".repeat(1 << 19) + "a").unwrap();
        });
        for (objects, words) in [
            ("<annotation>", "is not an annotation"),
            (&annotation(&[object("unicorn", "0", ["1"; 4])]), "“unicorn” is not a class"),
            (&annotation(&[object("dog", "0", ["0", "1", "9", "9"])]), "xmin is 0"),
            (&annotation(&[object("dog", "0", ["1", "1", "many", "9"])]), "xmax is not a number"),
            (&annotation(&[object("dog", "0", ["9", "9", "1", "1"])]), "a box from"),
            (&annotation(&[object("dog", "0", ["1", "9", "30", "8"])]), "a box from 0, 8 to 30, 8"),
            (&annotation(&[object("dog", "0", ["9", "1", "8", "30"])]), "a box from 8, 0 to 8, 30"),
            (&annotation(&[object("dog", "0", ["61", "1", "90", "40"])]), "a box outside of them"),
            ("<annotation><object/></annotation>", "has no name"),
        ] {
            bad("Annotations/b.xml", words, &|path| fs::write(path, objects).unwrap());
        }
    }

    #[test]
    fn an_annotation_has_a_bound_on_its_nodes() {
        // Around them a document, and its first element.
        let nodes =
            |count: u32| objects(&format!("<annotation>{}</annotation>", "<x/>".repeat(count as usize)));
        assert_eq!(nodes(MOST_NODES - 2).map(|objects| objects.len()), Ok(0));
        assert!(nodes(MOST_NODES - 1).unwrap_err().contains("nodes limit"));
    }

    /// Needs the sample: where it is missing, it says so.
    #[test]
    fn the_sample_is_cut_out_as_it_was() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/voc-2012-sample");
        let folder = sample.join("VOCdevkit");
        if !folder.is_dir() {
            println!("skipped: {} is not there", folder.display());
            return;
        }
        let images = open(&folder, [60_000, 10_000]).unwrap();
        println!("{} to learn from, {} to test with", images.train().len(), images.test().len());
        assert!(images.train().len() > 80 && images.test().len() > 40);
    }

    #[test]
    fn a_path_belongs_to_the_year_that_it_names() {
        for (path, expected) in [
            ("VOCdevkit/VOC2012/Annotations/1.xml", Some(("Annotations", "1.xml"))),
            ("Annotations/1.xml", Some(("Annotations", "1.xml"))),
            ("VOC2007/Annotations/1.xml", None),
            // What only looks like a year.
            ("VOC2007x/Annotations/1.xml", Some(("Annotations", "1.xml"))),
            ("VOCtest/Annotations/1.xml", Some(("Annotations", "1.xml"))),
            ("MyAnnotations/1.xml", None),
        ] {
            assert_eq!(in_year(path, "VOC2012"), expected, "{path}");
        }
    }
}
