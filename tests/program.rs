//! The native program: a run that is interrupted goes on from its checkpoint.

use spikealign::checkpoint;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::{Command, Output, Stdio},
};

/// `spikealign train` of a small network, a record every 100 of its 300 images.
fn train(epochs: usize, file: Option<&Path>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
    command
        .args(["train", "--rule", "rdd", "--net", "2,3,8,6", "--examples", "300", "--test-examples", "200"])
        .args(["--record-every", "100", "--rdd-seconds", "3", "--epochs", &epochs.to_string()])
        .stderr(Stdio::piped());
    if let Some(file) = file {
        command.arg("--checkpoint").arg(file);
    }
    command
}

fn printed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_sheet_is_measured_beside_one_receptive_field() {
    let sheet = |channels: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
        command.args(["sheet", "--seconds", "10", "--channels", channels]);
        command
    };
    let printed = printed(sheet("2-3").output().unwrap());
    let rows: Vec<Vec<f64>> = printed
        .lines()
        .skip(1)
        .map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), [5.0, 10.0]);
    // All positions know more than one.
    assert!(rows[1][5] > 60.0 && rows[1][6] > rows[1][4], "{printed}");
    for channels in ["2", "2-3-4", "0-3"] {
        assert!(refused(&mut sheet(channels)).contains("such as 16-32"), "{channels}");
    }
}

/// The program with arguments that have it print something, each with every way of printing.
fn printing(folder: &Path) -> Vec<Command> {
    let records = folder.join("records.jsonl");
    fs::write(&records, printed(train(1, None).output().unwrap())).unwrap();
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
        command.args(arguments);
        command
    };
    vec![
        train(1, None),
        program(&["summary", records.to_str().unwrap()]),
        program(&["data", "--dataset", "garments"]),
        program(&["align", "--layers", "8-4", "--seconds", "5"]),
        program(&["sheet", "--channels", "2-3", "--seconds", "5"]),
        program(&["diagnose", "--layers", "8-4", "--seconds", "20"]),
    ]
}

#[test]
fn a_discontinuity_is_diagnosed() {
    let diagnose = |seconds, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
        command.args(["diagnose", "--layers", "60-20", "--seconds", seconds]).args(arguments);
        command
    };
    // The estimate and its standard error.
    let found = |arguments: &[&str], row: &str| {
        let printed = printed(diagnose("60", arguments).output().unwrap());
        let row = printed.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("{printed}"));
        let cells: Vec<f64> = row.split(',').skip(3).map(|cell| cell.parse().unwrap()).collect();
        [cells[0], cells[1]]
    };
    let [spikes, _] = found(&[], "spikes,spiked,0.05,");
    assert!((0.5..=1.0).contains(&spikes), "{spikes}");
    let [effect, _] = found(&[], "means,weights,30,");
    let [unbiased, _] = found(&[], "means,source,30,");
    assert!(unbiased.abs() < 0.5 * effect, "{effect} and {unbiased}");
    let [_, with_a_source] = found(&["--confounding", "equal"], "means,source,30,");
    assert!(with_a_source > 0.0);
    assert!(refused(&mut diagnose("9000", &[])).contains("from 0 to 8333 with these --layers"));
}

#[test]
fn a_common_source_has_the_same_range_everywhere() {
    for gain in ["nan", "10001"] {
        for command in ["align", "diagnose"] {
            let mut wrong = Command::new(env!("CARGO_BIN_EXE_spikealign"));
            wrong.args([command, "--layers", "8-4", "--confounding", "equal", "--confounding-gain", gain]);
            assert!(refused(&mut wrong).contains("must be from 0 to 10000"));
        }
    }
}

#[test]
fn a_setting_of_one_rule_is_no_other_setting() {
    for text in ["learning_rate=0.5", "kp.dcay=0.1", "epochs"] {
        let told = refused(train(1, None).args(["--rule-setting", text]));
        assert!(told.contains("it must be one of ") && told.contains("kp.decay"), "{told}");
    }
}

#[test]
fn layers_that_do_not_fit_the_memory_are_refused() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
    command.args(["align", "--layers", "65536-65536"]);
    assert!(refused(&mut command).contains("at most 50000000 are allowed"));
}

