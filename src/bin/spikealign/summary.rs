//! `spikealign summary`: records read back, from JSON lines or CSV, and summed up.

use crate::output::output;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use spikealign::configuration::Configuration;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::PathBuf,
};

/// What the columns of a CSV file are called that hold the sign agreement of a layer, and a setting.
const SIGNS: &str = "sign_agreement_";
const SETTING: &str = "configuration.";

/// Which records to read.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files of records: JSON lines, as `train` prints them, or CSV, as the page saves them
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Prints a line for every epoch: the mean of the last records of all runs that differ in nothing but their seeds.
pub fn run(Arguments { files }: Arguments) -> Result<()> {
    let mut rows = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let read = read(&text).with_context(|| format!("{} cannot be read", file.display()))?;
        ensure!(!read.is_empty(), "{} holds no records", file.display());
        if read.iter().any(|row| row.settings.is_empty()) {
            eprintln!(
                "{} is from an earlier version: its records lack their settings, and its alignment functions have \
                 their old names.",
                file.display()
            );
        }
        rows.extend(read);
    }
    output().write_all(table(rows).as_bytes())?;
    Ok(())
}

/// What the table shows of a record.
#[derive(Debug, PartialEq, Deserialize)]
struct Row {
    rule: String,
    seed: u32,
    epoch: usize,
    examples: usize,
    train_loss: f64,
    test_loss: f64,
    test_accuracy: f64,
    /// None in a file of an earlier version.
    test_balanced_accuracy: Option<f64>,
    /// Of each layer, from the bottom.
    #[serde(skip)]
    sign_agreement: Vec<f64>,
    /// All settings but the number of epochs, as text; none in a file of an earlier version.
    #[serde(skip)]
    settings: BTreeMap<String, String>,
}

/// Reads a file of either kind: only JSON begins with a brace.
fn read(text: &str) -> Result<Vec<Row>> {
    let mut rows = if text.trim_start().starts_with('{') { read_json_lines(text) } else { read_csv(text) }?;
    // A setting that came later was at its default before.
    for Row { settings, .. } in rows.iter_mut().filter(|row| !row.settings.is_empty()) {
        settings.remove("epochs");
        for setting in Configuration::settings().into_iter().filter(|setting| setting.name != "epochs") {
            settings.entry(setting.name).or_insert(setting.default);
        }
    }
    Ok(rows)
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

fn read_json_lines(text: &str) -> Result<Vec<Row>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let rows = lines.map(|(index, line)| {
        let Line { row, layers, configuration } =
            serde_json::from_str(line).with_context(|| format!("line {}", index + 1))?;
        let sign_agreement =
            layers.iter().filter_map(|layer| layer.get("sign_agreement")?.as_f64()).collect();
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
        Ok(Row { sign_agreement, settings, ..row })
    });
    rows.collect()
}

/// A setting as CSV and the program's flags have it.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN).to_string(),
        other => other.to_string(),
    }
}

fn read_csv(text: &str) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
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
        rows.push(row);
    }
    Ok(rows)
}

/// The last records of an epoch, of runs that differ in nothing but their seeds.
struct Group<'a>(Vec<&'a Row>);

impl Group<'_> {
    fn mean(&self, number: impl Fn(&Row) -> f64) -> f64 {
        self.0.iter().map(|row| number(row)).sum::<f64>() / self.0.len() as f64
    }

    /// The sample standard deviation; none of a single run.
    fn deviation(&self, number: impl Fn(&Row) -> f64) -> Option<f64> {
        let mean = self.mean(&number);
        let squares: f64 = self.0.iter().map(|row| (number(row) - mean).powi(2)).sum();
        (self.0.len() > 1).then(|| (squares / (self.0.len() - 1) as f64).sqrt())
    }
}

/// The settings of a run but its seed; the rule and the seed of records that lack their settings stand beside them.
fn settings_but_seed(row: &Row) -> impl Iterator<Item = (&String, &String)> {
    row.settings.iter().filter(|(name, _)| *name != "seed")
}

