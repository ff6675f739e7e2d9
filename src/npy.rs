//! Matrices as NumPy files (`.npy`, format 1.0).

use ndarray::ArrayView2;

/// The bytes of a file that `numpy.load` reads as `matrix`: little-endian `float32`, row by row.
///
/// By hand, because the library that reads recordings would grow the page's program by an eighth.
pub fn npy(matrix: ArrayView2<'_, f32>) -> Vec<u8> {
    let (rows, columns) = matrix.dim();
    // The version, and how long the header is: 118 bytes, room for any shape, so that the values begin
    // at a multiple of 64.
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    bytes.extend_from_slice(header.as_bytes());
    bytes.resize(127, b' ');
    bytes.push(b'\n');
    for value in matrix {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

#[cfg(all(test, feature = "replay"))]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use ndarray_npy::ReadNpyExt;

    #[test]
    fn a_matrix_is_read_as_it_was_written_whatever_its_layout() {
        let matrix = array![[1.0, -2.5, f32::MIN_POSITIVE], [0.1, 1e30, -0.0]];
        for matrix in [matrix.view(), matrix.t()] {
            let bytes = npy(matrix);
            assert_eq!(bytes.len(), 128 + 4 * matrix.len());
            let read = Array2::<f32>::read_npy(bytes.as_slice()).unwrap();
            assert_eq!(read, matrix);
            assert!(read.is_standard_layout());
        }
    }
}
