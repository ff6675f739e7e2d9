/** The descriptions of all rules, data sets, measures and settings. */
export interface Description {
  /** The version of the program. */
  version: string;
  /** Every setting, in the order in which they are shown. */
  settings: Setting[];
  /** Every learning rule, in the order in which they are shown. */
  rules: RuleDescription[];
  /** Every data set. */
  datasets: DatasetDescription[];
  /** Every estimator. */
  estimators: EstimatorDescription[];
  /** Every measure of alignment. */
  measures: MeasureDescription[];
  /** Titles of the layers that send an error down, from the bottom. */
  layers: string[];
}
/** The description of a setting. */
export type Setting = SettingCommon & (NumberSetting | TextSetting | ChoiceSetting);
/** The common fields of every setting. */
export interface SettingCommon {
  /** Its field in `Configuration`, or `rule.setting` for one of a rule. */
  name: string;
  /** Its name for people. */
  label: string;
  /** Its purpose, in a sentence. */
  help: string;
  /** The unit of its values, or nothing. */
  unit: string;
  /** Whether it is shown only on request. */
  advanced: boolean;
  /** The default of the native program, as text. */
  default: string;
}
/** A setting whose values are numbers. */
export interface NumberSetting {
  kind: "number";
  /** The smallest. */
  low: number;
  /** The largest. */
  high: number;
  /** Whether they are whole. */
  whole: boolean;
}
/** A setting whose values are text. */
export interface TextSetting {
  kind: "text";
  /** A regular expression for all of it. */
  pattern: string;
  /** Some of the texts. */
  choices: Choice[];
}
/** A setting whose values are a few names. */
export interface ChoiceSetting {
  kind: "choice";
  /** All of them. */
  choices: Choice[];
}
/** A value that can be chosen. */
export interface Choice {
  /** The value as written. */
  value: string;
  /** The value as shown to people. */
  label: string;
}
/** A learning rule: its names, its looks, and what it needs. */
export interface RuleDescription {
  /** Its name in settings and records. */
  name: string;
  /** Its name for people. */
  title: string;
  /** A word or two, for the end of a line in a chart. */
  short: string;
  /** What a network does with this rule: half a sentence. */
  explanation: string;
  /** Its group of rules. */
  group: "exact" | "random" | "signs" | "rates" | "spikes";
  /** A colour of the page's palette. */
  color: string;
  /** What a neuron must know for it: half a sentence. */
  needs: string;
  /** Whether a measurement phase precedes each epoch. */
  measures: boolean;
  /** Its own settings. */
  settings: Setting[];
}
/** The description of a data set. */
export interface DatasetDescription {
  /** Its name in settings. */
  name: string;
  /** Its name for people. */
  title: string;
  /** Rows, columns and channels of an image. */
  shape: [number, number, number];
  /** The names of the classes, by label. */
  classes: string[];
  /** Whether the program generates it. */
  generated: boolean;
  /** Its official files. */
  files: OfficialFile[];
}
/** One of the official files of a data set. */
export interface OfficialFile {
  /** Its name; unpacked, without `.gz`. */
  name: string;
  /** Its content, for people. */
  label: string;
  /** The images it belongs to. */
  split: "train" | "test";
  /** Bytes before its first item, unpacked. */
  header: number;
  /** Bytes of an item, unpacked. */
  item: number;
}
/** The names of an estimator. */
export interface EstimatorDescription {
  /** Its name in settings. */
  name: string;
  /** What it does, for a list of choices. */
  label: string;
  /** Its name for people. */
  title: string;
  /** Whether it uses the windows of a neuron; otherwise all steps. */
  of_windows: boolean;
}
/** A measure of alignment: its names and looks. */
export interface MeasureDescription {
  /** Its name in records. */
  name: string;
  /** A word for it, among other measures. */
  label: string;
  /** The title of an axis. */
  title: string;
  /** Its meaning, in a sentence. */
  about: string;
  /** Its formula, with `B^T` for a raised T; or nothing. */
  formula: string;
  /** How its numbers are written. */
  format: "share" | "degrees" | "decimal" | "significant";
  /** The range of an axis, before there is anything beyond it. */
  range: [number, number] | null;
  /** Its value for random feedback. */
  reference: number | null;
}
/** Every setting of an experiment. */
export interface Configuration {
  /** How errors are sent back through the network. */
  rule: string;
  /** How many training images to use, from the first. */
  examples: number;
  /** Simulated seconds before each epoch, shared equally by the layers. */
  rdd_seconds: number;
  /** The same seed gives the same curves. */
  seed: number;
  /** Which images to learn from. */
  dataset: string;
  /** Passes through the training images. */
  epochs: number;
  /** Layers that use the rule: `all`, or `dense` ones; below, feedback is random and fixed. */
  feedback_layers: "all" | "dense";
  /** How a neuron turns observations into an effect. */
  estimator: string;
  /** Who gets the spikes of a common source in the spiking phase. */
  confounding: "none" | "equal" | "heterogeneous" | "half" | "rank3";
  /** Weight of a common source to the neurons above. */
  confounding_gain: number;
  /** Widths of the network: `scaled`, `paper`, or four numbers such as `16,32,128,64`. */
  net: string;
  /** How many test images to use, from the first. */
  test_examples: number;
  /** Training images between measurements within an epoch; 0 measures only at its end. */
  record_every: number;
  /** Step size of stochastic gradient descent. */
  learning_rate: number;
  /** Share of the last step that the next one keeps. */
  momentum: number;
  /** How fast weights decay. */
  weight_decay: number;
  /** Softmax twice, in the network and in the loss. */
  double_softmax: boolean;
  /** Whether the last tenth of the training images replaces the test images. */
  validation: boolean;
  /** Training images per update of the weights. */
  batch_size: number;
  /** Rows, and columns, to which the user's own images are resized. */
  image_size: number;
  /** Whether training images are moved by up to four pixels, and half of them mirrored. */
  augment: boolean;
  /** Settings of single rules that differ from their defaults, by names such as `kp.decay`. */
  rule_settings: { [name: string]: number };
}
/** How far the feedback weights of one layer agree with its forward weights. */
export interface LayerAlignment {
  /** Which layer: `inputs→outputs`. */
  name: string;
  /** The measures that there are, by name. */
  [measure: string]: number | string;
}
/** A layer whose feedback weights a measurement phase has just written. */
export interface Measured {
  /** Which layer, counted as in `Record.layers`. */
  layer: number;
  /** How it is aligned now, by the cheap measures. */
  alignment: LayerAlignment;
}
/** The measurements at the end of an epoch, and every `record_every` images within it. */
export interface Record {
  /** The rule that learned. */
  rule: string;
  /** The seed of everything random. */
  seed: number;
  /** The epoch, from 1. */
  epoch: number;
  /** Training images seen so far, over all epochs. */
  examples: number;
  /** Mean cross-entropy over the training images since the last record, in nats. */
  train_loss: number;
  /** Share of those training images classified right, 0–1. */
  train_accuracy: number;
  /** Mean cross-entropy over the test images, in nats. */
  test_loss: number;
  /** Share of the test images classified right, 0–1. */
  test_accuracy: number;
  /** The same as if all classes were equally frequent: the mean of the shares of each class, 0–1. */
  test_balanced_accuracy: number;
  /** Seconds simulated in spiking phases so far. */
  simulated_seconds: number;
  /** Alignment of the layers that send an error down, from the bottom. */
  layers: LayerAlignment[];
  /** How they were aligned right after this epoch's spiking phase; empty without one. */
  layers_after_spiking: LayerAlignment[];
  /** Degrees between the rule's gradient and backpropagation's, of the same layers. */
  gradient_angles: number[];
  /** The settings of the shortest run that ends in this record. */
  configuration: Configuration;
}
/** What an experiment is busy with. */
export type Stage = "spiking" | "training" | "testing" | "done";
/** Where an experiment stands after some chunks of work, and what these yielded. */
export interface Progress {
  /** What it is busy with now. */
  stage: Stage;
  /** The epoch, from 1. */
  epoch: number;
  /** How much of the stage is done: ms of simulated time, or images. */
  done: number;
  /** How much there is to do in the stage, in the same unit. */
  total: number;
  /** Training images seen so far, over all epochs. */
  examples: number;
  /** Seconds simulated in spiking phases so far. */
  simulated_seconds: number;
  /** What the spiking phase has written. */
  measured: Measured[];
  /** The records that became ready. */
  records: Record[];
}
/** A sample of a network, for a drawing. */
export interface View {
  /** The outputs of the two convolutions, the hidden layers and the classes, from the bottom. */
  levels: ViewLevel[];
  /** The layers between two levels, from the bottom. */
  layers: ViewLayer[];
}
/** Some units, in ascending order: channels of a convolution, at the middle of the image; neurons; or classes. */
export interface ViewLevel {
  /** Which units. */
  units: number[];
  /** What each of them says of the image. */
  activity: number[];
  /** The error that arrives at each by the learning rule. */
  sent: number[];
  /** The error that backpropagation sends. */
  exact: number[];
}
/** The weights between the units of two levels, `[below, above]`, row by row. */
export interface ViewLayer {
  /** Forward weights. */
  forward: number[];
  /** Feedback weights; none where the error comes straight from the output. */
  feedback: number[];
  /** Effects measured so far, 0 where never estimated; none outside of a measurement of this layer. */
  effects: number[];
}
/** A summary of a checkpoint. */
export interface Checkpoint {
  /** The settings of the experiment. */
  configuration: Configuration;
  /** What it was busy with. */
  stage: Stage;
  /** The epoch, from 1. */
  epoch: number;
  /** Training images seen so far, over all epochs. */
  examples: number;
  /** All records so far. */
  records: Record[];
}
/** An error, sent down in two ways. */
export interface Transport {
  /** How far the feedback weights agree with the forward weights. */
  alignment: LayerAlignment;
  /** The error of each input through the transpose. */
  exact: number[];
  /** The error of each input through the feedback weights. */
  sent: number[];
  /** The angle between the two, in degrees. */
  angle: number;
}
/** The settings of the figure of one neuron. */
export interface NeuronScene {
  /** Forward weight to each upper neuron. */
  weights: number[];
  /** Drive of each neighbour, in Hz. */
  noise: number;
  /** Share of the drive that also reaches the neighbours that excite, 0–1. */
  confounding: number;
  /** Seed of everything random. */
  seed: number;
}
/** The last steps of the neuron, oldest first. */
export interface Trace {
  /** Membrane potential, after the reset. */
  potential: number[];
  /** Drive. */
  drive: number[];
  /** Feedback from the first upper neuron. */
  feedback: number[];
  /** 1 where the neuron spiked. */
  spike: number[];
  /** 1 where the first upper neuron spiked. */
  upper_spike: number[];
  /** 1 where a window was open. */
  window: number[];
}
/** A window that has closed. */
export interface NeuronEvent {
  /** The step in which it closed. */
  step: number;
  /** Largest drive in it. */
  largest_drive: number;
  /** How many times the neuron spiked in it. */
  spikes: number;
  /** Change of the feedback from the first upper neuron. */
  response: number;
}
/** One of two lines over windows: change of feedback against largest drive. */
export interface Line {
  /** Its value at the threshold. */
  at_threshold: number;
  /** Its slope. */
  slope: number;
}
/** One estimator's result from the windows. */
export interface Estimate {
  /** Which estimator. */
  estimator: string;
  /** The causal effect on each upper neuron. */
  effects: number[];
  /** The lines without and with a spike, for the first upper neuron, if there are any. */
  lines: [Line, Line] | null;
  /** The angle between the effects and the weights, in degrees. */
  error: number;
}
/** How far every estimator was off after some windows. */
export interface HistoryEntry {
  /** The step in which the last of them closed. */
  steps: number;
  /** How many windows there were. */
  windows: number;
  /** The angle between estimated effects and weights, in degrees, by estimator. */
  errors: number[];
}
/** A view of the figure of one neuron. */
export interface NeuronView {
  /** Steps so far. */
  steps: number;
  /** The last steps. */
  trace: Trace;
  /** Windows that closed since the last view. */
  events: NeuronEvent[];
  /** How far the estimators were off, at fixed numbers of windows, since the last view. */
  history: HistoryEntry[];
  /** How many windows there were, without and with a spike. */
  windows: [number, number];
  /** The result of every estimator. */
  estimates: Estimate[];
  /** The true effect on each upper neuron. */
  truth: number[];
  /** Standard errors of the jump between the fitted lines, and of its true effect, for the first upper neuron. */
  standard_errors: [number, number];
}
/** The settings of the game of the hidden weight. */
export interface GuessScene {
  /** Seed of the weight, and of everything else that is random. */
  seed: number;
}
/** The feedback around one moment. */
export interface GuessCurve {
  /** Whether the neuron spiked. */
  spiked: boolean;
  /** The feedback, a step each. */
  feedback: number[];
}
/** The curves without, or with, a spike. */
export interface GuessPile {
  /** How many. */
  count: number;
  /** Their mean, a step each. */
  mean: number[];
  /** The standard error of the mean. */
  error: number[];
  /** The mean in a second simulation, in which the neuron's spikes reach no other neuron. */
  other_world: number[];
}
/** The jump of the feedback at the threshold. */
export interface GuessJump {
  /** The mean of the blocks. */
  mean: number;
  /** Two standard errors below and above it. */
  interval: [number, number];
}
/** A view of the game of the hidden weight. */
export interface GuessView {
  /** Steps so far. */
  steps: number;
  /** The hidden weight. */
  weight: number;
  /** The last steps. */
  trace: Trace;
  /** The last curves since the view before. */
  curves: GuessCurve[];
  /** Without and with a spike. */
  piles: [GuessPile, GuessPile];
  /** The jump, once there are enough blocks. */
  jump: GuessJump | null;
  /** The true effect. */
  truth: GuessJump | null;
}
/** The settings of the figure of a layer. */
export interface LayerScene {
  /** How a neuron estimates its causal effects. */
  estimator: string;
  /** Seed of the weights and of the drive. */
  seed: number;
}
/** One measurement of one layer pair. */
export interface LayerMeasurement {
  /** Which pair, from the bottom. */
  pair: number;
  /** Simulated seconds that it has been driven for. */
  seconds: number;
  /** How far its causal effects agree with its weights. */
  alignment: LayerAlignment;
}
/** The spikes of a population. */
export interface Raster {
  /** The step of each spike, counted from the start. */
  steps: number[];
  /** The neuron of each spike. */
  neurons: number[];
}
/** A view of the figure of a layer. */
export interface LayerView {
  /** Steps so far. */
  steps: number;
  /** Steps in all. */
  total: number;
  /** The pair that is driven, from the bottom. */
  pair: number;
  /** Neurons of its lower and upper population. */
  sizes: [number, number];
  /** The last spikes of its lower and upper population. */
  rasters: [Raster, Raster];
  /** What has been measured since the last view. */
  measurements: LayerMeasurement[];
}
