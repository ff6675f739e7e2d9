//! PASCAL VOC 2007 (Everingham et al.): its objects, cut out. The photographs are under the terms of Flickr.

use super::{Dataset, Source, named};

/// Rows, columns and channels of an image.
pub(super) const SHAPE: [usize; 3] = [32, 32, 3];

/// The classes of every year.
#[rustfmt::skip]
pub(super) const CLASSES: [&str; 20] = [
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
];

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "voc-2007",
    title: "PASCAL VOC 2007, object crops",
    shape: SHAPE,
    classes: named(&CLASSES),
    normalisation: None,
    #[cfg(feature = "readers")]
    source: Source::Pictures(&super::Pictures {
        publisher: Some(super::Publisher {
            address: "http://host.robots.ox.ac.uk/pascal/VOC/voc2007",
            folder: "voc-2007",
            downloads: &[super::Download {
                name: "VOCtrainval_06-Nov-2007.tar",
                length: 460_032_000,
                sha256: "7d8cd951101b0957ddfd7a530bdc8a94f06121cfc1e511bb5937e973020c7508",
            }],
        }),
        has: |path| path.split('/').any(|part| part == "VOC2007"),
        read: |place, wanted| super::voc::read(place, "VOC2007", wanted),
    }),
    #[cfg(not(feature = "readers"))]
    source: Source::Arrays,
};
