//! The native program: flags, progress bars and files. No science lives here.

fn main() {}
