/** Everything that is declared with rules, data sets, measures and settings. */
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
  /** What the layers are called that have an error to send down, from the bottom. */
  layers: string[];
}
/** What is known of a setting. */
export type Setting = SettingCommon & (NumberSetting | TextSetting | ChoiceSetting);
/** What is known of every setting. */
export interface SettingCommon {
  /** Its field in `Configuration`, or `rule.setting` for one of a rule. */
  name: string;
  /** What a person calls it. */
  label: string;
  /** A sentence on what it is for. */
  help: string;
  /** The unit of its values, or nothing. */
  unit: string;
  /** Whether it is shown on request only. */
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
  /** As it is written. */
  value: string;
  /** As a person reads it. */
  label: string;
}
/** How a learning rule is called and shown, and what it needs. */
export interface RuleDescription {
  /** Its name in settings and records. */
  name: string;
  /** Its name for people. */
  title: string;
  /** A word or two, for the end of a line in a chart. */
  short: string;
  /** What a network does that learns by it: half a sentence. */
  explanation: string;
  /** Among which rules it is shown. */
  group: "exact" | "random" | "signs" | "rates" | "spikes";
  /** A colour of the page's palette. */
  color: string;
  /** What a neuron must know for it: half a sentence. */
  needs: string;
  /** Whether a phase of measurement comes before each of its epochs. */
  measures: boolean;
  /** Its own settings. */
  settings: Setting[];
}
/** What is known of a data set. */
export interface DatasetDescription {
  /** Its name in settings. */
  name: string;
  /** Its name for people. */
  title: string;
  /** A sentence on what is in it. */
  about: string;
  /** Rows, columns and channels of an image. */
  shape: [number, number, number];
  /** The names of the classes, by label. */
  classes: string[];
  /** Whether the program draws it. */
  generated: boolean;
  /** Its official files. */
  files: OfficialFile[];
}
/** One of the official files of a data set. */
export interface OfficialFile {
  /** Its name; unpacked, without `.gz`. */
  name: string;
  /** What is in it, for people. */
  label: string;
  /** Which images it is about. */
  split: "train" | "test";
  /** Bytes before its first item, unpacked. */
  header: number;
  /** Bytes of an item, unpacked. */
  item: number;
}
/** Which official file some bytes are. */
export interface Identified {
  /** The data set. */
  dataset: string;
  /** The file, in the order of its files. */
  file: number;
}
/** How an estimator is called. */
export interface EstimatorDescription {
  /** Its name in settings. */
  name: string;
  /** What it does, to choose it. */
  label: string;
  /** Its name for people. */
  title: string;
}
/** How a measure of alignment is called and shown. */
export interface MeasureDescription {
  /** Its name in records. */
  name: string;
  /** A word for it, among other measures. */
  label: string;
  /** What an axis says. */
  title: string;
  /** A sentence on what it tells. */
  about: string;
  /** Its formula, with `B^T` for a raised T; or nothing. */
  formula: string;
  /** How its numbers are written. */
  format: "share" | "degrees" | "decimal" | "significant";
  /** The range of an axis, before there is anything beyond it. */
  range: [number, number] | null;
  /** What random feedback gives. */
  reference: number | null;
}
/** Every setting of an experiment. */
export interface Configuration {
  /** How errors are sent back through the network. */
  rule: string;
  /** How many training images to use, from the first. */
  examples: number;
  /** Simulated seconds before each epoch, in equal shares for each layer. */
  rdd_seconds: number;
  /** The same seed gives the same curves. */
  seed: number;
  /** Which images to learn from. */
  dataset: string;
  /** How often to go through the training images. */
  epochs: number;
  /** Where a rule acts: `all` layers, or `dense` ones; below, feedback is random and fixed. */
  feedback_layers: "all" | "dense";
  /** How a neuron turns observations into an effect. */
  estimator: string;
  /** Widths of the network: `scaled`, `paper`, or four numbers such as `16,32,128,64`. */
  net: string;
  /** How many test images to use, from the first. */
  test_examples: number;
  /** Also measure after every so many training images within an epoch; 0 measures at its end only. */
  record_every: number;
  /** Step size of stochastic gradient descent. */
  learning_rate: number;
  /** How much of the last step is in the next one. */
  momentum: number;
  /** How fast weights decay. */
  weight_decay: number;
  /** Softmax twice, in the network and in the loss. */
  double_softmax: boolean;
  /** Whether the last tenth of the training images takes the place of the test images. */
  validation: boolean;
  /** Training images per update of the weights. */
  batch_size: number;
  /** Rows, and columns, to which images of one's own are resized. */
  image_size: number;
  /** Whether training images are moved by up to four pixels, and half of them mirrored. */
  augment: boolean;
  /** Settings that rules have for themselves, by names such as `kp.decay`, as far as they are not at their defaults. */
  rule_settings: { [name: string]: number };
}
/** How far the feedback weights of one layer agree with its forward weights. */
export interface LayerAlignment {
  /** Which layer: `inputs→outputs`. */
  name: string;
  /** The measures that there are, by name. */
  [measure: string]: number | string;
}
/** What a phase of measurement has just written into the feedback weights of a layer. */
export interface Measured {
  /** Which layer, counted as in `Record.layers`. */
  layer: number;
  /** How it is aligned now, by those measures that take no time. */
  alignment: LayerAlignment;
}
/** What is measured at the end of an epoch, and every `record_every` images within it. */
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
  /** How the layers that have an error to send down are aligned now, from the bottom. */
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
/** What a checkpoint is of. */
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
/** What a person sets for the figure of one neuron. */
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
/** What one estimator makes of the windows. */
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
/** The figure of one neuron, to be seen. */
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
  /** What every estimator makes of them. */
  estimates: Estimate[];
  /** The true effect on each upper neuron. */
  truth: number[];
}
/** What a person sets for the figure of a layer. */
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
  /** When: the step, counted from the start. */
  steps: number[];
  /** Who: the neuron. */
  neurons: number[];
}
/** The figure of a layer, to be seen. */
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
