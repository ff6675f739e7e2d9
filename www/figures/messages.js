/**
 * Messages between a figure and its worker.
 *
 * @import {
 *   GuessScene, GuessView, LayerScene, LayerView, NeuronScene, NeuronView, Transport
 * } from '../../pkg/spikealign.js'
 */

/**
 * @typedef {{ kind: 'guess', scene: GuessScene } | { kind: 'neuron', scene: NeuronScene }
 *   | { kind: 'layer', scene: LayerScene }} FigureScene
 */

/**
 * Runs until a step is reached or the time is up, from the beginning if `restart`. For a layer, the answer
 * also has the weights of at most `connections` connections of the pair that is driven.
 *
 * @typedef {{
 *   module: WebAssembly.Module, scene: FigureScene, restart: boolean, until: number, milliseconds: number,
 *   connections: number,
 * }} RunRequest
 * @typedef {{ restarted: boolean, view: GuessView | NeuronView | LayerView, weights: Float32Array | null }} RunAnswer
 */

/**
 * @typedef {{
 *   module: WebAssembly.Module, forward: Float32Array, feedback: Float32Array, error: Float32Array,
 * }} SendDownRequest
 */

/**
 * @typedef {{
 *   module: WebAssembly.Module, forward: Float32Array, lower: Float32Array, feedback: Float32Array,
 *   outputs: number, steps: number,
 * }} LearnRequest
 */

/**
 * @typedef {{
 *   run: (request: RunRequest) => Promise<RunAnswer>,
 *   send_down: (request: SendDownRequest) => Promise<Transport>,
 *   learn: (request: LearnRequest) => Promise<Float32Array>,
 * }} FigureWork
 */

export {};
