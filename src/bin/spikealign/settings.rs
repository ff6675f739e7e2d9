//! The settings of an experiment as flags, made from what the core says of them.

use clap::{
    Arg, ArgMatches, Args, Command, FromArgMatches,
    builder::PossibleValuesParser,
    error::{Error, ErrorKind},
};
use spikealign::{
    configuration::Configuration,
    random::draw_seed,
    setting::{Choice, Setting, Values},
};

/// The settings of an experiment.
#[derive(Debug, Clone)]
pub struct Settings(pub Configuration);

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        let settings = Configuration::settings();
        let own = Arg::new(RULE_SETTING)
            .long(RULE_SETTING)
            .value_name("RULE.NAME=VALUE")
            .action(clap::ArgAction::Append)
            .help("A setting of a single learning rule, such as kp.decay=0.03; may be repeated");
        settings.iter().fold(command, |command, setting| command.arg(flag(setting))).arg(own)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

const RULE_SETTING: &str = "rule-setting";

/// The names of choices, to choose one.
pub fn names(choices: Vec<Choice>) -> PossibleValuesParser {
    PossibleValuesParser::new(choices.into_iter().map(|choice| choice.value))
}

fn flag(setting: &Setting) -> Arg {
    let name = setting.name.replace('_', "-");
    let help = match (setting.name.as_str(), setting.unit) {
        ("seed", _) => format!("{} `random` draws a seed", setting.help),
        (_, "") => setting.help.to_string(),
        (_, unit) => format!("{} ({unit})", setting.help),
    };
    let arg = Arg::new(setting.name.clone()).long(name).help(help).default_value(setting.default.clone());
    match &setting.values {
        Values::Choice { choices } => arg.value_parser(names(choices.clone())),
        Values::Number { .. } | Values::Text { .. } => arg.allow_hyphen_values(true),
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut settings = Self(Configuration::default());
        settings.update_from_arg_matches(matches)?;
        Ok(settings)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        let wrong = |problem: spikealign::Error| Error::raw(ErrorKind::InvalidValue, format!("{problem}\n"));
        for setting in Configuration::settings() {
            let Some(text) = matches.get_one::<String>(&setting.name) else { continue };
            if setting.name == "seed" && text == "random" {
                self.0.seed = draw_seed().map_err(wrong)?;
                eprintln!("The seed is {}.", self.0.seed);
            } else {
                self.0.set(&setting.name, text).map_err(wrong)?;
            }
        }
        for text in matches.get_many::<String>(RULE_SETTING).into_iter().flatten() {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            self.0.rule_settings.set(name, value).map_err(wrong)?;
        }
        Ok(())
    }
}
