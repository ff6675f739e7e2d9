//! The IDX format of MNIST and Fashion-MNIST, plain or (natively) gzipped.
//!
//! A file is two zero bytes, a byte for the type of its elements (8: unsigned bytes, the only one
//! read here), a byte for its number of dimensions, each dimension as four bytes with the highest
//! first, and then the elements in row-major order. The first dimension counts the items: images
//! or labels. <http://yann.lecun.com/exdb/mnist/>

use super::{Extent, File};
use crate::Error;
use std::io::{self, ErrorKind, Read};

/// The most bytes of elements that a header may declare. The largest file, EMNIST's by class, declares 547 million;
/// anything far beyond is not one of these files.
pub const LARGEST: u64 = 1 << 30;
/// The most bytes of elements that may be asked for. Of 60,000 images there are 47 million.
pub const MOST_HELD: u64 = 1 << 26;

/// What a gzipped file begins with.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The first items of an IDX file with `N` dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items<const N: usize> {
    /// The shape that the header declares, of *all* items: `[count]` for labels,
    /// `[count, rows, columns]` for images.
    pub dimensions: [usize; N],
    /// The elements of the items that were asked for, in row-major order.
    pub elements: Vec<u8>,
}

/// Reads the first `count` items of an IDX file with `N` dimensions.
///
/// Whatever the header or a gzip stream claims, memory is bounded by the items asked for, by
/// [`MOST_HELD`], and by what the file can hold; and no more is unpacked than [`LARGEST`].
///
/// # Errors
/// [`Error::Data`], under `name`, when the bytes are not such a file, hold fewer than `count`
/// items, or (with [`Extent::Whole`]) are not exactly the whole of it.
pub fn read<const N: usize>(
    name: &str,
    File { reader, available }: File<'_>,
    count: usize,
    extent: Extent,
) -> Result<Items<N>, Error> {
    parse(reader, available, BYTES, count, extent)
        .map_err(|problem| Error::Data { name: name.to_string(), problem })
}

/// The same for a file of whole numbers of 32 bits; its elements are four bytes each, the highest first.
///
/// # Errors
/// As [`read`].
pub fn read_integers<const N: usize>(
    name: &str,
    File { reader, available }: File<'_>,
    count: usize,
    extent: Extent,
) -> Result<Items<N>, Error> {
    parse(reader, available, INTEGERS, count, extent)
        .map_err(|problem| Error::Data { name: name.to_string(), problem })
}

/// What the elements of a file are.
#[derive(Clone, Copy)]
struct Kind {
    /// Its number in the header.
    number: u8,
    /// Bytes of an element.
    size: u64,
    /// Its name for people.
    name: &'static str,
}

const BYTES: Kind = Kind { number: 0x08, size: 1, name: "unsigned bytes (0x08)" };
const INTEGERS: Kind = Kind { number: 0x0c, size: 4, name: "whole numbers of 32 bits (0x0c)" };

/// Parses the unpacked file, of which `available` bounds the length. The error is the problem.
fn parse<const N: usize>(
    mut file: impl Read,
    available: usize,
    wanted: Kind,
    count: usize,
    extent: Extent,
) -> Result<Items<N>, String> {
    let mut magic = [0; 4];
    file.read_exact(&mut magic).map_err(|error| unreadable(&error, "inside its magic number"))?;
    match magic {
        [0, 0, kind, n] if kind == wanted.number && usize::from(n) == N => {}
        [0, 0, kind, n] if kind == wanted.number => {
            return Err(format!(
                "has {n} dimension(s), but {N} are needed (1 for labels, 3 for images): \
                 has an image file been given for a label file, or the other way round?"
            ));
        }
        [0, 0, kind, _] => {
            return Err(format!("has elements of IDX type {kind:#04x}, but {} are needed", wanted.name));
        }
        _ if magic.starts_with(&GZIP) => return Err("is gzipped; unpack it first".to_string()),
        _ => {
            return Err(format!(
                "begins with bytes {magic:02x?}, which is not an IDX file, plain or gzipped; \
                 choose one of the four official files"
            ));
        }
    }

    let mut dimensions = [0; N];
    for dimension in &mut dimensions {
        let mut four = [0; 4];
        file.read_exact(&mut four).map_err(|error| unreadable(&error, "inside its dimensions"))?;
        *dimension = u32::from_be_bytes(four) as usize;
    }
    let bytes =
        |sizes: &[usize]| sizes.iter().fold(wanted.size, |bytes, &size| bytes.saturating_mul(size as u64));
    let (declared, item) = (bytes(&dimensions), bytes(&dimensions[1..]));
    if dimensions[1..].contains(&0) {
        return Err(format!("declares the shape {dimensions:?}, whose items are empty"));
    }
    if declared.max(item) > LARGEST {
        return Err(format!(
            "declares the shape {dimensions:?}, more than the {LARGEST} bytes that are allowed; \
             it is probably damaged"
        ));
    }
    if count > dimensions[0] {
        return Err(format!("holds {} items, but {count} are asked for: ask for fewer", dimensions[0]));
    }

    // Neither is larger than what is allowed, so both fit 32 bits.
    let item = item as usize;
    let needed = count * item;
    if needed as u64 > MOST_HELD {
        return Err(format!(
            "holds {count} items of {item} bytes, more than the {MOST_HELD} that are allowed"
        ));
    }
    let mut elements = Vec::with_capacity(needed.min(available));
    let ended = file.by_ref().take(needed as u64).read_to_end(&mut elements);
    if elements.len() < needed {
        let at = format!("after {} of the {count} items needed", elements.len() / item);
        return Err(unreadable(&ended.err().unwrap_or(ErrorKind::UnexpectedEof.into()), &at));
    }
    if extent == Extent::Whole {
        // The bytes beyond the items asked for are only counted, one more than there should be.
        let beyond = declared - needed as u64;
        let found = io::copy(&mut file.take(beyond + 1), &mut io::sink()).map_err(|error| {
            unreadable(&error, &format!("before the last of its {} items", dimensions[0]))
        })?;
        if found < beyond {
            let at = format!("{} bytes before its {} items do", beyond - found, dimensions[0]);
            return Err(unreadable(&ErrorKind::UnexpectedEof.into(), &at));
        }
        if found > beyond {
            return Err(format!("goes on after the {} items that it declares; it is damaged", dimensions[0]));
        }
    }
    Ok(Items { dimensions, elements })
}

