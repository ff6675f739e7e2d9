//! Records, and what crosses to JavaScript, as text: JSON, and CSV with a row a record.

use super::Record;
use crate::alignment::LayerAlignment;
use crate::configuration::Configuration;
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io;

/// A record, or another value whose keys are text and whose numbers are finite, as JSON on one line, without its end.
pub fn json(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Numbers);
    // Of such a value nothing can fail to be written.
    let written = value.serialize(&mut serializer);
    debug_assert!(written.is_ok());
    String::from_utf8(text).unwrap_or_default()
}

/// Writes numbers with the standard library, which is linked anyway: alternatives bring tables of ten kilobytes.
struct Numbers;

impl Formatter for Numbers {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, number: f64) -> io::Result<()> {
        write!(writer, "{number:?}")
    }
}

/// Records as lines of JSON.
pub fn json_lines(records: &[Record]) -> String {
    records.iter().map(|record| json(record) + "\n").collect()
}

/// Records as CSV, with a column for every number and every setting; cells that a record lacks are empty.
pub fn csv(records: &[Record]) -> String {
    let rows: Vec<_> = records.iter().map(columns).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut text = line(names.iter().map(ToString::to_string));
    for row in &rows {
        let value = |name: &&str| row.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        text += &line(names.iter().map(|name| value(name).unwrap_or_default()));
    }
    text
}

/// The columns of a record, and what is in them.
fn columns(record: &Record) -> Vec<(String, String)> {
    let Record { layers, layers_after_spiking, gradient_angles, configuration, .. } = record;
    let of_layers = |prefix: &str, layers: &[LayerAlignment]| -> Vec<(String, String)> {
        let numbers =
            layers.iter().flat_map(|layer| layer.measures().map(|number| (column(&layer.name), number)));
        numbers.map(|(layer, (name, value))| (format!("{prefix}{name}_{layer}"), value.to_string())).collect()
    };
    let numbers = [
        ("seed", f64::from(record.seed)),
        ("epoch", record.epoch as f64),
        ("examples", record.examples as f64),
        ("train_loss", record.train_loss),
        ("train_accuracy", record.train_accuracy),
        ("test_loss", record.test_loss),
        ("test_accuracy", record.test_accuracy),
        ("test_balanced_accuracy", record.test_balanced_accuracy),
        ("simulated_seconds", record.simulated_seconds),
    ];
    let mut columns = vec![("rule".to_string(), record.rule.to_string())];
    columns.extend(numbers.map(|(name, number)| (name.to_string(), number.to_string())));
    columns.extend(of_layers("", layers));
    columns.extend(of_layers("after_spiking_", layers_after_spiking));
    let angles = layers.iter().zip(gradient_angles);
    columns.extend(
        angles.map(|(layer, angle)| (format!("gradient_angle_{}", column(&layer.name)), angle.to_string())),
    );
    let settings = Configuration::settings();
    columns.extend(settings.iter().filter_map(|setting| {
        Some((format!("configuration.{}", setting.name), configuration.get(&setting.name)?))
    }));
    let own = configuration.rule_settings.iter();
    columns.extend(own.map(|(name, value)| (format!("configuration.{name}"), value.to_string())));
    columns
}

/// The name of a layer as part of the name of a column.
fn column(layer: &str) -> String {
    layer.replace('→', "-")
}

/// A line of CSV. (By hand, to save download: only a comma or a quote must be quoted, and no value has a line break.)
fn line(values: impl Iterator<Item = String>) -> String {
    let quoted = values.map(|value| {
        if value.contains([',', '"']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
    });
    quoted.collect::<Vec<_>>().join(",") + "\n"
}
