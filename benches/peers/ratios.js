// How many times as many images we learn from as each peer, from the output of `make bench-peers`.

import { readFileSync } from 'node:fs';

const line = /(.*), (scaled|paper), training: ([\d.]+) images per second/;
const rates = readFileSync(process.argv[2], 'utf8')
  .split('\n')
  .flatMap((text) => {
    const [, who, size, rate] = line.exec(text.trim()) ?? [];
    return who ? [{ who, size, rate: Number(rate) }] : [];
  });

/** @param {string} who */
const is_peer = (who) => /^(PyTorch|TensorFlow)/.test(who);
for (const peer of rates.filter(({ who }) => is_peer(who))) {
  for (const own of rates.filter(({ who, size }) => !is_peer(who) && size === peer.size)) {
    console.info(`${own.who} / ${peer.who}, ${own.size}, training: ${(own.rate / peer.rate).toFixed(2)}`);
  }
}
