// The licences of all that is shipped are listed, and the page says where.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.js';

const root = new URL('../../', import.meta.url);

test('every library and every crate of the page is listed, with the text of its licence', async ({
  page,
}) => {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const tree = [
    'tree',
    '--package=spikealign',
    '--package=spikealign-readers',
    '--edges=normal',
    '--target=wasm32-unknown-unknown',
    '--prefix=none',
    '--format={p}',
  ];
  const lines = execFileSync('cargo', tree, { cwd: root, encoding: 'utf8' }).trim().split('\n');
  // As in "serde v1.0.229 (proc-macro) (*)"; without our own.
  const crates = lines
    .filter((line) => line !== '' && !line.startsWith('spikealign'))
    .map((line) => line.split(' ').slice(0, 2).join(' ').replace(' v', ' '));
  expect(crates.length).toBeGreaterThan(20);

  await page.goto('./');
  const link = page.getByRole('link', { name: 'Licences of the software in this page' });
  const response = await page.request.get((await link.getAttribute('href')) ?? '');
  expect(response.ok()).toBe(true);
  const listed = await response.text();
  for (const [name, version] of Object.entries(dependencies))
    expect(listed).toContain(`\n${name} ${version} (`);
  for (const crate of crates) expect(listed).toContain(`\n${crate} (`);
  for (const text of [
    'Permission is hereby granted, free of charge',
    'Apache License, Version 2.0',
    'UNICODE LICENSE V3',
  ]) {
    expect(listed).toContain(text);
  }
});
