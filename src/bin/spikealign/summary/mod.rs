//! `spikealign summary`: records read back, from JSON lines or CSV, and summed up.

mod records;

use crate::output::{output, printable};
use anyhow::{Context, Result, ensure};
use records::Row;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    fs::File,
    io::Write,
    path::PathBuf,
    rc::Rc,
};

/// Which records to read.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files of records: JSON lines, as `train` prints them, or CSV, as the page saves them
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Prints a line for every epoch: the mean of the last records of all runs that differ in nothing but their seeds.
pub fn run(Arguments { files }: Arguments) -> Result<()> {
    let mut table = Table::default();
    for path in &files {
        let name = path.display();
        let file = File::open(path).with_context(|| format!("reading {name}"))?;
        let (mut count, mut is_old) = (0, false);
        let mut note = |note| eprintln!("{}", printable(&format!("{name}: {note}.")));
        let mut take = |row: Row| {
            count += 1;
            is_old |= row.settings.is_empty();
            table.add(row);
        };
        records::read(file, &mut note, &mut take).with_context(|| format!("{name} cannot be read"))?;
        ensure!(count > 0, "{name} holds no records");
        if is_old {
            note(
                "it is from an earlier version: its records lack their settings, and its alignment functions have \
                 their old names"
                    .to_string(),
            );
        }
    }
    output().write_all(printable(&table.to_string()).as_bytes())?;
    Ok(())
}

/// The settings of a run but its seed, shared by its rows.
type Settings = Rc<BTreeMap<String, String>>;

/// The last record of every run and epoch, in the order in which the runs came.
#[derive(Default)]
struct Table {
    rows: Vec<(Row, Settings)>,
    /// Where each is: by rule, seed, epoch and settings.
    places: HashMap<(String, u32, usize, Settings), usize>,
    settings: BTreeSet<Settings>,
}

impl Table {
    fn add(&mut self, mut row: Row) {
        row.settings.remove("seed");
        let settings = Rc::new(std::mem::take(&mut row.settings));
        let settings = self.settings.get(&settings).cloned().unwrap_or(settings);
        self.settings.insert(Rc::clone(&settings));
        let run = (row.rule.clone(), row.seed, row.epoch, Rc::clone(&settings));
        match self.places.get(&run) {
            Some(&place) if self.rows[place].0.examples <= row.examples => self.rows[place].0 = row,
            Some(_) => {}
            None => {
                self.places.insert(run, self.rows.len());
                self.rows.push((row, settings));
            }
        }
    }

    /// The last records of an epoch, of runs that differ in nothing but their seeds.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group> = Vec::new();
        let mut places = HashMap::new();
        for (row, settings) in &self.rows {
            let place = *places.entry((&row.rule, row.epoch, row.examples, settings)).or_insert(groups.len());
            if place == groups.len() {
                groups.push(Group { rows: Vec::new(), settings });
            }
            groups[place].rows.push(row);
        }
        groups
    }

    /// The settings other than the rule in which runs differ.
    fn differing(&self) -> BTreeSet<&String> {
        let Some(first) = self.settings.first() else { return BTreeSet::new() };
        let names = self.settings.iter().flat_map(|settings| settings.keys());
        let differs = |name: &&String| {
            *name != "rule" && self.settings.iter().any(|other| other.get(*name) != first.get(*name))
        };
        names.filter(differs).collect()
    }
}

struct Group<'a> {
    rows: Vec<&'a Row>,
    settings: &'a Settings,
}

impl Group<'_> {
    fn mean(&self, number: impl Fn(&Row) -> f64) -> f64 {
        self.rows.iter().map(|row| number(row)).sum::<f64>() / self.rows.len() as f64
    }

    /// The sample standard deviation; none of a single run.
    fn deviation(&self, number: impl Fn(&Row) -> f64) -> Option<f64> {
        let mean = self.mean(&number);
        let squares: f64 = self.rows.iter().map(|row| (number(row) - mean).powi(2)).sum();
        (self.rows.len() > 1).then(|| (squares / (self.rows.len() - 1) as f64).sqrt())
    }
}

