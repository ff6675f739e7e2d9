//! Pictures in JPEG, PNG or WebP, decoded.

use super::{archive::read_up_to, resize::resize};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::{Cursor, Read};

/// The most bytes of a picture as a file.
const LARGEST_FILE: u64 = 64 << 20;
/// The most bytes of a picture, decoded and in colour: 64 million pixels, or fewer with transparency or of more than 8
/// bits.
const LARGEST: u64 = 3 * 64_000_000;

/// The marker of a JPEG's beginning, and of its end: behind 0xff, without a length.
const BEGINNING: u8 = 0xd8;
const END: u8 = 0xd9;

/// A picture in colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    rows: usize,
    columns: usize,
    /// Red, green and blue, `[rows, columns, 3]`.
    pixels: Vec<u8>,
}

/// Whether the name of a file is that of a picture.
pub fn is_picture(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".webp"].iter().any(|ending| name.ends_with(ending))
}

impl Picture {
    /// Reads a picture as its file has it, or turned upright as the file asks for. What is transparent is on black.
    ///
    /// Whatever the file claims, it takes no more memory than a picture of 64 million pixels.
    ///
    /// # Errors
    /// What is wrong with it, and what to do, in words that go on from its name.
    pub fn read(reader: &mut dyn Read, is_turned: bool) -> Result<Self, String> {
        let mut bytes = Vec::new();
        let fits = read_up_to(LARGEST_FILE, reader, &mut bytes);
        let fits = fits.map_err(|error| {
            format!("cannot be read ({error}): look at its permissions, or copy it again")
        })?;
        if !fits {
            return Err(format!("has more than {LARGEST_FILE} bytes; make it smaller"));
        }
        let unsound = |error: &dyn std::fmt::Display| {
            format!("is not a readable picture ({error}); save it again as PNG, or remove it")
        };
        let too_large =
            || format!("would take more than {} MB of memory; make it smaller", LARGEST / 1_000_000);
        let undecodable = |error| match error {
            ImageError::Limits(_) => too_large(),
            error => unsound(&error),
        };
        let mut reader =
            ImageReader::new(Cursor::new(&bytes)).with_guessed_format().map_err(|error| unsound(&error))?;
        let is_jpeg = match reader.format() {
            Some(ImageFormat::Jpeg) => true,
            Some(ImageFormat::Png) if has_torn_palette(&bytes) => {
                return Err(unsound(&"its palette ends within a colour"));
            }
            Some(ImageFormat::Png | ImageFormat::WebP) => false,
            _ => return Err(unsound(&"neither JPEG nor PNG nor WebP")),
        };
        let mut limits = Limits::default();
        limits.max_alloc = Some(LARGEST);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(undecodable)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if decoder.total_bytes().max(3 * pixels) > LARGEST {
            return Err(too_large());
        }
        if is_jpeg && is_cut_off(&bytes, pixels) {
            return Err(unsound(&"it is truncated"));
        }
        let orientation = decoder.orientation().map_err(undecodable)?;
        let mut image = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
        if is_turned {
            image.apply_orientation(orientation);
        }
        let (columns, rows) = (image.width() as usize, image.height() as usize);
        let pixels = if image.color().has_alpha() {
            let blend = |pixel: &[u8; 4]| {
                let &[red, green, blue, alpha] = pixel;
                [red, green, blue].map(|value| ((u32::from(value) * u32::from(alpha) + 127) / 255) as u8)
            };
            image.into_rgba8().as_chunks().0.iter().flat_map(blend).collect()
        } else {
            image.into_rgb8().into_raw()
        };
        Ok(Self { rows, columns, pixels })
    }

