import type { CopyState, ModelFile } from './model-file.entity.js';
import type { Model } from './model.entity.js';
import { modelView } from './model.view.js';

const model = { id: 'm', jobId: 'j', createdAt: new Date(0), readyAt: null } as Model;
const file = (state: CopyState, fileId: string | null = null) =>
  ({ modelId: 'm', role: 'a/b', name: 'lora', state, fileId, size: '7', sha256: null, url: 'u' }) as ModelFile;
const stateOf = (...files: ModelFile[]) => modelView(model, files, new Set(['here'])).state;

describe('a model as its team sees it', () => {
  it('is as its files are, and says first what needs somebody', () => {
    expect(stateOf()).toBe('ready');
    expect(stateOf(file('ready', 'here'))).toBe('ready');
    expect(stateOf(file('ready', 'here'), file('waiting'))).toBe('copying');
    expect(stateOf(file('ready', 'elsewhere'), file('waiting'))).toBe('gone');
    expect(stateOf(file('ready', 'elsewhere'), file('failed'), file('waiting'))).toBe('failed');
  });

  it('shows a file that was deleted or lost as gone, and where each is', () => {
    const { files } = modelView(model, [file('ready', 'elsewhere')], new Set());
    expect(files).toMatchObject([{ state: 'gone', size: 7, links: { content: '/v1/models/m/files/a%2Fb' } }]);
  });
});
