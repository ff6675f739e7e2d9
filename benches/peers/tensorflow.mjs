// Training of the same networks in TensorFlow.js on its CPU backend, in images per second.

import * as tf from '@tensorflow/tfjs';

const BATCH = 32;
const SIZES = { scaled: [16, 32, 128, 64], paper: [64, 64, 384, 192] };

function network([first, second, lower, upper]) {
  const { conv2d, batchNormalization, maxPooling2d, flatten, dense } = tf.layers;
  const convolution = (filters, shape) => [
    conv2d({ filters, kernelSize: 5, useBias: false, activation: 'relu', ...shape }),
    batchNormalization(),
    maxPooling2d({ poolSize: 2 }),
  ];
  const full = (units) => [dense({ units, activation: 'relu' }), batchNormalization()];
  const model = tf.sequential({
    layers: [
      ...convolution(first, { inputShape: [28, 28, 1] }),
      ...convolution(second, {}),
      flatten(),
      ...full(lower),
      ...full(upper),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

await tf.setBackend('cpu');
const images = tf.randomUniform([BATCH, 28, 28, 1], 0, 1, 'float32', 1);
const labels = tf.tensor1d(Array.from({ length: BATCH }, (_, index) => index % 10));
for (const [name, size] of Object.entries(SIZES)) {
  const model = network(size);
  const rates = [];
  for (let step = 0; step < 4; step++) {
    const start = performance.now();
    await model.trainOnBatch(images, labels);
    rates.push((BATCH * 1000) / (performance.now() - start));
  }
  const best = Math.max(...rates.slice(1));
  console.info(
    `TensorFlow.js ${tf.version.tfjs}, CPU backend, ${name}, training: ${best.toFixed(1)} images per second at best`,
  );
}
