//! PASCAL VOC 2007 (Everingham et al.): its objects, cut out. The photographs are under the terms of Flickr.

use super::voc::{self, CLASSES, SHAPE};
use super::{Dataset, Download, Pictures, Publisher, Source};

/// The data set in the list.
pub const DATASET: Dataset = Dataset {
    name: "voc-2007",
    title: "PASCAL VOC 2007, object crops",
    shape: SHAPE,
    classes: &CLASSES,
    normalisation: None,
    source: Source::Pictures(&Pictures {
        publisher: Some(Publisher {
            address: "http://host.robots.ox.ac.uk/pascal/VOC/voc2007",
            folder: "voc-2007",
            downloads: &[Download {
                name: "VOCtrainval_06-Nov-2007.tar",
                length: 460_032_000,
                sha256: "7d8cd951101b0957ddfd7a530bdc8a94f06121cfc1e511bb5937e973020c7508",
            }],
        }),
        read: |place, wanted| voc::read(place, "VOC2007", wanted),
    }),
};
