//! A weight decay that is strong in the first epoch and weak later, for rules that make two weights equal by the same
//! change (the schedule of Li and Benna 2024).

use super::{OwnSetting, OwnSettings};

/// Weight decay by the epoch.
pub(super) struct Decay {
    first: f32,
    later: f32,
}

impl Decay {
    /// What a rule with such a decay can be set to.
    pub const SETTINGS: [OwnSetting; 2] = [
        OwnSetting {
            name: "first_decay",
            label: "Weight decay, first epoch",
            help: "How fast forward and feedback weights forget their initial values.",
            default: 0.03,
            low: 0.0,
            high: 1.0,
            whole: false,
        },
        OwnSetting {
            name: "decay",
            label: "Weight decay, later",
            help: "The same in later epochs.",
            default: 1e-4,
            low: 0.0,
            high: 1.0,
            whole: false,
        },
    ];

    pub fn new(settings: OwnSettings<'_>) -> Self {
        let [first, later] = Self::SETTINGS.map(|setting| settings.get(setting.name) as f32);
        Self { first, later }
    }

    /// In an epoch, counted from 1.
    pub fn in_epoch(&self, epoch: usize) -> f32 {
        if epoch == 1 { self.first } else { self.later }
    }
}