/// A line for each group; and where these differ in other settings than the rule, these settings.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let differing = self.differing();
        let width = self.rows.iter().map(|(row, _)| row.rule.chars().count()).max().unwrap_or(0).max(4);
        writeln!(
            f,
            "{:<width$}    n epoch   images  train loss  test loss  test accuracy  deviation  balanced  signs that \
             agree, layer by layer",
            "rule"
        )?;
        for group in self.groups() {
            let Row { rule, epoch, examples, test_balanced_accuracy, sign_agreement, .. } = group.rows[0];
            let percent = |share: f64| format!("{:.1}%", 100.0 * share);
            let known = |share: Option<f64>| share.map_or("–".to_string(), percent);
            let balanced = test_balanced_accuracy
                .map(|_| group.mean(|row| row.test_balanced_accuracy.unwrap_or(f64::NAN)));
            let layer =
                |layer: usize| group.mean(|row| row.sign_agreement.get(layer).copied().unwrap_or(f64::NAN));
            let signs: Vec<_> = (0..sign_agreement.len()).map(|index| percent(layer(index))).collect();
            let setting = |name: &&String| Some(format!("{name}={}", group.settings.get(*name)?));
            let settings: Vec<_> = differing.iter().filter_map(setting).collect();
            let line = format!(
                "{rule:<width$} {:>4} {epoch:>5} {examples:>8} {:>11.3} {:>10.3} {:>14} {:>10} {:>9}  {}  {}",
                group.rows.len(),
                group.mean(|row| row.train_loss),
                group.mean(|row| row.test_loss),
                percent(group.mean(|row| row.test_accuracy)),
                known(group.deviation(|row| row.test_accuracy)),
                known(balanced),
                signs.join("  "),
                settings.join(" ")
            );
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikealign::{
        configuration::Configuration,
        experiment::{Record, files},
    };

    const JSON: &str = r#"{"rule":"bp","seed":3,"epoch":1,"examples":32,"train_loss":2.25,"train_accuracy":0.25,"test_loss":2.0,"test_accuracy":0.5,"simulated_seconds":0.0,"layers":[],"layers_after_spiking":[],"gradient_angles":[0.0]}"#;
    const CSV: &str = "rule,seed,epoch,examples,train_loss,test_loss,test_accuracy,sign_agreement_8-6,sign_agreement_6-10,after_spiking_sign_agreement_8-6
rdd,3,1,16,2.5,2.25,0.25,0.5,0.75,
rdd,3,1,32,2.25,2.0,0.5,0.625,1,
rdd,3,2,64,2,1e-3,0.75,0.5,0.5,0.5
";

    /// The rows of a file, and what is noted.
    fn read_noting(bytes: &[u8]) -> Result<(Vec<Row>, Vec<String>)> {
        let (mut rows, mut notes) = (Vec::new(), Vec::new());
        records::read(bytes, &mut |note| notes.push(note), &mut |row| rows.push(row))?;
        Ok((rows, notes))
    }

    fn read(text: &str) -> Result<Vec<Row>> {
        Ok(read_noting(text.as_bytes())?.0)
    }

    fn table(rows: Vec<Row>) -> String {
        let mut table = Table::default();
        rows.into_iter().for_each(|row| table.add(row));
        table.to_string()
    }

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
        assert!(problem(&format!("{JSON}\n{{\"rule\":\n")).starts_with("line 2: "));
        assert!(problem(&format!("[{JSON},{{}}]")).starts_with("record 2: missing field"));
        let endless = format!("{JSON}\n{{\"rule\":\"{}", "x".repeat(2 << 20));
        assert!(problem(&endless).starts_with("line 2: a record has more than"), "{}", problem(&endless));
        assert!(problem(&format!("{CSV}\"{}", "x".repeat(2 << 20))).contains("a record has more than"));
        assert!(problem(&CSV.replace("rdd,3,2,", "rdd,3,x,")).contains("line: 4"));
        assert!(
            problem(&CSV.replace("0.75,\n", "many,\n"))
                .starts_with("line 2: “many” is not a valid sign_agreement_6-10")
        );
        assert!(problem("a picture of a cat\nor of a dog\n").contains("line: 2"));
        assert!(problem("rule,seed\nbp\n").contains("line: 2"));
    }

    #[test]
    fn files_are_read_as_other_programs_leave_them() {
        let (json, csv) = (format!("{JSON}\n"), read(CSV).unwrap());
        let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            ['\u{feff}']
                .into_iter()
                .chain(text.chars())
                .collect::<String>()
                .encode_utf16()
                .flat_map(bytes)
                .collect()
        };
        let spreadsheet = |delimiter: &str| {
            CSV.replace(',', delimiter).replace('.', ",").replace("1e-3", "1E-03").replace('\n', "\r\n")
                + &delimiter.repeat(9)
                + "\r\n"
        };
        for delimiter in [";", "\t"] {
            let text = spreadsheet(delimiter);
            for bytes in [
                text.as_bytes().to_vec(),
                utf_16(&text, u16::to_le_bytes),
                utf_16(&text, u16::to_be_bytes),
                format!("\u{feff}{text}").into_bytes(),
            ] {
                assert_eq!(read_noting(&bytes).unwrap(), (csv.clone(), Vec::new()));
            }
        }
        let rows = read(&json).unwrap();
        let windows = json.replace('\n', "\r\n");
        for text in [windows, format!(" [\n{JSON}\n]\n")] {
            assert_eq!(read(&text).unwrap(), rows);
            assert_eq!(read(&format!("\u{feff}{text}")).unwrap(), rows);
            assert_eq!(read_noting(&utf_16(&text, u16::to_le_bytes)).unwrap().0, rows);
        }
    }

    #[test]
    fn a_record_that_was_cut_off_is_named_and_left_out() {
        for (text, note) in [
            (format!("{JSON}\n{}", &JSON[..40]), "line 2, the last one, was cut off"),
            (format!("{}{JSON}\n", &JSON[..200]), "line 1 begins with a record that was cut off"),
        ] {
            let (rows, notes) = read_noting(text.as_bytes()).unwrap();
            assert!(rows.len() == 1 && notes.len() == 1 && notes[0].contains(note), "{notes:?}");
        }
    }

    #[test]
    fn decimal_commas_of_settings_are_read_and_lists_stay() {
        let rows = read(
            "rule;seed;epoch;examples;train_loss;test_loss;test_accuracy;configuration.net;configuration.learning_rate;\
             configuration.augment\nbp;1;1;32;2,5;2;0,5;8,16,64,32;1,5E-02;TRUE\n",
        )
        .unwrap();
        let setting = |name: &str| rows[0].settings[name].as_str();
        assert_eq!(
            (rows[0].train_loss, setting("net"), setting("learning_rate"), setting("augment")),
            (2.5, "8,16,64,32", "0.015", "true")
        );
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
        // Records of the version before lack the balanced accuracy and four settings, but not the others.
        let earlier = files::json_lines(&records)
            .replace("\"test_balanced_accuracy\":0.125,", "")
            .replace("\"image_size\":32,\"augment\":false,", "")
            .replace("\"confounding\":\"none\",\"confounding_gain\":1000.0,", "");
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
