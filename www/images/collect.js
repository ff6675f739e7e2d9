/**
 * Files with their paths, from what was dropped or chosen: also from folders.
 *
 * @import { OwnFile } from './readers.worker.js'
 */

/** Of a file input, also one that chooses a folder. @param {Iterable<File>} files @returns {OwnFile[]} */
export const chosen = (files) =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/**
 * Of a drop. Its entries must be asked for before anything is awaited.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<OwnFile[]>}
 */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return chosen(transfer.files);
  const lists = await Promise.all(entries.map((entry) => (entry ? files_of(entry) : [])));
  return lists.flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<OwnFile[]>} */
async function files_of(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => {
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    });
    return [{ path: entry.fullPath.slice(1), file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  // A reader gives a hundred at a time, and none at the end.
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const inner of entries) found.push(...(await files_of(inner)));
  }
}
