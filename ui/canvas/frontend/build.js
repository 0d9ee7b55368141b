// Builds src/ into ../assets, and notes what was built: a digest of the sources, and the licences of what came along.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, '..', 'assets');
const banner =
  '// Built by `make canvas` from ui/canvas/frontend; do not edit. Licences: NOTICES.txt beside this file.\n';

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { metafile, warnings } = await build({
  absWorkingDir: here,
  entryPoints: ['src/canvas.js', 'src/layered.js'],
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: '[name]',
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  loader: { '.css': 'text' },
  banner: { js: banner },
  metafile: true,
});
if (warnings.length > 0) throw new Error(`the build warns ${warnings.length} times, see above`);
writeFileSync(join(out, 'NOTICES.txt'), notices(Object.keys(metafile.inputs)));
writeFileSync(join(out, 'sources.sha256'), `${digest()}\n`);

/** One digest of all that the build is made from; ui/canvas tests compute the same without Node. */
function digest() {
  const sources = readdirSync(join(here, 'src'))
    .sort()
    .map((name) => `src/${name}`);
  const hash = createHash('sha256');
  for (const name of [...sources, 'build.js', 'package.json', 'package-lock.json']) {
    hash.update(`${name}\n`).update(readFileSync(join(here, name)));
  }
  return hash.digest('hex');
}

/** The licences of all packages that ended up in the build. */
function notices(inputs) {
  const packages = new Set(
    inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean),
  );
  const parts = [...packages].sort().map((name) => {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf-8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file
      ? readFileSync(join(folder, file), 'utf-8').trim()
      : readFileSync(join(here, 'licences', `${name.replace('/', '_')}.txt`), 'utf-8').trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return `Third-party software in the files of this folder.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