    /// Rows and columns.
    pub fn size(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// All of it in so many rows and columns, `[size, size, 3]`, by a triangle filter.
    pub fn resized(&self, size: usize) -> Vec<u8> {
        resize(&self.pixels, [self.rows, self.columns, 3], size)
    }

    /// The part of it from `top` and `left` to before `bottom` and `right`, which lies inside it and is not empty.
    pub fn cut_out(&self, [top, left, bottom, right]: [usize; 4]) -> Self {
        let rows = self.pixels.chunks_exact(3 * self.columns).take(bottom).skip(top);
        let pixels = rows.flat_map(|row| &row[3 * left..3 * right]).copied().collect();
        Self { rows: bottom - top, columns: right - left, pixels }
    }
}

/// Whether the palette of a PNG is not of whole colours, on which its decoder panics
/// (<https://github.com/image-rs/image-png/issues/694>; mended after its version 0.18.1).
fn has_torn_palette(png: &[u8]) -> bool {
    // Behind the signature: length, kind, content and checksum of each chunk.
    let mut chunks = png.get(8..).unwrap_or_default();
    while let Some((&[a, b, c, d, ref kind @ ..], rest)) = chunks.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if kind == b"PLTE" {
            return !length.is_multiple_of(3);
        }
        chunks = rest.get(length.saturating_add(4)..).unwrap_or_default();
    }
    false
}

/// Whether a part of a JPEG is missing, which its decoder would fill with grey, however long that takes: of each block of
/// 64 pixels there is a bit at least, and the last scan is followed by the end of the image.
fn is_cut_off(bytes: &[u8], pixels: u64) -> bool {
    pixels > 64 * 8 * bytes.len() as u64 || !reaches_its_end(bytes)
}

