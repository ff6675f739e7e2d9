//! Records from files, as programs leave them: JSON lines, an array of JSON or CSV, in UTF-8 or UTF-16.
//!
//! A file is read record by record, however long it is. CSV may have been saved by a spreadsheet in a language with
//! decimal commas: its cells are then separated by semicolons or tabs.

use anyhow::{Context, Result};
use csv::StringRecord;
use encoding_rs_io::DecodeReaderBytes;
use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use serde_json::{Value, error::Category};
use spikealign::configuration::Configuration;
use std::{
    cell::Cell,
    collections::BTreeMap,
    fmt,
    io::{self, BufRead, BufReader, Cursor, Read},
    rc::Rc,
};

/// The most bytes of a record; those of the paper's network have 2,000.
const LONGEST: usize = 1 << 20;

/// What the columns of a CSV file are called that hold the sign agreement of a layer, and a setting.
const SIGNS: &str = "sign_agreement_";
const SETTING: &str = "configuration.";

/// What a record begins with as JSON.
const BEGINNING: &str = "{\"rule\":";

/// What the table shows of a record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Row {
    pub rule: String,
    pub seed: u32,
    pub epoch: usize,
    pub examples: usize,
    pub train_loss: f64,
    pub test_loss: f64,
    pub test_accuracy: f64,
    /// None in a file of an earlier version.
    pub test_balanced_accuracy: Option<f64>,
    /// Of each layer, from the bottom.
    #[serde(skip)]
    pub sign_agreement: Vec<f64>,
    /// All settings but the number of epochs, as text; none in a file of an earlier version.
    #[serde(skip)]
    pub settings: BTreeMap<String, String>,
}

/// A record as JSON, of this version or an earlier one: it may lack settings.
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    row: Row,
    layers: Vec<BTreeMap<String, Value>>,
    #[serde(default)]
    configuration: BTreeMap<String, Value>,
}

/// Reads a file of any kind, and hands on each record; what is wrong with it, though it can be read, goes to `note`.
pub fn read(file: impl Read, note: &mut dyn FnMut(String), take: &mut dyn FnMut(Row)) -> Result<()> {
    let left = Rc::new(Cell::new(LONGEST));
    let bounded = Bounded { file: DecodeReaderBytes::new(file), left: Rc::clone(&left) };
    let mut file = BufReader::new(bounded);
    let mut beginning = Vec::new();
    file.by_ref().take(1 << 16).read_to_end(&mut beginning)?;
    let mut take = |mut row: Row| {
        left.set(LONGEST);
        add_defaults(&mut row.settings);
        take(row);
    };
    let (first, delimiter) = (beginning.trim_ascii_start().first().copied(), delimiter(&beginning));
    let file = Cursor::new(beginning).chain(file);
    match first {
        Some(b'{') => read_json_lines(file, note, &mut take),
        Some(b'[') => read_json_array(file, &mut take),
        _ => read_csv(file, delimiter, &mut take),
    }
}

/// A setting that came later was at its default before.
fn add_defaults(settings: &mut BTreeMap<String, String>) {
    if settings.is_empty() {
        return;
    }
    settings.remove("epochs");
    for setting in Configuration::settings().into_iter().filter(|setting| setting.name != "epochs") {
        settings.entry(setting.name).or_insert(setting.default);
    }
}

/// A file of which no more is read than is left of a record.
struct Bounded<R> {
    file: R,
    left: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other(format!("a record has more than {LONGEST} bytes")));
        }
        let most = buffer.len().min(left);
        let count = self.file.read(&mut buffer[..most])?;
        self.left.set(left - count);
        Ok(count)
    }
}

