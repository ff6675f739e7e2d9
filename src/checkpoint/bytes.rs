//! Values as bytes, in the format of [`postcard`].
//!
//! `postcard` copies each step of writing and reading into every type that it meets. Here the steps are functions, which
//! makes the WebAssembly several kilobytes smaller; a checkpoint is rare.

use super::{invalid, problem};
use crate::Error;
use postcard::{Deserializer, de_flavors, ser_flavors, serialize_with_flavor};
use serde::{Deserialize, Serialize};

/// A value in the format of the file.
pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    encode_after(Vec::new(), value)
}

/// Bytes, and a value in the format of the file.
pub(super) fn encode_after(beginning: Vec<u8>, value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serialize_with_flavor(value, Written(beginning))
        .map_err(|error| problem(format!("cannot be written: {error}")))
}

/// A value from the beginning of some bytes, and the rest of them.
pub(super) fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, &'a [u8]), Error> {
    let mut deserializer = Deserializer::from_flavor(Unread(bytes));
    let value = T::deserialize(&mut deserializer).map_err(|_| invalid())?;
    Ok((value, deserializer.finalize().map_err(|_| invalid())?))
}

/// What has been written so far.
struct Written(Vec<u8>);

impl ser_flavors::Flavor for Written {
    type Output = Vec<u8>;

    #[inline(never)]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline(never)]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// What has not been read yet.
struct Unread<'a>(&'a [u8]);

impl<'a> de_flavors::Flavor<'a> for Unread<'a> {
    type Remainder = &'a [u8];
    type Source = &'a [u8];

    #[inline(never)]
    fn pop(&mut self) -> postcard::Result<u8> {
        let (&byte, rest) = self.0.split_first().ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.0 = rest;
        Ok(byte)
    }

    // A list that claims to be longer than what is left cannot reserve memory for it.
    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }

    #[inline(never)]
    fn try_take_n(&mut self, count: usize) -> postcard::Result<&'a [u8]> {
        let (taken, rest) =
            self.0.split_at_checked(count).ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.0 = rest;
        Ok(taken)
    }

    fn finalize(self) -> postcard::Result<&'a [u8]> {
        Ok(self.0)
    }
}
