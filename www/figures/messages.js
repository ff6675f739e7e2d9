/**
 * What a figure asks of its worker.
 *
 * @import { LayerScene, LayerView, NeuronScene, NeuronView, Transport } from '../../pkg/spikealign.js'
 */

/** @typedef {{ kind: 'neuron', scene: NeuronScene } | { kind: 'layer', scene: LayerScene }} FigureScene */

/**
 * Go on until this step, or until the time is up; begin anew if `restart`; of a layer, also send so many of
 * the connections of the pair that is driven.
 *
 * @typedef {{
 *   module: WebAssembly.Module, scene: FigureScene, restart: boolean, until: number, milliseconds: number,
 *   connections: number,
 * }} RunRequest
 * @typedef {{ restarted: boolean, view: NeuronView | LayerView, weights: Float32Array | null }} RunAnswer
 */

/**
 * @typedef {{
 *   module: WebAssembly.Module, forward: Float32Array, feedback: Float32Array, error: Float32Array,
 * }} SendDownRequest
 */

/**
 * @typedef {{
 *   run: (request: RunRequest) => Promise<RunAnswer>,
 *   send_down: (request: SendDownRequest) => Promise<Transport>,
 * }} FigureWork
 */

export {};
