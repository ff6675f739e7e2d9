//! The descriptions of all rules, data sets, estimators, measures and settings, from which the page is built.

use crate::{
    alignment::{MEASURES, Measure},
    configuration::Configuration,
    data::{DATASETS, Dataset, OfficialFile, Source},
    feedback::{self, RULES},
    network::LAYER_TITLES,
    setting::Setting,
    spiking::estimator::{self, EstimatorName},
};
use serde::Serialize;

/// What there is.
#[derive(Debug, Serialize)]
pub struct Description {
    /// The version of this program.
    pub version: &'static str,
    /// Every setting, in the order in which they are shown.
    pub settings: Vec<Setting>,
    /// Every learning rule.
    pub rules: Vec<Rule>,
    /// Every data set.
    pub datasets: Vec<Images>,
    /// Every estimator.
    pub estimators: Vec<estimator::Description>,
    /// Every measure of alignment.
    pub measures: &'static [&'static Measure],
    /// What the layers are called that have an error to send down, from the bottom.
    pub layers: [&'static str; LAYER_TITLES.len()],
}

/// A learning rule.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// How it is called and shown.
    #[serde(flatten)]
    pub description: feedback::Description,
    /// Whether a phase of measurement comes before each of its epochs.
    pub measures: bool,
    /// Its own settings.
    pub settings: Vec<Setting>,
}

/// A data set.
#[derive(Debug, Serialize)]
pub struct Images {
    /// What is known of it.
    #[serde(flatten)]
    pub dataset: Dataset,
    /// Whether the program draws it.
    pub generated: bool,
    /// Its official files.
    pub files: &'static [OfficialFile],
}

/// What there is.
pub fn describe() -> Description {
    let rules = RULES.iter().map(|rule| Rule {
        description: **rule,
        measures: rule.measurement.is_some(),
        settings: rule.settings().collect(),
    });
    let datasets = DATASETS.iter().map(|dataset| Images {
        dataset: **dataset,
        generated: matches!(dataset.source, Source::Drawn(_)),
        files: dataset.files(),
    });
    Description {
        version: env!("CARGO_PKG_VERSION"),
        settings: Configuration::settings(),
        rules: rules.collect(),
        datasets: datasets.collect(),
        estimators: EstimatorName::ALL.iter().map(|name| name.description()).collect(),
        measures: MEASURES,
        layers: LAYER_TITLES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_sets_that_are_neither_drawn_nor_your_own_have_files() {
        let counts = |name| {
            let described = describe();
            let Images { generated, files, .. } =
                described.datasets.iter().find(|images| images.dataset.name == name).unwrap();
            (*generated, files.len())
        };
        assert_eq!(counts("garments"), (true, 0));
        assert_eq!(counts("fashion-mnist"), (false, 4));
    }

    #[test]
    fn no_two_data_sets_have_the_same_name_or_title() {
        for part in [|dataset: &Dataset| dataset.name, |dataset: &Dataset| dataset.title] {
            let mut names: Vec<_> = DATASETS.iter().map(|dataset| part(dataset)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), DATASETS.len());
        }
    }
}
