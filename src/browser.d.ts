/** Which learning rule sends errors back. */
export type RuleName = "bp" | "fa" | "rdd";
/** How a spiking neuron estimates its causal effects from its windows. */
export type EstimatorName = "gradient" | "least-squares" | "means" | "observed" | "shrinkage";
/** Every setting of an experiment. */
export interface Configuration {
  /** Which images to learn from. */
  dataset: "garments" | "fashion-mnist";
  /** Which learning rule sends errors back. */
  rule: RuleName;
  /** Widths of the network: `scaled`, `paper`, or four numbers such as `16,32,128,64`. */
  net: string;
  /** Seed of everything random. */
  seed: number;
  /** How often to go through the training images. */
  epochs: number;
  /** How many training images to use: the first N. */
  examples: number;
  /** How many test images to use: the first N. */
  test_examples: number;
  /** Also measure after every N training images within an epoch; 0 measures at its end only. */
  record_every: number;
  /** Seconds of simulated time in the spiking phase of each epoch, a third per layer pair. */
  rdd_seconds: number;
  /** How a spiking neuron estimates its causal effects from its windows. */
  estimator: EstimatorName;
  /** Step size of stochastic gradient descent. */
  learning_rate: number;
  /** Momentum of stochastic gradient descent. */
  momentum: number;
  /** Training images per update. */
  batch_size: number;
}
/** How far the feedback weights of one layer agree with its forward weights. */
export interface LayerAlignment {
  /** Which layer: `inputs→outputs`. */
  name: string;
  /** Share of entries with the same sign, 0–1. */
  sign_agreement: number;
  /** Angle between forward and feedback weights, in degrees. */
  angle: number;
  /** Correlation of forward and feedback weights, −1–1. */
  correlation: number;
  /** The alignment functions of Kunin et al. */
  functions: AlignmentFunctions;
}
/** The alignment functions of Kunin et al. (2019), for inputs x uniform in 0–1. */
export interface AlignmentFunctions {
  /** ‖Wx‖² + ‖xᵀB‖² */
  decay: number;
  /** ‖W‖² + ‖B‖² */
  sparse: number;
  /** −tr(BW) */
  self: number;
  /** −xᵀBWx */
  amp: number;
  /** ‖x − BWx‖² */
  null: number;
  /** ‖W − Bᵀ‖² */
  symmetric: number;
}
/** What is measured at the end of an epoch, and every `record_every` images within it. */
export interface Record {
  /** The rule that learned. */
  rule: RuleName;
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
  /** Seconds simulated in spiking phases so far. */
  simulated_seconds: number;
  /** How the fully connected layers are aligned now. */
  layers: LayerAlignment[];
  /** How they were aligned right after this epoch's spiking phase; empty without one. */
  layers_after_spiking: LayerAlignment[];
  /** Degrees between the rule's gradient and backpropagation's, of four layers from the second convolution up. */
  gradient_angles: number[];
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
  /** The alignment, when the spiking phase has just written feedback weights. */
  layers: LayerAlignment[] | null;
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
  estimator: EstimatorName;
  /** The causal effect on each upper neuron. */
  effects: number[];
  /** The lines without and with a spike, for the first upper neuron, if there are any. */
  lines: [Line, Line] | null;
}
/** The figure of one neuron, to be seen. */
export interface NeuronView {
  /** Steps so far. */
  steps: number;
  /** The last steps. */
  trace: Trace;
  /** Windows that closed since the last view. */
  events: NeuronEvent[];
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
  estimator: EstimatorName;
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