/// Whether a JPEG has its end of image. Segments are skipped by their lengths, since a thumbnail in one has such a marker,
/// too; what follows the end, such as the film of a phone's photograph, is not looked at.
fn reaches_its_end(mut bytes: &[u8]) -> bool {
    // In a scan 0xff is followed by 0 or by the number of a restart; before a marker it may be repeated.
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    while let Some(at) = bytes.windows(2).position(is_marker) {
        let (marker, rest) = (bytes[at + 1], &bytes[at + 2..]);
        let skipped = match (marker, rest) {
            (END, _) => return true,
            (BEGINNING, _) => 0,
            (_, &[high, low, ..]) => usize::from(u16::from_be_bytes([high, low])),
            _ => return false,
        };
        bytes = rest.get(skipped..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{RgbImage, RgbaImage, codecs::jpeg::JpegEncoder};

    /// Red above, blue below.
    fn flag() -> DynamicImage {
        RgbImage::from_fn(40, 20, |_, row| image::Rgb(if row < 10 { [255, 0, 0] } else { [0, 0, 255] }))
            .into()
    }

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn read(bytes: &[u8]) -> Result<Picture, String> {
        Picture::read(&mut &bytes[..], true)
    }

    #[test]
    fn every_format_gives_the_same_pixels() {
        for (format, off) in [(ImageFormat::Png, 0), (ImageFormat::WebP, 0), (ImageFormat::Jpeg, 16)] {
            let picture = read(&encoded(&flag(), format)).unwrap();
            assert_eq!(picture.size(), [20, 40]);
            for (found, expected) in picture.pixels.iter().zip(flag().into_rgb8().into_raw()) {
                assert!(found.abs_diff(expected) <= off, "{format:?}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn grey_pictures_and_transparent_ones_become_colours() {
        let grey = DynamicImage::ImageLuma16(image::ImageBuffer::from_pixel(3, 2, image::Luma([0x80ff])));
        assert_eq!(read(&encoded(&grey, ImageFormat::Png)).unwrap().pixels, [128; 18]);
        let clear: DynamicImage = RgbaImage::from_pixel(1, 1, image::Rgba([200, 100, 255, 128])).into();
        assert_eq!(read(&encoded(&clear, ImageFormat::Png)).unwrap().pixels, [100, 50, 128]);
    }

    #[test]
    fn a_picture_is_turned_as_its_file_asks_for() {
        // Orientation 6 of Exif: what is shown on the right is at the top.
        let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif).unwrap();
        encoder.encode_image(&flag()).unwrap();
        let turned = read(&bytes).unwrap();
        assert_eq!(turned.size(), [40, 20]);
        assert!(turned.pixels[2] > 200 && turned.pixels[57] > 200, "blue on the left, red on the right");
        assert_eq!(Picture::read(&mut &bytes[..], false).unwrap().size(), [20, 40]);
    }

    #[test]
    fn a_part_is_cut_out() {
        let picture = read(&encoded(&flag(), ImageFormat::Png)).unwrap();
        let part = picture.cut_out([9, 5, 11, 8]);
        assert_eq!(part.size(), [2, 3]);
        assert_eq!(part.pixels, [[255, 0, 0].repeat(3), [0, 0, 255].repeat(3)].concat());
        assert_eq!(part.resized(1), [128, 0, 128]);
    }

    /// A PNG whose header, with its checksum, declares another width and height.
    fn declaring(png: &[u8], size: [u32; 2]) -> Vec<u8> {
        let mut bytes = png.to_vec();
        bytes[16..24].copy_from_slice(&size.map(u32::to_be_bytes).concat());
        let checksum = crate::data::CHECKSUM.checksum(&bytes[12..29]).to_be_bytes();
        bytes[29..33].copy_from_slice(&checksum);
        bytes
    }

    #[test]
    fn only_the_end_of_the_picture_itself_ends_a_jpeg() {
        let jpeg = encoded(&flag(), ImageFormat::Jpeg);
        // A film behind it, with the marker of a scan.
        assert_eq!(read(&[&jpeg[..], &[0xff, 0xda, 0, 8, 1, 2]].concat()), read(&jpeg));
        // A thumbnail in a segment before it.
        let thumbnail = [&[0xff, 0xe1, 0, 6, 0xff, 0xda, 0xff, 0xd9], &jpeg[2..]].concat();
        let with_thumbnail = [&jpeg[..2], &thumbnail].concat();
        assert_eq!(read(&with_thumbnail), read(&jpeg));
        let cut_off = read(&with_thumbnail[..with_thumbnail.len() - 30]).unwrap_err();
        assert!(cut_off.contains("it is truncated"), "{cut_off}");
    }

    #[test]
    fn a_jpeg_has_a_bit_at_least_for_each_of_its_blocks() {
        let jpeg = encoded(&flag(), ImageFormat::Jpeg);
        let most = 64 * 8 * jpeg.len() as u64;
        assert_eq!([most, most + 1].map(|pixels| is_cut_off(&jpeg, pixels)), [false, true]);
    }

    /// A chunk of a PNG.
    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let body = [kind, content].concat();
        let checksum = crate::data::CHECKSUM.checksum(&body).to_be_bytes();
        [&(content.len() as u32).to_be_bytes()[..], &body, &checksum].concat()
    }

    #[test]
    fn a_palette_has_whole_colours() {
        // A pixel of 8 bits, an index into the palette; it is packed as it is.
        let header = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0]);
        let pixel = chunk(b"IDAT", &[0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, 1, 0, 3, 0, 2]);
        let png = |palette: &[u8]| {
            let parts = [&header[..], &chunk(b"PLTE", palette), &pixel, &chunk(b"IEND", &[])];
            [b"\x89PNG\r\n\x1a\n", &parts.concat()[..]].concat()
        };
        assert_eq!(read(&png(&[1, 2, 3, 4, 5, 6])).unwrap().pixels, [4, 5, 6]);
        for torn in [&[1, 2, 3, 4][..], &[1, 2, 3, 4, 5]] {
            let problem = read(&png(torn)).unwrap_err();
            assert!(problem.contains("its palette ends within a colour"), "{problem}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_in_words() {
        let png = encoded(&flag(), ImageFormat::Png);
        let bomb = declaring(&png, [31_250, 32_767]);
        // As many bytes as are allowed, but of one channel.
        let grey = declaring(&encoded(&flag().into_luma8().into(), ImageFormat::Png), [10_000, 10_000]);
        let jpeg = encoded(&flag(), ImageFormat::Jpeg);
        // Its height is five bytes after the beginning of its frame.
        let mut tall = jpeg.clone();
        let frame = tall.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        tall[frame + 5] = 0xff;
        for (bytes, words) in [
            (&b"<svg/>"[..], "neither JPEG nor PNG nor WebP"),
            (&[], "is not a readable picture"),
            (&png[..60], "is not a readable picture"),
            (&jpeg[..100], "is not a readable picture"),
            (&jpeg[..jpeg.len() - 30], "it is truncated"),
            (&tall, "it is truncated"),
            (&bomb, "would take more than 192 MB of memory; make it smaller"),
            (&grey, "would take more than 192 MB of memory; make it smaller"),
            // As many as are allowed, of which there are few.
            (&declaring(&png, [8_000, 8_000]), "is not a readable picture"),
        ] {
            let problem = read(bytes).unwrap_err();
            assert!(problem.contains(words), "{words}: {problem}");
        }
    }
}
