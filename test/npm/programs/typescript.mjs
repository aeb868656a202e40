import '../show.js';
import { createRequire } from 'node:module';
const ts = createRequire(import.meta.url)('typescript');
const o = ts.transpileModule(
  'const x: number = 1; enum E { A }\n' +
    'export class C<T> { constructor(private a: T) {} }',
  {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2020,
    },
    reportDiagnostics: true,
  },
);
show(o.outputText, o.diagnostics.length, ts.version);
