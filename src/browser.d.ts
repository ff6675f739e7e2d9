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
