'use strict';
// Everything that Jest loads becomes CommonJS here, by the compiler alone: types are checked by `npm run check:types`.
// TypeScript of ours; and Nest 12 with a few of its dependencies, which ship as ES modules only: Node 20 can require()
// them, Jest cannot. One key for all projects of the Jest configuration, so that each file is compiled once.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const ts = require('typescript');

const config = join(__dirname, 'tsconfig.json');
const own = ts.parseConfigFileTextToJson(config, readFileSync(config, 'utf8')).config.compilerOptions;
const { options } = ts.convertCompilerOptionsFromJson(own, __dirname);
const common = {
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
};
const ours = { ...options, ...common, ignoreDeprecations: '6.0', inlineSourceMap: true, inlineSources: true };
const theirs = { ...common, target: ts.ScriptTarget.ES2023, allowJs: true };

const self = [__filename, config].map((file) => readFileSync(file)).concat(Buffer.from(ts.version));
const version = createHash('sha256').update(Buffer.concat(self)).digest('hex');

const withoutImportMeta = (source) =>
  source
    .replace(/^const require = createRequire\(import\.meta\.url\);?$/gm, '')
    .replace(/\bimport\.meta\.url\b/g, "require('node:url').pathToFileURL(__filename).href")
    .replace(/\bimport\.meta\.dirname\b/g, '__dirname')
    .replace(/\bimport\.meta\.filename\b/g, '__filename')
    .replace(/\bimport\.meta\.resolve\(/g, 'require.resolve(');

module.exports = {
  getCacheKey: (source, path, { instrument }) =>
    createHash('sha256').update(`${version}:${instrument}:${path}:`).update(source).digest('hex'),
  process(source, path) {
    const isOurs = path.endsWith('.ts');
    const { outputText } = ts.transpileModule(isOurs ? source : withoutImportMeta(source), {
      fileName: isOurs ? path : basename(path),
      compilerOptions: isOurs ? ours : theirs,
    });
    return { code: outputText };
  },
};
