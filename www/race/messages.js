/**
 * Every message between the page and its workers, as types.
 *
 * The page asks, a worker answers; there is never more than one unanswered request at a time per
 * worker. A message carries the generation of the run it belongs to, and an answer of an older
 * generation is dropped, so that nothing of a run that was reset is ever drawn.
 *
 * @import { Configuration, Progress, Record } from '../../pkg/spikealign.js'
 */

/**
 * Where the images of a run come from. A `Blob` is a handle: passing it to three workers copies
 * nothing on the page's own thread.
 *
 * @typedef {{ dataset: 'garments' }} GeneratedImages
 * @typedef {{
 *   dataset: 'fashion-mnist',
 *   train_images: Blob, train_labels: Blob, test_images: Blob, test_labels: Blob,
 * }} FashionMnistImages each an IDX file, plain, cut after the images that are used
 * @typedef {GeneratedImages | FashionMnistImages} ImageSource
 */

/**
 * One of the four official files.
 *
 * @typedef {'train_images' | 'train_labels' | 'test_images' | 'test_labels'} Part
 */

/**
 * The page to a training worker.
 *
 * @typedef {{
 *   type: 'start', generation: number, module: WebAssembly.Module,
 *   configuration: Configuration, source: ImageSource, checkpoint: Uint8Array | null,
 * }} StartRequest to go on from the checkpoint, if there is one
 * @typedef {{ type: 'advance', generation: number, milliseconds: number }} AdvanceRequest work for
 *   this long, and at least one chunk
 * @typedef {{ type: 'weights', generation: number, layer: number, most: number }} WeightsRequest
 * @typedef {'forward' | 'feedback' | 'checkpoint'} Which of the weights of a layer, or all that there is
 * @typedef {{ type: 'file', generation: number, layer: number, which: Which }} FileRequest
 * @typedef {{ type: 'answers', generation: number, count: number }} AnswersRequest what came of the last
 *   testing, and what the network says to the first `count` test images
 * @typedef {{ type: 'keep', generation: number }} KeepRequest a checkpoint, in the browser's own storage
 * @typedef {StartRequest | AdvanceRequest | WeightsRequest | FileRequest | AnswersRequest | KeepRequest} TrainingRequest
 */

/**
 * A training worker to the page.
 *
 * @typedef {{
 *   type: 'ready', generation: number, layer_names: string[], tests: Preview,
 *   records: Record[], progress: Progress | null,
 * }} ReadyReply what a checkpoint has already seen, and how far it has come
 * @typedef {{ type: 'kept', generation: number, problem: string | null }} KeptReply
 * @typedef {{ type: 'progress', generation: number, progress: Progress }} ProgressReply a record is
 *   always the last thing that happened, so that what is asked next belongs to it
 * @typedef {{ type: 'weights', generation: number, layer: number, weights: Float32Array }} WeightsReply
 *   pairs of forward and feedback weight, interleaved
 * @typedef {{ type: 'file', generation: number, layer: number, which: Which, file: Uint8Array }} FileReply
 *   a NumPy file of weights, or a checkpoint
 * @typedef {{
 *   confusion: Uint32Array, probabilities: Float32Array,
 * }} Answers how often each label was given each answer in the last testing, label by label; how probable
 *   each class is held for the first test images, image by image
 * @typedef {{ type: 'answers', generation: number, answers: Answers }} AnswersReply
 * @typedef {{ type: 'failed', generation: number, message: string }} FailedReply
 * @typedef {ReadyReply | KeptReply | ProgressReply | WeightsReply | FileReply | AnswersReply | FailedReply} TrainingReply
 */

/**
 * The page to the images worker.
 *
 * @typedef {Partial<{ [part in Part]: Blob }>} Files the reader's own files
 * @typedef {{
 *   type: 'prepare', generation: number, module: WebAssembly.Module,
 *   configuration: Configuration, address: string, files: Files,
 * }} PrepareRequest get the images that this configuration uses from `files`, or from `address`
 * @typedef {{ type: 'identify', generation: number, files: File[] }} IdentifyRequest
 * @typedef {PrepareRequest | IdentifyRequest} ImagesRequest
 */

/**
 * The images worker to the page.
 *
 * @typedef {{
 *   rows: number, columns: number, classes: string[],
 *   labels: number[], pixels: Uint8Array,
 * }} Preview the first images of the training or the test set, one after another in `pixels`
 * @typedef {{ type: 'loading', generation: number, part: Part, done: number, total: number }} LoadingReply
 *   bytes of the part that have arrived, of those needed
 * @typedef {{ type: 'prepared', generation: number, source: ImageSource, preview: Preview }} PreparedReply
 * @typedef {{
 *   type: 'identified', generation: number,
 *   files: { file: File, part: Part | null, message: string }[],
 * }} IdentifiedReply
 * @typedef {LoadingReply | PreparedReply | IdentifiedReply | FailedReply} ImagesReply
 */

export {};