/// A read that failed, in words: the file is too short, or its gzip stream is corrupt.
fn unreadable(error: &io::Error, at: &str) -> String {
    match error.kind() {
        ErrorKind::UnexpectedEof => format!("ends {at}; it is truncated: copy or download it again"),
        _ => format!("is not a valid gzip file ({error}); copy or download it again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn file(dimensions: &[u32], elements: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, dimensions.len() as u8];
        bytes.extend(dimensions.iter().flat_map(|size| size.to_be_bytes()));
        bytes.extend(elements);
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn problem<const N: usize>(bytes: &[u8], count: usize, extent: Extent) -> String {
        match read::<N>("some-file", File::from_bytes(bytes), count, extent) {
            Err(Error::Data { name, problem }) if name == "some-file" => problem,
            other => panic!("a data error was expected, not {other:?}"),
        }
    }

    #[test]
    fn the_first_items_are_read_plain_and_gzipped() {
        let whole = file(&[3, 2, 2], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        for bytes in [whole.clone(), gzip(&whole)] {
            let items = read::<3>("images", File::from_bytes(&bytes), 2, Extent::Whole).unwrap();
            assert_eq!(items.dimensions, [3, 2, 2]);
            assert_eq!(items.elements, [1, 2, 3, 4, 5, 6, 7, 8]);
        }
    }

    #[test]
    fn a_wrong_header_is_told_apart() {
        for (bytes, words) in [
            (b"\x89PNG\r\n\x1a\n".to_vec(), "not an IDX file"),
            (gzip(b"hello there"), "not an IDX file"),
            (gzip(&gzip(b"hello there")), "is gzipped; unpack it first"),
            (vec![0, 0, 13, 3, 0, 0, 0, 1], "type 0x0d"),
            (file(&[2], &[1, 2]), "has 1 dimension(s), but 3 are needed"),
            (file(&[2, 0, 28], &[]), "items are empty"),
            (file(&[u32::MAX; 3], &[]), "more than the 1073741824 bytes"),
            (file(&[0, u32::MAX, u32::MAX], &[]), "more than the 1073741824 bytes"),
            (file(&[0, 1 << 20, 1 << 20], &[]), "more than the 1073741824 bytes"),
            (file(&[1, 1, 1], &[7]), "holds 1 items, but 2 are asked for"),
            (vec![], "ends inside its magic number"),
            (vec![0, 0, 8, 3, 0, 0], "ends inside its dimensions"),
        ] {
            for extent in [Extent::Whole, Extent::Beginning] {
                let found = problem::<3>(&bytes, 2, extent);
                assert!(found.contains(words), "{words}: {found}");
            }
        }
    }

    #[test]
    fn a_whole_file_ends_where_its_header_says() {
        let elements: Vec<u8> = (0..=255).cycle().take(4_000).collect();
        let whole = file(&[1_000, 2, 2], &elements);
        let packed = gzip(&whole);
        for bytes in [&whole, &packed] {
            for missing in [1, bytes.len() / 2] {
                let short = &bytes[..bytes.len() - missing];
                assert!(problem::<3>(short, 1, Extent::Whole).contains("truncated"));
                assert!(problem::<3>(short, 1_000, Extent::Whole).contains("truncated"));
            }
        }
        for bytes in [[&whole[..], &[0]].concat(), gzip(&[&whole[..], &[0]].concat())] {
            assert!(problem::<3>(&bytes, 1, Extent::Whole).contains("goes on after the 1000 items"));
        }
        assert!(problem::<3>(&[&packed[..], &[0]].concat(), 1, Extent::Whole).contains("copy or download"));
    }

    #[test]
    fn a_beginning_may_end_after_the_items_needed() {
        let elements: Vec<u8> = (0..40_000_u32).map(|i| ((i * i) >> 7) as u8).collect();
        let whole = file(&[10_000, 2, 2], &elements);
        let packed = gzip(&whole);
        for (bytes, end) in [(&whole, 16 + 400), (&packed, packed.len() / 2)] {
            let items = read::<3>("images", File::from_bytes(&bytes[..end]), 100, Extent::Beginning).unwrap();
            assert_eq!(items.elements, elements[..400]);
            assert!(problem::<3>(&bytes[..end], 9_999, Extent::Beginning).contains("truncated"));
            assert!(problem::<3>(&bytes[..end], 100, Extent::Whole).contains("truncated"));
        }
        assert!(problem::<3>(&whole[..16 + 399], 100, Extent::Beginning).contains("after 99 of the 100"));
    }

    #[test]
    fn a_corrupt_gzip_stream_is_refused() {
        let mut bytes = gzip(&file(&[4, 1, 1], &[1, 2, 3, 4]));
        let checksum = bytes.len() - 8;
        bytes[checksum] ^= 1;
        assert!(problem::<3>(&bytes, 4, Extent::Whole).contains("not a valid gzip file"));
        assert!(problem::<3>(&[0x1f, 0x8b, 8, 0xff, 0, 0, 0, 0, 0, 0], 1, Extent::Whole).contains("gzip"));
    }

    #[test]
    fn a_gzip_bomb_is_unpacked_no_further_than_declared() {
        // 64 MB of zeros in 64 kB, behind a header that declares four bytes.
        let mut bomb = file(&[4, 1, 1], &[]);
        bomb.resize(64 << 20, 0);
        let bomb = gzip(&bomb);
        assert!(problem::<3>(&bomb, 4, Extent::Whole).contains("goes on after"));
        assert_eq!(
            read::<3>("bomb", File::from_bytes(&bomb), 4, Extent::Beginning).unwrap().elements.capacity(),
            4
        );
    }

    #[test]
    fn a_header_alone_reserves_no_memory() {
        let liar = file(&[60_000_000, 1, 1], &[1, 2, 3]);
        assert!(problem::<3>(&liar, 60_000_000, Extent::Whole).contains("after 3 of the 60000000"));
        let liar = file(&[60_000_000, 2, 1], &[1, 2, 3]);
        assert!(problem::<3>(&liar, 60_000_000, Extent::Whole).contains("more than the 67108864"));
        // As much as is allowed.
        let liar = file(&[1 << 26, 16, 1], &[1, 2, 3]);
        assert!(problem::<3>(&liar, 1 << 22, Extent::Whole).contains("after 0 of the 4194304"));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(
            start in prop_oneof![
                Just(vec![]), Just(vec![0, 0, 8, 3]), Just(vec![0, 0, 8, 1]), Just(vec![0x1f, 0x8b, 8, 0])
            ],
            rest in prop::collection::vec(any::<u8>(), 0..200),
            count in 0..100_usize,
        ) {
            let bytes = [start, rest].concat();
            for packed in [&bytes, &gzip(&bytes)] {
                for extent in [Extent::Whole, Extent::Beginning] {
                    let _ = read::<1>("labels", File::from_bytes(packed), count, extent);
                    let _ = read::<3>("images", File::from_bytes(packed), count, extent);
                }
            }
        }

        #[test]
        fn what_is_written_is_read(
            (count, rows, columns) in (0..20_u32, 1..6_u32, 1..6_u32),
            seed in any::<u8>(),
            taken in 0..=100_usize,
        ) {
            let elements: Vec<u8> =
                (0..count * rows * columns).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed)).collect();
            let bytes = file(&[count, rows, columns], &elements);
            let taken = taken * count as usize / 100;
            let expected = &elements[..taken * (rows * columns) as usize];
            for bytes in [&bytes, &gzip(&bytes)] {
                let items = read::<3>("images", File::from_bytes(bytes), taken, Extent::Whole).unwrap();
                prop_assert_eq!(items.dimensions, [count as usize, rows as usize, columns as usize]);
                prop_assert_eq!(&items.elements[..], expected);
            }
        }
    }
}
