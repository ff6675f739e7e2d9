//! Finding data sets (to come).
use anyhow::Result;
use spikealign::{configuration::{Configuration, Dataset}, data::{Extent, Files, Images}};
use std::path::Path;

/// To come.
#[derive(Debug, clap::Args)]
pub struct Arguments {}
/// To come.
pub fn run(_: Arguments) -> Result<()> { Ok(()) }
/// Loads.
pub fn load(configuration: &Configuration, data: Option<&Path>) -> Result<Images> {
    let (train, test) = (configuration.examples, configuration.test_examples);
    if configuration.dataset == Dataset::Garments { return Ok(Images::garments(configuration.seed, train, test)); }
    let folder = data.unwrap_or(Path::new("../shared/fashion-mnist"));
    let read = |name: &str| std::fs::read(folder.join(name));
    Ok(Images::fashion_mnist(Files {
        train_images: &read("train-images-idx3-ubyte.gz")?, train_labels: &read("train-labels-idx1-ubyte.gz")?,
        test_images: &read("t10k-images-idx3-ubyte.gz")?, test_labels: &read("t10k-labels-idx1-ubyte.gz")? }, train, test, Extent::Whole)?)
}
