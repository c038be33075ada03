'use strict';
// Nest 12 and a few of its dependencies ship as ES modules only. Node 20 can require() them; Jest in CommonJS mode
// cannot, so this turns just those packages into CommonJS. Jest caches the output, so it costs one cold run.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const ts = require('typescript');

const self = createHash('sha256').update(readFileSync(__filename)).update(ts.version).digest('hex');

module.exports = {
  getCacheKey: (source, path) => createHash('sha256').update(self).update(path).update(source).digest('hex'),
  process(source, path) {
    const prepared = source
      .replace(/^const require = createRequire\(import\.meta\.url\);?$/gm, '')
      .replace(/\bimport\.meta\.url\b/g, "require('node:url').pathToFileURL(__filename).href")
      .replace(/\bimport\.meta\.dirname\b/g, '__dirname')
      .replace(/\bimport\.meta\.filename\b/g, '__filename')
      .replace(/\bimport\.meta\.resolve\(/g, 'require.resolve(');
    const { outputText } = ts.transpileModule(prepared, {
      fileName: path,
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2023,
        allowJs: true,
        esModuleInterop: true,
      },
    });
    return { code: outputText };
  },
};
