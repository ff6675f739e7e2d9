//! The one error type of the crate: what went wrong, and what a person can do about it.

/// What can go wrong in the core. Every message is a sentence for a person.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A setting is outside the range that it allows.
    #[error("`{field}` is {value}, but it must be {range}")]
    Setting {
        /// The name of the setting, as in [`crate::configuration::Configuration`].
        field: String,
        /// What it was.
        value: String,
        /// What it may be, in words that complete "it must be".
        range: String,
    },
    /// A data file is not what it claims to be.
    #[error("{name}: {problem}")]
    Data {
        /// The file or data set.
        name: String,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
    /// Two shapes that must agree do not.
    #[error("{what} has shape {found:?}, but {expected:?} is needed")]
    Shape {
        /// What has the wrong shape.
        what: &'static str,
        /// The shape that it has.
        found: Vec<usize>,
        /// The shape that is needed.
        expected: Vec<usize>,
    },
    /// A number that should be finite is not, or is huge: training has diverged.
    #[error(
        "training has diverged: {what} has grown beyond bounds; try a lower learning rate, or other settings of the rule"
    )]
    Diverged {
        /// What has grown beyond bounds.
        what: &'static str,
    },
    /// A checkpoint is not what it claims to be, or does not fit.
    #[error("the checkpoint {problem}")]
    Checkpoint {
        /// What is wrong with it, and what would be right, in words that go on from "the checkpoint".
        problem: String,
    },
}
