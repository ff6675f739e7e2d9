/**
 * Every message between a figure and its worker, as types. A figure asks, its worker answers; there is
 * never more than one unanswered request.
 *
 * @import { LayerScene, LayerView, NeuronScene, NeuronView, Transport } from '../../pkg/spikealign.js'
 */

/**
 * @typedef {{ kind: 'neuron', neuron: NeuronScene } | { kind: 'layer', layer: LayerScene }} FigureScene
 */

/**
 * @typedef {{
 *   type: 'run', generation: number, module: WebAssembly.Module, scene: FigureScene, restart: boolean,
 *   until: number, milliseconds: number, connections: number,
 * }} RunRequest go on until this step, or until the time is up; begin anew if `restart`; of a layer, also
 *   send so many of the connections of the pair that is driven
 * @typedef {{
 *   type: 'send-down', generation: number, module: WebAssembly.Module,
 *   forward: Float32Array, feedback: Float32Array, error: Float32Array,
 * }} SendDownRequest
 * @typedef {RunRequest | SendDownRequest} FigureRequest
 */

/**
 * @typedef {{
 *   type: 'view', generation: number, restarted: boolean, view: NeuronView | LayerView,
 *   weights: Float32Array | null,
 * }} ViewReply
 * @typedef {{ type: 'sent-down', generation: number, transport: Transport }} SentDownReply
 * @typedef {{ type: 'failed', generation: number, message: string }} FigureFailedReply
 * @typedef {ViewReply | SentDownReply | FigureFailedReply} FigureReply
 */

export {};
