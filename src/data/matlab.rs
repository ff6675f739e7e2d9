//! Arrays of bytes in a MATLAB file of level 5, compressed or not, read one after the other as they come.
//!
//! ```text
//! text, 116 bytes │ 8 bytes │ version 0x0100 │ "IM" │ element │ element │ …
//! element: kind, u32 │ length, u32 │ content; of kind 15 the content is an element, packed by zlib
//! array:   flags │ dimensions │ name │ values — each an element, filled up to a multiple of 8 bytes
//! ```
//!
//! The lowest byte comes first, and in an array the first dimension.

use super::{Extent, File};
use flate2::read::ZlibDecoder;
use std::io::{self, ErrorKind, Read};

/// Kinds of elements.
const BYTES: u32 = 2;
const ARRAY: u32 = 14;
const COMPRESSED: u32 = 15;
/// The most values that an array may declare. The largest of SVHN has 1,632 million.
const LARGEST: u64 = 1 << 31;
/// Elements of a file that are looked at.
const MOST_ELEMENTS: usize = 100;

/// What is known of an array before its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Array {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub dimensions: Vec<u64>,
}

/// What is done with an array: it reads as many of its values as it needs. The error is the problem.
pub(super) type Visit<'a> = dyn FnMut(&Array, &mut dyn Read) -> Result<(), String> + 'a;

/// Goes through all arrays of bytes in a file. Arrays of anything else are passed by. The error is the problem.
///
/// Whatever the file claims, it takes no memory but what `visit` takes; with [`Extent::Whole`] the rest of each array is
/// unpacked, too, and checked.
pub(super) fn arrays(
    File { mut reader, .. }: File<'_>,
    extent: Extent,
    visit: &mut Visit<'_>,
) -> Result<(), String> {
    let mut header = [0; 128];
    reader.read_exact(&mut header).map_err(|error| unreadable(&error))?;
    if header.starts_with(b"MATLAB 7.3") {
        return Err("is a MATLAB 7.3 file; save it with -v7".to_string());
    }
    if header[124..] != *b"\x00\x01IM" {
        return Err("is not a MATLAB 5 file; use the official one".to_string());
    }
    for _ in 0..MOST_ELEMENTS {
        let mut tag = [0; 8];
        match reader.read(&mut tag[..1]).map_err(|error| unreadable(&error))? {
            0 => return Ok(()),
            _ => reader.read_exact(&mut tag[1..]).map_err(|error| unreadable(&error))?,
        }
        let [kind, length] = numbers(tag);
        let mut content = reader.by_ref().take(length.into());
        match kind {
            ARRAY => array(&mut content, visit)?,
            COMPRESSED => {
                let mut unpacked = ZlibDecoder::new(&mut content);
                let mut tag = [0; 8];
                unpacked.read_exact(&mut tag).map_err(|error| unreadable(&error))?;
                let [kind, length] = numbers(tag);
                if kind == ARRAY {
                    array(&mut unpacked.by_ref().take(length.into()), visit)?;
                }
                if extent == Extent::Whole {
                    skip(&mut unpacked, LARGEST)?;
                }
            }
            _ => {}
        }
        let left = content.limit();
        if skip(&mut content, left)? < left {
            return Err(unreadable(&ErrorKind::UnexpectedEof.into()));
        }
    }
    Err(format!("holds more than {MOST_ELEMENTS} arrays; it is damaged or of another data set"))
}

/// Reads the parts of an array before its values, and gives it to `visit`.
fn array(content: &mut dyn Read, visit: &mut Visit<'_>) -> Result<(), String> {
    /// The first byte of the flags of an array of bytes.
    const OF_BYTES: u8 = 9;
    let [flags, dimensions, name] = [(); 3].map(|()| part(content));
    let (flags, dimensions, name) = (flags?, dimensions?, name?);
    let dimensions: Vec<u64> =
        dimensions.as_chunks().0.iter().map(|bytes| u64::from(u32::from_le_bytes(*bytes))).collect();
    let array = Array { name: String::from_utf8_lossy(&name).to_string(), dimensions };
    let count = array.dimensions.iter().fold(1u64, |count, &size| count.saturating_mul(size));
    if flags.first() != Some(&OF_BYTES) {
        return Ok(());
    }
    let (kind, length, small) = tag(content)?;
    if kind != BYTES || count != length {
        return Err(format!(
            "has an array {} of shape {:?}, but {length} values of kind {kind}; it is damaged",
            array.name, array.dimensions
        ));
    }
    if count > LARGEST {
        return Err(format!(
            "has an array {} of shape {:?}, more than the {LARGEST} values that are allowed; it is probably damaged",
            array.name, array.dimensions
        ));
    }
    match small {
        Some(values) => visit(&array, &mut &values[..length as usize]),
        None => visit(&array, &mut content.take(length)),
    }
}

/// A part in front of the values, of which there are few bytes.
fn part(content: &mut dyn Read) -> Result<Vec<u8>, String> {
    const LONGEST: u64 = 1_024;
    let (_, length, small) = tag(content)?;
    if let Some(bytes) = small {
        return Ok(bytes[..length as usize].to_vec());
    }
    if length > LONGEST {
        return Err("has an array whose name or shape is too long; it is damaged".to_string());
    }
    let mut bytes = vec![0; length.next_multiple_of(8) as usize];
    content.read_exact(&mut bytes).map_err(|error| unreadable(&error))?;
    bytes.truncate(length as usize);
    Ok(bytes)
}

/// The kind and the length of an element; also its bytes, where these are at most four and stand in the tag.
fn tag(content: &mut dyn Read) -> Result<(u32, u64, Option<[u8; 4]>), String> {
    let mut tag = [0; 8];
    content.read_exact(&mut tag).map_err(|error| unreadable(&error))?;
    let [kind, length] = numbers(tag);
    let [_, _, _, _, small @ ..] = tag;
    match kind >> 16 {
        0 => Ok((kind, length.into(), None)),
        length @ 1..=4 => Ok((kind & 0xffff, length.into(), Some(small))),
        _ => Err("has an invalid element; it is damaged".to_string()),
    }
}

/// Two whole numbers.
fn numbers(bytes: [u8; 8]) -> [u32; 2] {
    let [a, b, c, d, rest @ ..] = bytes;
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes(rest)]
}

/// Reads up to `most` bytes without keeping them, and says how many there were.
fn skip(reader: &mut dyn Read, most: u64) -> Result<u64, String> {
    io::copy(&mut reader.take(most), &mut io::sink()).map_err(|error| unreadable(&error))
}

/// A read that failed, in words: the file is too short, or what is packed in it is corrupt.
pub(super) fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::UnexpectedEof => "ends too early; it is truncated: copy or download it again".to_string(),
        _ => format!("is not a valid MATLAB file ({error}); copy or download it again"),
    }
}