/// The last record of every run and epoch, in the order in which the runs came.
fn last_records(rows: Vec<Row>) -> Vec<Row> {
    let mut last: Vec<Row> = Vec::new();
    for row in rows {
        let run = |row: &Row| (row.rule.clone(), row.seed, row.epoch, row.settings.clone());
        match last.iter_mut().find(|other| run(other) == run(&row)) {
            Some(earlier) if earlier.examples <= row.examples => *earlier = row,
            Some(_) => {}
            None => last.push(row),
        }
    }
    last
}

/// A line for every epoch of runs that differ in nothing but their seeds; and where lines differ in other settings
/// than the rule, these settings.
fn table(rows: Vec<Row>) -> String {
    let last = last_records(rows);
    let mut groups: Vec<Group> = Vec::new();
    for row in &last {
        let belongs = |Group(rows): &&mut Group| {
            let other = rows[0];
            (&other.rule, other.epoch, other.examples) == (&row.rule, row.epoch, row.examples)
                && settings_but_seed(other).eq(settings_but_seed(row))
        };
        match groups.iter_mut().find(belongs) {
            Some(group) => group.0.push(row),
            None => groups.push(Group(vec![row])),
        }
    }
    let differs = |name: &str| {
        name != "rule" && last.iter().any(|row| row.settings.get(name) != last[0].settings.get(name))
    };
    let differing: BTreeSet<&String> =
        last.iter().flat_map(settings_but_seed).map(|(name, _)| name).filter(|name| differs(name)).collect();
    let width = last.iter().map(|row| row.rule.chars().count()).max().unwrap_or(0).max(4);
    let mut table = format!(
        "{:<width$}    n epoch   images  train loss  test loss  test accuracy  deviation  balanced  signs that agree, layer by layer\n",
        "rule"
    );
    for group in &groups {
        let Row { rule, epoch, examples, test_balanced_accuracy, sign_agreement, settings, .. } = group.0[0];
        let percent = |share: f64| format!("{:.1}%", 100.0 * share);
        let known = |share: Option<f64>| share.map_or("–".to_string(), percent);
        let balanced =
            test_balanced_accuracy.map(|_| group.mean(|row| row.test_balanced_accuracy.unwrap_or(f64::NAN)));
        let layer =
            |layer: usize| group.mean(|row| row.sign_agreement.get(layer).copied().unwrap_or(f64::NAN));
        let signs: Vec<_> = (0..sign_agreement.len()).map(|index| percent(layer(index))).collect();
        let settings: Vec<_> =
            differing.iter().filter_map(|name| Some(format!("{name}={}", settings.get(*name)?))).collect();
        let line = format!(
            "{rule:<width$} {:>4} {epoch:>5} {examples:>8} {:>11.3} {:>10.3} {:>14} {:>10} {:>9}  {}  {}",
            group.0.len(),
            group.mean(|row| row.train_loss),
            group.mean(|row| row.test_loss),
            percent(group.mean(|row| row.test_accuracy)),
            known(group.deviation(|row| row.test_accuracy)),
            known(balanced),
            signs.join("  "),
            settings.join(" ")
        );
        table += line.trim_end();
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikealign::experiment::{Record, files};

    const JSON: &str = r#"{"rule":"bp","seed":3,"epoch":1,"examples":32,"train_loss":2.25,"train_accuracy":0.25,"test_loss":2.0,"test_accuracy":0.5,"simulated_seconds":0.0,"layers":[],"layers_after_spiking":[],"gradient_angles":[0.0]}"#;
    const CSV: &str = "rule,seed,epoch,examples,train_loss,test_loss,test_accuracy,sign_agreement_8-6,sign_agreement_6-10,after_spiking_sign_agreement_8-6
rdd,3,1,16,2.5,2.25,0.25,0.5,0.75,
rdd,3,1,32,2.25,2.0,0.5,0.625,1,
rdd,3,2,64,2,1e-3,0.75,0.5,0.5,0.5
";

    #[test]
    fn both_kinds_are_read() {
        let rows = read(&format!("{JSON}\n\n{JSON}\n")).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((&*rows[0].rule, rows[0].seed, rows[0].test_accuracy), ("bp", 3, 0.5));
        let rows = read(CSV).unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!((&*rows[2].rule, rows[2].examples, rows[2].test_loss), ("rdd", 64, 1e-3));
    }

    #[test]
    fn the_table_has_the_last_record_of_every_epoch() {
        let table = table(read(CSV).unwrap());
        let lines: Vec<Vec<_>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1], "rdd 1 1 32 2.250 2.000 50.0% – – 62.5% 100.0%".split(' ').collect::<Vec<_>>());
        assert_eq!(lines[2][..4], ["rdd", "1", "2", "64"]);
    }

    #[test]
    fn runs_that_differ_in_their_seeds_are_one_line() {
        let seed = |seed: u32, accuracy: &str| {
            let configured =
                format!(r#""configuration":{{"rule":"bp","seed":{seed},"net":"scaled"}},"epoch":1,"#);
            let json = JSON.replace("\"seed\":3", &format!("\"seed\":{seed}"));
            json.replace("\"epoch\":1,", &configured).replace("\"test_accuracy\":0.5", accuracy) + "\n"
        };
        let first = seed(1, "\"test_accuracy\":0.5");
        // A run that is there twice counts once.
        let runs =
            first.clone() + &first + &seed(2, "\"test_accuracy\":0.6") + &seed(3, "\"test_accuracy\":0.7");
        let table = table(read(&runs).unwrap());
        let lines: Vec<Vec<_>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines.len(), 2, "{table}");
        assert_eq!(lines[1], "bp 3 1 32 2.250 2.000 60.0% 10.0% –".split(' ').collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_record_is_named_with_its_line() {
        let problem = |text: &str| format!("{:#}", read(text).unwrap_err());
        let broken = format!("{JSON}\n{}", JSON.replace("\"epoch\":1,", ""));
        assert!(problem(&broken).starts_with("line 2: missing field `epoch`"), "{}", problem(&broken));
        assert!(problem(&format!("{JSON}\n{{\"rule\":")).starts_with("line 2: "));
        assert!(problem(&CSV.replace("rdd,3,2,", "rdd,3,x,")).contains("line: 4"));
        assert!(
            problem(&CSV.replace("0.75,\n", "many,\n"))
                .starts_with("line 2: “many” is not a valid sign_agreement_6-10")
        );
        assert!(problem("a picture of a cat\nor of a dog\n").contains("line: 2"));
        assert!(problem("rule,seed\nbp\n").contains("line: 2"));
    }

    #[test]
    fn runs_that_differ_in_any_setting_are_told_apart() {
        let configuration = |net: &str| Configuration { net: net.parse().unwrap(), ..Default::default() };
        let record = |net: &str, test_accuracy| Record {
            rule: "rdd".into(),
            seed: 1,
            epoch: 1,
            examples: 32,
            train_loss: 2.0,
            train_accuracy: 0.5,
            test_loss: 2.0,
            test_accuracy,
            test_balanced_accuracy: 0.125,
            simulated_seconds: 0.0,
            layers: Vec::new(),
            layers_after_spiking: Vec::new(),
            gradient_angles: Vec::new(),
            configuration: configuration(net),
        };
        let records = [record("scaled", 0.25), record("8,16,64,32", 0.75)];
        for text in [files::json_lines(&records), files::csv(&records)] {
            let table = table(read(&text).unwrap());
            let lines: Vec<&str> = table.lines().collect();
            assert_eq!(lines.len(), 3, "{table}");
            assert!(lines[1].contains("25.0%") && lines[1].ends_with("net=scaled"), "{table}");
            assert!(lines[2].contains("75.0%") && lines[2].ends_with("net=8,16,64,32"), "{table}");
        }
        // Records of the version before lack the balanced accuracy and two settings, but not the others.
        let earlier = files::json_lines(&records)
            .replace("\"test_balanced_accuracy\":0.125,", "")
            .replace("\"image_size\":32,\"augment\":false,", "");
        assert!(!earlier.contains("augment") && !earlier.contains("balanced"));
        let found = table(read(&earlier).unwrap());
        assert!(
            found.contains("–") && found.contains("net=scaled") && found.contains("net=8,16,64,32"),
            "{found}"
        );
        let both = table(read(&(earlier + &files::json_lines(&records))).unwrap());
        assert_eq!(both.replace("    12.5%", "        –"), found, "the same runs");
    }
}