fn read_json_lines(
    mut file: impl BufRead,
    note: &mut dyn FnMut(String),
    take: &mut dyn FnMut(Row),
) -> Result<()> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        file.read_until(b'\n', &mut bytes).with_context(|| format!("line {number}"))?;
        if bytes.is_empty() {
            break;
        }
        let is_last = !bytes.ends_with(b"\n");
        let line = std::str::from_utf8(&bytes).with_context(|| format!("line {number}"))?.trim();
        if line.is_empty() {
            continue;
        }
        match serde_json::from_str(line) {
            Ok(line) => take(row(line)),
            // The program or its disk came to an end inside a record; and another may follow it.
            Err(error) => match record_within(line) {
                Some(line) => {
                    note(format!("line {number} begins with a record that was cut off, which is left out"));
                    take(row(line));
                }
                None if is_last && error.classify() == Category::Eof => {
                    note(format!("line {number}, the last one, was cut off, and is left out"));
                }
                None => return Err(error).with_context(|| format!("line {number}")),
            },
        }
    }
    Ok(())
}

/// The record that a line ends with.
fn record_within(line: &str) -> Option<Line> {
    let beginnings = line.match_indices(BEGINNING).filter(|(at, _)| *at > 0);
    beginnings.map(|(at, _)| &line[at..]).find_map(|rest| serde_json::from_str(rest).ok())
}

fn read_json_array(file: impl BufRead, take: &mut dyn FnMut(Row)) -> Result<()> {
    struct Records<'a>(&'a mut dyn FnMut(Row));

    impl<'de> Visitor<'de> for Records<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of records")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<(), A::Error> {
            for number in 1.. {
                let record = records.next_element();
                match record.map_err(|error| de::Error::custom(format!("record {number}: {error}")))? {
                    Some(line) => (self.0)(row(line)),
                    None => break,
                }
            }
            Ok(())
        }
    }

    let mut file = serde_json::Deserializer::from_reader(file);
    file.deserialize_seq(Records(take))?;
    Ok(file.end()?)
}

fn row(Line { row, layers, configuration }: Line) -> Row {
    let sign_agreement = layers.iter().filter_map(|layer| layer.get("sign_agreement")?.as_f64()).collect();
    let mut settings = BTreeMap::new();
    for (name, value) in configuration {
        match value {
            // Those that rules have for themselves.
            Value::Object(own) => {
                settings.extend(own.iter().map(|(name, value)| (name.clone(), words(value))))
            }
            value => _ = settings.insert(name, words(&value)),
        }
    }
    Row { sign_agreement, settings, ..row }
}

/// A setting as CSV and the program's flags have it.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN).to_string(),
        other => other.to_string(),
    }
}

/// What separates the cells of a CSV file: that of which its first line has most.
fn delimiter(beginning: &[u8]) -> u8 {
    let header = beginning.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn read_csv(file: impl Read, delimiter: u8, take: &mut dyn FnMut(Row)) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(file);
    let headers = reader.headers()?.clone();
    for record in reader.into_records() {
        let cells = record?;
        // A spreadsheet may end with empty rows.
        if cells.iter().all(str::is_empty) {
            continue;
        }
        let mut record: StringRecord = cells.iter().map(|cell| plain(cell, delimiter)).collect();
        record.set_position(cells.position().cloned());
        let mut row: Row = record.deserialize(Some(&headers))?;
        for (name, value) in headers.iter().zip(&record) {
            if name.starts_with(SIGNS) {
                let line = record.position().map_or(0, csv::Position::line);
                let problem = || format!("line {line}: “{value}” is not a valid {name}");
                row.sign_agreement.push(value.parse().with_context(problem)?);
            } else if let Some(setting) = name.strip_prefix(SETTING) {
                row.settings.insert(setting.to_string(), value.to_string());
            }
        }
        take(row);
    }
    Ok(())
}

/// A cell as the page writes it: with a decimal point, also in settings, and a truth value in small letters.
fn plain(cell: &str, delimiter: u8) -> String {
    let with_point = if delimiter == b',' { cell.to_string() } else { cell.replacen(',', ".", 1) };
    match (cell.parse::<f64>(), with_point.parse::<f64>()) {
        (Err(_), Ok(number)) => number.to_string(),
        _ if ["true", "false"].iter().any(|value| cell.eq_ignore_ascii_case(value)) => {
            cell.to_ascii_lowercase()
        }
        _ => cell.to_string(),
    }
}
