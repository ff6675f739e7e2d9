//! The description of one setting: its name, its values and its purpose. Flags, controls, addresses and checks are
//! views of it.

use serde::Serialize;

/// A setting of an experiment or of a learning rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// The name of its field in [`Configuration`](crate::configuration::Configuration), or `rule.setting` for one of a
    /// rule.
    pub name: String,
    /// What a person calls it.
    pub label: &'static str,
    /// A sentence on what it is for.
    pub help: &'static str,
    /// The unit of its values, or nothing.
    pub unit: &'static str,
    /// Whether it is shown on request only.
    pub advanced: bool,
    /// Its default, as text.
    pub default: String,
    /// What its values are.
    #[serde(flatten)]
    pub values: Values,
}

/// What the values of a setting are.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Values {
    /// Numbers.
    Number {
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
        /// Whether they are whole.
        whole: bool,
    },
    /// Text.
    Text {
        /// A regular expression for all of it.
        pattern: &'static str,
        /// Some of the texts.
        choices: Vec<Choice>,
    },
    /// One of a few.
    Choice {
        /// All of them.
        choices: Vec<Choice>,
    },
}

/// A value that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As it is written.
    pub value: &'static str,
    /// As a person reads it.
    pub label: &'static str,
}

/// A value of a setting, as text: the one way in which flags, controls and addresses hold it.
pub trait Value: Sized {
    /// Reads a value; nothing for invalid text.
    fn read(text: &str) -> Option<Self>;
    /// Writes a value as it is read.
    fn write(&self) -> String;
    /// The value as a number, if it is one.
    fn number(&self) -> Option<f64> {
        None
    }
}

macro_rules! number_values {
    ($($type:ty),*) => {$(
        impl Value for $type {
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
            fn write(&self) -> String {
                self.to_string()
            }
            fn number(&self) -> Option<f64> {
                Some(*self as f64)
            }
        }
    )*};
}
number_values!(u32, usize, f64);

/// Off and on, to choose one.
pub const SWITCH: [Choice; 2] =
    [Choice { value: "false", label: "no" }, Choice { value: "true", label: "yes" }];

impl Value for bool {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// Several values, of which one is meant.
///
/// ```
/// use spikealign::setting::either;
///
/// assert_eq!(either(&["8", "16", "32"]), "8, 16 or 32");
/// ```
pub fn either<T: AsRef<str>>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(AsRef::as_ref).collect();
    match &values[..] {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        one => one.concat(),
    }
}

impl Values {
    /// The numbers from `low` to `high`.
    pub fn number(low: f64, high: f64) -> Self {
        Self::Number { low, high, whole: false }
    }

    /// The whole numbers from `low` to `high`.
    pub fn whole(low: f64, high: f64) -> Self {
        Self::Number { low, high, whole: true }
    }

    /// What a value must be, in words that complete "it must be".
    pub fn range(&self) -> String {
        match self {
            Self::Number { low, high, .. } => format!("from {low} to {high}"),
            Self::Text { choices, .. } | Self::Choice { choices } => {
                let values: Vec<_> = choices.iter().map(|choice| format!("`{}`", choice.value)).collect();
                either(&values)
            }
        }
    }

    /// Whether `number` is in the range. (Every text is: reading it checks it.)
    pub fn contain(&self, number: f64) -> bool {
        match self {
            // NaN is in no range: it compares false with both ends.
            Self::Number { low, high, whole } => {
                number >= *low && number <= *high && (!whole || number.fract() == 0.0)
            }
            Self::Text { .. } | Self::Choice { .. } => true,
        }
    }
}