#[test]
fn a_reader_who_leaves_ends_the_program_quietly() {
    for mut command in printing(tempfile::tempdir().unwrap().path()) {
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(program.stdout.take());
        let output = program.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.is_empty(), "{command:?}: {told}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_told_in_a_sentence() {
    for mut command in printing(tempfile::tempdir().unwrap().path()) {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {told}");
        assert!(
            told.starts_with("spikealign: writing to standard output: No space left"),
            "{command:?}: {told}"
        );
    }
}

#[test]
fn a_run_goes_on_with_more_epochs_and_prints_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run");
    let whole = printed(train(2, None).output().unwrap());
    assert_eq!(whole.lines().count(), 6);
    let first = printed(train(1, Some(&file)).output().unwrap());
    let second = printed(train(2, Some(&file)).output().unwrap());
    assert_eq!(first + &second, whole);
    assert_eq!(printed(train(2, Some(&file)).output().unwrap()), "", "all is done");

    let error = refused(train(1, Some(&file)).args(["--seed", "2"]));
    assert!(error.contains("--epochs 2, which can be raised but not lowered to 1"), "{error}");
    let error = refused(train(2, Some(&file)).args(["--seed", "2"]));
    assert!(error.contains("--seed 1, not 2") && error.contains(file.to_str().unwrap()), "{error}");
    fs::write(&file, "something else").unwrap();
    let error = refused(&mut train(2, Some(&file)));
    assert!(error.contains("the checkpoint is not one"), "{error}");
    let error = refused(&mut train(2, Some(&folder.path().join("no/folder"))));
    assert!(error.contains("saving the run in"), "{error}");
}

/// A limit on the size of files stands in for a full disk.
#[test]
#[cfg(unix)]
fn a_record_that_the_disk_has_no_room_for_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records.jsonl");
    let whole = printed(train(1, None).output().unwrap());
    let first = whole.lines().next().unwrap();
    // A block has 1,024 bytes.
    let blocks = (first.len() + 1).div_ceil(1_024);
    let run = train(1, None);
    let mut limited = Command::new("bash");
    limited.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")).arg("bash");
    limited.arg(run.get_program()).args(run.get_args()).stderr(Stdio::piped());
    let output = limited.stdout(fs::File::create(&records).unwrap()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.starts_with("spikealign: writing to standard output: File too large"), "{told}");
    assert_eq!(fs::read_to_string(&records).unwrap(), format!("{first}\n"));
}

#[test]
fn two_runs_do_not_share_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run");
    let held_by_another = fs::File::create(&file).unwrap();
    held_by_another.lock().unwrap();
    let error = refused(&mut train(1, Some(&file)));
    assert!(error.contains("is in use by another run"), "{error}");
    drop(held_by_another);
    assert_eq!(printed(train(1, Some(&file)).output().unwrap()).lines().count(), 3);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_a_terminal_would_obey_is_printed_as_text() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let header = "rule,seed,epoch,examples,train_loss,test_loss,test_accuracy\n";
    let summary = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
        command.arg("summary").arg(file.path());
        command
    };
    fs::write(&file, format!("{header}\u{1b}[31mbp,1,1,32,2,2,0.5\n")).unwrap();
    let table = printed(summary().output().unwrap());
    assert!(table.contains("\\u{1b}[31mbp") && !table.contains('\u{1b}'), "{table}");
    fs::write(&file, "{\"rule\":\"bp\",\"seed\":\"\u{9b}31m\"}\n").unwrap();
    let told = refused(&mut summary());
    assert!(!told.contains('\u{9b}'), "{told}");
}

/// A proxy that is spoken to as curl does: it is asked for the whole address.
#[test]
fn a_proxy_is_asked_for_plain_http_without_a_tunnel() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = proxy.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
        line
    });
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikealign"));
    command.args(["data", "--dataset", "fashion-mnist", "--data"]).arg(folder.path());
    command.env("http_proxy", address).env_remove("no_proxy").env_remove("NO_PROXY");
    let told = refused(&mut command);
    assert!(told.contains("the publisher answers 404"), "{told}");
    let asked = asked.join().unwrap();
    assert!(
        asked.starts_with("GET http://fashion-mnist.s3-website") && asked.contains("ubyte.gz HTTP/1.1"),
        "{asked}"
    );
}

#[test]
fn a_run_that_is_killed_goes_on_from_its_last_record() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run");
    let mut child = train(3, Some(&file)).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The first record of the second epoch is printed after the first epoch has been saved.
    let printed_before: Vec<String> = lines.by_ref().take(4).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();

    let whole = printed(train(3, None).output().unwrap());
    let whole: Vec<&str> = whole.lines().collect();
    assert_eq!(printed_before, whole[..4]);
    let saved = checkpoint::read(&fs::read(&file).unwrap()).unwrap().records.len();
    assert!(saved >= 3);
    let rest = printed(train(3, Some(&file)).output().unwrap());
    assert_eq!(rest.lines().collect::<Vec<_>>(), whole[saved..]);
}
