//! `spikealign summary`: records read back, from JSON lines or CSV, and summed up.

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::Deserialize;
use spikealign::{configuration::RuleName, experiment::Record};
use std::{fs, path::PathBuf};

/// What the columns of a CSV file are called that hold the sign agreement of a layer.
const SIGNS: &str = "sign_agreement_";

/// Which records to read.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files of records: JSON lines, as `train` prints them, or CSV, as the page saves them
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Prints the last record of every rule, seed and epoch.
pub fn run(Arguments { files }: Arguments) -> Result<()> {
    let mut rows = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let read = read(&text).with_context(|| format!("{} cannot be read", file.display()))?;
        ensure!(!read.is_empty(), "{} holds no records", file.display());
        rows.extend(read);
    }
    print!("{}", table(rows));
    Ok(())
}

/// What the table shows of a record.
#[derive(Debug, PartialEq, Deserialize)]
struct Row {
    rule: RuleName,
    seed: u32,
    epoch: usize,
    examples: usize,
    train_loss: f64,
    test_loss: f64,
    test_accuracy: f64,
    /// Of each fully connected layer, from the bottom.
    #[serde(skip)]
    sign_agreement: Vec<f64>,
}

/// Reads a file of either kind: only JSON begins with a brace.
fn read(text: &str) -> Result<Vec<Row>> {
    if text.trim_start().starts_with('{') { read_json_lines(text) } else { read_csv(text) }
}

fn read_json_lines(text: &str) -> Result<Vec<Row>> {
    serde_json::Deserializer::from_str(text)
        .into_iter()
        .map(|record| {
            let Record { rule, seed, epoch, examples, train_loss, test_loss, test_accuracy, layers, .. } =
                record?;
            let sign_agreement = layers.iter().map(|layer| layer.sign_agreement).collect();
            Ok(Row { rule, seed, epoch, examples, train_loss, test_loss, test_accuracy, sign_agreement })
        })
        .collect()
}

fn read_csv(text: &str) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers()?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let mut row: Row = record.deserialize(Some(&headers))?;
        for (name, value) in headers.iter().zip(&record).filter(|(name, _)| name.starts_with(SIGNS)) {
            let line = record.position().map_or(0, csv::Position::line);
            let problem = || format!("line {line}: “{value}” is no {name}");
            row.sign_agreement.push(value.parse().with_context(problem)?);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The last record of every rule, seed and epoch, in the order in which they came.
fn table(rows: Vec<Row>) -> String {
    let mut last: Vec<Row> = Vec::new();
    for row in rows {
        let same =
            |other: &&mut Row| (other.rule, other.seed, other.epoch) == (row.rule, row.seed, row.epoch);
        match last.iter_mut().find(same) {
            Some(earlier) if earlier.examples <= row.examples => *earlier = row,
            Some(_) => {}
            None => last.push(row),
        }
    }
    let mut table = "rule        seed epoch   images  train loss  test loss  test accuracy  signs that agree, layer by layer\n"
        .to_string();
    for Row { rule, seed, epoch, examples, train_loss, test_loss, test_accuracy, sign_agreement } in last {
        let rule = rule.to_possible_value().expect("every rule has a name");
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let signs: Vec<_> = sign_agreement.into_iter().map(percent).collect();
        table += &format!(
            "{:<4} {seed:>11} {epoch:>5} {examples:>8} {train_loss:>11.3} {test_loss:>10.3} {:>14}  {}\n",
            rule.get_name(),
            percent(test_accuracy),
            signs.join("  ")
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!((rows[0].rule, rows[0].seed, rows[0].test_accuracy), (RuleName::Bp, 3, 0.5));
        let rows = read(CSV).unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!((rows[2].rule, rows[2].examples, rows[2].test_loss), (RuleName::Rdd, 64, 1e-3));
    }

    #[test]
    fn the_table_has_the_last_record_of_every_epoch() {
        let table = table(read(CSV).unwrap());
        let lines: Vec<Vec<_>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1], "rdd 3 1 32 2.250 2.000 50.0 % 62.5 % 100.0 %".split(' ').collect::<Vec<_>>());
        assert_eq!(lines[2][..4], ["rdd", "3", "2", "64"]);
    }

    #[test]
    fn what_is_no_record_is_named_with_its_line() {
        let problem = |text: &str| format!("{:#}", read(text).unwrap_err());
        let broken = format!("{JSON}\n{}", JSON.replace("\"epoch\":1,", ""));
        assert!(problem(&broken).starts_with("missing field `epoch` at line 2"));
        assert!(problem(&format!("{JSON}\n{{\"rule\":")).contains("at line 2"));
        assert!(problem(&CSV.replace("rdd,3,2,", "rdd,3,x,")).contains("line: 4"));
        assert!(
            problem(&CSV.replace("0.75,\n", "many,\n"))
                .starts_with("line 2: “many” is no sign_agreement_6-10")
        );
        assert!(problem("a picture of a cat\nor of a dog\n").contains("line: 2"));
        assert!(problem("rule,seed\nbp\n").contains("line: 2"));
    }
}
