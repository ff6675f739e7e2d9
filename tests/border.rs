//! The TypeScript types of the border name exactly the fields that serde writes.

use serde_json::{Value, to_value};
use spikealign::{
    checkpoint,
    configuration::Configuration,
    data::Images,
    describe::describe,
    experiment::{Experiment, Stage},
    figures::{
        guess::{GuessFigure, GuessScene},
        layer::{LayerFigure, LayerScene},
        neuron::{NeuronFigure, NeuronScene},
        transport::Transport,
    },
    spiking::EstimatorName,
};
use std::{collections::BTreeSet, sync::Arc};

const TYPES: &str = include_str!("../src/browser.d.ts");

/// The field names of an `export interface`.
fn declared(interface: &str) -> BTreeSet<String> {
    let start = format!("export interface {interface} {{\n");
    let (_, rest) = TYPES.split_once(&start).expect("the interface is declared");
    let (body, _) = rest.split_once("\n}").expect("the interface is closed");
    body.lines()
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(name, _)| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'))
        .map(|(name, _)| name.to_string())
        .collect()
}

fn written(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn what_crosses_the_border_has_the_declared_fields() {
    let configuration = Configuration {
        net: "2,3,8,6".parse().unwrap(),
        examples: 32,
        test_examples: 10,
        epochs: 1,
        rdd_seconds: 0.3,
        ..Default::default()
    };
    assert_eq!(declared("Configuration"), written(&to_value(&configuration).unwrap()));

    let images = Arc::new(Images::garments(1, 32, 10));
    let mut experiment = Experiment::new(configuration, images).unwrap();
    let mut records = Vec::new();
    loop {
        let progress = experiment.advance(1).unwrap();
        let written_progress = to_value(&progress).unwrap();
        assert_eq!(declared("Progress"), written(&written_progress));
        if let Some(measured) = written_progress["measured"].get(0) {
            assert_eq!(declared("Measured"), written(measured));
        }
        let view = to_value(experiment.view().unwrap()).unwrap();
        assert_eq!(declared("View"), written(&view));
        assert_eq!(declared("ViewLevel"), written(&view["levels"][0]));
        assert_eq!(declared("ViewLayer"), written(&view["layers"][0]));
        records.extend(progress.records);
        if progress.stage == Stage::Done {
            break;
        }
    }
    let checkpoint = checkpoint::read(&experiment.checkpoint().unwrap()).unwrap();
    assert_eq!(declared("Checkpoint"), written(&to_value(&checkpoint).unwrap()));
    let record = to_value(&records[0]).unwrap();
    assert_eq!(declared("Record"), written(&record));
}

#[test]
fn the_description_has_the_declared_fields() {
    let description = to_value(describe()).unwrap();
    assert_eq!(declared("Description"), written(&description));
    for (list, interface) in [
        ("rules", "RuleDescription"),
        ("datasets", "DatasetDescription"),
        ("estimators", "EstimatorDescription"),
        ("measures", "MeasureDescription"),
    ] {
        for one in description[list].as_array().unwrap() {
            assert_eq!(declared(interface), written(one), "{one}");
        }
    }
    assert_eq!(declared("OfficialFile"), written(&description["datasets"][0]["files"][0]));
    for setting in description["settings"].as_array().unwrap() {
        let kind = match setting["kind"].as_str().unwrap() {
            "number" => "NumberSetting",
            "text" => "TextSetting",
            _ => "ChoiceSetting",
        };
        assert_eq!(&declared("SettingCommon") | &declared(kind), written(setting), "{setting}");
    }
}

#[test]
fn the_figures_have_the_declared_fields() {
    let transport = Transport::new(&[1.0, 2.0], &[1.0, 2.0], &[1.0]).unwrap();
    assert_eq!(declared("Transport"), written(&to_value(&transport).unwrap()));

    let scene = NeuronScene { weights: vec![1.0], noise: 200.0, confounding: 0.1, seed: 1 };
    assert_eq!(declared("NeuronScene"), written(&to_value(&scene).unwrap()));
    let mut figure = NeuronFigure::new(&scene).unwrap();
    figure.advance(10_000);
    let view = to_value(figure.view()).unwrap();
    assert_eq!(declared("NeuronView"), written(&view));
    assert_eq!(declared("Trace"), written(&view["trace"]));
    assert_eq!(declared("NeuronEvent"), written(&view["events"][0]));
    assert_eq!(declared("Estimate"), written(&view["estimates"][0]));
    assert_eq!(declared("HistoryEntry"), written(&view["history"][0]));
    assert_eq!(declared("Line"), written(&view["estimates"][0]["lines"][0]));

    let scene = GuessScene { seed: 1 };
    assert_eq!(declared("GuessScene"), written(&to_value(&scene).unwrap()));
    let mut figure = GuessFigure::new(&scene).unwrap();
    figure.advance(60_000);
    let view = to_value(figure.view()).unwrap();
    assert_eq!(declared("GuessView"), written(&view));
    assert_eq!(declared("GuessCurve"), written(&view["curves"][0]));
    assert_eq!(declared("GuessPile"), written(&view["piles"][0]));
    assert_eq!(declared("GuessJump"), written(&view["jump"]));

    let scene = LayerScene { estimator: EstimatorName::Gradient, seed: 1 };
    assert_eq!(declared("LayerScene"), written(&to_value(&scene).unwrap()));
    let mut figure = LayerFigure::new(&scene).unwrap();
    figure.advance(500);
    let view = to_value(figure.view()).unwrap();
    assert_eq!(declared("LayerView"), written(&view));
    assert_eq!(declared("Raster"), written(&view["rasters"][0]));
    assert_eq!(declared("LayerMeasurement"), written(&view["measurements"][0]));
}
