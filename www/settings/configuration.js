/**
 * Between the settings of a run of several rules and the configuration of each.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 */

/** @typedef {{ [name: string]: number }} RuleSettings by names such as `kp.decay` */
/**
 * One run: several rules, all else equal.
 *
 * @typedef {Omit<Configuration, 'rule' | 'rule_settings'> & { rule: string[], rule_settings: RuleSettings }} Settings
 */

/**
 * @param {Settings} settings
 * @param {string} rule
 * @returns {Configuration} with no settings but the rule's own among those of rules
 */
export function configuration_of(settings, rule) {
  const own = Object.entries(settings.rule_settings).filter(([name]) => name.startsWith(`${rule}.`));
  return { ...settings, rule, rule_settings: Object.fromEntries(own) };
}

/**
 * Whether two configurations are of one run: all but the rule and its own settings is the same.
 *
 * @param {Configuration} a
 * @param {Configuration} b
 */
export function is_of_one_run(a, b) {
  const { rule, rule_settings } = b;
  return is_same({ ...a, rule, rule_settings }, b);
}

/**
 * Whether two configurations give the same records.
 *
 * @param {Configuration} a
 * @param {Configuration} b
 */
export function is_same(a, b) {
  return canonical(a) === canonical(b);
}

/** @param {Configuration} configuration of a checkpoint that may be older than the settings of rules */
function canonical(configuration) {
  const fields = Object.entries({ ...configuration, rule_settings: undefined });
  const own = Object.entries(configuration.rule_settings ?? {});
  return JSON.stringify([fields.sort(), own.sort()]);
}
