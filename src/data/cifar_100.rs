//! CIFAR-100 (Krizhevsky 2009), the binary version, by its fine labels. Its author states no licence.

use super::cifar::{Layout, SHAPE, file};
use super::{Dataset, Download, Normalisation, OfficialFile, OfficialFiles, Part, Publisher, Source, named};

const FILES: [OfficialFile; 2] =
    [file("train.bin", "training images", Part::Train, 2), file("test.bin", "test images", Part::Test, 2)];

const LAYOUT: Layout = Layout { files: &FILES, images_per_file: 50_000, labels: 2, classes: 100 };

#[rustfmt::skip]
const CLASSES: [&str; 100] = [
    "apple", "aquarium fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl",
    "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair",
    "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin",
    "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp",
    "lawn mower", "leopard", "lion", "lizard", "lobster", "man", "maple tree", "motorcycle", "mountain",
    "mouse", "mushroom", "oak tree", "orange", "orchid", "otter", "palm tree", "pear", "pickup truck",
    "pine tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road",
    "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
    "squirrel", "streetcar", "sunflower", "sweet pepper", "table", "tank", "telephone", "television",
    "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow tree", "wolf",
    "woman", "worm",
];

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "cifar-100",
    title: "CIFAR-100",
    shape: SHAPE,
    classes: named(&CLASSES),
    normalisation: Some(Normalisation {
        mean: [0.5071, 0.4865, 0.4409],
        deviation: [0.2673, 0.2564, 0.2762],
    }),
    source: Source::files(&OfficialFiles {
        publisher: Publisher {
            address: "https://www.cs.toronto.edu/~kriz",
            folder: "cifar-100",
            downloads: &[Download {
                name: "cifar-100-binary.tar.gz",
                length: 168_513_733,
                sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            }],
        },
        files: &FILES,
        identify: |_, name| LAYOUT.identify(name),
        read: |files, counts, extent| LAYOUT.read(files, counts, extent),
    }),
};
